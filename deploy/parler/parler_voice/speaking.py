"""From a request to WAVs, and to the JSON that carries them."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass

from parler_voice.model import Voice
from parler_voice.request import SpeechRequest
from parler_voice.wav import NoSpeech, to_wav


@dataclass(frozen=True)
class Spoken:
    """One WAV a text, and how long the model was at it."""

    wavs: list[bytes]
    sampling_rate: int
    compute_seconds: float


def speak(voice: Voice, request: SpeechRequest) -> Spoken:
    """Raises NoSpeech, and whatever the model raises."""
    start = time.perf_counter()
    waveforms = voice.speak(request.texts, request.descriptions, request.seed)
    compute_seconds = time.perf_counter() - start
    if len(waveforms) != len(request.texts):
        raise NoSpeech("the model did not answer every text")
    wavs = [to_wav(waveform, voice.sampling_rate) for waveform in waveforms]
    return Spoken(wavs, voice.sampling_rate, compute_seconds)


def to_json(spoken: Spoken, request: SpeechRequest) -> dict[str, object]:
    """`audio` is base64 of a WAV, or a list of such where the request was a list."""
    audio = [base64.b64encode(wav).decode("ascii") for wav in spoken.wavs]
    return {
        "audio": audio if request.is_batch else audio[0],
        "sampling_rate": spoken.sampling_rate,
        "compute_seconds": round(spoken.compute_seconds, 3),
    }
