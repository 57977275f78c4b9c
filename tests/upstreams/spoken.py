"""Speech for the servers of these tests: espeak-ng in place of a model."""

from __future__ import annotations

import io
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

ESPEAK_RATE = 22_050


def wav_of(text: str, pitch: int = 50) -> bytes:
    """A whole WAV file, 16 bits, mono. In Hindi, which is what the tests here speak."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        command = ["espeak-ng", "-v", "hi", "-p", str(pitch), "-w", str(path), "--", text]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        return path.read_bytes()


def samples_in(wav: bytes) -> Samples:
    """Of a WAV of espeak-ng's own rate, which is what must come back."""
    with wave.open(io.BytesIO(wav)) as reader:
        assert (reader.getnchannels(), reader.getsampwidth()) == (1, 2)
        assert reader.getframerate() == ESPEAK_RATE
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2")


def samples_of(text: str, pitch: int = 50) -> Samples:
    return samples_in(wav_of(text, pitch))
