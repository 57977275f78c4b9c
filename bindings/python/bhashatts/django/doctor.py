"""Looks at every part from settings to bucket, and says what to do about what is wrong.

The engine is opened as a worker would open it, and asked; nothing is synthesised. What it says
holds no secret: tokens and URLs stay inside of it, so even whether Redis answers is asked through
it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import bhashatts
from bhashatts.django.engine import engine, engine_settings

OK, WARNING, PROBLEM = "ok", "warning", "problem"
_PROBE = "यह वाक्य केवल जाँच के लिए है और कभी बोला नहीं जाता।"  # asked for, never made
_ABLE = ("ready", "loading")


@dataclasses.dataclass(frozen=True)
class Finding:
    """How a part stands."""

    part: str
    level: str
    message: str
    advice: str = ""  # what to do; empty: nothing


@dataclasses.dataclass(frozen=True)
class Patient:
    """What is looked at, as far as it could be had."""

    told: dict[str, Any]  # the engine's settings, secrets among them: never shown
    engine: bhashatts.TtsEngine | None = None
    status: bhashatts.Status | None = None
    stats: bhashatts.Stats | None = None

    @property
    def data_dir(self) -> pathlib.Path:
        """Also of an engine that does not open."""
        return pathlib.Path(self.told["data_dir"])

    @property
    def has_bucket(self) -> bool:
        """Whether audio goes to one."""
        return "s3" in str(self.told["audio_storage_backend"])


def examine() -> list[Finding]:
    """All parts, in the order in which they need each other."""
    from bhashatts.django import doctor_host

    found = [*_guarded("settings", doctor_host.settings)]
    try:
        patient = Patient(engine_settings())
    except Exception:  # the settings' own finding says it
        return [*found, *_guarded("database", doctor_host.database)]
    found += _guarded("data directory", lambda: _data_directory(patient))
    patient, opened = _opened(patient)
    found.append(opened)
    for part, look in _ENGINE_PARTS if patient.status is not None else ():
        found += _guarded(part, lambda look=look: look(patient))  # type: ignore[misc]
    found += _guarded("database", doctor_host.database)
    has_tables = found[-1].level == OK
    for part, look in doctor_host.PARTS:
        if has_tables or part != "rows":
            found += _guarded(part, lambda look=look: look(patient))  # type: ignore[misc]
    return found


def _guarded(part: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What cannot even be looked at is a finding, too."""
    try:
        yield from look()
    except bhashatts.Error as error:
        yield Finding(part, PROBLEM, error.message)
    except Exception as reason:  # the host's parts
        yield Finding(part, PROBLEM, f"it cannot be looked at: {type(reason).__name__}: {reason}")


def _data_directory(patient: Patient) -> Iterator[Finding]:
    part, directory = "data directory", patient.data_dir
    if not directory.exists():
        words = f"{directory} is not there yet: the first use makes it"
        yield Finding(part, OK, words)
        return
    if not directory.is_dir():
        words = f"{directory} is no directory"
        yield Finding(part, PROBLEM, words, "remove that file, or set BHASHATTS_DATA_DIR")
        return
    try:
        tempfile.TemporaryFile(dir=directory).close()
    except OSError as reason:
        words = f"{directory} cannot be written: {reason.strerror}"
        advice = "give it to the user of the workers; what is there is served meanwhile"
        yield Finding(part, PROBLEM, words, advice)
        return
    yield _room(directory, int(patient.told["min_free_bytes"]))


def _room(directory: pathlib.Path, wanted: int) -> Finding:
    free = shutil.disk_usage(directory).free
    words = f"{directory} is writable, {_size(free)} are free"
    if free < wanted:
        advice = "make room; until then only what is there is served"
        return Finding("data directory", PROBLEM, f"{words}, {_size(wanted)} are wanted", advice)
    if free < 4 * wanted:
        advice = f"make room: below {_size(wanted)} nothing new is made"
        return Finding("data directory", WARNING, words, advice)
    return Finding("data directory", OK, words)


def _opened(patient: Patient) -> tuple[Patient, Finding]:
    try:
        opened = engine()
        with contextlib.suppress(bhashatts.Error):  # a miss, by way of Redis and the bucket
            opened.lookup(_PROBE)
        status = opened.status()
    except bhashatts.Error as error:
        return patient, Finding("engine", PROBLEM, error.message, _ADVICE.get(error.code, ""))
    except Exception as reason:  # PARTS is the host's
        words = f"it does not open: {type(reason).__name__}: {reason}"
        return patient, Finding("engine", PROBLEM, words, "see BHASHATTS['PARTS'] and ['ENGINE']")
    stats = opened.stats()
    patient = dataclasses.replace(patient, engine=opened, status=status, stats=stats)
    if status.cache["read_only"]:
        words = "the data directory is read-only: nothing new is made"
        advice = "mount it for writing, and give it to the user of the workers"
        return patient, Finding("engine", PROBLEM, words, advice)
    words = f"bhashatts {bhashatts.__version__} opens; {stats.total_entries} speeches are kept"
    return patient, Finding("engine", OK, words)


