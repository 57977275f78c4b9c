"""What the admin asks of the engine about a row: to hear it, to erase its text, to reject its take.

The text of a row is the spoken one: asked for again it finds the very speech. Where it finds
another one the row is behind the engine, and nothing is done to a take that nobody heard.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

import bhashatts
from bhashatts.django import jobs
from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, PageAudio, PrewarmJob
from bhashatts.django.stories import stories

_log = logging.getLogger("bhashatts.django.admin")
_MOST_STORIES = 20  # that a speech is made again for: any one of them makes it for all


class Gone(Exception):
    """Why a row's speech cannot be had any more, in a sentence to be shown."""


@dataclasses.dataclass(frozen=True)
class Rejected:
    """What became of a take."""

    next_take: int
    others: int  # speeches of other texts that share a sentence: gone too, made when next heard
    jobs: list[PrewarmJob]  # that make it; empty: the next listener has it made


def present(row: AudioCache, user: Any) -> bhashatts.Speech:
    """The speech that a row stands for. It counts as heard by the user; nothing is ever made.

    Raises Gone, bhashatts.Error, ImproperlyConfigured.
    """
    speech = engine().lookup(
        row.text_content, row.language, row.voice_style, row.audio_format, user_id=str(user.pk)
    )
    if speech is None:
        raise Gone("This audio is not kept any more. Nothing was made in its place.")
    if speech.cache_key != row.cache_key:
        raise Gone(
            f"This audio was replaced: what is heard now is take {speech.take}"
            f" of {speech.synthesizer}."
        )
    return speech


def same_texts(rows: Iterable[AudioCache]) -> QuerySet[AudioCache]:
    """All rows of the texts of these: every language, style, format and voice."""
    rows = list(rows)
    hashes = {row.text_hash for row in rows} - {""}
    found: QuerySet[AudioCache] = AudioCache.objects.filter(
        Q(pk__in=[row.pk for row in rows]) | Q(text_hash__in=hashes)
    )
    return found.order_by("text_hash", "pk")


def erase(row: AudioCache) -> bhashatts.ForgetReport:
    """Erases a text, and then its rows. Raises bhashatts.Error, ImproperlyConfigured: all is left.

    The engine's events would take the rows away too, a moment later.
    """
    report = engine().forget_text(row.text_content)
    same_texts([row]).delete()
    return report


def reject(row: AudioCache, user: Any) -> Rejected:
    """Has a take never served again, and orders another for the stories that it belongs to.

    Raises Gone, bhashatts.Error, ImproperlyConfigured: the take is left.
    """
    present(row, user)
    own = AudioCache.objects.filter(
        text_hash=row.text_hash, language=row.language, voice_style=row.voice_style
    )
    formats = own.count()
    links = PageAudio.objects.filter(audio__in=own)  # the engine's events take them away
    story_ids = list(links.values_list("story_id", flat=True).distinct()[:_MOST_STORIES])
    report = engine().reject(row.text_content, row.language, row.voice_style)
    AudioCache.objects.filter(pk=row.pk).delete()
    others = max(0, report.speeches_dropped - formats)
    return Rejected(report.next_take, others, _ordered(story_ids, row.voice_style, user))


def _ordered(story_ids: list[str], voice_style: str, user: Any) -> list[PrewarmJob]:
    """Jobs that make what is missing in these stories. The take is rejected already: no raising."""
    try:
        found = [stories().story(story_id) for story_id in story_ids]
        return [jobs.queue(story, voice_style, created_by=user) for story in found if story]
    except Exception:  # the host's stories, or its Celery
        _log.exception("another take could not be ordered")
        return []
