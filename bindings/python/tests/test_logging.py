"""The engine's log lines, in Python's logging."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts import Error, ErrorCode

Open = Callable[..., bhashatts.TtsEngine]
OURS = logging.getLogger("bhashatts")


class Kept(logging.Handler):
    """Keeps records; `also` is called with each."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.also: Callable[[logging.LogRecord], object] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        if self.also is not None:
            self.also(record)

    def lines(self) -> list[str]:
        return [f"{one.levelname} {one.name}: {one.getMessage()}" for one in self.records]


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    before = OURS.level, OURS.propagate
    OURS.addHandler(handler)
    OURS.setLevel(logging.INFO)
    yield handler
    OURS.removeHandler(handler)
    OURS.setLevel(before[0])
    OURS.propagate = before[1]


class Trouble(bhashatts.EventSink):
    """An observer whose database repeats what it was given."""

    name = "trouble"

    def deliver(self, events: list[dict[str, Any]]) -> None:
        raise ValueError(f"cannot store {events}")


def fail(request: bhashatts.SynthesisRequest) -> bytes:
    raise KeyError(request.text)


def test_names_are_components_and_levels_are_levels(
    engine: bhashatts.TtsEngine, voice: Tone, kept: Kept
) -> None:
    voice.instead = fail
    with pytest.raises(Error):
        engine.synthesize(OTHER)
    assert kept.records
    assert all(one.name.startswith("bhashatts.") for one in kept.records)
    assert {one.levelno for one in kept.records} <= {20, 30, 40}
    assert any(line.startswith("WARNING bhashatts.attempts: attempt 1") for line in kept.lines())
    assert all(one.msg == "%s" for one in kept.records)  # percent signs in messages are their own


def session(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    """All that a host may do, and all that may go wrong with it."""
    engine.synthesize(PAGE, user_id="asha", story_id="moon", page_number=1)
    engine.synthesize(PAGE, format="opus")
    list(engine.stream(OTHER))
    engine.lookup(PAGE)
    engine.reject(PAGE)
    for instead in (fail, lambda _request: b"<html>", lambda _request: None):
        voice.instead = instead
        for text in (PAGE, "नया पन्ना " + PAGE):
            with pytest.raises(Error):
                engine.synthesize(text)
    engine.prewarm([{"story_id": "s", "title": PAGE, "language": "HINDI", "pages": [OTHER, PAGE]}])
    voice.instead = None
    engine.synthesize(PAGE)
    engine.forget_text(PAGE)
    engine.verify(repair=True)
    engine.clear(all=True)
    for _ in range(3):
        engine.flush()
    engine.close()


def words_of(text: str) -> set[str]:
    return {word for word in text.split() if len(word) > 2}


def test_no_line_above_debug_holds_a_word_of_a_page(opened: Open, voice: Tone, kept: Kept) -> None:
    OURS.setLevel(logging.DEBUG)
    session(opened(event_sinks=[Trouble()]), voice)
    loud = [line for line in kept.lines() if not line.startswith("DEBUG")]
    assert any("trouble" in line for line in loud)
    assert any("KeyError" in line for line in loud)
    for word in words_of(PAGE) | words_of(OTHER):
        assert [line for line in loud if word in line] == []


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR, logging.CRITICAL])
def test_levels_above_debug_are_heard_at_once(
    engine: bhashatts.TtsEngine, voice: Tone, kept: Kept, level: int
) -> None:
    voice.instead = fail
    OURS.setLevel(level)
    with pytest.raises(Error):
        engine.synthesize(OTHER)
    assert all(one.levelno >= level for one in kept.records)
    assert (level <= logging.WARNING) == bool(kept.records)


def test_logging_can_be_switched_off(engine: bhashatts.TtsEngine, voice: Tone, kept: Kept) -> None:
    voice.instead = fail
    logging.disable()
    try:
        with pytest.raises(Error):
            engine.synthesize(OTHER)
    finally:
        logging.disable(logging.NOTSET)
    assert not kept.records


def test_a_handler_that_raises_costs_no_request(
    engine: bhashatts.TtsEngine,
    voice: Tone,
    kept: Kept,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    def burst(_record: logging.LogRecord) -> None:
        raise OSError("the disk is full")

    kept.also = burst
    voice.instead = fail
    with pytest.raises(Error) as raised:
        engine.synthesize(OTHER)
    assert raised.value.code is ErrorCode.PLUGIN_FAILED
    assert [str(one.exc_value) for one in told] == ["the disk is full"] * len(kept.records)
    voice.instead = None
    assert engine.synthesize(OTHER).origin == "synthesized"


def test_a_handler_that_calls_the_engine_is_refused(
    engine: bhashatts.TtsEngine, voice: Tone, kept: Kept
) -> None:
    engine.synthesize(PAGE)
    codes: list[ErrorCode] = []

    def ask(_record: logging.LogRecord) -> None:
        for call in (engine.stats, lambda: engine.synthesize(PAGE), lambda: engine.lookup(OTHER)):
            try:
                call()
            except Error as error:
                codes.append(error.code)

    kept.also = ask
    voice.instead = fail
    with pytest.raises(Error):
        engine.synthesize(OTHER)
    assert codes == [ErrorCode.BAD_REQUEST] * 3 * len(kept.records)
    assert codes
    assert engine.stats().total_entries == 1


def test_opening_many_engines_adds_no_sink_each(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library keeps every sink it was ever given: a thread may be in it."""
    from bhashatts import _core

    given: list[int] = []
    monkeypatch.setattr(_core, "set_log", lambda _write, least: given.append(least))
    for _ in range(3):
        opened()
    assert given == []


def test_a_level_that_changes_later_is_heard(
    engine: bhashatts.TtsEngine, voice: Tone, kept: Kept
) -> None:
    OURS.setLevel(logging.CRITICAL)
    voice.instead = fail
    with pytest.raises(Error):
        engine.synthesize(OTHER)
    assert not kept.records
    OURS.setLevel(logging.INFO)
    alone = logging.getLogger("bhashatts.attempts")
    alone.setLevel(logging.ERROR)
    try:
        with pytest.raises(Error):
            engine.synthesize(OTHER)
        assert not [one for one in kept.records if one.name == alone.name]
    finally:
        alone.setLevel(logging.NOTSET)
    with pytest.raises(Error):
        engine.synthesize("नया पन्ना")
    assert [one for one in kept.records if one.name == alone.name]


def test_lines_of_debug_come_where_they_are_wanted(kept: Kept) -> None:
    """The engine has few: this is the way they go."""
    from bhashatts import _process

    _process._write(logging.DEBUG, "redis.lease", "it is over")
    assert not kept.records
    logging.getLogger("bhashatts.redis").setLevel(logging.DEBUG)
    try:
        _process._write(logging.DEBUG, "redis.lease", "it is 100% over")
    finally:
        logging.getLogger("bhashatts.redis").setLevel(logging.NOTSET)
    assert kept.lines() == ["DEBUG bhashatts.redis.lease: it is 100% over"]
