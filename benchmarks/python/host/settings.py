"""The host of both views, in production: the middleware that Django gives a new project, limits of
requests counted in Redis, connections to PostgreSQL kept.

hosts.py says in the environment where things are.
"""

from __future__ import annotations

import os
from typing import Any

PLACE = os.environ["BENCH_PLACE"]

SECRET_KEY = "of the benchmarks"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "host.urls"
AUTH_USER_MODEL = "library.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = f"{PLACE}/media"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "rest_framework",
    "bhashatts.django",
    "library",
    "host.service",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "bench",
        "HOST": "127.0.0.1",
        "PORT": os.environ["BENCH_POSTGRES"],
        "CONN_MAX_AGE": None,
    }
}
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": f"redis://127.0.0.1:{os.environ['BENCH_REDIS']}/0",
        "OPTIONS": {"CLIENT_CLASS": "django_redis.client.DefaultClient"},
        "KEY_PREFIX": "bench",
    }
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["host.listeners.ByNumber"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_RATES": {"tts": "1000/hour"},  # as ours: hits count as listening
}
BHASHATTS: dict[str, Any] = {
    "STORY_MODEL": "library.Story",
    "PARTS": "host.voice.parts",
    "DELIVERY": os.environ["BENCH_DELIVERY"],
    "AUDIO_URL_SECONDS": 86400,
    "ENGINE": {
        "data_dir": os.environ["BENCH_DATA"],
        "max_attempts": 1,
        "min_free_bytes": 1 << 20,
    },
}
