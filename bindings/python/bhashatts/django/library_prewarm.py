"""Many stories prewarmed one after another, and what that came to.

What would make every further page fail alike (money at its end, a refused token, a full disk) ends
the engine's prewarm of a story with pages that were not attempted; that ends the run here too. A
story of which something else is wrong is told, and the next one begun.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections

import bhashatts
from bhashatts.django.prewarming import prewarm_story
from bhashatts.django.stories import Stories, Story

_MONEY = ("budget_exhausted", "credits_exhausted")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one story: a report, or why there is none."""

    story: Story
    report: bhashatts.PrewarmReport | None
    error: str = ""


@dataclasses.dataclass
class Totals:
    """Of all stories; the names are those of the engine's own report."""

    stories_total: int = 0
    stories_not_attempted: int = 0
    pages_total: int = 0
    pages_cached: int = 0
    pages_generated: int = 0  # in a dry run: would be
    pages_rejected: int = 0
    pages_failed: int = 0
    pages_not_attempted: int = 0
    total_cost_usd: float = 0.0  # in a dry run: at most
    elapsed_ms: int = 0
    problems: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    @property
    def pages_done(self) -> int:
        """Of any outcome."""
        made = self.pages_cached + self.pages_generated
        return made + self.pages_rejected + self.pages_failed

    @property
    def failed(self) -> bool:
        """Whether anything failed that was no bad input."""
        return any(problem["outcome"] == "failed" for problem in self.problems)

    @property
    def out_of_money(self) -> bool:
        """Whether credits or budget are at their end."""
        return any(problem["code"] in _MONEY for problem in self.problems)

    def add(self, report: bhashatts.PrewarmReport) -> None:
        """A story that was prewarmed."""
        for name in _ADDED:
            setattr(self, name, getattr(self, name) + getattr(report, name))
        self.problems += report.problems

    def add_failed(self, story: Story, pages: int, error: str) -> None:
        """A story that cannot be read, or is none: all its pages failed."""
        self.pages_total += pages
        self.pages_failed += pages
        what = {"outcome": "failed", "code": "internal", "message": error}
        self.problems.append({"story_id": story.id, "page_number": 0, **what})

    def add_not_begun(self, stories: int, pages: int) -> None:
        """What stood behind the end."""
        self.stories_not_attempted += stories
        self.pages_total += pages
        self.pages_not_attempted += pages


_ADDED = [
    field.name
    for field in dataclasses.fields(bhashatts.PrewarmReport)
    if field.name not in {"stories_total", "problems"}
]


class LibraryPrewarm:
    """A run over stories that are chosen already. Their pages are counted at once, for the time
    that is left, and read again when it is their turn: a run takes hours, in which texts change.
    """

    def __init__(self, engine: bhashatts.TtsEngine, source: Stories, chosen: list[Story]) -> None:
        self.totals = Totals(stories_total=len(chosen))
        self._engine = engine
        self._source = source
        self._chosen = chosen
        self.page_counts = [self._count(story) for story in chosen]

    def run(
        self,
        stop: bhashatts.Stop,
        progress: Callable[[Totals, bhashatts.PrewarmProgress], object],
        **options: Any,
    ) -> Iterator[Outcome]:
        """Story by story, in their order. progress: as of prewarm, behind what was done before it.
        options: of TtsEngine.prewarm.
        """
        for at, story in enumerate(self._chosen):
            if stop.requested:
                self._end_before(at)
                return
            outcome = self._one(
                story, self.page_counts[at], stop, lambda now: progress(self.totals, now), options
            )
            yield outcome
            if outcome.report is not None and outcome.report.pages_not_attempted > 0:
                self._end_before(at + 1)
                return

    def _one(
        self, story: Story, pages: int, stop: bhashatts.Stop, progress: Any, options: Any
    ) -> Outcome:
        _close_old_connections()
        try:
            fresh = self._source.pages(story)
            report = prewarm_story(
                self._engine, story, fresh, progress=progress, stop=stop, **options
            )
        except Exception as reason:  # the host's stories: the next may do
            error = reason.message if isinstance(reason, bhashatts.Error) else str(reason)
            self.totals.add_failed(story, pages, error)
            return Outcome(story, None, error)
        self.totals.add(report)
        return Outcome(story, report)

    def _end_before(self, at: int) -> None:
        self.totals.add_not_begun(len(self._chosen) - at, sum(self.page_counts[at:]))

    def _count(self, story: Story) -> int:
        try:
            return len(self._source.pages(story))
        except Exception:  # told when it is its turn
            return 0


def _close_old_connections() -> None:
    """The connection that listed the stories may be hours old. Django's own function would close
    one in the middle of a transaction, too: a host's test may be such a one.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
