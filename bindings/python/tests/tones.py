"""A voice of Python's: buzzes that the engine takes for speech, and what they say."""

from __future__ import annotations

import collections
import math
import struct
import threading
import wave
from collections.abc import Callable
from io import BytesIO
from typing import Any

import bhashatts

PAGE = "एक घने जंगल में एक छोटा सा खरगोश रहता था। उसका नाम चीकू था और उसे गाजर बहुत पसंद थी।"
OTHER = "बादल गरजे और मोर नाच उठा।"
RATE = 8000

INDIAN = range(0x900, 0xD80)  # blocks of 128 code points, alike


def syllables(text: str) -> int:
    """Letters that are no vowel signs."""
    letters = sum(1 for c in text if ord(c) in INDIAN and 0x04 <= ord(c) & 0x7F <= 0x39)
    joined = sum(1 for c in text if ord(c) in INDIAN and ord(c) & 0x7F == 0x4D)
    return max(1, letters - joined)


def tone(text: str) -> bytes:
    """A buzz that swells and dies away with each syllable, and is quiet at its end: a WAV file."""
    count = int(RATE * (0.3 + 0.16 * syllables(text)))
    loud = count - RATE // 8
    samples = bytearray()
    for i in range(count):
        swell = max(0.0, math.sin(math.pi * (i % 1300) / 1300)) if i < loud else 0.0
        samples += struct.pack("<h", int(6000 * swell * math.sin(0.14 * i)) + (i * 7919) % 31 - 15)
    file = BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(bytes(samples))
    return file.getvalue()


class Tone(bhashatts.Synthesizer):
    """Speaks a tone and counts its calls; `instead` is called in its place where it is set."""

    def __init__(self, name: str = "test/tone@1", concurrency: int = 4) -> None:
        self.name = name
        self.concurrency = concurrency
        self.calls: collections.Counter[str] = collections.Counter()
        self.instead: Callable[[bhashatts.SynthesisRequest], Any] | None = None
        self.held = threading.Event()  # somebody waits whom hold() has made wait
        self._lock = threading.Lock()
        self._made: dict[str, bytes] = {}

    def identity(self) -> str:
        return self.name

    def limits(self) -> bhashatts.SynthesizerLimits:
        return bhashatts.SynthesizerLimits(
            max_aksharas=50, concurrency=self.concurrency, max_cost_micro_usd=100
        )

    def synthesize(self, request: bhashatts.SynthesisRequest) -> Any:
        with self._lock:
            self.calls[request.text] += 1
        if self.instead is not None:
            return self.instead(request)
        return bhashatts.SynthesisResult(self.speak(request.text), cost_micro_usd=7)

    def speak(self, text: str) -> bytes:
        """The tone, made once."""
        if text not in self._made:
            self._made[text] = tone(text)
        return self._made[text]

    def hold(self) -> threading.Event:
        """Until the event is set, who is called waits."""
        go_on = threading.Event()
        self.held.clear()

        def wait(request: bhashatts.SynthesisRequest) -> bytes:
            self.held.set()
            go_on.wait(60)
            return self.speak(request.text)

        self.instead = wait
        return go_on
