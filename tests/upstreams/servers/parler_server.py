"""deploy/parler's server as it is, with espeak-ng in place of the weights."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import server
from parler_voice.model import ModelSettings, Voice
from parler_voice.wav import Waveform
from recording import record
from spoken import ESPEAK_RATE, samples_of


class EspeakVoice:
    """The seed decides the pitch: another take is other audio, and the same take the same."""

    revision = "0123456789abcdef0123456789abcdef01234567"
    sampling_rate = ESPEAK_RATE

    def __init__(self, name: str) -> None:
        self.name = name

    def speak(self, texts: Sequence[str], descriptions: Sequence[str], seed: int) -> list[Waveform]:
        for text, description in zip(texts, descriptions, strict=True):
            record(text=text, description=description, seed=seed)
        return [
            samples_of(text, 20 + seed % 60).astype(np.float32) / np.float32(32_767)
            for text in texts
        ]


def load(settings: ModelSettings) -> Voice:
    """Not before the file LOAD_GATE is there, where a test wants to see it loading."""
    gate = os.environ.get("LOAD_GATE", "")
    until = time.monotonic() + 60
    while gate and not Path(gate).exists() and time.monotonic() < until:
        time.sleep(0.01)
    return EspeakVoice(settings.name)


if __name__ == "__main__":
    os.environ["PARLER_PORT"] = os.environ["PORT"]
    sys.exit(server.main(load))
