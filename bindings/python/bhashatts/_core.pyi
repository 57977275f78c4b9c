"""The engine itself. Private: use the package."""

from collections.abc import Callable
from typing import Any, NoReturn, SupportsIndex, overload

from bhashatts.plugins import Buffer
from bhashatts.reports import Timings, Utterance

version: str

class _Type(type): ...  # pybind11's

class Audio(metaclass=_Type):
    """Encoded audio: a read-only buffer, not a copy, that is a binary file too.

    memoryview(), bytes(), numpy.frombuffer(), Django's HttpResponse and FileResponse take it; a
    slice is a memoryview. The bytes stay for as long as it, or a view of it, is held. As a file it
    has a place of its own, and Speech.audio gives a new one each time; iterating reads 64 KiB at a
    time. Views may be used by any thread, the file by one at a time.
    """

    def __init__(self, *args: NoReturn, **kwargs: NoReturn) -> None: ...
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, which: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, which: slice, /) -> memoryview: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __iter__(self) -> Audio: ...
    def __next__(self) -> bytes: ...
    def __enter__(self) -> Audio: ...
    def __exit__(self, *args: object) -> None: ...
    def read(self, size: int | None = None) -> bytes:
        """Up to size bytes from its place on; None or less than 0: all."""
    def readinto(self, buffer: Buffer) -> int:
        """Fills a writable buffer; returns how many bytes it got."""
    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes to a place, counted from the beginning (0), here (1) or the end (2); returns it."""
    def tell(self) -> int:
        """The place that is read next."""
    def getbuffer(self) -> memoryview:
        """All of it as a memoryview, not a copy."""
    def close(self) -> None:
        """Ends reading as a file; the buffer stays."""
    @property
    def closed(self) -> bool:
        """Whether close() was called."""
    def readable(self) -> bool:
        """True."""
    def seekable(self) -> bool:
        """True."""
    def writable(self) -> bool:
        """False."""
    def flush(self) -> None:
        """Nothing: io.BufferedReader asks for it."""
    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn: ...

class Speech(metaclass=_Type):
    """What was spoken. A value; it outlives its engine, but for url and timings.

    Equal are those with the same key, format and audio, wherever they came from. Any thread.
    """

    def __init__(self, *args: NoReturn, **kwargs: NoReturn) -> None: ...
    @property
    def audio(self) -> Audio:
        """The encoded audio, not copied: a buffer, and a file at its beginning."""
    @property
    def cached(self) -> bool:
        """False where this call, or one it waited for, synthesised."""
    @property
    def fallback(self) -> bool:
        """Whether another voice speaks in the place of the first one."""
    @property
    def origin(self) -> str:
        """ "memory", "lmdb", "redis", "tier", "blob", "joined" or "synthesized"."""
    @property
    def cache_key(self) -> str:
        """32 hexadecimal digits; a strong ETag, together with format."""
    @property
    def cost_micro_usd(self) -> int:
        """What this call paid, in millionths of a US dollar; 0 for hits."""
    @property
    def cost_usd(self) -> float:
        """cost_micro_usd in US dollars."""
    @property
    def format(self) -> str:
        """ "wav", "flac", "opus" or "mp3"."""
    @property
    def media_type(self) -> str:
        """For Content-Type: "audio/wav", ..."""
    @property
    def duration_ms(self) -> int:
        """Of the audio."""
    @property
    def sample_rate(self) -> int:
        """In Hz."""
    @property
    def size_bytes(self) -> int:
        """Of the audio."""
    @property
    def synthesizer(self) -> str:
        """The identity of the voice that speaks."""
    @property
    def language(self) -> str:
        """ "HINDI", ..."""
    @property
    def voice_style(self) -> str:
        """ "storyteller", ..."""
    @property
    def take(self) -> int:
        """The highest of its utterances'; above 0 where takes were rejected."""
    @property
    def utterances(self) -> int:
        """How many sentences."""
    @property
    def generation_time_ms(self) -> int:
        """Of all its syntheses, whoever made them."""
    @property
    def created_at(self) -> int:
        """Seconds since 1970 UTC."""
    @property
    def url(self) -> str | None:
        """Where its object can be fetched, made now; None when it is only in tiers.

        Raises Error: CLOSED.
        """
    @property
    def timings(self) -> Timings:
        """When what is heard, as Timings. Raises Error: CLOSED."""
    def timings_json(self) -> str:
        """The timings as `say --timings` writes them. Raises Error: CLOSED."""
    def webvtt(self) -> str:
        """The timings as WebVTT: a cue a sentence, each word behind its time.

        Raises Error: CLOSED.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn: ...

class Stop(metaclass=_Type):
    """What ends a prewarm or an import from another thread."""

    def __init__(self) -> None: ...
    def request(self) -> None:
        """What is in hand is finished, nothing more is begun. Any thread."""
    @property
    def requested(self) -> bool:
        """Whether request() was called."""

class Mailbox(metaclass=_Type):
    def __init__(self) -> None: ...
    def fileno(self) -> int: ...
    def take(self) -> list[tuple[int, object]]: ...

class Stream(metaclass=_Type):
    def __init__(self, *args: NoReturn, **kwargs: NoReturn) -> None: ...
    def next(self) -> Utterance: ...
    def begin_next(self, mailbox: Mailbox, number: int) -> None: ...
    @property
    def closed(self) -> bool: ...
    def close(self) -> None: ...

class Engine(metaclass=_Type):
    def __init__(self, settings: str, environment: bool, plug_ins: dict[str, Any]) -> None: ...
    def _synthesize(
        self,
        text: str,
        language: str,
        voice_style: str | None,
        format: str,
        timeout: float | None,
        user_id: str | None,
        story_id: str | None,
        page_number: int | None,
        fallback: bool,
        /,
    ) -> Speech: ...
    def _lookup(
        self,
        text: str,
        language: str,
        voice_style: str | None,
        format: str,
        user_id: str | None,
        story_id: str | None,
        page_number: int | None,
        fallback: bool,
        /,
    ) -> Speech | None: ...
    def _close(self, drain: float | None) -> None: ...
    def _begin_close(self) -> None: ...
    def _flush(self) -> None: ...
    def _story_page_url(
        self, story_id: str, page_number: int, voice_style: str | None
    ) -> str | None: ...
    def _begin(
        self,
        mailbox: Mailbox,
        number: int,
        stop: Stop,
        text: str,
        language: str,
        voice_style: str | None,
        format: str,
        timeout: float | None,
        user_id: str | None,
        story_id: str | None,
        page_number: int | None,
        fallback: bool,
    ) -> Speech | None: ...
    def _stream(
        self,
        text: str,
        language: str,
        voice_style: str | None,
        format: str,
        timeout: float | None,
        user_id: str | None,
        story_id: str | None,
        page_number: int | None,
        fallback: bool,
    ) -> Stream: ...
    def _prewarm(
        self,
        stories: str,
        language: str,
        story_id: str,
        limit: int | None,
        voice_style: str,
        format: str,
        concurrency: int,
        dry_run: bool,
        progress: Callable[..., object] | None,
        stop: Stop,
    ) -> str: ...
    def _import(
        self,
        path: bytes,
        language: str,
        limit: int | None,
        prefix: str,
        directory: bytes,
        same_description: bool,
        concurrency: int,
        dry_run: bool,
        progress: Callable[..., object] | None,
        read: Callable[[str], Buffer | None] | None,
        stop: Stop,
    ) -> str: ...
    def _status(self) -> str: ...
    def _stats(self) -> tuple[str, int, list[tuple[str, int, int, int, int, int, int]]]: ...
    def _verify(self, repair: bool) -> str: ...
    def _reject(
        self, text: str, language: str, voice_style: str | None, format: str
    ) -> tuple[str, int, int]: ...
    def _forget_text(self, text: str) -> tuple[int, int, int]: ...
    def _forget_user(self, user_id: str) -> tuple[int, int, int]: ...
    def _clear(self, cache_only: bool, language: str, dry_run: bool) -> tuple[int, int, int]: ...
    def _config(self) -> str: ...

def error_name(code: int) -> str: ...
def set_log(write: Callable[[int, str, str], object] | None, least: int) -> None: ...
def spoken_text(text: str) -> str: ...
def voices_json(profile: str) -> str: ...
def settings_json(environment: bool) -> str: ...
def drop_aside() -> None: ...
def wait_for_closings() -> None: ...
def command(arguments: list[bytes]) -> int: ...
