"""What the doctor looks at on Django's side: settings, database, rows, cache, delivery, clock."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.core import checks as django_checks
from django.core.cache import cache
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor

from bhashatts.django import conf
from bhashatts.django.checks import check_settings
from bhashatts.django.doctor import OK, PROBLEM, WARNING, Finding
from bhashatts.django.mirror import source_of
from bhashatts.django.models import AudioCache, EventCursor
from bhashatts.django.stories import stories

if TYPE_CHECKING:
    from bhashatts.django.doctor import Patient

_MOST_SECONDS_OFF = 5.0  # two clocks of one installation


def settings() -> Iterator[Finding]:
    """What `manage.py check` says of them."""
    heard = [message for message in check_settings(None) if not message.is_silenced()]
    for message in heard:
        level = PROBLEM if message.level >= django_checks.ERROR else WARNING
        yield Finding("settings", level, f"{message.msg} ({message.id})", message.hint or "")
    if not heard:
        yield Finding("settings", OK, "BHASHATTS and the environment make sense")


def database() -> Iterator[Finding]:
    """Whether it can be reached, and has our tables."""
    using = router.db_for_write(AudioCache)
    connection = connections[using]
    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "bhashatts"]
    missing = [str(migration) for migration, _ in executor.migration_plan(targets)]
    if missing:
        ours = [name for name in missing if name.startswith("bhashatts.")]
        words = f"{len(missing)} migrations are not applied, of ours: {', '.join(ours) or 'none'}"
        yield Finding("database", PROBLEM, words, f"run: manage.py migrate --database={using}")
        return
    yield Finding("database", OK, f"{connection.vendor} answers, all migrations are applied")


def _rows(patient: Patient) -> Iterator[Finding]:
    """Whether the mirror follows the engine."""
    if patient.engine is None or patient.stats is None:
        return
    if not conf.settings().mirror:
        yield Finding("rows", OK, "MIRROR is off: none are written")
        return
    patient.engine.flush()
    kept, rows = patient.engine.stats().total_entries, AudioCache.objects.count()
    source = source_of(patient.data_dir)
    cursor = EventCursor.objects.filter(source=source).first()
    last = (
        "no event was written yet" if cursor is None else f"written up to event {cursor.event_id}"
    )
    if rows < kept:
        words = f"{rows} rows for {kept} speeches, {last}"
        advice = "they catch up by themselves; if not, look for bhashatts.upkeep in the log"
        yield Finding("rows", WARNING, words, advice)
    else:
        yield Finding("rows", OK, f"they are up to date, {last}")


def _stories(_: Patient) -> Iterator[Finding]:
    held = conf.settings()
    if held.story_model is None and held.stories == conf.Settings.stories:
        return  # a finding of the settings
    count = stories().count()
    advice = "" if count else "add stories, then run: manage.py prewarm_tts_cache"
    yield Finding("stories", OK if count else WARNING, f"{count} stories", advice)


def _cache(_: Patient) -> Iterator[Finding]:
    """The host's, in which limits of requests are counted. Whether it is shared by processes is a
    finding of the settings.
    """
    key = f"bhashatts:doctor:{uuid.uuid4()}"
    backend = django_settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[-1]
    advice = "see CACHES['default']; until then each process counts requests for itself"
    try:
        cache.set(key, "well", 30)
        well = cache.get(key) == "well"
        cache.delete(key)
    except Exception as reason:  # each backend has its own
        words = f"{backend} does not answer: {type(reason).__name__}"
        yield Finding("cache", PROBLEM, words, advice)
        return
    if well:
        yield Finding("cache", OK, f"{backend} answers")
    else:
        yield Finding("cache", WARNING, f"{backend} keeps nothing: nothing is limited", advice)


def _delivery(patient: Patient) -> Iterator[Finding]:
    """Whether story pages can be delivered as DELIVERY says."""
    held = conf.settings()
    if held.delivery == "x-accel" and patient.has_bucket:
        words = "x-accel: nginx can send files of the data directory, but audio is in a bucket"
        yield Finding("delivery", WARNING, words, "set BHASHATTS['DELIVERY'] to redirect or body")
    elif held.delivery == "x-accel":
        words = f"x-accel: nginx sends {held.accel_prefix}... from {patient.data_dir}"
        advice = f"nginx needs: location {held.accel_prefix} "
        advice += f"blobs/ {{ internal; alias {patient.data_dir}/blobs/; }}"
        yield Finding("delivery", OK, words, advice)
    elif held.delivery == "redirect" and not patient.has_bucket:
        words = "redirect: audio is in files, which have no URL for browsers"
        yield Finding("delivery", WARNING, words, "set BHASHATTS['DELIVERY'] to x-accel or body")
    elif held.delivery == "redirect" and not (
        patient.told["aws_querystring_auth"] or patient.told["aws_s3_custom_domain"]
    ):
        words = "redirect: URLs are not signed, so that the bucket must be public"
        advice = "set AWS_QUERYSTRING_AUTH=true, or AWS_S3_CUSTOM_DOMAIN to a CDN before the bucket"
        yield Finding("delivery", WARNING, words, advice)
    else:
        yield Finding("delivery", OK, held.delivery)


def _clock(patient: Patient) -> Iterator[Finding]:
    """Signed URLs, budgets of months and the bucket's signatures need the right time."""
    others = {}
    if patient.data_dir.is_dir():
        with tempfile.NamedTemporaryFile(dir=patient.data_dir) as file:
            file.write(b"x")
            file.flush()
            others["the data directory"] = os.fstat(file.fileno()).st_mtime - time.time()
    connection = connections[router.db_for_write(AudioCache)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            others["the database"] = float(cursor.fetchone()[0]) - time.time()
    off = {who: seconds for who, seconds in others.items() if abs(seconds) > _MOST_SECONDS_OFF}
    for who, seconds in off.items():
        words = f"that of {who} is {abs(seconds):.0f} s {'ahead' if seconds > 0 else 'behind'}"
        yield Finding("clock", PROBLEM, words, "run a time service (chrony, systemd-timesyncd)")
    if not off:
        yield Finding("clock", OK, time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))


PARTS: tuple[tuple[str, Callable[[Patient], Iterator[Finding]]], ...] = (
    ("rows", _rows),
    ("stories", _stories),
    ("cache", _cache),
    ("delivery", _delivery),
    ("clock", _clock),
)