_ADVICE = {
    bhashatts.ErrorCode.STORAGE_WRONG_OWNER: "run this as the user of the workers",
    bhashatts.ErrorCode.STORAGE_NETWORK: "every host has a local directory; they share a bucket",
    bhashatts.ErrorCode.STORAGE_DAMAGED: "restore the backup, or set a new BHASHATTS_DATA_DIR",
    bhashatts.ErrorCode.CONFIG_INVALID: "see docs/settings.md",
    bhashatts.ErrorCode.NOT_CONFIGURED: "see docs/upstreams.md",
}


def _voices(patient: Patient) -> Iterator[Finding]:
    assert patient.status is not None
    first, fallbacks = patient.status.model, patient.status.fallbacks
    helped = any(voice["status"] in _ABLE for voice in fallbacks)
    yield _voice("voice", first, WARNING if helped else PROBLEM)
    for voice in fallbacks:
        yield _voice("fallback voice", voice, WARNING)


def _voice(part: str, voice: dict[str, Any], level: str) -> Finding:
    words = f"{voice['identity']} is {voice['status'].replace('_', ' ')}"
    if voice["status"] == "ready":
        return Finding(part, OK, words)
    if voice["status"] == "loading":
        return Finding(part, WARNING, words, voice["message"] or "wait: it will be ready by itself")
    return Finding(part, level, words, voice["message"] or "see docs/upstreams.md")


def _budget(patient: Patient) -> Iterator[Finding]:
    assert patient.status is not None
    budget = patient.status.budget
    limit, spent = budget["limit_usd_month"], budget["spent_usd_month"]
    if budget["credits"] == "exhausted":
        advice = "buy credits, or wait for the next month; what is there is served"
        yield Finding("budget", PROBLEM, "the account's credits are exhausted", advice)
    elif limit is None:
        yield Finding("budget", OK, f"no limit; ${spent:.4f} spent this month")
    else:
        words = f"${spent:.4f} of ${limit:.2f} spent this month, ${max(0, limit - spent):.4f} left"
        warned = any("budget is spent" in one for one in patient.status.warnings)
        level = PROBLEM if warned else WARNING if spent > limit * 0.9 else OK
        advice = "raise BHASHATTS_BUDGET_USD_MONTH, or wait for the next month"
        yield Finding("budget", level, words, advice if level != OK else "")


def _redis(patient: Patient) -> Iterator[Finding]:
    assert patient.status is not None
    assert patient.stats is not None
    for trouble in _warnings(patient, "Redis is left out: "):
        advice = "requests go on without it; hosts do not wait for each other meanwhile"
        yield Finding("redis", PROBLEM, trouble, advice)
        return
    tier = next((one for one in patient.stats.tiers if one.name == "redis"), None)
    if tier is None:
        yield Finding("redis", OK, "not used: this host is alone")
    elif tier.errors:
        words = f"it fails, or takes longer than {patient.told['redis_timeout_ms']} ms"
        yield Finding("redis", PROBLEM, words, "look at its log; see BHASHATTS_REDIS_TIMEOUT_MS")
    else:
        yield Finding("redis", OK, f"it answers within {patient.told['redis_timeout_ms']} ms")


def _bucket(patient: Patient) -> Iterator[Finding]:
    troubles = [*_warnings(patient, "the bucket: ")]
    troubles += _warnings(patient, "the bucket does not take what is owed to it: ")
    troubles += _warnings(patient, "what was made is not kept, and will be paid for again: ")
    for trouble in troubles:
        advice = "see AWS_STORAGE_BUCKET_NAME, AWS_S3_ENDPOINT_URL, the keys and their rights"
        yield Finding("audio store", PROBLEM, trouble, advice)
    if troubles:
        return
    words = "files in the data directory"
    if patient.has_bucket:
        words = f"the bucket {patient.told['aws_storage_bucket_name']} answers"
    yield Finding("audio store", OK, words)


def _spool(patient: Patient) -> Iterator[Finding]:
    assert patient.status is not None
    entries, owed = patient.status.spool["entries"], patient.status.spool["bytes"]
    if not entries:
        yield Finding("spool", OK, "nothing is owed to a bucket")
        return
    words = f"{entries} objects ({_size(owed)}) are owed to the bucket"
    most = int(patient.told["spool_max_bytes"])
    level = PROBLEM if owed >= most else WARNING if owed > most / 2 else OK
    advice = "a full spool refuses new speech: see the audio store, or raise "
    yield Finding(
        "spool", level, words, f"{advice}BHASHATTS_SPOOL_MAX_BYTES" if level != OK else ""
    )


def _others(patient: Patient) -> Iterator[Finding]:
    """Warnings of the engine that none of the parts above has told."""
    assert patient.status is not None
    told = ("Redis is left out", "the bucket", "what was made is not kept", "the month's budget")
    voices = {patient.status.model["message"]}
    for warning in patient.status.warnings:
        room = "MiB free" in warning or "read-only" in warning
        if not warning.startswith(told) and warning not in voices and not room:
            yield Finding("engine", WARNING, warning)


_ENGINE_PARTS: tuple[tuple[str, Callable[[Patient], Iterator[Finding]]], ...] = (
    ("engine", _others),
    ("voice", _voices),
    ("budget", _budget),
    ("redis", _redis),
    ("audio store", _bucket),
    ("spool", _spool),
)


def _warnings(patient: Patient, beginning: str) -> Iterator[str]:
    assert patient.status is not None
    for warning in patient.status.warnings:
        if warning.startswith(beginning):
            yield warning[len(beginning) :]


def _size(count: float) -> str:
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"
