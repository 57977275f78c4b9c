"""Parts that are written in Python, well behaved and not."""

from __future__ import annotations

import gc
import logging
import threading
import weakref
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts import ErrorCode, _core

Open = Callable[..., bhashatts.TtsEngine]


class Shed(bhashatts.CacheTier):
    """A tier in a dictionary."""

    name = "shed"

    def __init__(self) -> None:
        self.values: dict[str, tuple[bytes, str, int]] = {}
        self.trouble: Exception | None = None

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def get(self, key: str) -> bytes | None:
        self._check()
        found = self.values.get(key)
        return None if found is None else found[0]

    def put(self, key: str, value: bytes, language: str, ttl: int) -> None:
        self._check()
        self.values[key] = (value, language, ttl)

    def erase(self, key: str) -> None:
        self._check()
        self.values.pop(key, None)

    def clear(self, language: str | None, count_only: bool) -> int:
        self._check()
        keys = [key for key, value in self.values.items() if language in {None, value[1]}]
        for key in [] if count_only else keys:
            del self.values[key]
        return len(keys)


class Cellar(bhashatts.BlobStore):
    """A store in a dictionary."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, bhashatts.BlobLabels]] = {}

    def get(self, name: str) -> bytes | None:
        found = self.objects.get(name)
        return None if found is None else found[0]

    def put_if_absent(self, name: str, data: bhashatts.Audio, labels: bhashatts.BlobLabels) -> bool:
        stored = name not in self.objects
        self.objects.setdefault(name, (bytes(data), labels))
        return stored

    def info(self, name: str) -> int | None:
        found = self.objects.get(name)
        return None if found is None else len(found[0])

    def remove(self, name: str) -> None:
        self.objects.pop(name, None)

    def list(self, prefix: str) -> Iterable[tuple[str, int]]:
        found = dict(self.objects)
        return ((name, len(one[0])) for name, one in found.items() if name.startswith(prefix))

    def url(self, name: str) -> str:
        return f"cellar://{name}"


class Diary(bhashatts.EventSink):
    """An observer that writes everything down."""

    name = "diary"

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.refusals = 0

    def deliver(self, events: list[dict[str, Any]]) -> None:
        if self.refusals > 0:
            self.refusals -= 1
            raise OSError("the pen is dry")
        self.events += events


def test_a_voice_gets_all_that_decides_how_it_speaks(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    seen: list[bhashatts.SynthesisRequest] = []

    def speak(request: bhashatts.SynthesisRequest) -> bytes:
        seen.append(request)
        return voice.speak(request.text)

    voice.instead = speak
    engine.synthesize(OTHER, voice_style="calm")
    (request,) = seen
    assert (request.text, request.language, request.voice_style) == (OTHER, "HINDI", "calm")
    assert len(request.description) > 20
    assert (request.take, request.attempt) == (0, 0)
    assert 0 < request.timeout <= 120
    assert request.stopping() is False


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_audio_may_be_any_buffer(
    engine: bhashatts.TtsEngine, voice: Tone, kind: Callable[[bytes], Any]
) -> None:
    voice.instead = lambda request: kind(voice.speak(request.text))
    assert bytes(engine.synthesize(OTHER).audio)[:4] == b"RIFF"


def test_what_a_voice_raises_is_the_cause(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    reason = ValueError("the voice is hoarse")

    def fail(_request: bhashatts.SynthesisRequest) -> bytes:
        raise reason

    voice.instead = fail
    with pytest.raises(bhashatts.Error, match="hoarse") as raised:
        engine.synthesize(OTHER)
    assert raised.value.code is ErrorCode.PLUGIN_FAILED
    assert raised.value.__cause__ is reason


def test_a_voice_may_say_which_code_its_failure_is(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    def fail(_request: bhashatts.SynthesisRequest) -> bytes:
        raise bhashatts.Error(
            ErrorCode.RATE_LIMITED, "slowly", retryable=True, retry_after=7, cost_micro_usd=5
        )

    voice.instead = fail
    with pytest.raises(bhashatts.Error) as raised:
        engine.synthesize(OTHER)
    error = raised.value
    assert (error.code, error.message, error.retryable) == (ErrorCode.RATE_LIMITED, "slowly", True)
    assert error.retry_after == pytest.approx(7, abs=1)
    assert engine.stats().total_cost_usd == pytest.approx(5e-6)


@pytest.mark.parametrize("wrong", [None, 7, "text", b"", b"<html>", object()])
def test_what_is_no_audio_is_refused(
    engine: bhashatts.TtsEngine, voice: Tone, wrong: object
) -> None:
    voice.instead = lambda _request: wrong
    with pytest.raises(bhashatts.Error) as raised:
        engine.synthesize(OTHER)
    assert raised.value.code in {ErrorCode.PLUGIN_FAILED, ErrorCode.BAD_AUDIO}
    assert engine.stats().total_entries == 0


def test_a_fallback_speaks_in_the_place_of_the_first(opened: Open, voice: Tone) -> None:
    def away(_request: bhashatts.SynthesisRequest) -> bytes:
        raise bhashatts.Error(ErrorCode.UNREACHABLE, "away")

    voice.instead = away
    second = Tone("test/second@1")
    engine = opened(fallbacks=[second])
    speech = engine.synthesize(OTHER)
    assert speech.fallback
    assert speech.synthesizer == "test/second@1"
    with pytest.raises(bhashatts.Error):
        engine.synthesize(PAGE, fallback=False)


def test_a_tier_is_filled_and_asked(opened: Open, voice: Tone, tmp_path: Any) -> None:
    shed = Shed()
    opened(tiers=[shed]).synthesize(OTHER)
    assert {value[1] for value in shed.values.values()} == {"HINDI"}
    other = opened(tiers=[shed], data_dir=tmp_path / "other")
    assert other.synthesize(OTHER).origin == "tier"
    assert voice.calls[OTHER] == 1
    assert other.clear().cache_entries >= 1
    assert not shed.values


def test_a_tier_that_fails_or_lies_is_skipped(opened: Open, tmp_path: Any) -> None:
    shed = Shed()
    engine = opened(tiers=[shed])
    shed.trouble = RuntimeError("the door is stuck")
    assert engine.synthesize(OTHER).origin == "synthesized"
    shed.trouble = None
    engine.synthesize(PAGE)
    shed.values = {key: (b"rubbish", "HINDI", 1) for key in shed.values}
    other = opened(tiers=[shed], data_dir=tmp_path / "other")
    assert other.synthesize(PAGE).origin == "synthesized"


def test_a_store_keeps_masters_and_gives_urls(opened: Open, voice: Tone, tmp_path: Any) -> None:
    cellar = Cellar()
    speech = opened(blob_store=cellar).synthesize(OTHER, story_id="moon", page_number=1)
    assert speech.url is not None
    assert speech.url.startswith("cellar://audio/")
    labels = [one[1] for name, one in cellar.objects.items() if name.endswith(".flac")]
    assert labels[0].media_type == "audio/flac"
    assert labels[0].duration_ms > 0
    other = opened(blob_store=cellar, data_dir=tmp_path / "other")
    assert other.synthesize(OTHER).origin == "blob"
    assert voice.calls[OTHER] == 1
    assert other.verify().objects_checked >= 1


def test_an_observer_hears_everything_at_least_once(opened: Open) -> None:
    diary = Diary()
    diary.refusals = 2
    engine = opened(event_sinks=[diary])
    engine.synthesize(OTHER, user_id="asha")
    engine.synthesize(OTHER, user_id="asha")
    for _ in range(4):
        engine.flush()
    kinds = {event["kind"] for event in diary.events}
    assert kinds == {"usage", "speech_stored"}
    assert [event["id"] for event in diary.events] == sorted(e["id"] for e in diary.events)
    usage = [event["usage"] for event in diary.events if event["kind"] == "usage"]
    assert sum(one["requests"] for one in usage) == 2
    assert {one["user_id"] for one in usage} == {"asha"}


def test_an_observer_may_ask_the_engine(opened: Open) -> None:
    asked: list[int] = []

    class Asking(Diary):
        def deliver(self, events: list[dict[str, Any]]) -> None:
            if not asked:
                asked.append(engine.stats().total_entries)

    engine = opened(event_sinks=[Asking()])
    engine.synthesize(OTHER)
    engine.flush()
    assert asked == [1]


def test_two_observers_of_one_name_are_refused(opened: Open) -> None:
    with pytest.raises(bhashatts.Error, match="diary"):
        opened(event_sinks=[Diary(), Diary()])


def test_threads_that_want_the_same_pages_pay_once(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    texts = [f"पन्ना {number} की कहानी सुनो।" for number in range(20)]
    sizes: set[tuple[int, ...]] = set()
    together = threading.Barrier(8)

    def listen() -> None:
        together.wait()
        sizes.add(tuple(len(engine.synthesize(text).audio) for text in texts))

    threads = [threading.Thread(target=listen) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sizes) == 1
    assert set(voice.calls.values()) == {1}


def test_plug_ins_are_let_go_of_with_their_engine(tmp_path: Any) -> None:
    shed = Shed()
    gone = weakref.ref(shed)
    engine = bhashatts.TtsEngine(
        environment=False, data_dir=tmp_path / "own", synthesizer=Tone(), tiers=[shed]
    )
    engine.synthesize(OTHER)
    engine.close()
    del engine, shed
    _core.wait_for_closings()  # a thread lets go of it
    for _ in range(3):  # what the engine lets go of is dropped when the interpreter next runs
        gc.collect()
        _core.drop_aside()
    assert gone() is None


def test_a_voice_finds_what_its_thread_has_kept(opened: Open) -> None:
    kept = threading.local()
    calls: list[int] = []
    voice = Tone(concurrency=1)

    def count(request: bhashatts.SynthesisRequest) -> bytes:
        kept.calls = getattr(kept, "calls", 0) + 1
        calls.append(kept.calls)
        return voice.speak(request.text)

    voice.instead = count
    engine = opened(synthesizer=voice)
    for number in range(5):
        engine.synthesize(f"{OTHER} {number}।")
    assert max(calls) > 1


def test_what_a_thread_has_kept_is_dropped_with_it(tmp_path: Any) -> None:
    class Connection:
        pass

    kept = threading.local()
    connections: weakref.WeakSet[Connection] = weakref.WeakSet()
    voice = Tone()

    def connect(request: bhashatts.SynthesisRequest) -> bytes:
        kept.connection = Connection()
        connections.add(kept.connection)
        return voice.speak(request.text)

    voice.instead = connect
    engine = bhashatts.TtsEngine(environment=False, data_dir=tmp_path, synthesizer=voice)
    engine.synthesize(OTHER)
    assert len(connections) == 1
    engine.close()
    del engine
    _core.wait_for_closings()
    assert len(connections) == 0


def test_what_an_engine_calls_cannot_close_it(opened: Open, voice: Tone) -> None:
    refused: list[tuple[str, ErrorCode]] = []

    def close(who: str) -> None:
        try:
            engine.close()
        except bhashatts.Error as error:
            refused.append((who, error.code))

    class Closing(Diary):
        def deliver(self, events: list[dict[str, Any]]) -> None:
            close("observer")

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            close("handler")

    def speak(_request: bhashatts.SynthesisRequest) -> bytes:
        close("voice")
        raise OSError("the line is dead")  # a line in the log

    voice.instead = speak
    handler = Handler()
    logging.getLogger("bhashatts").addHandler(handler)
    try:
        engine = opened(event_sinks=[Closing()])
        with pytest.raises(bhashatts.Error, match="dead"):
            engine.synthesize(OTHER)
        engine.flush()
    finally:
        logging.getLogger("bhashatts").removeHandler(handler)
    assert {who for who, _ in refused} == {"voice", "observer", "handler"}
    assert {code for _, code in refused} == {ErrorCode.BAD_REQUEST}


def test_a_message_as_long_as_a_page_of_html_is_cut(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    def fail(_request: bhashatts.SynthesisRequest) -> bytes:
        raise OSError("ऋ" * 1_000_000)

    voice.instead = fail
    with pytest.raises(bhashatts.Error) as raised:
        engine.synthesize(OTHER)
    message = raised.value.message
    assert len(message.encode()) < 1200
    assert message.endswith("ऋ...")
