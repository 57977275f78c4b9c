"""An engine on a directory of its own, that speaks with a voice of Python's."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tones import Tone

import bhashatts


def caught(call: Callable[[], object]) -> bhashatts.Error:
    """What it raises, whose message is a line."""
    with pytest.raises(bhashatts.Error) as raised:
        call()
    error = raised.value
    assert error.message
    assert "\n" not in error.message
    assert str(error) == f"{error.code.name.lower()}: {error.message}"
    return error


def threads() -> int:
    """Of the process, Python's and the engine's."""
    return len(os.listdir("/proc/self/task"))


# Where tests are run in the background of a shell SIGINT is ignored, and Python leaves it so.
signal.signal(signal.SIGINT, signal.default_int_handler)

SETTINGS = ("BHASHATTS_", "TTS_", "AUDIO_", "HUGGINGFACE_", "AWS_", "REDIS_URL")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the tests' own environment."""
    for name in [name for name in os.environ if name.startswith(SETTINGS)]:
        monkeypatch.delenv(name)


@pytest.fixture
def voice() -> Tone:
    return Tone()


@pytest.fixture
def engines() -> list[bhashatts.TtsEngine]:
    """All that were opened."""
    return []


@pytest.fixture
def opened(
    tmp_path: Path, voice: Tone, engines: list[bhashatts.TtsEngine]
) -> Iterator[Callable[..., bhashatts.TtsEngine]]:
    """Opens engines on one directory; all are closed at the end."""

    def open_engine(**settings: Any) -> bhashatts.TtsEngine:
        given = {
            "data_dir": tmp_path / "data",
            "max_attempts": 1,
            "min_free_bytes": 1 << 20,
            "synthesizer": voice,
            **settings,
        }
        engines.append(bhashatts.TtsEngine(environment=False, **given))
        return engines[-1]

    yield open_engine
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(opened: Callable[..., bhashatts.TtsEngine]) -> bhashatts.TtsEngine:
    return opened()
