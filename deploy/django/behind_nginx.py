"""The story reader's settings behind nginx/storyreader.conf: what the two must agree on.

DJANGO_SETTINGS_MODULE=behind_nginx. For a project of your own, put these lines at the end of its
own settings; everything else comes from the environment (env.example).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bhashatts
from storyreader.settings import *  # noqa: F403
from storyreader.settings import BHASHATTS as _BHASHATTS
from storyreader.settings import REST_FRAMEWORK as _REST_FRAMEWORK

_told = bhashatts.settings()  # the environment, as the engine reads it


def _delivery() -> str:
    """Who sends the audio of story pages: never a worker, where another one can."""
    if "s3" not in _told["audio_storage_backend"]:
        return "x-accel"
    reachable = _told["aws_querystring_auth"] or _told["aws_s3_custom_domain"]
    return "redirect" if reachable else "body"


BHASHATTS = {**_BHASHATTS, "DELIVERY": _delivery(), "ACCEL_PREFIX": "/bhashatts-audio/"}

# nginx sets both headers itself, whatever a browser sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_rest: dict[str, Any] = {**_REST_FRAMEWORK, "NUM_PROXIES": 1}
REST_FRAMEWORK = _rest

# The budget's months; Django's own default is Chicago.
TIME_ZONE = "UTC"

# Part of the release, not of the data: an older volume would bring older files along.
STATIC_ROOT = Path(__file__).with_name("static")

# Without DEBUG Django writes to nobody but ADMINS; here it is the journal, or the container's log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
