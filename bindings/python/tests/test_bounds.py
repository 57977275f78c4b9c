"""Counts, not times: how much is imported, how many threads and descriptors there are."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import threads
from programs import until
from tones import PAGE, Tone

import bhashatts

Open = Callable[..., bhashatts.TtsEngine]
WORDS = ("आम", "घर", "नल", "फल", "बस", "वन", "जल", "दम", "रथ", "कल")  # all as long
MISSES = 1000
FEW = 8  # threads of an engine beside those that call a voice: joining, upkeep, alarms, notices


def texts(count: int) -> list[str]:
    """Different ones, and as long as each other."""
    return [
        " ".join(words) for words in itertools.islice(itertools.product(WORDS, repeat=4), count)
    ]


def descriptors() -> int:
    """Open ones, but for the one that counts them."""
    return len(os.listdir("/proc/self/fd"))


class Gated(Tone):
    """Speaks once it is let, all texts alike."""

    def __init__(self, concurrency: int) -> None:
        super().__init__(concurrency=concurrency)
        self.gate = threading.Event()
        self.instead = self.wait
        self._audio = self.speak(texts(1)[0])

    def wait(self, _request: bhashatts.SynthesisRequest) -> bytes:
        self.gate.wait(60)
        return self._audio


def in_a_new_process(program: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_importing_brings_in_nothing_that_takes_long() -> None:
    program = """
import sys
before = set(sys.modules)
import bhashatts
print(*sorted(set(sys.modules) - before))
"""
    brought = set(in_a_new_process(program).split())
    slow = {"asyncio", "ctypes", "dataclasses", "inspect", "json", "logging", "re", "typing"}
    assert not brought & slow
    assert {"bhashatts._core", "bhashatts.engine"} <= brought


@pytest.mark.parametrize("name", bhashatts.__all__)
def test_what_comes_later_can_be_imported_as_ever(name: str) -> None:
    assert (
        in_a_new_process(f"from bhashatts import {name} as it; print(it is not None)") == "True\n"
    )
    assert name in dir(bhashatts)


def test_a_name_that_is_none_of_ours_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Sttas'"):
        bhashatts.Sttas  # type: ignore[attr-defined]  # noqa: B018


def test_a_thousand_who_wait_need_no_threads(opened: Open) -> None:
    voice = Gated(concurrency=16)
    at_first = threads()
    engine = opened(synthesizer=voice)

    async def main() -> int:
        every = [asyncio.ensure_future(engine.synthesize_async(text)) for text in texts(MISSES)]
        while sum(voice.calls.values()) < voice.concurrency:
            await asyncio.sleep(0.01)
        most = threads()
        voice.gate.set()
        while not all(one.done() for one in every):
            most = max(most, threads())
            await asyncio.sleep(0.01)
        assert {one.result().origin for one in every} == {"synthesized"}
        return most

    assert asyncio.run(main()) <= at_first + voice.concurrency + FEW
    assert sum(voice.calls.values()) == MISSES


def test_a_thousand_who_wait_have_one_descriptor(opened: Open) -> None:
    voice = Gated(concurrency=2)
    engine = opened(synthesizer=voice)
    engine.lookup(PAGE)

    async def main() -> int:
        at_first = descriptors()
        every = [asyncio.ensure_future(engine.synthesize_async(text)) for text in texts(MISSES)]
        while not voice.calls:
            await asyncio.sleep(0.01)
        waiting = descriptors() - at_first
        for one in every:
            one.cancel()
        voice.gate.set()
        await asyncio.gather(*every, return_exceptions=True)
        return waiting

    # An eventfd; the lock file of a call, its connection to nobody, and what is being written.
    assert asyncio.run(main()) <= 1 + 2 * voice.concurrency + 2


def test_loops_that_are_over_leave_no_descriptors(engine: bhashatts.TtsEngine) -> None:
    async def main() -> None:
        await engine.synthesize_async(PAGE)

    asyncio.run(main())
    gc.collect()
    at_first = descriptors()
    for _ in range(50):
        asyncio.run(main())
    gc.collect()
    assert descriptors() <= at_first


def test_engines_that_are_closed_leave_no_descriptors_and_no_threads(
    opened: Open, tmp_path: Path
) -> None:
    def once() -> None:
        opened(data_dir=tmp_path / "again", synthesizer=Tone()).lookup(PAGE)

    def counted(number: int) -> tuple[int, int]:
        for _ in range(number):
            with bhashatts.TtsEngine(**given) as engine:
                engine.lookup(PAGE)
        del engine
        gc.collect()
        return descriptors(), threads()

    given: dict[str, Any] = {"environment": False, "data_dir": tmp_path / "again"}
    given["synthesizer"] = Tone()
    once()
    descriptors_first, threads_first = counted(2)
    assert counted(20)[0] <= descriptors_first
    until(lambda: threads() <= threads_first, "threads that were joined were gone from /proc")
