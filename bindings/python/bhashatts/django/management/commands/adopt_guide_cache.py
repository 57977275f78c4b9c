"""What the guide's own code made, adopted: nothing is synthesised, and nothing paid for.

    manage.py adopt_guide_cache --dry-run
    manage.py adopt_guide_cache --storage=storages.backends.s3boto3.S3Boto3Storage

Its tables audio_cache and tts_usage_log are read where they exist, and stay as they are; so does
the audio. Given again, also while the old app still runs, it adopts what is new. Exit status: 0
done (what was left out is told), 1 rows that the store failed, or a wrong option, 130 interrupted.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage, storages
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS
from django.utils.connection import ConnectionDoesNotExist
from django.utils.module_loading import import_string

import bhashatts
from bhashatts.django import guide_tables
from bhashatts.django.adopting import Carried, Carrier, Chosen, export, reader_of
from bhashatts.django.adopting_usage import Copied, copy_usage
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
from bhashatts.django.guide_tables import GuideTable
from bhashatts.django.models import Language


class Command(BaseCommand):
    """See the module."""

    help = "Adopt the audio, access counts and usage of the guide's tables"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--language", default="", help="Only rows in this language: HINDI")
        parser.add_argument("--limit", type=int, help="At most so many rows of each table")
        parser.add_argument(
            "--storage",
            default="",
            help="Where its audio is: an alias of STORAGES, or a dotted name; else 'default'",
        )
        parser.add_argument("--directory", default="", help="Where its audio is, as files")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="Where its tables are")
        parser.add_argument(
            "--dry-run", action="store_true", help="Read and judge all of it, and keep nothing"
        )
        parser.add_argument("--json", action="store_true", help="One JSON object on stdout")

    def handle(self, *_: object, **options: Any) -> None:
        language = options["language"] or ""
        require_choice("language", language, Language.values)
        require_range("--limit", options["limit"], 0)
        audio, usage = _tables(options["database"])
        place = _place(options["storage"], options["directory"])
        chosen = Chosen(language, options["limit"])
        report, carried, copied = None, None, None
        dry_run = options["dry_run"]
        with refusals(), stopped_by_ctrl_c() as stop:
            if audio is not None:
                report = self._adopt(audio, chosen, stop, dry_run=dry_run, **place)
                if not dry_run:
                    there = report.rows_adopted + report.rows_already_there
                    carried = Carrier(engine(), report.synthesizer).carry(audio, chosen, there)
            if usage is not None and not stop.requested:
                copied = self._copy(usage, chosen, stop, dry_run=dry_run)
        parts = [part for part in (report, carried, copied) if part is not None]
        if options["json"]:
            members = {"dry_run": dry_run, "stopped": stop.requested}
            for part in parts:
                members = {**dataclasses.asdict(part), **members}
            self.stdout.write(json.dumps(members))
        else:
            for line in _lines(report, carried, copied, dry_run=dry_run):
                say(self.stdout, line)
            if report is not None:
                say_problems(self.stdout, [_problem(one) for one in report.problems])
        _require_success(report, interrupted=stop.requested)

    def _adopt(
        self, table: GuideTable, chosen: Chosen, stop: bhashatts.Stop, **how: Any
    ) -> bhashatts.ImportReport:
        line = ProgressLine(self.stderr, chosen.count(table))
        with tempfile.TemporaryDirectory(prefix="bhashatts-adopt-") as place:
            path = Path(place, "audio_cache.jsonl")
            export(table, chosen, path)
            try:
                return engine().import_guide(
                    path,
                    stop=stop,
                    progress=lambda now: line.show(now.rows_done, _counts_of_audio(now)),
                    **how,
                )
            finally:
                line.clear()

    def _copy(
        self, table: GuideTable, chosen: Chosen, stop: bhashatts.Stop, *, dry_run: bool
    ) -> Copied:
        line = ProgressLine(self.stderr, chosen.count(table))

        def show(now: Copied) -> None:
            done = now.usage_copied + now.usage_already_there + now.usage_too_old
            line.show(done, {"usage rows": now.usage_copied})

        try:
            return copy_usage(
                table, chosen, dry_run=dry_run, stopped=lambda: stop.requested, progress=show
            )
        finally:
            line.clear()


def _tables(database: str) -> tuple[GuideTable | None, GuideTable | None]:
    try:
        audio = guide_tables.find(guide_tables.AUDIO, database)
        usage = guide_tables.find(guide_tables.USAGE, database)
    except ConnectionDoesNotExist as reason:
        raise CommandError(f"there is no database {database!r} in DATABASES") from reason
    except guide_tables.NotTheGuides as reason:
        raise CommandError(str(reason)) from reason
    if audio is None and usage is None:
        names = f"{guide_tables.AUDIO} nor {guide_tables.USAGE}"
        raise CommandError(f"there is neither {names} in the database {database!r}")
    return audio, usage


def _place(storage: str, directory: str) -> dict[str, Any]:
    """Where the audio is, in import_guide's words."""
    if storage and directory:
        raise CommandError("--storage and --directory exclude each other")
    if directory:
        if not Path(directory).is_dir():
            raise CommandError(f"--directory: there is no directory {directory}")
        return {"directory": directory}
    return {"read": reader_of(_storage(storage))}


