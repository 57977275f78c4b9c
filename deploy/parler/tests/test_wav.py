"""The WAVs that leave here."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from parler_voice.wav import NoSpeech, to_wav


def test_is_16_bit_mono_at_the_rate_given() -> None:
    made = to_wav(np.array([0.0, 0.5, -0.5], np.float32), 44_100)
    with wave.open(io.BytesIO(made)) as file:
        assert file.getparams()[:4] == (1, 2, 44_100, 3)
        assert np.frombuffer(file.readframes(3), "<i2").tolist() == [0, 16384, -16384]


def test_clips_what_is_too_loud() -> None:
    made = to_wav(np.array([2.0, -2.0], np.float32), 8_000)
    assert np.frombuffer(made[44:], "<i2").tolist() == [32767, -32767]


@pytest.mark.parametrize("samples", [[], [0.0, float("nan")], [float("inf")]])
def test_refuses_what_cannot_be_played(samples: list[float]) -> None:
    with pytest.raises(NoSpeech):
        to_wav(np.array(samples, np.float32), 44_100)
