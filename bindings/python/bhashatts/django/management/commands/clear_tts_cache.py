"""Audio removed: from the caches, or everywhere.

    manage.py clear_tts_cache --redis-only
    manage.py clear_tts_cache --all --language=HINDI

Use with caution: what --all removes was paid for, and has to be made again.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import bhashatts
from bhashatts.django.console import refusals, require_choice, say
from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, Language


class Command(BaseCommand):
    """See the module."""

    help = "Clear TTS audio cache"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--redis-only",
            action="store_true",
            help="Only what may be forgotten: memory, disk cache, Redis; nothing is made again",
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help="Also stored audio, and its rows: all has to be made again, and paid for",
        )
        parser.add_argument("--language", default="", help="Only audio in this language: HINDI")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be removed")
        parser.add_argument("--yes", action="store_true", help="Do not ask")

    def handle(self, *_: object, **options: Any) -> None:
        everything, language = options["all"], options["language"] or ""
        if everything == options["redis_only"]:
            both = "--redis-only and --all exclude each other"
            raise CommandError(both if everything else "Must specify --redis-only or --all")
        require_choice("language", language, Language.values)
        if not (options["dry_run"] or options["yes"] or _somebody_is_there()):
            raise CommandError("This removes audio: confirm with --yes, or try --dry-run")
        with refusals():
            if options["dry_run"] or not options["yes"]:
                would = _counts(everything, language)
            if options["dry_run"]:
                say(self.stdout, f"Would remove {would}")
                return
            if not options["yes"]:
                self._confirm(would)
            self._clear(everything, language)

    def _confirm(self, would: str) -> None:
        say(self.stderr, f"This removes {would}. Go on? [y/N]", self.style.WARNING)
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise CommandError("Not confirmed; nothing was removed")

    def _clear(self, everything: bool, language: str) -> None:
        say(self.stdout, "Clearing Redis cache...")
        began = timezone.now()
        rows_before = _rows(language).count() if everything else 0
        report = engine().clear(all=everything, language=language)
        self._done(f"Redis cache cleared: {report.cache_entries} entries")
        if everything:
            self._done(f"Deleted {report.blobs} stored objects")
            engine().flush()
            # Of other hosts' engines, or of a data directory that was lost. What was made again
            # meanwhile stays.
            _rows(language).filter(updated_at__lt=began).delete()
            self._done(f"Deleted {rows_before} database entries")
        say(self.stdout)
        say(self.stdout, "✨ Cache clearing complete!", self.style.SUCCESS)

    def _done(self, what: str) -> None:
        say(self.stdout, f"✅ {what}", self.style.SUCCESS)


def _somebody_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _rows(language: str) -> Any:
    rows = AudioCache.objects.all()
    return rows.filter(language=language) if language else rows


def _counts(everything: bool, language: str) -> str:
    report: bhashatts.ClearReport = engine().clear(all=everything, language=language, dry_run=True)
    told = f"{report.cache_entries} cache entries"
    if everything:
        rows = _rows(language).count()
        told += f", {report.blobs} stored objects, {rows} database entries"
    return told
