"""Brings stories of a file into the library. Twice is as good as once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhashatts.django import conf
from bhashatts.django.models import PrewarmJob
from reader import stories_file

_WAITS = (PrewarmJob.State.QUEUED, PrewarmJob.State.RUNNING)


class Command(BaseCommand):
    """load_stories FILE.jsonl."""

    help = (
        "Load stories from a stories file (JSON Lines); what is there already is brought up to date"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="story_id, title, language, pages a line")

    def handle(self, *, file: Path, **_: Any) -> None:
        try:
            with file.open("rb") as lines:
                stories = stories_file.read(lines)
        except (OSError, stories_file.BadLine) as reason:
            raise CommandError(f"{file}: {reason}; nothing was loaded") from reason
        made, changed = stories_file.save(stories)
        same = len(stories) - made - changed
        self.stdout.write(f"{made} stories new, {changed} changed, {same} as they were")
        self._wait_for_prewarm([str(told.key) for told in stories])

    def _wait_for_prewarm(self, story_ids: list[str]) -> None:
        """Where saving queued one, it runs in a thread of this process, and would end with it."""
        if conf.settings().jobs != "thread":
            return
        jobs = PrewarmJob.objects.filter(story_id__in=story_ids, state__in=_WAITS)
        while jobs.exists():
            self.stdout.write(f"{jobs.count()} stories are being read aloud in advance")
            time.sleep(1)
