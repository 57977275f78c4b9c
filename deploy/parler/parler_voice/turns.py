"""One generation at a time, a short line before it, and a plain no to whoever is past its end.

A GPU that runs two generations at once finishes both later, and a line without an end turns a busy
minute into time-outs for all: callers give up, and what they gave up is generated all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from typing import Final

LONGEST_WAIT_SECONDS: Final = 60


class Busy(Exception):
    """The line is full (429), or not served any more (503). `retry_after`: seconds, at least 1."""

    def __init__(self, status: int, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.status: Final = status
        self.retry_after: Final = retry_after


class Turns:
    """Used within one event loop."""

    def __init__(self, most_waiting: int) -> None:
        self._most_waiting = most_waiting
        self._lock = asyncio.Lock()
        self._in_line = 0  # with the one being served
        self._closed = False
        self._usual_seconds = 5.0  # of a generation: a guess, replaced by what is seen

    def close(self) -> None:
        """The one being served is finished; who waits, or comes later, gets Busy."""
        self._closed = True

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits in line. Raises Busy."""
        self._refuse_when_closed()
        if self._in_line > self._most_waiting:
            message = "Too many requests are waiting; try again later."
            raise Busy(429, message, self._wait_estimate())
        self._in_line += 1
        try:
            async with self._lock:
                self._refuse_when_closed()
                start = asyncio.get_running_loop().time()
                yield
                self._learn(asyncio.get_running_loop().time() - start)
        finally:
            self._in_line -= 1

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise Busy(503, "The server is stopping; try again later.", 10)

    def _learn(self, seconds: float) -> None:
        self._usual_seconds += 0.25 * (seconds - self._usual_seconds)

    def _wait_estimate(self) -> int:
        wait = math.ceil(self._usual_seconds * self._in_line)
        return max(1, min(wait, LONGEST_WAIT_SECONDS))
