"""The rivals of a hit: what a Django service does that keeps its audio in Redis and counts in its
database, and the caches alone.

The service is what the engine takes the place of: the bytes come out of Redis through Django's
cache, the row of the page is counted up, and a line is written to the usage log. It is written
afresh here, as fast as its design lets it be: one query each, debugging off, a connection kept.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

import django
from django.conf import settings
from django.db import connections, models
from django.utils import timezone

TTL = 86400


def set_up(databases: dict[str, dict[str, Any]], redis_port: int) -> None:
    """Once a process, before anything else of here."""
    settings.configure(
        DEBUG=False,
        USE_TZ=True,
        DATABASES=databases,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        CACHES={
            "default": {
                "BACKEND": "django_redis.cache.RedisCache",
                "LOCATION": f"redis://127.0.0.1:{redis_port}/0",
                "OPTIONS": {"CLIENT_CLASS": "django_redis.client.DefaultClient"},
                "KEY_PREFIX": "bench",
            }
        },
    )
    django.setup()


def key_of(text: str, language: str = "HINDI", style: str = "storyteller") -> str:
    """One for each page, language and style."""
    return hashlib.sha256(f"{text}\0{language}\0{style}".encode()).hexdigest()


def tables() -> tuple[type[models.Model], type[models.Model]]:
    """(pages, usage), as models; after set_up."""

    class Page(models.Model):
        key = models.CharField(max_length=64, unique=True)
        text = models.TextField()
        language = models.CharField(max_length=20)
        style = models.CharField(max_length=20)
        accesses = models.IntegerField(default=0)
        accessed_at = models.DateTimeField(default=timezone.now)

        class Meta:
            app_label = "bench"

    class Usage(models.Model):
        at = models.DateTimeField(default=timezone.now)
        text_length = models.IntegerField()
        language = models.CharField(max_length=20)
        style = models.CharField(max_length=20)
        status = models.CharField(max_length=20)
        was_cached = models.BooleanField(default=False)
        response_time_ms = models.IntegerField(default=0)
        cost_usd = models.DecimalField(max_digits=10, decimal_places=6, default=0)

        class Meta:
            app_label = "bench"

    return Page, Usage


class Service:
    """Its hits, with its tables in one of the databases."""

    def __init__(self, database: str, pages: type[models.Model], usage: type[models.Model]) -> None:
        from django.core.cache import cache

        self._cache = cache
        self._pages = pages._default_manager.using(database)
        self._usage = usage._default_manager.using(database)

    def create_tables(self) -> None:
        """Where nothing else does."""
        with connections[self._pages.db].schema_editor() as editor:
            editor.create_model(self._pages.model)
            editor.create_model(self._usage.model)

    def refill(self, audio: dict[str, bytes]) -> None:
        """What misses would leave: text: audio."""
        self._pages.all().delete()
        for text, one in audio.items():
            self._cache.set(key_of(text), one, TTL)
            self._pages.create(key=key_of(text), text=text, language="HINDI", style="storyteller")

    def audio_of(self, key: str) -> bytes:
        """What is kept; here it always is."""
        audio: bytes = self._cache.get(key)
        return audio

    def hit(self, text: str, language: str = "HINDI", style: str = "storyteller") -> bytes:
        """Audio, counted and logged."""
        begun = time.monotonic()
        key = key_of(text, language, style)
        audio = self.audio_of(key)
        self._pages.filter(key=key).update(
            accesses=models.F("accesses") + 1, accessed_at=timezone.now()
        )
        self._usage.create(
            text_length=len(text),
            language=language,
            style=style,
            status="cached",
            was_cached=True,
            response_time_ms=int((time.monotonic() - begun) * 1000),
        )
        return audio
