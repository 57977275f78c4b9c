"""What the engine did, in the host's database. The engine writes these rows (mirror.py), people
read them: losing them loses no audio, and the next event goes on where the last one ended.
"""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone


class Language(models.TextChoices):
    """What can be spoken."""

    HINDI = "HINDI", "Hindi"
    TAMIL = "TAMIL", "Tamil"
    GUJARATI = "GUJARATI", "Gujarati"
    PUNJABI = "PUNJABI", "Punjabi"
    TELUGU = "TELUGU", "Telugu"
    MALAYALAM = "MALAYALAM", "Malayalam"


class VoiceStyle(models.TextChoices):
    """How it can be spoken."""

    STORYTELLER = "storyteller", "Storyteller (Warm & Engaging)"
    CALM = "calm", "Calm (Soft & Soothing)"
    ENTHUSIASTIC = "enthusiastic", "Enthusiastic (Energetic)"


def usd(dollars: float) -> Decimal:
    """An amount as columns hold it."""
    return Decimal(str(dollars)).quantize(Decimal("0.000001"))


class TimeStamped(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class AudioCache(TimeStamped):
    """One speech that is kept: what was spoken, how it was made, how often it was heard."""

    cache_key = models.CharField(max_length=64, unique=True)
    text_content = models.TextField(help_text="The text as it is spoken")
    text_hash = models.CharField(
        max_length=64, db_index=True, help_text="The same for equal texts; not the guide's MD5"
    )
    language = models.CharField(max_length=20, choices=Language.choices)
    voice_style = models.CharField(
        max_length=20, choices=VoiceStyle.choices, default=VoiceStyle.STORYTELLER
    )
    blob_name = models.CharField(
        max_length=512,
        blank=True,
        help_text="Its object in the permanent store; empty: cached only",
    )
    audio_duration_ms = models.BigIntegerField(default=0, help_text="Milliseconds")
    audio_size_bytes = models.BigIntegerField(default=0, help_text="Bytes")
    audio_format = models.CharField(max_length=10, default="wav")
    access_count = models.BigIntegerField(default=0, help_text="How often it was heard again")
    last_accessed_at = models.DateTimeField(null=True, blank=True)
    generation_time_ms = models.BigIntegerField(
        default=0, help_text="Milliseconds that all its syntheses took, without waits"
    )
    generation_cost_usd = models.DecimalField(
        max_digits=10, decimal_places=6, default=Decimal(0), help_text="US dollars"
    )
    synthesizer = models.CharField(max_length=256, blank=True, help_text="The voice that speaks")
    utterances = models.IntegerField(default=0, help_text="Sentences")
    take = models.IntegerField(default=0, help_text="Above 0: earlier takes sounded wrong")

    class Meta:
        db_table = "bhashatts_audio_cache"
        verbose_name = "Audio Cache"
        verbose_name_plural = "Audio Cache Entries"
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["language", "voice_style"], name="bhashatts_audio_voice"),
            models.Index(fields=["created_at"], name="bhashatts_audio_created"),
        )

    def __str__(self) -> str:
        return f"{self.language} - {self.text_content[:50]}..."

    @property
    def audio_url(self) -> str | None:
        """Where it can be fetched, made now: URLs that are stored go stale."""
        from bhashatts.django.engine import engine

        page = self.pages.first()
        if page is None:
            return None
        return engine().story_page_url(page.story_id, page.page_number, page.voice_style)


class PageAudio(TimeStamped):
    """Which speech a page is read with, in each style and format."""

    story_id = models.CharField(max_length=255)
    page_number = models.IntegerField()
    voice_style = models.CharField(max_length=20, choices=VoiceStyle.choices)
    audio_format = models.CharField(max_length=10, default="wav")
    audio = models.ForeignKey(
        AudioCache,
        to_field="cache_key",
        db_column="cache_key",
        on_delete=models.CASCADE,
        related_name="pages",
    )

    class Meta:
        db_table = "bhashatts_page_audio"
        verbose_name = "Page"
        verbose_name_plural = "Pages"
        constraints = (
            models.UniqueConstraint(
                fields=["story_id", "page_number", "voice_style", "audio_format"],
                name="bhashatts_page_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.story_id}, page {self.page_number}, {self.voice_style}"


class TTSUsageLog(TimeStamped):
    """Requests: what they asked for, how they ended, what they cost."""

    class Status(models.TextChoices):
        """How a request ended."""

        SUCCESS = "success", "Success"
        CACHED = "cached", "Served from Cache"
        ERROR = "error", "Error"

    text_length = models.IntegerField(help_text="Characters (code points)")
    language = models.CharField(max_length=20)
    voice_style = models.CharField(max_length=20)
    status = models.CharField(max_length=20, choices=Status.choices)
    was_cached = models.BooleanField(default=False)
    response_time_ms = models.IntegerField(default=0, help_text="Milliseconds, a mean")
    estimated_cost_usd = models.DecimalField(max_digits=10, decimal_places=6, default=Decimal(0))
    error_message = models.TextField(blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requests = models.BigIntegerField(
        default=1, help_text="Requests of one user for one speech within a second are one row"
    )
    saved_cost_usd = models.DecimalField(
        max_digits=12, decimal_places=6, default=Decimal(0), help_text="What hits did not cost"
    )
    cache_key = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=20, blank=True, help_text="Where the audio came from")

    class Meta:
        db_table = "bhashatts_tts_usage_log"
        verbose_name = "TTS Usage Log"
        verbose_name_plural = "TTS Usage Logs"
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["created_at"], name="bhashatts_usage_created"),)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M:%S} {self.language} {self.status}"


class EventCursor(models.Model):
    """Up to where the events of one data directory are in these tables: none counts twice."""

    source = models.UUIDField(primary_key=True, default=uuid.uuid4)
    event_id = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "bhashatts_event_cursor"

    def __str__(self) -> str:
        return f"{self.source}: {self.event_id}"

    @classmethod
    def locked(cls, source: uuid.UUID) -> EventCursor:
        """The one of a source, new or old, whose row is held until the transaction ends.

        A write comes first: SQLite refuses a transaction that reads, and writes once another has.
        """
        if not cls.objects.filter(source=source).update(event_id=models.F("event_id")):
            cls.objects.get_or_create(source=source)
        held: EventCursor = cls.objects.select_for_update().get(source=source)
        return held


class PrewarmJob(TimeStamped):
    """Stories that are made in advance: what to do, and how far it is."""

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    story_id = models.CharField(max_length=255, blank=True)
    story_title = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=20, blank=True)
    voice_style = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    cancel_requested = models.BooleanField(default=False)
    runner = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    pages_total = models.IntegerField(default=0)
    pages_cached = models.IntegerField(default=0)
    pages_generated = models.IntegerField(default=0)
    pages_rejected = models.IntegerField(default=0)
    pages_failed = models.IntegerField(default=0)
    total_cost_usd = models.DecimalField(max_digits=10, decimal_places=6, default=Decimal(0))
    problems = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "bhashatts_prewarm_job"
        verbose_name = "Prewarm job"
        verbose_name_plural = "Prewarm jobs"
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["state", "created_at"], name="bhashatts_job_state"),)

    def __str__(self) -> str:
        return f"{self.story_title or self.language or 'all stories'}: {self.state}"
