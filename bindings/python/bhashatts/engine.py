"""The engine. What takes long to import (json, asyncio, dataclasses) is where it is used."""

from __future__ import annotations

import os

import bhashatts
from bhashatts import _arguments, _core, _process

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Any, NoReturn, Union

    from typing_extensions import Self  # typing's from Python 3.11

    from bhashatts._core import Speech, Stop
    from bhashatts.plugins import BlobStore, Buffer, CacheTier, EventSink, Synthesizer
    from bhashatts.reports import (
        ClearReport,
        ForgetReport,
        ImportProgress,
        ImportReport,
        PrewarmProgress,
        PrewarmReport,
        RejectReport,
        Stats,
        Status,
        VerifyReport,
    )
    from bhashatts.stream import SpeechStream

    # A stories file, its text, or stories as mappings: story_id, title, language, pages.
    _Stories = Union[str, os.PathLike[str], Iterable[Mapping[str, Any]]]  # Python 3.9


class TtsEngine(_core.Engine):
    """Text in, speech out, and never paid for twice.

    Settings (docs/settings.md) are keyword arguments, over those of the environment; with
    environment=False over the defaults. Plug-ins take the place of the configured parts, or join
    them: synthesizer (an object; a str is the setting of that name), fallbacks, tiers, blob_store,
    event_sinks.

    Safe from all threads. Opened before a fork, it goes on in every child. Opening takes some 10
    ms; keep one for the process. Raises Error: CONFIG_INVALID, NOT_SUPPORTED, NOT_CONFIGURED, 6xx.
    """

    def __init__(
        self,
        *,
        environment: bool = True,
        synthesizer: str | Synthesizer | None = None,
        fallbacks: Sequence[Synthesizer] | None = (),
        tiers: Sequence[CacheTier] | None = (),
        blob_store: BlobStore | None = None,
        event_sinks: Sequence[EventSink] | None = (),
        **settings: str | int | float | bool | os.PathLike[str] | None,
    ) -> None:
        import json

        given = {name: _plain(name, value) for name, value in settings.items() if value is not None}
        if isinstance(synthesizer, str):
            given["synthesizer"] = synthesizer
            synthesizer = None
        plug_ins = {
            "synthesizer": synthesizer,
            "fallbacks": () if fallbacks is None else fallbacks,
            "tiers": () if tiers is None else tiers,
            "blob_store": blob_store,
            "event_sinks": () if event_sinks is None else event_sinks,
        }
        if not all(part is None or part == () for part in plug_ins.values()):
            _require_parts(plug_ins)
        _process.require_not_ended()
        flag = _arguments.flag_of(environment, "environment")
        super().__init__(json.dumps(given), flag, plug_ins)
        _process.remember(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            held = self.settings
        except TypeError:  # __init__ raised
            return "<bhashatts.TtsEngine, not opened>"
        return f"<bhashatts.TtsEngine {held['synthesizer']} in {held['data_dir']!r}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a TtsEngine cannot be pickled: open one in each process, "
            "or before the fork, whose child goes on using it"
        )

    @property
    def settings(self) -> dict[str, Any]:
        """What holds, secrets as "***"."""
        import json

        held: dict[str, Any] = json.loads(self._config())
        return held

    def synthesize(
        self,
        text: str,
        language: str = "HINDI",
        voice_style: str | None = None,
        format: str = "wav",
        timeout: float | None = None,
        user_id: str | None = None,
        story_id: str | None = None,
        page_number: int | None = None,
        fallback: bool = True,
    ) -> Speech:
        """The speech of a text: from what is kept, or made now.

        language: HINDI, TAMIL, ... (see voices()). voice_style: by default the setting
        default_voice_style. format: wav, flac, opus or mp3. timeout: seconds that this caller
        waits, by default the setting default_timeout_ms; then DEADLINE_EXCEEDED is raised, the paid
        work goes on, and the next call is a hit. user_id: for the usage log. story_id and
        page_number (from 1), both or neither, link the speech to a page. fallback=False: the first
        voice alone will do.

        Raises Error: 2xx for bad input, 4xx and 5xx when it cannot be made, STORAGE_FULL or
        STORAGE_READ_ONLY when it must not be, CLOSED. Waits without the interpreter's lock.
        """
        return self._synthesize(
            text,
            language,
            voice_style,
            format,
            timeout,
            user_id,
            story_id,
            page_number,
            fallback,
        )

    def lookup(
        self,
        text: str,
        language: str = "HINDI",
        voice_style: str | None = None,
        format: str = "wav",
        user_id: str | None = None,
        story_id: str | None = None,
        page_number: int | None = None,
        fallback: bool = True,
    ) -> Speech | None:
        """As synthesize, but it never synthesises nor waits for one: None where it is not kept."""
        return self._lookup(
            text, language, voice_style, format, user_id, story_id, page_number, fallback
        )

    async def synthesize_async(
        self,
        text: str,
        language: str = "HINDI",
        voice_style: str | None = None,
        format: str = "wav",
        timeout: float | None = None,
        user_id: str | None = None,
        story_id: str | None = None,
        page_number: int | None = None,
        fallback: bool = True,
    ) -> Speech:
        """As synthesize, for an event loop: no thread waits.

        A task that is cancelled stops waiting; what is paid for goes on, and the next call is a
        hit.
        """
        from bhashatts.loop import post_of_running_loop

        asked = (text, language, voice_style, format, timeout, user_id, story_id, page_number)
        speech: Speech = await post_of_running_loop().answer(
            lambda box, number, stop: self._begin(box, number, stop, *asked, bool(fallback))
        )
        return speech

    def stream(
        self,
        text: str,
        language: str = "HINDI",
        voice_style: str | None = None,
        format: str = "wav",
        timeout: float | None = None,
        user_id: str | None = None,
        story_id: str | None = None,
        page_number: int | None = None,
        fallback: bool = True,
    ) -> SpeechStream:
        """A page sentence by sentence, each as soon as it is there: for, or async for.

        The whole page is then kept, as by synthesize, whether or not anybody listens to its end.
        """
        return bhashatts.SpeechStream(
            self._stream(
                text,
                language,
                voice_style,
                format,
                timeout,
                user_id,
                story_id,
                page_number,
                bool(fallback),
            )
        )

    def reject(
        self, text: str, language: str = "HINDI", voice_style: str | None = None
    ) -> RejectReport:
        """ "This sounds wrong": this take is never served again, the next call makes another.

        Raises Error NOT_FOUND where there is none.
        """
        return bhashatts.RejectReport(*self._reject(text, language, voice_style, "wav"))

    def prewarm(
        self,
        stories: _Stories,
        *,
        language: str | None = "",
        story_id: str | None = "",
        limit: int | None = None,
        voice_style: str | None = "",
        format: str = "wav",
        concurrency: int = 0,
        dry_run: bool = False,
        progress: Callable[[PrewarmProgress], object] | None = None,
        stop: Stop | None = None,
    ) -> PrewarmReport:
        """Makes the pages that are not kept yet.

        stories: a pathlib.Path of a stories file, its text (a str; JSON, one story a line), or
        mappings with story_id, title, language and pages. Only those of a language, the one with a
        story_id, the first limit stories; "" and None: all. voice_style and format: as of
        synthesize. concurrency: pages at once; 0: what the synthesizer bears. dry_run: says what
        would be made and cost at most, and makes nothing.

        progress is called after each page, by one thread at a time; what it raises ends the run, as
        Ctrl-C does, once what is in hand is done. stop.request() in another thread ends it so too,
        and the report then says what was not attempted. Raises Error NOT_FOUND for a file that
        cannot be read, STORIES_INVALID, or 2xx for options; what happens to the pages is in the
        report.
        """
        _arguments.require_callable(progress, "progress")
        told = None if progress is None else _teller(progress, bhashatts.PrewarmProgress)
        report = self._prewarm(
            _arguments.stories_of(stories),
            _arguments.text_of(language, "language"),
            _arguments.text_of(story_id, "story_id"),
            _arguments.limit_of(limit),
            _arguments.text_of(voice_style, "voice_style"),
            _arguments.required_text(format, "format"),
            _arguments.number_of(concurrency, "concurrency"),
            _arguments.flag_of(dry_run, "dry_run"),
            told,
            _arguments.stop_of(stop),
        )
        return bhashatts.reports.read(bhashatts.PrewarmReport, report)

    def import_guide(
        self,
        path: str | os.PathLike[str],
        *,
        directory: str | os.PathLike[str] | None = "",
        language: str | None = "",
        limit: int | None = None,
        prefix: str = "audio/tts/",
        same_description: bool = False,
        concurrency: int = 4,
        dry_run: bool = False,
        progress: Callable[[ImportProgress], object] | None = None,
        read: Callable[[str], Buffer | None] | None = None,
        stop: Stop | None = None,
    ) -> ImportReport:
        """Adopts what the guide's code made; nothing is synthesised or paid for.

        path: an export of its AudioCache table, JSON, one row a line. Only rows of a language, the
        first limit rows; "" and None: all. The audio is in directory, or read(name) gives it (None:
        not there; called by several threads at once), else it is in the configured bucket; prefix
        is what its names there begin with. same_description: refuses rows that were not spoken
        to the guide's voice description. concurrency: rows at once. dry_run: reads and judges all,
        and keeps nothing.

        progress and stop: as of prewarm. Raises Error NOT_FOUND for a path that cannot be opened,
        STORAGE_FULL, STORAGE_READ_ONLY, or 2xx for options; what happens to the rows is in the
        report.
        """
        _arguments.require_callable(progress, "progress")
        _arguments.require_callable(read, "read")
        told = None if progress is None else _teller(progress, bhashatts.ImportProgress)
        report = self._import(
            os.fsencode(path),
            _arguments.text_of(language, "language"),
            _arguments.limit_of(limit),
            _arguments.required_text(prefix, "prefix"),
            b"" if directory is None else os.fsencode(directory),
            _arguments.flag_of(same_description, "same_description"),
            _arguments.number_of(concurrency, "concurrency"),
            _arguments.flag_of(dry_run, "dry_run"),
            told,
            read,
            _arguments.stop_of(stop),
        )
        return bhashatts.reports.read(bhashatts.ImportReport, report)

    def story_page_url(
        self, story_id: str, page_number: int, voice_style: str | None = None
    ) -> str | None:
        """Where a page's speech can be fetched, made now; None when none was made for it.

        page_number: from 1. voice_style: by default the setting default_voice_style. Raises Error
        BAD_REQUEST, CLOSED.
        """
        return self._story_page_url(
            _arguments.required_text(story_id, "story_id"),
            _arguments.number_of(page_number, "page_number", least=1),
            _arguments.text_of(voice_style, "voice_style"),
        )

    def status(self) -> Status:
        """How it stands. The synthesizer is asked at most every 30 s."""
        return bhashatts.reports.read(bhashatts.Status, self._status())

    def stats(self) -> Stats:
        """What was done with the data directory, by all its processes, and what that cost."""
        report, failed, tiers = self._stats()
        return bhashatts.reports.read(
            bhashatts.Stats,
            report,
            requests_failed=failed,
            tiers=[bhashatts.TierStats(*tier) for tier in tiers],
        )

    def verify(self, repair: bool = False) -> VerifyReport:
        """Reads everything that is kept; with repair=True heals from a second copy what it can."""
        return bhashatts.reports.read(
            bhashatts.VerifyReport, self._verify(_arguments.flag_of(repair, "repair"))
        )

    def clear(
        self, *, all: bool = False, language: str | None = "", dry_run: bool = False
    ) -> ClearReport:
        """Empties the caches; with all=True also what is kept for ever, and was paid for.

        language: only its speeches; "" and None: those of all. dry_run: only counts.
        """
        kept = not _arguments.flag_of(all, "all")
        only = _arguments.text_of(language, "language")
        return bhashatts.ClearReport(
            *self._clear(kept, only, _arguments.flag_of(dry_run, "dry_run"))
        )

    def forget_text(self, text: str) -> ForgetReport:
        """Erases a text in every language, style and format."""
        return bhashatts.ForgetReport(*self._forget_text(text))

    def forget_user(self, user_id: str) -> ForgetReport:
        """Erases all usage of a user."""
        return bhashatts.ForgetReport(*self._forget_user(user_id))

    def flush(self) -> None:
        """Waits until everything that is owed (cache writes, usage, events) is written."""
        self._flush()

    def close(self, drain: float | None = None) -> None:
        """Takes no more requests and waits for paid work, up to drain seconds.

        By default the setting drain_timeout_ms. What is then still under way is told to stop (see
        SynthesisRequest.stopping) and waited for, however long a part of the host's takes to
        return; only the end of the interpreter leaves such a part behind, 2 s later. Then writes
        what is owed. Once is enough. Raises Error BAD_REQUEST in a part that the engine called.
        """
        self._close(drain)


