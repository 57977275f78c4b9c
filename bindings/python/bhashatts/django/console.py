"""What the commands have in common: words on a terminal, a line that says how far it is, Ctrl-C.

Titles are Hindi and marks are emoji, terminals may be ASCII: what a stream cannot hold is replaced,
never an error in the middle of a run that costs money.
"""

from __future__ import annotations

import collections
import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from types import FrameType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

import bhashatts

INTERRUPTED = 130  # exit status, as of shells
PROBLEMS_SHOWN = 20  # to people; --json lists all
_STAND_INS = {"🎵": "*", "✅": "[ok]", "❌": "[failed]", "📊": "*", "✨": "*"}
_REDRAW = 0.1  # seconds
_WINDOW = 10.0  # seconds that a rate looks back: hits come in thousands, new pages one by one


def say(stream: Any, text: str = "", style: Any = None) -> None:
    """A line, as far as the stream's encoding goes. style: one of Command.style."""
    stream.write(_encodable(text, stream), style)


def _encodable(text: str, stream: Any) -> str:
    inner = getattr(stream, "_out", stream)  # Django 4.2's wrapper says None of itself
    encoding = getattr(inner, "encoding", None) or "utf-8"  # None: a StringIO
    text = "".join(c if c >= " " and not "\x7f" <= c <= "\x9f" else "?" for c in text)
    with contextlib.suppress(UnicodeEncodeError):
        text.encode(encoding)
        return text
    for emoji, stand_in in _STAND_INS.items():
        text = text.replace(emoji, stand_in)
    return text.encode(encoding, "replace").decode(encoding)


def say_problems(stream: Any, problems: list[str]) -> None:
    """The first of them, and how many more there are."""
    for problem in problems[:PROBLEMS_SHOWN]:
        say(stream, problem)
    if len(problems) > PROBLEMS_SHOWN:
        say(stream, f"and {len(problems) - PROBLEMS_SHOWN} more; --json lists all")


def require_choice(name: str, value: str, choices: Iterable[str]) -> None:
    """Raises CommandError, which names the choices. "": none was made. The case must match."""
    known = list(choices)
    if value and value not in known:
        raise CommandError(f"Invalid {name} {value!r}. Must be one of: {', '.join(known)}")


def require_range(name: str, value: int | None, least: int, most: int = 2**31 - 1) -> None:
    """Raises CommandError. None: not given."""
    if value is not None and not least <= value <= most:
        wanted = f"{least} or more" if most == 2**31 - 1 else f"from {least} to {most}"
        raise CommandError(f"{name} must be {wanted}")


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """The engine's and the settings' errors as the command's: one line, not a traceback."""
    try:
        yield
    except bhashatts.Error as error:
        raise CommandError(error.message) from error
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error


@contextlib.contextmanager
def stopped_by_ctrl_c() -> Iterator[bhashatts.Stop]:
    """What is in hand is finished at the first Ctrl-C; the second one leaves at once."""
    stop = bhashatts.Stop()
    if threading.current_thread() is not threading.main_thread():  # signals are the main one's
        yield stop
        return

    def hear(_number: int, _frame: FrameType | None) -> None:
        if stop.requested:
            raise KeyboardInterrupt
        stop.request()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)


class ProgressLine:
    """One line of a terminal that is written again and again; elsewhere nothing at all."""

    def __init__(self, stream: Any, total: int) -> None:
        self._stream = stream
        self._total = total
        self._shown = stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._samples = collections.deque([(time.monotonic(), 0)])
        self._last = 0.0

    def show(self, done: int, counts: Mapping[str, int]) -> None:
        """How far it is. By one thread at a time, any."""
        now = time.monotonic()
        if not self._shown or (now < self._last + _REDRAW and done < self._total):
            return
        self._last = now
        self._samples.append((now, done))
        while len(self._samples) > 2 and self._samples[1][0] < now - _WINDOW:
            self._samples.popleft()
        self._write(self._text(done, counts))

    def clear(self) -> None:
        """Makes room for other lines."""
        if self._shown:
            self._write("")

    def _text(self, done: int, counts: Mapping[str, int]) -> str:
        (began, from_done), (now, to_done) = self._samples[0], self._samples[-1]
        rate = (to_done - from_done) / max(now - began, 1e-3)
        left = _clock((self._total - done) / rate) if rate > 0 else "-:--"
        share = done / self._total if self._total else 1.0
        bar = "#" * int(share * 20) + "-" * (20 - int(share * 20))
        tail = "".join(f" {name} {count}" for name, count in counts.items())
        return f"[{bar}] {done}/{self._total} {rate:.1f}/s left {left}{tail}"

    def _write(self, text: str) -> None:
        columns = shutil.get_terminal_size().columns
        self._stream.write(f"\r\x1b[K{text[: columns - 1]}", lambda line: line, ending="")
        self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
