"""What both settings modules have in common."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

PLACE = Path(os.environ.get("TEST_DJANGO_PLACE") or tempfile.mkdtemp(prefix="bhashatts-django-"))

SECRET_KEY = "of the tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "project.urls"
AUTH_USER_MODEL = "library.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "bhashatts.django",
    "library",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.BasicAuthentication",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {"TITLE": "BhashaMitra", "VERSION": "1"}
BHASHATTS: dict[str, Any] = {
    "STORY_MODEL": "library.Story",
    "PARTS": "project.parts.parts",
    "ENGINE": {"data_dir": str(PLACE / "data"), "max_attempts": 1, "min_free_bytes": 1 << 20},
    "JOBS": os.environ.get("TEST_JOBS", "thread"),
    "THROTTLES": dict.fromkeys(os.environ.get("TEST_UNLIMITED", "").split()),
}
