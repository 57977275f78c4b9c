"""The stories file: JSON Lines, a story a line, as `bhashatts prewarm` reads it too.

    {"story_id": "moon", "title": "चाँद", "language": "HINDI", "pages": ["...", "..."]}

`cover` is ours; members that nobody knows are ignored, there as here.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from reader.models import Language, Story, StoryPage

_OURS = uuid.UUID("5c1b51a9-7a0e-4f7e-9d0a-3f6d2b1c8e44")  # story_ids that are no UUID get one


class BadLine(ValueError):
    """A line that is no story; says which, and what is wrong with it."""


@dataclasses.dataclass(frozen=True)
class Told:
    """A line of the file."""

    key: uuid.UUID
    title: str
    language: str
    pages: tuple[str, ...]
    cover: str


def read(lines: Iterable[bytes]) -> list[Told]:
    """All stories of a file, of one that comes twice the last. Raises BadLine for the first bad."""
    stories: dict[uuid.UUID, Told] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                told = _story(json.loads(line.decode("utf-8-sig")))
            except ValueError as reason:  # JSON's and Unicode's are among them
                raise BadLine(f"line {number}: {reason}") from reason
            stories[told.key] = told
    return list(stories.values())


def save(stories: list[Told]) -> tuple[int, int]:
    """Makes what is new, changes what differs, in one transaction; how many of each.

    Pages go in before the story is saved, by bulk_create, which sends no signals: so a story's
    prewarm is queued once, not once more for each page, and for an unchanged one not at all.
    """
    made = changed = 0
    with transaction.atomic():
        for order, told in enumerate(stories, 1):
            row = Story.objects.filter(pk=told.key).first()
            if row is not None and _as_told(row) == told:
                continue
            made, changed = (made + 1, changed) if row is None else (made, changed + 1)
            _write(row, told, order)
    return made, changed


def _write(row: Story | None, told: Told, order: int) -> None:
    values = {"title": told.title, "language": told.language, "cover": told.cover}
    if row is None:
        row = Story(pk=told.key, order=order, **values)
        Story.objects.bulk_create([row])
    StoryPage.objects.filter(story=row).delete()
    StoryPage.objects.bulk_create(
        StoryPage(story=row, page_number=number, text_content=text)
        for number, text in enumerate(told.pages, 1)
    )
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_update=True)


def _as_told(row: Story) -> Told:
    pages = tuple(row.pages.order_by("page_number").values_list("text_content", flat=True))
    return Told(row.pk, row.title, row.language, pages, row.cover)


def _story(members: Any) -> Told:
    if not isinstance(members, dict):
        raise ValueError("a story is a JSON object")
    key = _text(members, "story_id")
    language = _text(members, "language")
    if language not in Language.values:
        raise ValueError(f"language must be one of {', '.join(Language.values)}")
    pages = members.get("pages")
    if not isinstance(pages, list) or not pages:
        raise ValueError("pages must be a list of texts")
    for number, page in enumerate(pages, 1):
        if not isinstance(page, str) or not page.strip():
            raise ValueError(f"page {number} must be a text")
    title = _text(members, "title", longest=255) if "title" in members else key[:255]
    cover = _text(members, "cover", longest=40) if members.get("cover") else ""
    return Told(_key(key), title, language, tuple(pages), cover)


def _text(members: dict[str, Any], name: str, longest: int = 10_000) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be a text")
    if len(value) > longest:
        raise ValueError(f"{name} is longer than {longest} characters")
    return value.strip()


def _key(story_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(story_id)
    except ValueError:
        return uuid.uuid5(_OURS, story_id)
