"""The app."""

from django.apps import AppConfig


class ReaderConfig(AppConfig):
    """Installed as "reader"."""

    name = "reader"
    verbose_name = "Story reader"
