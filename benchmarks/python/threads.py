"""Threads and processes on hits, and threads on misses.

usage: threads.py

16 threads are to have at least 0.8 times the hits of one, for the interpreter's lock is held in a
hit; two processes at least 1.8 times, on two idle processors; and 16 threads that miss are to wait
for the voice all at once. What is told of processes is worth nothing where the machine is busy.
"""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import rounds
from pages import PAGES, Buzzer, opened

THREADS = 16
HITS = 200_000  # of a round, by all together
WAIT = 0.2  # seconds, of a miss


def hits(engine: Any, count: int) -> None:
    """All pages by turns."""
    synthesize = engine.synthesize
    for _ in range(count // len(PAGES)):
        for text in PAGES:
            memoryview(synthesize(text).audio)


def seconds(work: Callable[[], object], threads: int) -> float:
    """Of all threads, which begin at once."""
    barrier = threading.Barrier(threads + 1)

    def run() -> None:
        barrier.wait()
        work()

    all_of = [threading.Thread(target=run) for _ in range(threads)]
    for one in all_of:
        one.start()
    barrier.wait()
    start = time.perf_counter()
    for one in all_of:
        one.join()
    return time.perf_counter() - start


def of_threads(folder: str) -> None:
    """Hits of one and of 16."""
    with opened(folder, Buzzer()) as engine:
        hits(engine, 1000)
        one, many = [], []
        for _ in range(7):
            one.append(seconds(lambda: hits(engine, HITS), 1))
            many.append(seconds(lambda: hits(engine, HITS // THREADS), THREADS))
        told("hits of 16 threads over those of one", rounds.ratio(one, many), 0.8)


def process(folder: str, begin: Any, ended: Any, rounds_wanted: int) -> None:
    """A process with an engine of its own, which hits whenever it is let."""
    with opened(folder, Buzzer()) as engine:
        hits(engine, 1000)
        ended.put(0.0)
        for _ in range(rounds_wanted):
            begin.acquire()
            start = time.perf_counter()
            hits(engine, HITS)
            ended.put(time.perf_counter() - start)


def of_processes(folder: str) -> None:
    """Hits of one and of two; each has as many to make, so twice as many are made."""
    spawn = multiprocessing.get_context("spawn")
    begin, ended = spawn.Semaphore(0), spawn.Queue()
    number = 5
    both = [
        spawn.Process(target=process, args=(f"{folder}/{name}", begin, ended, number * 2))
        for name in "ab"
    ]
    for one in both:
        one.start()
    for _ in both:
        ended.get()
    alone, together = [], []
    for _ in range(number):
        begin.release()
        alone.append(ended.get())
        begin.release()
        begin.release()
        together.append(statistics.mean(ended.get() for _ in both))
    for _ in range(number):
        begin.release()
    for one in both:
        one.join()
    told("hits of two processes over those of one", 2 * rounds.ratio(alone, together), 1.8)


def of_misses(folder: str) -> None:
    """As many as the voice bears, and the longest of them beside its 200 ms."""
    ratios = []
    with opened(folder, Buzzer(concurrency=THREADS, wait=WAIT)) as engine:
        for number in range(5):
            texts = iter([f"{PAGES[i][:50]} {'और ' * (number + 1)}" for i in range(THREADS)])

            def ask(texts: Iterator[str] = texts) -> None:
                engine.synthesize(next(texts))

            took = seconds(ask, THREADS)
            ratios.append(took / WAIT)
    print(f"{'time of 16 misses at once over that of one':45}{statistics.median(ratios):6.2f}")


def told(what: str, times: float, least: float) -> None:
    """A line."""
    print(f"{what:45}{times:6.2f}{rounds.goal(times >= least)}")


def main() -> None:
    print(rounds.machine())
    with tempfile.TemporaryDirectory() as folder:
        of_threads(f"{folder}/threads")
        of_processes(folder)
        of_misses(f"{folder}/misses")


if __name__ == "__main__":
    main()
