"""Nothing is left behind, in whatever order it is dropped.

Two measures: the references to what a speech holds (its engine, the words of its request) must be
as many as before, exactly; and the process's own memory must not have grown by more than some MB,
which fill up once. So a leak of memory alone is seen from about 105 bytes a hit on, and 420 bytes a
speech; with TEST_FULL=1 (a million hits, a hundred thousand speeches) from 4 and 21. By default
each test takes about a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import random
import re
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts import _core

Open = Callable[..., bhashatts.TtsEngine]
FULL = os.environ.get("TEST_FULL") == "1"
SANITIZED = hasattr(ctypes.CDLL(None), "__asan_init")  # it keeps what is freed for a while
HITS = 1_000_000 if FULL else 40_000
SPEECHES = 100_000 if FULL else 5_000
ENGINES = 200 if FULL else 20
MB = 1 << 20


def memory() -> int:
    """Bytes of this process's own, when all that can be given back has been."""
    _core.wait_for_closings()
    for _ in range(3):
        gc.collect()
        _core.drop_aside()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    told = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"Anonymous: +(\d+) kB", told)
    assert found
    return int(found[1]) * 1024


def grown(work: Callable[[int], object], count: int) -> int:
    """By how many bytes in `count` calls, after a tenth of them to warm up."""
    work(count // 10)
    before = memory()
    work(count)
    return memory() - before


def require_flat(work: Callable[[int], object], count: int, most: int = MB) -> None:
    """most: for what fills up and is then kept (usage that is not written yet, arenas)."""
    if SANITIZED:
        work(count // 20)
        return
    more = grown(work, count)
    if FULL:
        print(f"{count} times: {more / 1024:+.0f} KiB")
    assert more < most


def references(objects: Sequence[object]) -> list[int]:
    for _ in range(3):
        gc.collect()
        _core.drop_aside()
    return [sys.getrefcount(one) for one in objects]


@contextlib.contextmanager
def nothing_kept(*objects: object) -> Iterator[None]:
    """They are referred to as often afterwards as before."""
    before = references(objects)
    yield
    assert references(objects) == before


@pytest.fixture
def user() -> str:
    return "".join(["user-", "17"])  # a str of its own, not a constant


def test_hits_leave_memory_flat(engine: bhashatts.TtsEngine, user: str) -> None:
    def hits(count: int) -> None:
        for _ in range(count):
            view = memoryview(engine.synthesize(PAGE, user_id=user).audio)
            assert view[0] == ord("R")
        engine.flush()

    with nothing_kept(engine, PAGE, user):
        require_flat(hits, HITS, 4 * MB)


def test_speeches_dropped_in_odd_orders_leave_memory_flat(
    engine: bhashatts.TtsEngine, user: str
) -> None:
    dice = random.Random(7)

    def parts_of(speech: bhashatts.Speech) -> list[object]:
        audio = speech.audio
        view = memoryview(audio)
        return [speech, audio, view, view[7:99], memoryview(view)[::2], iter(audio), audio.read(9)]

    def drop(count: int) -> None:
        pool: list[object] = []
        for _ in range(count):
            text = dice.choice((PAGE, OTHER))
            parts = parts_of(engine.synthesize(text, user_id=user, story_id=user, page_number=1))
            dice.shuffle(parts)
            pool += parts[: dice.randrange(1, 7)]
            if len(pool) > 500:
                dice.shuffle(pool)
                del pool[50:]
        engine.flush()

    with nothing_kept(engine, PAGE, user):
        require_flat(drop, SPEECHES, 2 * MB)


def test_all_that_a_speech_tells_leaves_memory_flat(engine: bhashatts.TtsEngine, user: str) -> None:
    names = [name for name in dir(bhashatts.Speech) if not name.startswith("_")]

    def tell(count: int) -> None:
        for _ in range(count):
            speech = engine.synthesize(PAGE, user_id=user)
            for name in names:
                getattr(speech, name)
            repr(speech), hash(speech), speech == engine.lookup(PAGE)
            speech.webvtt()
        engine.flush()

    with nothing_kept(engine, PAGE, user):
        require_flat(tell, SPEECHES // 5)


def test_cycles_with_speeches_in_them_are_collected(engine: bhashatts.TtsEngine, user: str) -> None:
    def turn(count: int) -> None:
        for _ in range(count):
            speech = engine.synthesize(PAGE, user_id=user)
            ring: list[object] = [speech, memoryview(speech.audio)]
            ring.append(ring)
        engine.flush()

    with nothing_kept(engine, PAGE, user):
        require_flat(turn, SPEECHES)


def test_views_outlive_the_speech_and_the_engine(tmp_path: Path, voice: Tone) -> None:
    engine = bhashatts.TtsEngine(environment=False, data_dir=tmp_path, synthesizer=voice)
    alive = weakref.ref(engine)
    speech = engine.synthesize(PAGE)
    view = memoryview(speech.audio)[4:]
    whole = bytes(speech.audio)
    engine.close()
    del engine
    gc.collect()
    assert alive() is not None  # the speech keeps it, for its timings
    del speech
    gc.collect()
    assert alive() is None
    assert view == whole[4:]


class Raised(Exception):
    """Of which it can be told whether one still lives."""


def cause_of(call: Callable[[], object]) -> BaseException | None:
    with pytest.raises(bhashatts.Error) as raised:
        call()
    return raised.value.__cause__


def test_exceptions_and_their_causes_are_let_go_of(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="bhashatts")  # pytest keeps every record
    causes: weakref.WeakSet[Raised] = weakref.WeakSet()
    voice = Tone()

    def refuse(_request: bhashatts.SynthesisRequest) -> Any:
        error = Raised("a word of it")
        causes.add(error)
        raise error

    voice.instead = refuse
    engine = opened(synthesizer=voice)

    def fail(count: int) -> None:
        for _ in range(count):
            assert isinstance(cause_of(lambda: engine.synthesize(OTHER)), Raised)
            assert cause_of(lambda: engine.synthesize("")) is None
        engine.flush()

    require_flat(fail, SPEECHES // 10)
    gc.collect()
    _core.drop_aside()
    assert len(causes) == 0


def test_results_that_nobody_waits_for_any_more_are_let_go_of(
    engine: bhashatts.TtsEngine, voice: Tone, user: str
) -> None:
    audio = voice.speak("आम घर नल फल")
    voice.instead = lambda _request: audio
    numbers = iter(range(10**9))

    def text(number: int) -> str:
        words = ("आम", "घर", "नल", "फल", "बस", "वन", "जल", "दम", "रथ", "कल")
        return " ".join(words[int(digit)] for digit in f"{number:04}")

    async def leave(count: int) -> None:
        for _ in range(count // 20):
            every = [
                asyncio.ensure_future(engine.synthesize_async(text(next(numbers)), user_id=user))
                for _ in range(10)
            ] + [asyncio.ensure_future(engine.synthesize_async(PAGE)) for _ in range(10)]
            await asyncio.sleep(0)
            for one in every[::2]:
                one.cancel()
            await asyncio.gather(*every, return_exceptions=True)

    def run(count: int) -> None:
        asyncio.run(leave(count))
        engine.flush()
        engine.clear(all=True)

    with nothing_kept(engine, PAGE, user):
        require_flat(run, min(SPEECHES // 10, 8000), 6 * MB)  # memos of new texts, up to 32 MB


def test_streams_left_midway_are_let_go_of(engine: bhashatts.TtsEngine, user: str) -> None:
    async def listen() -> None:
        async for _ in engine.stream(PAGE):
            break

    def leave(count: int) -> None:
        for number in range(count):
            stream = engine.stream(PAGE, user_id=user)
            if number % 3:
                next(stream)
            if number % 5 == 0:
                stream.close()
            if number % 50 == 0:
                asyncio.run(listen())
        engine.flush()

    with nothing_kept(engine, PAGE, user):
        require_flat(leave, SPEECHES // 5, 2 * MB)


class Sink(bhashatts.EventSink):
    def deliver(self, events: list[dict[str, Any]]) -> None:
        self.events = events


class Tier(bhashatts.CacheTier):
    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.values.get(key)

    def put(self, key: str, value: bytes, language: str, ttl: int) -> None:
        self.values[key] = value

    def erase(self, key: str) -> None:
        self.values.pop(key, None)

    def clear(self, language: str | None, count_only: bool) -> int:
        return len(self.values)


def test_engines_with_parts_of_ones_own_are_let_go_of(tmp_path: Path) -> None:
    alive: weakref.WeakSet[object] = weakref.WeakSet()

    def once() -> None:
        voice, tier, sink = Tone(), Tier(), Sink()
        given: dict[str, Any] = {"data_dir": tmp_path, "environment": False, "max_attempts": 1}
        with bhashatts.TtsEngine(
            synthesizer=voice, tiers=[tier], event_sinks=[sink], min_free_bytes=MB, **given
        ) as engine:
            engine.synthesize(OTHER)
        for one in (voice, tier, sink, engine):
            alive.add(one)

    def turns(count: int) -> None:
        for _ in range(count):
            once()

    require_flat(turns, ENGINES, 2 * MB)
    gc.collect()
    _core.wait_for_closings()
    _core.drop_aside()
    assert len(alive) == 0


class Counted(bytes):
    """Of which it is known how many live, and the most that ever did."""

    alive = most = 0

    def __new__(cls, *given: Any) -> Counted:
        cls.alive += 1
        cls.most = max(cls.most, cls.alive)
        return super().__new__(cls, *given)

    def __del__(self) -> None:
        Counted.alive -= 1


class Lying(Tier):
    """A tier whose values are rubbish: nothing of them is kept."""

    def get(self, key: str) -> bytes:
        return Counted(1000)


def test_what_is_let_go_of_while_the_main_thread_waits_is_dropped(opened: Open) -> None:
    engine = opened(tiers=[Lying()])
    Counted.most = 0

    def ask() -> None:
        for number in range(400):
            assert engine.lookup(f"{OTHER} {number}") is None

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert 0 < Counted.most < 100
