"""Parts of one's own: what speaks, what caches, what keeps, what observes.

They are called from the engine's threads, several at once where a member says so, and in a forked
child the same objects go on. What they raise becomes the engine's error, with it as __cause__: an
Error keeps its code, anything else is PLUGIN_FAILED. They may ask the engine, and must not close it
(BAD_REQUEST). One that needs its engine holds it by weakref.ref: Python's collector does not see
through the engine.
"""

from __future__ import annotations

import abc
import dataclasses
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Union

from bhashatts._core import Audio

# bytes, bytearray, memoryview, an array: what gives a buffer. bytes are not copied.
if TYPE_CHECKING:
    from typing_extensions import Buffer as Buffer  # noqa: PLC0414  # one of ours, too
else:  # who asks for the types of members while it runs
    Buffer = Union[bytes, bytearray, memoryview, Audio]


@dataclasses.dataclass(frozen=True)
class SynthesisRequest:
    """One utterance to speak, one attempt."""

    text: str  # normalised, never empty
    language: str  # "HINDI"
    voice_style: str
    description: str  # the English caption that steers Parler-TTS
    take: int  # above 0: an earlier take was rejected, so this one must differ
    attempt: int  # above 0: the one before failed, so an upstream's cache will not do
    timeout: float  # seconds that are left
    stopping: Callable[[], bool]  # True once the engine is closing: return soon


@dataclasses.dataclass(frozen=True)
class SynthesisResult:
    """Audio in any format that the engine decodes, and what is known of the attempt."""

    audio: Buffer
    compute_ms: int = 0  # billed time, where known
    cost_micro_usd: int = 0  # millionths of a US dollar
    request_id: str = ""  # the upstream's name for the call
    model_revision: str = ""


@dataclasses.dataclass(frozen=True)
class SynthesizerLimits:
    """What a synthesizer bears. Asked once, when the engine opens."""

    max_aksharas: int = 0  # longest utterance; 0: any length
    concurrency: int = 1  # calls at once
    max_cost_micro_usd: int = 0  # upper bound of one attempt; 0: it is free


@dataclasses.dataclass(frozen=True)
class SynthesizerStatus:
    """How a synthesizer stands."""

    # "ready", "loading", "unreachable", "unauthorized", "not_served", "no_credits", "unavailable"
    state: str = "ready"
    model: str = ""  # for people
    message: str = ""  # what is wrong and what to do; empty when ready
    ready_in: float | None = None  # seconds


class Synthesizer(abc.ABC):
    """What turns one utterance into audio."""

    @abc.abstractmethod
    def identity(self) -> str:
        """Voice model and revision, part of every key; never how it is reached. 1 to 256 bytes."""

    @abc.abstractmethod
    def synthesize(self, request: SynthesisRequest) -> Buffer | SynthesisResult:
        """One attempt; blocks until the audio is there.

        Called by up to limits().concurrency threads. Raise Error to say which code a failure is.
        """

    def limits(self) -> SynthesizerLimits:
        """What it bears."""
        return SynthesizerLimits()

    def upstream(self) -> str:
        """What it reaches: those of one name share a limit of calls. Empty: nothing shared."""
        return ""

    def status(self) -> SynthesizerStatus:
        """How it stands, without spending anything."""
        return SynthesizerStatus()


class CacheTier(abc.ABC):
    """A place that keeps values for a while and may forget them. Asked after memory and disk."""

    name: str = "python"  # in stats

    @abc.abstractmethod
    def get(self, key: str) -> Buffer | None:
        """The value under a key (32 hexadecimal digits), or None."""

    @abc.abstractmethod
    def put(self, key: str, value: bytes, language: str, ttl: int) -> None:
        """Keeps a value for ttl seconds. It is opaque; its checksum is compared when it is got."""

    @abc.abstractmethod
    def erase(self, key: str) -> None:
        """Removes a value, if it is there."""

    @abc.abstractmethod
    def clear(self, language: str | None, count_only: bool) -> int:
        """Removes the values of a language (None: all), or only counts them; returns how many."""


@dataclasses.dataclass(frozen=True)
class BlobLabels:
    """What goes with an object, for who reads the store without the engine."""

    media_type: str  # "audio/flac"
    identity: str  # hash of all that decides how it sounds, hex; may be empty
    duration_ms: int  # 0: not audio


class BlobStore(abc.ABC):
    """The permanent store: it never forgets by itself. Names look like "audio/tts/<key>.flac"."""

    @abc.abstractmethod
    def get(self, name: str) -> Buffer | None:
        """An object, or None."""

    @abc.abstractmethod
    def put_if_absent(self, name: str, data: Audio, labels: BlobLabels) -> bool:
        """Stores an object unless one is there; whether it did. It survives a loss of power."""

    @abc.abstractmethod
    def info(self, name: str) -> int | None:
        """An object's size in bytes, or None."""

    @abc.abstractmethod
    def remove(self, name: str) -> None:
        """Removes an object; one that is not there is no error."""

    @abc.abstractmethod
    def list(self, prefix: str) -> Iterable[tuple[str, int]]:
        """Names that begin with prefix, with sizes in bytes, in any order."""

    @abc.abstractmethod
    def url(self, name: str) -> str:
        """Where a client fetches the object."""

    def local_path(self, name: str) -> str | os.PathLike[str] | None:
        """The object as a file of this machine; None: it is none."""
        return None


class EventSink(abc.ABC):
    """An observer: usage, speech stored, speech removed."""

    name: str = "python"  # of its cursor in the catalog: no two of an engine have the same

    @abc.abstractmethod
    def deliver(self, events: list[dict[str, Any]]) -> None:
        """Returns when the events are safe. At least once each, with ascending "id"s.

        docs/c.md describes an event. By one thread of one process of the host at a time.
        """
