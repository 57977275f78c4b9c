"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class BhashaTtsConfig(AppConfig):
    """Installed as "bhashatts.django"."""

    name = "bhashatts.django"
    label = "bhashatts"
    verbose_name = "Speech"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bhashatts.django import checks, signals  # noqa: F401  # checks register themselves

        signals.connect()
