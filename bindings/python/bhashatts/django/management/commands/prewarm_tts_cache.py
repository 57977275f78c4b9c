"""Pages of stories made in advance.

    manage.py prewarm_tts_cache --language=HINDI

Interrupted, killed or out of money, the next run makes only what is missing. Exit status: 0 all
there (bad input among the pages is told, and is no failure of the run), 4 pages failed, 5 credits
or budget at their end, 130 interrupted, 1 a wrong option.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import bhashatts
from bhashatts.django.console import (
    INTERRUPTED,
    ProgressLine,
    refusals,
    require_choice,
    require_range,
    say,
    say_problems,
    stopped_by_ctrl_c,
)
from bhashatts.django.engine import engine
from bhashatts.django.library_prewarm import LibraryPrewarm, Outcome, Totals
from bhashatts.django.models import Language, VoiceStyle
from bhashatts.django.stories import Stories, Story, stories

_FAILED, _MONEY = 4, 5


class Command(BaseCommand):
    """See the module."""

    help = "Pre-generate and cache TTS audio for stories"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--language", default="", help="Only stories in this language: HINDI")
        parser.add_argument("--story-id", default="", help="Only this story")
        parser.add_argument("--limit", type=int, help="At most so many stories; 0: none")
        parser.add_argument("--style", default="", help="Voice style; else TTS_DEFAULT_VOICE_STYLE")
        parser.add_argument(
            "--concurrency", type=int, default=0, help="Pages at once; 0: what the voice bears"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be made, and its cost at most"
        )
        parser.add_argument("--json", action="store_true", help="One JSON object on stdout")

    def handle(self, *_: object, **options: Any) -> None:
        language, story_id = options["language"] or "", str(options["story_id"] or "")
        require_choice("language", language, Language.values)
        require_choice("style", options["style"] or "", VoiceStyle.values)
        require_range("--limit", options["limit"], 0)
        require_range("--concurrency", options["concurrency"], 0, 1024)
        self._quiet = options["json"]
        self._dry_run = options["dry_run"]
        with refusals():
            source = stories()
            chosen = _choose(source, language, story_id, options["limit"])
            run = LibraryPrewarm(engine(), source, chosen)
            with stopped_by_ctrl_c() as stop:
                self._run(run, stop, options)
            engine().flush()  # the rows are there when the command is done
        self._summarise(run.totals)
        _require_success(run.totals, interrupted=stop.requested)

    def _run(self, run: LibraryPrewarm, stop: bhashatts.Stop, options: dict[str, Any]) -> None:
        count = run.totals.stories_total
        self._say(f"🎵 Pre-warming TTS cache for {count} stories")
        if self._dry_run:
            self._say("DRY RUN - No audio will be generated", self.style.WARNING)
        line = ProgressLine(self.stderr, sum(run.page_counts))
        outcomes = run.run(
            stop,
            lambda so_far, now: line.show(*_progress(so_far, now)),
            voice_style=options["style"] or "",
            concurrency=options["concurrency"],
            dry_run=self._dry_run,
        )
        for number, outcome in enumerate(outcomes, 1):
            line.clear()
            self._tell(f"[{number}/{count}]", outcome, run.page_counts[number - 1])

    def _tell(self, place: str, outcome: Outcome, pages: int) -> None:
        story, report = outcome.story, outcome.report
        self._say()
        self._say(f"{place} {story.title}")
        pages = pages if report is None else report.pages_total
        self._say(f"    Language: {story.language}, Pages: {pages}")
        if report is None:
            self._say(f"    ❌ Error: {outcome.error}", self.style.ERROR)
            return
        made = "Would generate" if self._dry_run else "Generated"
        counts = f"{made}: {report.pages_generated}, Cached: {report.pages_cached}"
        counts += f", Failed: {report.pages_failed}"
        for name, more in (
            ("Rejected", report.pages_rejected),
            ("Not attempted", report.pages_not_attempted),
        ):
            counts += f", {name}: {more}" if more else ""
        well = not (report.pages_failed or report.pages_not_attempted)
        self._say(f"    {'✅' if well else '❌'} {counts}")

    def _summarise(self, totals: Totals) -> None:
        if self._quiet:
            told = {**dataclasses.asdict(totals), "dry_run": self._dry_run}
            self.stdout.write(json.dumps(told))
            return
        problems = [_problem(problem) for problem in totals.problems]
        self._say()
        self._say("=" * 50)
        self._say("📊 Summary:")
        for name, value in _summary(totals, dry_run=self._dry_run):
            self._say(f"    {name}: {value}")
        say_problems(self.stdout, problems)
        if not (totals.failed or totals.pages_not_attempted):
            self._say()
            self._say("✨ Pre-warming complete!", self.style.SUCCESS)

    def _say(self, text: str = "", style: Any = None) -> None:
        if not self._quiet:
            say(self.stdout, text, style)


def _choose(source: Stories, language: str, story_id: str, limit: int | None) -> list[Story]:
    """All at once: an open query would keep SQLite from writing for as long as the run takes."""
    if not story_id:
        return list(itertools.islice(source.all(language), limit))
    story = source.story(story_id)
    if story is None:
        raise CommandError(f"Story not found: {story_id}")
    if language and story.language != language:
        raise CommandError(f"Story {story_id} is in {story.language}, not in {language}")
    return [story][:limit]


def _progress(so_far: Totals, now: bhashatts.PrewarmProgress) -> tuple[int, dict[str, int]]:
    counts = {
        "hits": so_far.pages_cached + now.pages_cached,
        "made": so_far.pages_generated + now.pages_generated,
        "failed": so_far.pages_failed + now.pages_failed,
    }
    return so_far.pages_done + now.pages_done, counts


def _summary(totals: Totals, *, dry_run: bool) -> list[tuple[str, object]]:
    made = "Pages To Generate" if dry_run else "Pages Generated"
    cost = "Estimated Cost, At Most" if dry_run else "Estimated Cost"
    lines: list[tuple[str, object]] = [
        ("Total Stories", totals.stories_total),
        ("Total Pages", totals.pages_total),
        (made, totals.pages_generated),
        ("Pages Already Cached", totals.pages_cached),
        ("Pages Failed", totals.pages_failed),
    ]
    if totals.pages_rejected:
        lines.append(("Pages Rejected", totals.pages_rejected))
    if totals.pages_not_attempted or totals.stories_not_attempted:
        lines.append(("Pages Not Attempted", totals.pages_not_attempted))
        lines.append(("Stories Not Attempted", totals.stories_not_attempted))
    return [*lines, (cost, f"${totals.total_cost_usd:.4f}")]


def _problem(problem: dict[str, Any]) -> str:
    page = f", page {problem['page_number']}" if problem["page_number"] else ""
    return f"    {problem['outcome']}: {problem['story_id']}{page}: {problem['message']}"


def _require_success(totals: Totals, *, interrupted: bool) -> None:
    left = f"{totals.pages_not_attempted} pages were not attempted; run it again to go on"
    if totals.out_of_money:
        raise CommandError(f"Credits or budget are at their end: {left}", returncode=_MONEY)
    if interrupted and totals.pages_not_attempted + totals.stories_not_attempted > 0:
        raise CommandError(f"Interrupted: {left}", returncode=INTERRUPTED)
    if totals.failed or totals.pages_not_attempted:
        words = f"{totals.pages_failed} pages failed, {left}"
        raise CommandError(words, returncode=_FAILED)
