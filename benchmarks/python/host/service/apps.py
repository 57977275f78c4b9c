"""The service that the engine takes the place of, as an app."""

from django.apps import AppConfig


class Service(AppConfig):
    """Under the name that guide.tables() gives its models."""

    name = "host.service"
    label = "bench"
