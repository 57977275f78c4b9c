"""Settings, by environment alone: nothing set is one machine with SQLite, files and espeak-ng.

DATABASE_URL, REDIS_URL, AWS_* with AUDIO_STORAGE_BACKEND and HUGGINGFACE_API_TOKEN bring in what a
service needs; the engine reads all of its own names itself (docs/settings.md), so that only those
appear here that Django needs too. DJANGO_DEBUG=0 is for real children: it then refuses to start
without a key and a host name, and nobody comes in without a password.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "false", "true", "no", "yes", "off", "on"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0")
    return value in {"1", "true", "yes", "on"} if value else default


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


BASE_DIR = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("STORYREADER_DATA") or BASE_DIR / "data")
DEBUG = _flag("DJANGO_DEBUG", default=True)
# Come in by choosing a name, without a password: for one family's own machine.
STORYREADER_OPEN = _flag("STORYREADER_OPEN", default=DEBUG)

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or ("of one machine alone" if DEBUG else "")
ALLOWED_HOSTS = _words("DJANGO_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _words("DJANGO_CSRF_TRUSTED_ORIGINS")
if not DEBUG and not SECRET_KEY:
    raise ImproperlyConfigured("DJANGO_DEBUG=0 needs DJANGO_SECRET_KEY: 50 random characters")
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("DJANGO_DEBUG=0 needs DJANGO_ALLOWED_HOSTS: stories.example.org")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "bhashatts.django",
    "reader",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "storyreader.static_files.Middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "storyreader.urls"
WSGI_APPLICATION = "storyreader.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
LOGIN_URL = "reader:hello"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "reader:library"

# -- where things are

DATABASES: dict[str, dict[str, Any]] = {
    "default": {**dj_database_url.config(default=f"sqlite:///{DATA / 'rows.sqlite3'}")}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {"timeout": 20}  # the engine's rows are written beside ours
else:
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

if os.environ.get("REDIS_URL"):  # the engine's tier reads the same name
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["REDIS_URL"],
            "KEY_PREFIX": "storyreader",
        }
    }
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG  # as they lie here, without collectstatic
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "storyreader.static_files.Storage"},
    }

# -- speech

_COSTS = bool(os.environ.get("HUGGINGFACE_API_TOKEN") or os.environ.get("BHASHATTS_ENDPOINT_URL"))
BHASHATTS: dict[str, Any] = {
    "STORY_MODEL": "reader.Story",
    "ENGINE": {} if os.environ.get("BHASHATTS_DATA_DIR") else {"data_dir": str(DATA / "speech")},
    # espeak-ng on one's own machine costs nothing, and children turn pages quickly.
    "THROTTLES": {"tts": None, "tts_burst": None} if DEBUG and not _COSTS else {},
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

# -- behind a real name, over TLS

if not DEBUG:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = _flag("DJANGO_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = int(os.environ.get("DJANGO_HSTS_SECONDS") or 3600)
    SECURE_REFERRER_POLICY = "same-origin"
    if _flag("DJANGO_BEHIND_PROXY", default=False):  # one that sets this header itself
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AUTH_PASSWORD_VALIDATORS = [
        {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
        for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword")
    ]
