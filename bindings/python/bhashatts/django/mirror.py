"""The engine's events, as rows. The engine calls from a thread of its own, in batches; a hit never
waits for the database, and while that is away the events wait in the engine's catalog.

Each event changes the rows once, although it may come twice: a cursor stands in the same
transaction as the rows. It is that of a catalog, which has its name in a file that lies with it:
one that is wiped, set aside as damaged, or another host's numbers its events anew, and is another
source.
"""

from __future__ import annotations

import dataclasses
import datetime
import logging
import operator
import os
import pathlib
import socket
import uuid
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import Future
from decimal import Decimal
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import DataError, close_old_connections, router, transaction
from django.db.models import F
from django.utils import timezone

import bhashatts
from bhashatts.django.models import AudioCache, EventCursor, PageAudio, TTSUsageLog, usd

_log = logging.getLogger("bhashatts.django.mirror")
Event = dict[str, Any]
_LONGEST_STORY_ID = 255  # of PageAudio.story_id: a longer one is not linked


class Mirror(bhashatts.EventSink):
    """Fills AudioCache, PageAudio and TTSUsageLog."""

    name = "bhashatts.django"

    def __init__(self) -> None:
        self.directory: Future[str] = Future()  # the engine's, once that is open
        self._source: uuid.UUID | None = None

    def deliver(self, events: list[Event]) -> None:
        """Returns when the rows are committed."""
        if self._source is None:
            self._source = source_of(pathlib.Path(self.directory.result()))
        close_old_connections()  # what Django does around requests, of which this thread has none
        try:
            self._commit(self._source, events)
        finally:
            close_old_connections()

    def _commit(self, source: uuid.UUID, events: list[Event]) -> None:
        """One that the database will never take must not hold up all that come after it."""
        try:
            with transaction.atomic(using=router.db_for_write(AudioCache)):
                _write(_sorted(_not_seen(source, events)))
        except (DataError, OverflowError, ValueError) as reason:
            if len(events) > 1:
                half = len(events) // 2
                self._commit(source, events[:half])
                self._commit(source, events[half:])
                return
            with transaction.atomic(using=router.db_for_write(AudioCache)):
                _not_seen(source, events)
            kind, why = events[0]["kind"], type(reason).__name__
            _log.error("event %d (%s) cannot be a row: %s", events[0]["id"], kind, why)


def source_of(data_dir: pathlib.Path) -> uuid.UUID:
    """The name of an engine's catalog, given when it is first asked for. Any process.

    A copy, on another machine or restored, has another name.
    """
    path = data_dir / "catalog" / "db" / "django-source"
    if not path.exists():
        whole = path.with_name(f"{path.name}.{uuid.uuid4()}")
        whole.write_text(str(uuid.uuid4()))
        try:
            os.link(whole, path)  # of two at once, the first one's is there whole
        except FileExistsError:
            pass
        finally:
            whole.unlink()
    return uuid.uuid5(
        uuid.UUID(path.read_text().strip()), f"{socket.gethostname()}/{path.stat().st_ino}"
    )


def _not_seen(source: uuid.UUID, events: list[Event]) -> list[Event]:
    """Those behind the cursor, which goes to the last of them. Holds its row till the commit."""
    seen = EventCursor.locked(source).event_id
    fresh = [event for event in events if event["id"] > seen]
    if fresh:
        EventCursor.objects.filter(source=source).update(event_id=fresh[-1]["id"])
    return fresh


@dataclasses.dataclass
class _Changes:
    """What a batch comes to."""

    stored: dict[str, Event] = dataclasses.field(default_factory=dict)  # by key: the last event
    pages: dict[tuple[str, int, str, str], Event] = dataclasses.field(default_factory=dict)
    removed: set[str] = dataclasses.field(default_factory=set)
    usage: list[Event] = dataclasses.field(default_factory=list)


def _sorted(events: Iterable[Event]) -> _Changes:
    """What was removed and stored again is stored; what was stored and removed is removed."""
    changes = _Changes()
    for event in events:
        if event["kind"] == "usage":
            changes.usage.append(event)
            continue
        speech = event["speech"]
        key = speech["cache_key"]
        if event["kind"] == "speech_removed":
            changes.stored.pop(key, None)
            changes.pages = {
                page: there
                for page, there in changes.pages.items()
                if there["speech"]["cache_key"] != key
            }
            changes.removed.add(key)
        elif event["kind"] == "speech_stored":
            changes.stored[key] = event
            if 0 < len(speech["story_id"]) <= _LONGEST_STORY_ID:
                page = (speech["story_id"], speech["page_number"], speech["voice_style"])
                changes.pages[(*page, speech["format"])] = event
    return changes


