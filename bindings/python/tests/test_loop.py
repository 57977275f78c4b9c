"""In an event loop: no thread waits, and who leaves stops nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts import ErrorCode


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def test_a_speech_comes_to_the_loop(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    async def main() -> None:
        first = await engine.synthesize_async(PAGE)
        again = await engine.synthesize_async(PAGE, format="wav")
        assert (first.origin, again.origin) == ("synthesized", "memory")
        assert bytes(first.audio) == bytes(again.audio)
        assert len(first.timings.utterances) == 2

    asyncio.run(main())
    asyncio.run(main_again(engine))
    assert set(voice.calls.values()) == {1}


async def main_again(engine: bhashatts.TtsEngine) -> None:
    """Another loop, another mailbox."""
    assert (await engine.synthesize_async(PAGE)).origin == "memory"
    assert (await engine.synthesize_async(PAGE, format="flac")).origin == "blob"


def test_many_wait_without_a_thread_each(
    opened: Callable[..., bhashatts.TtsEngine], voice: Tone
) -> None:
    engine = opened()
    go = threading.Event()
    voice.instead = lambda request: go.wait(30) and voice.speak(request.text)

    async def main() -> None:
        before = threads()
        texts = [f"यह वाक्य संख्या {number} है।" for number in range(300)]
        waits = [asyncio.create_task(engine.synthesize_async(text)) for text in texts * 2]
        await asyncio.sleep(0)
        while not voice.calls:
            await asyncio.sleep(0.01)
        assert threads() - before <= 12
        go.set()
        speeches = await asyncio.gather(*waits)
        assert all(speech.duration_ms > 100 for speech in speeches)
        assert len({speech.cache_key for speech in speeches}) == len(texts)

    asyncio.run(main())
    assert set(voice.calls.values()) == {1}


def test_errors_come_as_exceptions(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    def refuse(_request: bhashatts.SynthesisRequest) -> bytes:
        raise bhashatts.Error(ErrorCode.CREDITS_EXHAUSTED, "buy credits")

    voice.instead = refuse

    async def main() -> None:
        with pytest.raises(bhashatts.Error) as raised:
            await engine.synthesize_async(OTHER)
        assert raised.value.code is ErrorCode.CREDITS_EXHAUSTED
        with pytest.raises(bhashatts.Error) as raised:
            await engine.synthesize_async("  ")
        assert raised.value.code is ErrorCode.TEXT_EMPTY
        with pytest.raises(bhashatts.Error) as raised:
            await engine.synthesize_async("नया", timeout=0)
        assert raised.value.code in {ErrorCode.DEADLINE_EXCEEDED, ErrorCode.CREDITS_EXHAUSTED}

    asyncio.run(main())


def test_a_cancelled_task_leaves_the_paid_work_running(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    go = threading.Event()
    voice.instead = lambda request: go.wait(30) and voice.speak(request.text)

    async def main() -> None:
        task = asyncio.create_task(engine.synthesize_async(OTHER))
        while not voice.calls:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go.set()
        speech = await engine.synthesize_async(OTHER)
        assert speech.origin in {"joined", "memory"}

    asyncio.run(main())
    assert voice.calls[OTHER] == 1


def test_a_stream_gives_sentences_in_order(engine: bhashatts.TtsEngine) -> None:
    async def main() -> None:
        heard = [one async for one in engine.stream(PAGE)]
        assert [(one.number, one.count) for one in heard] == [(0, 2), (1, 2)]
        assert all(bytes(one.audio)[:4] == b"RIFF" for one in heard)
        assert heard[0].pause_after_ms > 0
        assert (await engine.synthesize_async(PAGE)).cached

    asyncio.run(main())
    assert [one.number for one in engine.stream(PAGE)] == [0, 1]


def test_a_stream_that_nobody_hears_to_its_end_is_kept(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    with engine.stream(PAGE) as stream:
        assert next(stream).number == 0
    assert engine.synthesize(PAGE).duration_ms > 0
    assert set(voice.calls.values()) == {1}


def test_an_engine_that_is_closed_ends_all_waits(
    opened: Callable[..., bhashatts.TtsEngine], voice: Tone
) -> None:
    engine = opened(drain_timeout_ms=100)

    def until_stopped(request: bhashatts.SynthesisRequest) -> bytes:
        while not request.stopping():
            time.sleep(0.01)
        return b""

    voice.instead = until_stopped

    async def main() -> None:
        waits = [asyncio.create_task(engine.synthesize_async(f"पन्ना {n}")) for n in range(8)]
        while not voice.calls:
            await asyncio.sleep(0.01)
        await asyncio.get_running_loop().run_in_executor(None, engine.close)
        for wait in waits:
            with pytest.raises(bhashatts.Error):
                await asyncio.wait_for(wait, 30)

    asyncio.run(main())


def test_a_wait_for_a_sentence_that_is_cancelled_loses_none(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    go = threading.Event()
    voice.instead = lambda request: go.wait(30) and voice.speak(request.text)

    async def main() -> None:
        stream = engine.stream(PAGE)
        for _ in range(2):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(stream.__anext__(), 0.05)
        go.set()
        assert [one.number async for one in stream] == [0, 1]

    asyncio.run(main())


def test_a_stream_that_is_closed_is_at_its_end(engine: bhashatts.TtsEngine) -> None:
    async def main() -> None:
        stream = engine.stream(PAGE)
        async for _ in stream:
            stream.close()
        assert [one async for one in stream] == []

    asyncio.run(main())
    with engine.stream(PAGE) as stream:
        next(stream)
    assert list(stream) == []


def test_a_stream_may_be_closed_by_another_thread_while_it_is_waited_for(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    go = threading.Event()
    voice.instead = lambda request: go.wait(30) and voice.speak(request.text)
    stream = engine.stream(PAGE)
    ends: list[object] = []

    def listen() -> None:
        try:
            ends.extend(stream)
        except bhashatts.Error as error:
            ends.append(error.code)

    listener = threading.Thread(target=listen)
    listener.start()
    while not voice.calls:
        time.sleep(0.01)
    stream.close()
    listener.join(30)
    go.set()
    assert ends in ([], [ErrorCode.CANCELLED])


def test_a_stream_may_be_closed_in_a_signal_handler_while_it_is_waited_for(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    go = threading.Event()
    stream = engine.stream(PAGE)

    def speak(request: bhashatts.SynthesisRequest) -> bytes:
        os.kill(os.getpid(), signal.SIGALRM)
        go.wait(30)
        return voice.speak(request.text)

    def close(_number: int, _frame: object) -> None:
        stream.close()
        go.set()

    before = signal.signal(signal.SIGALRM, close)
    try:
        voice.instead = speak
        stream = engine.stream(OTHER)
        with pytest.raises(bhashatts.Error) as raised:
            next(stream)
        assert raised.value.code is ErrorCode.CANCELLED
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_loop_that_is_closed_with_a_request_open_is_let_go_of(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    go = threading.Event()
    voice.instead = lambda request: go.wait(30) and voice.speak(request.text)
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def ask() -> asyncio.Task[bhashatts.Speech]:
        task = asyncio.create_task(engine.synthesize_async(OTHER))
        await asyncio.sleep(0)
        return task

    def once() -> None:
        loop = asyncio.new_event_loop()
        task = loop.run_until_complete(ask())
        loop.close()
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        loops.append(weakref.ref(loop))

    descriptors = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        once()
    gc.collect()
    assert not any(loop() for loop in loops)
    go.set()
    assert engine.synthesize(OTHER).origin in {"joined", "memory"}
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= descriptors + 1
