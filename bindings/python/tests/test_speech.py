"""What a host does with an engine."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable

import pytest
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts import ErrorCode


def test_a_page_is_made_once_and_kept(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    assert engine.lookup(PAGE) is None
    first = engine.synthesize(PAGE)
    again = engine.synthesize(PAGE, language="HINDI")
    assert (first.origin, first.cached, again.origin, again.cached) == (
        "synthesized",
        False,
        "memory",
        True,
    )
    assert bytes(first.audio) == bytes(again.audio)
    assert set(voice.calls.values()) == {1}
    assert (first.cost_micro_usd, again.cost_micro_usd) == (14, 0)
    assert first.cost_usd == pytest.approx(14e-6)


def test_a_speech_tells_what_is_known_of_it(engine: bhashatts.TtsEngine) -> None:
    speech = engine.synthesize(PAGE, format="flac", voice_style="calm")
    assert (speech.format, speech.media_type) == ("flac", "audio/flac")
    assert (speech.language, speech.voice_style) == ("HINDI", "calm")
    assert (speech.synthesizer, speech.utterances, speech.take) == ("test/tone@1", 2, 0)
    assert len(speech.cache_key) == 32
    assert speech.size_bytes == len(speech.audio)
    assert speech.duration_ms > 1000
    assert speech.fallback is False
    assert speech.url is None


def test_the_audio_is_what_it_says(engine: bhashatts.TtsEngine) -> None:
    speech = engine.synthesize(PAGE)
    with wave.open(io.BytesIO(bytes(speech.audio))) as audio:
        assert audio.getframerate() == speech.sample_rate
        frames = audio.getnframes()
    assert abs(frames * 1000 / speech.sample_rate - speech.duration_ms) <= 1


@pytest.mark.parametrize("format", ["wav", "flac", "opus", "mp3"])
def test_four_formats_of_a_page_are_one_synthesis(
    engine: bhashatts.TtsEngine, voice: Tone, format: str
) -> None:
    engine.synthesize(PAGE)
    assert engine.synthesize(PAGE, format=format).format == format
    assert set(voice.calls.values()) == {1}


def test_timings_index_the_text(engine: bhashatts.TtsEngine) -> None:
    speech = engine.synthesize(PAGE)
    timings = speech.timings
    assert timings.duration_ms == speech.duration_ms
    parts = [PAGE[one.text.begin : one.text.end] for one in timings.utterances]
    assert "".join(parts) == PAGE
    assert [part.strip()[-1] for part in parts] == ["।", "।"]
    assert len(timings.words) == len(PAGE.split())
    assert speech.webvtt().startswith("WEBVTT")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"text": "  "}, ErrorCode.TEXT_EMPTY),
        ({"text": "क" * 5001}, ErrorCode.TEXT_TOO_LONG),
        ({"text": "a\ud800"}, ErrorCode.TEXT_NOT_UTF8),
        ({"text": "a\x00b"}, ErrorCode.TEXT_CONTROL),
        ({"text": "a", "language": "KLINGON"}, ErrorCode.LANGUAGE_UNKNOWN),
        ({"text": "a", "voice_style": "angry"}, ErrorCode.VOICE_STYLE_UNKNOWN),
        ({"text": "a", "format": "aiff"}, ErrorCode.FORMAT_UNKNOWN),
        ({"text": "a", "timeout": -1}, ErrorCode.BAD_REQUEST),
        ({"text": "a", "timeout": float("nan")}, ErrorCode.BAD_REQUEST),
        ({"text": "a", "page_number": -1, "story_id": "s"}, ErrorCode.BAD_REQUEST),
        ({"text": "a", "page_number": 1 << 32, "story_id": "s"}, ErrorCode.BAD_REQUEST),
    ],
)
def test_bad_input_has_a_code(
    engine: bhashatts.TtsEngine, voice: Tone, arguments: dict[str, object], code: ErrorCode
) -> None:
    with pytest.raises(bhashatts.Error) as raised:
        engine.synthesize(**arguments)  # type: ignore[arg-type]
    assert raised.value.code is code
    assert raised.value.message
    assert not raised.value.retryable
    assert not voice.calls


def test_what_is_no_text_is_a_type_error(engine: bhashatts.TtsEngine) -> None:
    for text in (None, b"bytes", 7):
        with pytest.raises(TypeError):
            engine.synthesize(text)  # type: ignore[arg-type]


def test_unknown_settings_are_refused(opened: Callable[..., bhashatts.TtsEngine]) -> None:
    with pytest.raises(bhashatts.Error, match="data_dri") as raised:
        opened(data_dri="x")
    assert raised.value.code is ErrorCode.CONFIG_INVALID


def test_a_wait_that_is_over_is_told_and_the_work_goes_on(
    engine: bhashatts.TtsEngine, voice: Tone
) -> None:
    import threading

    go = threading.Event()
    voice.instead = lambda request: go.wait(30) and voice.speak(request.text)
    with pytest.raises(bhashatts.Error) as raised:
        engine.synthesize(OTHER, timeout=0.05)
    assert raised.value.code is ErrorCode.DEADLINE_EXCEEDED
    assert raised.value.retryable
    assert raised.value.retry_after
    go.set()
    assert engine.synthesize(OTHER).origin in {"joined", "memory"}
    assert voice.calls[OTHER] == 1


def test_rejecting_brings_another_take(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    first = engine.synthesize(OTHER)
    report = engine.reject(OTHER)
    assert (report.next_take, report.speeches_dropped) == (1, 1)
    second = engine.synthesize(OTHER)
    assert second.take == 1
    assert second.cache_key != first.cache_key
    assert voice.calls[OTHER] == 2
    with pytest.raises(bhashatts.Error) as raised:
        engine.reject(PAGE)
    assert raised.value.code is ErrorCode.NOT_FOUND


def test_a_story_page_has_a_url(engine: bhashatts.TtsEngine) -> None:
    speech = engine.synthesize(OTHER, story_id="moon", page_number=3)
    url = engine.story_page_url("moon", 3)
    assert url is not None
    assert url == speech.url
    assert speech.cache_key in url
    assert engine.story_page_url("moon", 4) is None


def test_reports_are_objects(engine: bhashatts.TtsEngine) -> None:
    engine.synthesize(OTHER)
    engine.synthesize(OTHER)
    stats = engine.stats()
    assert (stats.total_entries, stats.utterances_synthesized) == (1, 1)
    assert stats.requests["memory"] == 1
    assert stats.total_cost_usd == pytest.approx(7e-6)
    status = engine.status()
    assert status.status == "healthy"
    assert status.model["identity"] == "test/tone@1"
    assert engine.verify().problems == []
    assert engine.clear().cache_entries >= 1
    assert engine.forget_text(OTHER).utterances == 1
    assert engine.forget_user("nobody").usage_events == 0
    assert engine.settings["max_attempts"] == 1


def test_a_closed_engine_says_so(engine: bhashatts.TtsEngine) -> None:
    speech = engine.synthesize(OTHER)
    engine.close()
    engine.close()
    with pytest.raises(bhashatts.Error) as raised:
        engine.synthesize(OTHER)
    assert raised.value.code is ErrorCode.CLOSED
    assert bytes(speech.audio)[:4] == b"RIFF"


def test_codes_are_those_of_the_library() -> None:
    from bhashatts import _core

    for code in ErrorCode:
        assert _core.error_name(code) == code.name.lower()
    known = {int(code) for code in ErrorCode}
    others = {n for n in range(1, 700) if n not in known and _core.error_name(n) != "internal"}
    assert others == set()