def _storage(name: str) -> Any:
    if not name:
        return default_storage
    if name in storages.backends:
        return storages[name]
    try:
        return import_string(name)()
    except ImportError as reason:
        known = ", ".join(storages.backends)
        words = f"--storage: {reason}; give a dotted name, or an alias: {known}"
        raise CommandError(words) from reason


def _counts_of_audio(now: bhashatts.ImportProgress) -> dict[str, int]:
    return {
        "adopted": now.rows_adopted,
        "there": now.rows_already_there,
        "left out": now.rows_left_out,
        "failed": now.rows_failed,
    }


def _lines(
    report: bhashatts.ImportReport | None,
    carried: Carried | None,
    copied: Copied | None,
    *,
    dry_run: bool,
) -> Iterator[str]:
    if report is not None:
        verb = "Would adopt" if dry_run else "✅ Adopted"
        yield f"{verb} the audio of {report.rows_adopted} rows of {report.rows_total}"
        yield f"    Already there: {report.rows_already_there}"
        yield f"    Rejected (bad input): {report.rows_rejected}"
        yield f"    Missing (no audio): {report.rows_missing}"
        yield f"    Refused (damaged, or of another text): {report.rows_refused}"
        yield f"    Failed (the store): {report.rows_failed}"
        yield f"    In one piece: {report.rows_whole}"
        yield f"    Spoken to another voice description: {report.rows_other_description}"
        yield f"    {report.adopted_ms / 60_000:.1f} minutes, ${report.adopted_cost_usd:.4f} then"
        yield f"    Filed under the voice {report.synthesizer}"
    if carried is not None:
        yield f"✅ Carried over {carried.access_counts} access counts"
        yield f"✅ Linked {carried.pages_linked} more pages"
        if carried.rows_not_there_yet:
            yield f"    {carried.rows_not_there_yet} rows are not written yet: run it again later"
    if copied is not None:
        yield f"{'Would copy' if dry_run else '✅ Copied'} {copied.usage_copied} usage rows"
        yield f"    Already there: {copied.usage_already_there}"
        yield f"    Older than USAGE_DAYS: {copied.usage_too_old}"


def _problem(problem: dict[str, Any]) -> str:
    where = f"row {problem['row']} ({problem['cache_key'] or 'no key'})"
    return f"    {problem['outcome']}: {where}: {problem['message']}"


def _require_success(report: bhashatts.ImportReport | None, *, interrupted: bool) -> None:
    if interrupted:
        raise CommandError("Interrupted; run it again to go on", returncode=INTERRUPTED)
    if report is not None and report.rows_failed:
        raise CommandError(f"{report.rows_failed} rows failed; run it again to go on")
