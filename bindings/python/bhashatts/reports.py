"""What the engine reports. Members may be added; none is renamed or removed."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, TypeVar

from bhashatts._core import Audio

_Report = TypeVar("_Report")


def read(cls: type[_Report], text: str, **more: object) -> _Report:
    """Of a JSON object, the members that the class knows, and more of them."""
    members: dict[str, Any] = {**json.loads(text), **more}
    known = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    return cls(**{name: value for name, value in members.items() if name in known})


@dataclasses.dataclass(frozen=True)
class Utterance:
    """A sentence of a stream: audio that is a whole file of its own."""

    audio: Audio
    format: str
    duration_ms: int
    pause_after_ms: int  # before the next one is played
    number: int  # from 0
    count: int  # of the page
    synthesized: bool  # made while this stream was waiting for it


@dataclasses.dataclass(frozen=True)
class TextRange:
    """A part of the text as it was sent; end is behind the last one."""

    begin: int  # code points: an index into the str
    end: int
    begin_utf16: int  # code units, as browsers count
    end_utf16: int


@dataclasses.dataclass(frozen=True)
class Timing:
    """When a part of the text is heard, in ms from the beginning of the audio."""

    start_ms: int
    end_ms: int
    text: TextRange


@dataclasses.dataclass(frozen=True)
class Timings:
    """When what is heard; of utterances exactly, of words as an estimate."""

    duration_ms: int
    utterances: tuple[Timing, ...]
    words: tuple[Timing, ...]

    @classmethod
    def from_json(cls, text: str) -> Timings:
        """From the JSON of `say --timings`."""
        members = json.loads(text)
        return cls(
            members["duration_ms"], _timings(members["utterances"]), _timings(members["words"])
        )


def _timings(members: list[dict[str, Any]]) -> tuple[Timing, ...]:
    return tuple(
        Timing(one["start_ms"], one["end_ms"], TextRange(**one["text"])) for one in members
    )


@dataclasses.dataclass(frozen=True)
class PrewarmProgress:
    """How far a prewarm is; pages_done are of any outcome."""

    pages_total: int
    pages_done: int
    pages_cached: int
    pages_generated: int
    pages_rejected: int
    pages_failed: int
    elapsed_ms: int


@dataclasses.dataclass(frozen=True)
class PrewarmReport:
    """What a prewarm did, and what of it failed and why."""

    stories_total: int
    pages_total: int
    pages_cached: int
    pages_generated: int
    pages_rejected: int  # bad input
    pages_failed: int
    pages_not_attempted: int
    total_cost_usd: float
    elapsed_ms: int
    problems: list[dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class ImportProgress:
    """How far an import is."""

    rows_done: int
    rows_adopted: int
    rows_already_there: int
    rows_left_out: int
    rows_failed: int
    elapsed_ms: int


@dataclasses.dataclass(frozen=True)
class ImportReport:
    """What an import adopted and what not; docs/cli.md says more of each."""

    rows_total: int
    rows_adopted: int  # in a dry run: would be
    rows_already_there: int
    rows_rejected: int  # bad input
    rows_missing: int  # no audio
    rows_refused: int  # by the gate, or rejected here before
    rows_failed: int  # the store
    rows_whole: int  # of the adopted: several sentences in one piece
    rows_other_description: int  # of the adopted: spoken to another voice description
    adopted_ms: int  # of audio
    adopted_cost_usd: float  # what the table says that it cost
    synthesizer: str  # the identity under which it was adopted
    dry_run: bool
    stopped: bool  # before the last row
    elapsed_ms: int
    problems: list[dict[str, Any]]  # "row", "cache_key", "outcome", "code", "message"


@dataclasses.dataclass(frozen=True)
class RejectReport:
    """The take that is never served again, and what comes next."""

    rejected: str  # its key, 32 hexadecimal digits
    next_take: int
    speeches_dropped: int


@dataclasses.dataclass(frozen=True)
class ForgetReport:
    """How much was erased."""

    speeches: int
    utterances: int
    usage_events: int


@dataclasses.dataclass(frozen=True)
class ClearReport:
    """How much was removed, or in a dry run would be."""

    cache_entries: int
    blobs: int
    records: int


@dataclasses.dataclass(frozen=True)
class VerifyReport:
    """What does not fit; each problem has "object", "what" and "repaired"."""

    objects_checked: int
    problems: list[dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class TierStats:
    """What a tier holds, and what this process had of it."""

    name: str  # "memory", "lmdb", "redis", or a tier's own
    entries: int
    size_bytes: int
    hits: int
    misses: int
    evictions: int
    errors: int


@dataclasses.dataclass(frozen=True)
class Stats:
    """Since the data directory was begun, by all its processes; the guide's names, and more."""

    total_entries: int
    total_size_bytes: int
    total_cost_usd: float
    total_accesses: int
    avg_generation_time_ms: int
    estimated_savings_usd: float
    utterances_synthesized: int
    requests: dict[str, int]  # by origin
    paid_attempts: int
    requests_failed: int
    tiers: list[TierStats]  # in the order in which they are asked


@dataclasses.dataclass(frozen=True)
class Status:
    """How it stands: `bhashatts status --json`, whose members docs/cli.md names."""

    status: str  # "healthy", "degraded", "unhealthy"
    model: dict[str, Any]
    fallbacks: list[dict[str, Any]]
    cache: dict[str, Any]
    spool: dict[str, Any]
    budget: dict[str, Any]
    warnings: list[str]
