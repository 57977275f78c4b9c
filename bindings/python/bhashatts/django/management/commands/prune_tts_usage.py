"""Old usage removed, day by day: for cron, or a timer.

manage.py prune_tts_usage
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet
from django.utils import timezone

from bhashatts.django import conf
from bhashatts.django.console import refusals, require_range, say
from bhashatts.django.models import PrewarmJob, TTSUsageLog

_BATCH = 5000  # rows of one transaction: the table is being written to meanwhile
_LONGEST = 36_500  # days


class Command(BaseCommand):
    """See the module."""

    help = "Delete TTS usage rows, and finished prewarm jobs, that are older than USAGE_DAYS"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--days", type=int, help="How old; else BHASHATTS['USAGE_DAYS'], by default 400"
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say how many there are")

    def handle(self, *_: object, **options: Any) -> None:
        require_range("--days", options["days"], 1, _LONGEST)
        with refusals():
            days = options["days"] or conf.settings().usage_days
        cutoff = timezone.now() - datetime.timedelta(days=days)
        usage = TTSUsageLog.objects.filter(created_at__lt=cutoff)
        # Those that ended: a job without an end may be taken up again.
        jobs = PrewarmJob.objects.filter(finished_at__lt=cutoff)
        delete = QuerySet.count if options["dry_run"] else _delete
        counts = delete(usage), delete(jobs)
        verb = "Would delete" if options["dry_run"] else "Deleted"
        words = f"{counts[0]} usage rows and {counts[1]} prewarm jobs older than {days} days"
        say(self.stdout, f"{verb} {words}")


def _delete(rows: Any) -> int:
    """In batches, oldest first, by time: that has an index, and needs no list of keys."""
    deleted = 0
    while True:
        oldest = rows.order_by("created_at").values_list("created_at", flat=True)
        edge = oldest[_BATCH - 1 : _BATCH].first()
        batch = rows if edge is None else rows.filter(created_at__lte=edge)
        deleted += int(batch.delete()[0])
        if edge is None:
            return deleted
