"""What the benchmarks speak, and the voice that speaks it.

Pages are of the length of a story's page, 153 characters in the median, in words of our own, and no
two alike. The voice buzzes in syllables, as long as the text takes, so that the engine's check of
what it pays for lets it pass.
"""

from __future__ import annotations

import array
import io
import itertools
import math
import threading
import time
import wave

import bhashatts

SENTENCES = (
    "नानी ने आँगन में दाना डाला और गौरैया का झुंड उतर आया।",
    "मीरा ने लाल पतंग उड़ाई, जो बादलों तक पहुँच गई।",
    "रात भर बारिश हुई और सुबह तालाब में मेंढक गाने लगे।",
    "बूढ़े बरगद के नीचे सब बच्चे मिलकर झूला झूल रहे थे।",
    "छोटा हाथी नदी पार करने से डरता था, पर माँ साथ थी।",
    "दादाजी की पुरानी घड़ी में एक नन्ही चिड़िया रहती थी।",
    "बाज़ार से लौटते हुए चिंटू को रास्ते में एक पिल्ला मिला।",
    "चाँदनी में खेत चमक रहे थे और जुगनू टिमटिमा रहे थे।",
)
# Of three sentences each; in memory all at once.
PAGES = [" ".join(three) for three in itertools.combinations(SENTENCES, 3)][:32]

INDIAN = range(0x900, 0xD80)


def syllables(text: str) -> int:
    """Letters that are no vowel signs, without those that are joined to another."""
    letters = sum(1 for c in text if ord(c) in INDIAN and 0x04 <= ord(c) & 0x7F <= 0x39)
    return max(1, letters - sum(1 for c in text if ord(c) in INDIAN and ord(c) & 0x7F == 0x4D))


def buzz(seconds: float, rate: int) -> bytes:
    """Swells and dies away with each syllable, and is quiet at its end: a WAV file."""
    count = int(seconds * rate)
    loud = count - rate // 8
    syllable = int(0.16 * rate)
    swell = [math.sin(math.pi * i / syllable) for i in range(syllable)]
    samples = array.array(
        "h",
        (
            int(6000 * (swell[i % syllable] if i < loud else 0) * math.sin(1131 * i / rate))
            + (i * 7919) % 17
            - 8
            for i in range(count)
        ),
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


class Buzzer(bhashatts.Synthesizer):
    """Takes `wait` seconds for each call, in which it does not hold the interpreter's lock."""

    def __init__(self, rate: int = 8000, concurrency: int = 4, wait: float = 0.0) -> None:
        self.rate = rate
        self.concurrency = concurrency
        self.wait = wait
        self._made: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def identity(self) -> str:
        """Of its rate, which is heard."""
        return f"bench/buzzer@{self.rate}"

    def limits(self) -> bhashatts.SynthesizerLimits:
        """As it was told."""
        return bhashatts.SynthesizerLimits(concurrency=self.concurrency)

    def synthesize(self, request: bhashatts.SynthesisRequest) -> bytes:
        """What speak makes, after a while."""
        time.sleep(self.wait)
        return self.speak(request.text)

    def speak(self, text: str) -> bytes:
        """The buzz of so many syllables, made once."""
        count = syllables(text)
        with self._lock:
            if count not in self._made:
                self._made[count] = buzz(0.3 + 0.16 * count, self.rate)
            return self._made[count]


def opened(folder: str, voice: Buzzer) -> bhashatts.TtsEngine:
    """An engine of its own in a folder."""
    return bhashatts.TtsEngine(
        environment=False,
        data_dir=folder,
        synthesizer=voice,
        max_attempts=1,
        min_free_bytes=1 << 20,
    )
