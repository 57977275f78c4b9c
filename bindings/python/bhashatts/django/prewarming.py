"""A story of the host's as the engine's prewarm takes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import bhashatts
from bhashatts.django.stories import Page, Story

_MOST_PAGES = 10_000  # a page number above is a mistake


def prewarm_story(  # noqa: PLR0913, PLR0917  # what a prewarm is told
    engine: bhashatts.TtsEngine,
    story: Story,
    pages: list[Page],
    voice_style: str = "",
    progress: Callable[[bhashatts.PrewarmProgress], object] | None = None,
    stop: bhashatts.Stop | None = None,
    **options: Any,
) -> bhashatts.PrewarmReport:
    """Makes the pages that are not kept. The engine counts pages from 1, without gaps: what is
    missing in between is empty there, and taken out of the report again.
    """
    texts = {page.number: page.text for page in pages if 1 <= page.number <= _MOST_PAGES}
    gaps = [number for number in range(1, max(texts, default=0)) if number not in texts]
    out_of_range = len(pages) - len(texts)
    mapping = {
        "story_id": story.id,
        "title": story.title,
        "language": story.language,
        "pages": [texts.get(number, "") for number in range(1, max(texts, default=0) + 1)],
    }
    told = None if progress is None else lambda at: progress(_without(at, len(gaps)))
    report = engine.prewarm([mapping], voice_style=voice_style, progress=told, stop=stop, **options)
    return dataclasses.replace(
        report,
        pages_total=report.pages_total - len(gaps) + out_of_range,
        pages_rejected=max(0, report.pages_rejected - len(gaps)) + out_of_range,
        problems=[one for one in report.problems if one.get("page_number") not in gaps],
    )


def _without(at: bhashatts.PrewarmProgress, gaps: int) -> bhashatts.PrewarmProgress:
    rejected = min(gaps, at.pages_rejected)
    return dataclasses.replace(
        at,
        pages_total=at.pages_total - gaps,
        pages_done=at.pages_done - rejected,
        pages_rejected=at.pages_rejected - rejected,
    )
