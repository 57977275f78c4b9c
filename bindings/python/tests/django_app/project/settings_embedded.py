"""All on this machine alone: SQLite, files."""

from project.settings import *  # noqa: F403
from project.settings import PLACE

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": PLACE / "rows.sqlite3",
        "OPTIONS": {"timeout": 20},
        "TEST": {"NAME": PLACE / "test-rows.sqlite3"},  # a file: the engine's thread sees it too
    }
}
