"""16-bit mono WAV: what every decoder reads, with a header that tells the true length."""

from __future__ import annotations

import io
import wave

import numpy as np
import numpy.typing as npt

Waveform = npt.NDArray[np.float32]


class NoSpeech(RuntimeError):
    """The model made nothing that can be played. Another seed may."""


def to_wav(samples: Waveform, sampling_rate: int) -> bytes:
    """Clips to [-1, 1]. Raises NoSpeech for no samples, or ones that are no numbers."""
    if samples.ndim != 1 or samples.size == 0 or not np.isfinite(samples).all():
        raise NoSpeech("the model made no playable audio")
    scaled = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sampling_rate)
        file.writeframes(scaled.tobytes())
    return out.getvalue()
