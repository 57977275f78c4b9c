"""A thousand misses in an event loop, over a voice that takes 200 ms and bears 64 calls at once.

usage: loop.py [DIRECTORY]...

The ideal is 16 times 200 ms; the goal is to be within 1.15 of it, with no more threads than calls
at once and a few. Told for each directory, by default the temporary one and one in memory: the
difference is what waiting for the disk costs.
"""

from __future__ import annotations

import asyncio
import math
import os
import statistics
import sys
import tempfile
import time

import bhashatts
import rounds
from pages import PAGES, Buzzer, opened

MISSES = 1000
AT_ONCE = 64
WAIT = 0.2  # seconds
IDEAL = math.ceil(MISSES / AT_ONCE) * WAIT
WORDS = ("आम", "घर", "नल", "फल", "बस", "वन", "जल", "दम", "रथ", "कल")  # all as long
MEMORY = "/dev/shm"  # noqa: S108 - a folder of our own is made in it


def text(number: int) -> str:
    """One utterance, which no other number has."""
    words = [WORDS[int(digit)] for digit in f"{number:04}"]
    return " ".join([PAGES[0].partition("।")[0], *words])


async def watched(peak: list[int]) -> None:
    """How many threads there are at most."""
    while True:
        peak.append(len(os.listdir("/proc/self/task")))
        await asyncio.sleep(0.02)


async def misses(engine: bhashatts.TtsEngine, peak: list[int]) -> float:
    """Seconds of all."""
    watcher = asyncio.create_task(watched(peak))
    start = time.perf_counter()
    await asyncio.gather(*(engine.synthesize_async(text(n)) for n in range(MISSES)))
    took = time.perf_counter() - start
    watcher.cancel()
    return took


def once(folder: str) -> tuple[float, float, int]:
    """(seconds, processor seconds, most threads)."""
    voice = Buzzer(concurrency=AT_ONCE, wait=WAIT)
    voice.speak(text(0))
    with tempfile.TemporaryDirectory(dir=folder) as place, opened(place, voice) as engine:
        peak: list[int] = []
        cpu = time.process_time()
        took = asyncio.run(misses(engine, peak))
        return took, time.process_time() - cpu, max(peak)


def main() -> None:
    folders = sys.argv[1:] or [tempfile.gettempdir(), MEMORY]
    print(f"{MISSES} misses, {rounds.machine()}; ideal {IDEAL:.1f} s")
    each = [{folder: once(folder) for folder in folders} for _ in range(3)]
    for folder in folders:
        took, cpu, threads = (
            statistics.median(x)
            for x in zip(*(one[folder] for one in each))  # noqa: B905 - 3.9
        )
        print(
            f"{folder:20}{took:6.2f} s, {took / IDEAL:.2f} of the ideal, {threads} threads, "
            f"{cpu:.1f} processor seconds{rounds.goal(took <= 1.15 * IDEAL)}"
        )


if __name__ == "__main__":
    main()
