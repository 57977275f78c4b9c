"""What the guide's own code made, made ours: its audio, how often that was heard, its usage.

The engine adopts the audio (TtsEngine.import_guide, which explains what it takes and refuses). The
rows of ours that follow from that are written by the mirror; what the engine knows nothing of is
carried over here. All of it may be interrupted and done again, and counts once: audio that is there
is left, an access count becomes the larger of both, a usage row has the old one's key in it.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

import bhashatts
from bhashatts.django import conf
from bhashatts.django.guide_tables import GuideTable
from bhashatts.django.models import AudioCache, PageAudio
from bhashatts.django.stories import stories

_BATCH = 500  # rows of a query
_LOOKS, _BETWEEN_LOOKS = 20, 0.5  # seconds; at whether another process has written the rows
Spoken = tuple[str, str, bytes]  # language, style, hash of the text as it is spoken


@dataclasses.dataclass(frozen=True)
class Chosen:
    """Which rows of a table."""

    language: str = ""
    limit: int | None = None

    def batches(self, table: GuideTable) -> Iterator[list[Any]]:
        """Of it, those rows."""
        return table.batches(_BATCH, self.language, self.limit)

    def count(self, table: GuideTable) -> int:
        """How many they are."""
        return table.count(self.language, self.limit)


class StoryIds:
    """Story ids as our own stories have them: a UUID has other forms in other databases."""

    def __init__(self) -> None:
        settings = conf.settings()
        named = settings.story_model is not None or settings.stories != conf.Settings.stories
        self._source = stories() if named else None
        self.of = functools.cache(self._of)

    def _of(self, raw: str) -> str:
        """Empty where the story is gone."""
        story = self._source.story(raw) if self._source is not None and raw else None
        return "" if story is None else story.id


def export(table: GuideTable, chosen: Chosen, path: Path) -> None:
    """The rows as TtsEngine.import_guide reads them, JSON Lines."""
    ids = StoryIds()
    with path.open("w", encoding="ascii") as file:
        for batch in chosen.batches(table):
            for row in batch:
                file.write(json.dumps(_exported(row, ids)) + "\n")


def _exported(row: Any, ids: StoryIds) -> dict[str, Any]:
    names = ("cache_key", "text_content", "language", "voice_style", "audio_url")
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    told["generation_time_ms"] = row.generation_time_ms
    told["generation_cost_usd"] = str(row.generation_cost_usd or 0)
    story_id = ids.of(str(row.story_id or ""))
    if story_id:
        told |= {"story_id": story_id, "page_number": row.page_number}
    return told


def reader_of(storage: Any) -> Callable[[str], bytes | None]:
    """What import_guide asks for audio, of one of Django's storages."""

    def read(name: str) -> bytes | None:
        try:
            with storage.open(name, "rb") as file:
                whole: bytes = file.read()
                return whole
        except FileNotFoundError:
            return None

    return read


@dataclasses.dataclass
class Carried:
    """What was carried over beside the audio."""

    access_counts: int = 0  # rows of ours that were raised
    pages_linked: int = 0
    rows_not_there_yet: int = 0  # of ours, that the mirror still has to write


class Carrier:
    """Carries access counts and links of pages over to the rows of ours that speak the same."""

    def __init__(self, engine: bhashatts.TtsEngine, synthesizer: str) -> None:
        self._engine = engine
        self._synthesizer = synthesizer
        self._ids = StoryIds()

    def carry(self, table: GuideTable, chosen: Chosen, awaited: int) -> Carried:
        """awaited: how many rows were adopted just now, or before: ours for them are waited for."""
        for look in range(_LOOKS):
            if look:
                # flush() is no wait where another process of the host serves the observer.
                time.sleep(_BETWEEN_LOOKS)
            counts, links, matched = self._wanted(table, chosen, self._ours())
            if matched >= awaited or not conf.settings().mirror:
                break
        carried = Carried(rows_not_there_yet=max(0, awaited - matched))
        carried.access_counts = sum(map(_raise_count, counts.items()))
        carried.pages_linked = _link(links)
        return carried

    def _ours(self) -> dict[Spoken, str]:
        """Keys of our rows of this voice, by what they speak."""
        self._engine.flush()
        rows = AudioCache.objects.filter(audio_format="wav", synthesizer=self._synthesizer)
        columns = rows.order_by("pk").values_list(
            "language", "voice_style", "text_content", "cache_key"
        )
        return {(row[0], row[1], _digest(row[2])): row[3] for row in columns.iterator()}

    def _wanted(
        self, table: GuideTable, chosen: Chosen, ours: dict[Spoken, str]
    ) -> tuple[dict[str, _Heard], dict[tuple[str, int, str], str], int]:
        """Counts by our key, keys by page, and how many of the guide's rows have one of ours."""
        counts: defaultdict[str, _Heard] = defaultdict(_Heard)
        links: dict[tuple[str, int, str], str] = {}
        matched = 0
        for batch in chosen.batches(table):
            for row in batch:
                spoken = _spoken(row)
                key = None if spoken is None else ours.get(spoken)
                if key is None:
                    continue
                matched += 1
                counts[key].add(row)
                story_id = self._ids.of(str(row.story_id or ""))
                if story_id and row.page_number and row.page_number > 0:
                    links[story_id, row.page_number, row.voice_style] = key
        return counts, links, matched


@dataclasses.dataclass
class _Heard:
    """How often, and when last: of all rows of the guide that we speak alike."""

    count: int = 0
    last: datetime.datetime | None = None

    def add(self, row: Any) -> None:
        self.count += max(0, row.access_count or 0)
        if row.access_count and row.last_accessed_at is not None:
            self.last = max(self.last or row.last_accessed_at, row.last_accessed_at)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()


def _spoken(row: Any) -> Spoken | None:
    if not _is_sound(row):
        return None
    try:
        return row.language, row.voice_style, _digest(bhashatts.spoken_text(row.text_content))
    except (bhashatts.Error, TypeError):  # a text that nobody speaks
        return None


def _is_sound(row: Any) -> bool:
    """Whether its audio is of its text: else the row was changed afterwards."""
    named = f"{row.text_content}:{row.language}:{row.voice_style}".encode(errors="replace")
    return bool(hashlib.md5(named, usedforsecurity=False).hexdigest() == row.cache_key)


def _raise_count(one: tuple[str, _Heard]) -> int:
    """To the larger of both: nothing counts twice, however often it is adopted. One row a
    statement: several in one transaction could lock against the mirror's, in another order.
    """
    key, heard = one
    rows = AudioCache.objects.filter(cache_key=key)
    raised: int = rows.filter(access_count__lt=heard.count).update(
        access_count=Greatest(F("access_count"), heard.count)
    )
    if heard.last is not None:
        rows.filter(last_accessed_at__isnull=True).update(last_accessed_at=heard.last)
    return raised


def _link(links: dict[tuple[str, int, str], str]) -> int:
    """Links of pages that have none; one that is there is younger, and stays."""
    before = PageAudio.objects.count()
    PageAudio.objects.bulk_create(
        (
            PageAudio(
                story_id=story_id,
                page_number=page_number,
                voice_style=style,
                audio_format="wav",
                audio_id=key,
            )
            for (story_id, page_number, style), key in links.items()
        ),
        batch_size=200,
        ignore_conflicts=True,
    )
    return int(PageAudio.objects.count() - before)
