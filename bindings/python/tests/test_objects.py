"""The objects that an engine gives: who makes them, and who collects them."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from tones import PAGE

import bhashatts
from bhashatts import _core


@pytest.mark.parametrize("kind", [bhashatts.Speech, bhashatts.Audio, _core.Stream])
def test_only_an_engine_makes_them(kind: Any) -> None:
    for make in (kind, lambda: kind.__new__(kind), lambda: object.__new__(kind)):
        with pytest.raises(TypeError):
            make()


def test_an_engine_that_keeps_its_speech_is_collected(
    opened: Callable[..., bhashatts.TtsEngine], request: pytest.FixtureRequest
) -> None:
    engine: Any = opened()
    engine.last = engine.synthesize(PAGE)
    gone = weakref.ref(engine)
    request.getfixturevalue("engines").clear()
    del engine
    gc.collect()
    assert gone() is None
    _core.wait_for_closings()


def test_a_place_far_behind_the_end_of_audio_reads_nothing(engine: bhashatts.TtsEngine) -> None:
    audio = engine.synthesize(PAGE).audio
    for _ in range(4):
        assert audio.seek(1 << 61, 1) == 1 << 61
    assert audio.read() == b""
    assert audio.seek(-(1 << 62), 1) == 0
