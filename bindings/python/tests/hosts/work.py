"""Work for pools of processes: an engine that is opened when this is imported.

With fork that is in the parent; with spawn and forkserver in every process for itself.
"""

from __future__ import annotations

import asyncio
import os

import bhashatts
from hosts.host import PAGES, open_engine

engine = open_engine()


def speak(text: str) -> tuple[int, tuple[str, bytes]]:
    """(process, (text, audio))."""
    return os.getpid(), (text, bytes(engine.synthesize(text).audio))


def speak_async(text: str) -> bytes:
    async def main() -> bytes:
        return bytes((await engine.synthesize_async(text)).audio)

    return asyncio.run(main())


def stream(text: str) -> int:
    return sum(1 for _ in engine.stream(text))


def fail(_text: str) -> None:
    raise bhashatts.Error(
        bhashatts.ErrorCode.RATE_LIMITED, "slowly", retryable=True, retry_after=2.5
    )


def leave(text: str) -> None:
    """Asks, and does not wait: what is paid for is still owed when this returns."""
    try:
        engine.synthesize(text, timeout=0)
    except bhashatts.Error:
        pass


def all_of_it(text: str) -> bytes:
    """A hit of the parent's, a miss, async and a stream."""
    speak(PAGES[0])
    audio = speak_async(text)
    assert (text, audio) == speak(text)[1]
    assert stream(text) == 1
    return audio
