"""A voice without weights: tones that tell what was asked for.

A tone's pitch follows from the seed and its length from the text, so that a test can see from the
audio whose it is. Three texts misbehave: see FakeVoice.speak.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from parler_voice.model import ModelSettings
from parler_voice.wav import Waveform

RATE = 44_100
SAMPLES_A_CHARACTER = 441
REVISION = "0123456789abcdef0123456789abcdef01234567"


class FakeVoice:
    """Remembers what it was asked in `asked`."""

    name = "fake/voice"
    revision = REVISION
    sampling_rate = RATE

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], tuple[str, ...], int]] = []

    def speak(self, texts: Sequence[str], descriptions: Sequence[str], seed: int) -> list[Waveform]:
        self.asked.append((tuple(texts), tuple(descriptions), seed))
        return [self._one(text, seed) for text in texts]

    def _one(self, text: str, seed: int) -> Waveform:
        if text == "wait":
            wait_at_gate()
        if text == "fail":
            raise ValueError(f"cannot speak {text}, a secret of the caller's")
        if text == "silence":
            return np.zeros(0, np.float32)
        time_axis = np.arange(len(text) * SAMPLES_A_CHARACTER, dtype=np.float32) / RATE
        tone = 0.5 * np.sin(2 * np.pi * (200 + seed % 1_000) * time_axis)
        return tone.astype(np.float32)


def wait_at_gate() -> None:
    """Says in the folder FAKE_GATE that it is here, and stays until the test lets it go on."""
    gate = Path(os.environ["FAKE_GATE"])
    (gate / "arrived").touch()
    until = time.monotonic() + 20
    while not (gate / "open").exists() and time.monotonic() < until:
        time.sleep(0.005)


def load(settings: ModelSettings) -> FakeVoice:
    """In place of parler_voice.model.load; FAKE_LOAD says how it goes."""
    how = os.environ.get("FAKE_LOAD", "")
    if how == "fail":
        raise OSError(f"no access to {settings.name}")
    if how == "wait":
        wait_at_gate()
    return FakeVoice()