def _write(changes: _Changes) -> None:
    """In the order of keys: two hosts that lock the same rows in two orders stop each other."""
    if changes.removed:
        AudioCache.objects.filter(cache_key__in=sorted(changes.removed)).delete()
    stored = sorted(changes.stored.items(), key=operator.itemgetter(0))
    _upsert(AudioCache, [_audio(event) for _, event in stored], ["cache_key"])
    pages = sorted(changes.pages.items(), key=operator.itemgetter(0))
    _upsert(
        PageAudio,
        [_page(event) for _, event in pages],
        ["story_id", "page_number", "voice_style", "audio_format"],
    )
    _count_hits(changes.usage)
    TTSUsageLog.objects.bulk_create(_usage_rows(changes.usage), batch_size=200)


def _upsert(model: Any, rows: list[Any], key: list[str]) -> None:
    """Inserts, or updates all but the key and what counts."""
    kept = {*key, "id", "created_at", "access_count", "last_accessed_at"}
    fields = [field.name for field in model._meta.concrete_fields if field.name not in kept]
    model.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=key, update_fields=fields
    )


def _audio(event: Event) -> AudioCache:
    speech = event["speech"]
    return AudioCache(
        cache_key=speech["cache_key"],
        text_content=speech["text"],
        text_hash=speech["text_hash"],
        language=speech["language"],
        voice_style=speech["voice_style"],
        blob_name=speech["blob_name"],
        audio_duration_ms=speech["duration_ms"],
        audio_size_bytes=speech["size_bytes"],
        audio_format=speech["format"],
        generation_time_ms=speech["generation_time_ms"],
        generation_cost_usd=usd(speech["generation_cost_usd"]),
        synthesizer=speech["synthesizer"],
        utterances=speech["utterances"],
        take=speech["take"],
        created_at=_time(speech["created_at"] * 1000),
    )


def _page(event: Event) -> PageAudio:
    speech = event["speech"]
    return PageAudio(
        story_id=speech["story_id"],
        page_number=speech["page_number"],
        voice_style=speech["voice_style"],
        audio_format=speech["format"],
        audio_id=speech["cache_key"],
        created_at=_time(event["at_ms"]),
    )


def _count_hits(events: list[Event]) -> None:
    hits: defaultdict[str, int] = defaultdict(int)
    last: dict[str, int] = {}
    for event in events:
        usage = event["usage"]
        if usage["status"] == "cached":
            hits[usage["cache_key"]] += usage["requests"]
            last[usage["cache_key"]] = event["at_ms"]
    for key, count in sorted(hits.items()):
        AudioCache.objects.filter(cache_key=key).update(
            access_count=F("access_count") + count, last_accessed_at=_time(last[key])
        )


def _usage_rows(events: list[Event]) -> list[TTSUsageLog]:
    users = users_of(event["usage"]["user_id"] for event in events)
    hits = {event["usage"]["cache_key"] for event in events if event["usage"]["was_cached"]}
    costs = dict(
        AudioCache.objects.filter(cache_key__in=hits).values_list(
            "cache_key", "generation_cost_usd"
        )
    )
    rows = []
    for event in events:
        usage = event["usage"]
        cost = costs.get(usage["cache_key"], Decimal(0)) if usage["was_cached"] else Decimal(0)
        rows.append(
            TTSUsageLog(
                created_at=_time(event["at_ms"]),
                text_length=usage["text_length"],
                language=usage["language"],
                voice_style=usage["voice_style"],
                status=usage["status"],
                was_cached=usage["was_cached"],
                response_time_ms=round(usage["response_time_us"] / 1000),
                estimated_cost_usd=usd(usage["estimated_cost_usd"]),
                error_message=usage["error_message"],
                user_id=users.get(usage["user_id"]),
                requests=usage["requests"],
                saved_cost_usd=cost * usage["requests"],
                cache_key=usage["cache_key"],
                origin=usage["origin"],
            )
        )
    return rows


def users_of(user_ids: Iterable[str]) -> dict[str, Any]:
    """Primary keys, of those that are ids of users who are still there."""
    model = get_user_model()
    keys = {}
    for user_id in set(user_ids) - {""}:
        try:
            keys[user_id] = model._meta.pk.to_python(user_id)
        except ValidationError:
            continue
    there = set(model._default_manager.filter(pk__in=keys.values()).values_list("pk", flat=True))
    return {user_id: key for user_id, key in keys.items() if key in there}


def _time(at_ms: int) -> datetime.datetime:
    """As the host's columns take it: without a zone where it has USE_TZ off."""
    moment = datetime.datetime.fromtimestamp(at_ms / 1000, tz=datetime.timezone.utc)
    return moment if django_settings.USE_TZ else timezone.make_naive(moment)