def _plain(name: str, value: object) -> str | int | float:
    """A setting as JSON can say it."""
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, (str, int, float)):
        kind = type(value).__name__
        raise TypeError(f"{name} must be a str, a number, a bool or a path, not {kind}")
    if isinstance(value, float) and not -1e300 < value < 1e300:  # NaN too
        raise ValueError(f"{name} must be a number that is finite")
    return value


def _require_parts(plug_ins: dict[str, Any]) -> None:
    """Raises TypeError for what is none; makes lists of the lists, whatever they were."""
    kinds: dict[str, type[Any]] = {
        "synthesizer": bhashatts.Synthesizer,
        "fallbacks": bhashatts.Synthesizer,
        "tiers": bhashatts.CacheTier,
        "blob_store": bhashatts.BlobStore,
        "event_sinks": bhashatts.EventSink,
    }
    for name, given in plug_ins.items():
        one = name in {"synthesizer", "blob_store"}
        if not one:
            plug_ins[name] = list(given)
        for part in plug_ins[name] if not one else [given] if given is not None else []:
            if not isinstance(part, kinds[name]):
                wanted = f"a bhashatts.{kinds[name].__name__}"
                has = f"{name} must be {wanted}" if one else f"each of {name} must be {wanted}"
                raise TypeError(f"{has}, not {type(part).__name__}")
            if name in {"tiers", "event_sinks"} and not isinstance(part.name, str):
                raise TypeError(f"the name of each of {name} must be a str")


def _teller(
    progress: Callable[[Any], object], kind: Callable[..., object]
) -> Callable[..., object]:
    return lambda *numbers: progress(kind(*numbers))
