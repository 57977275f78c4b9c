"""A first listen: the page is sent sentence by sentence, each as soon as it is made."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import AsyncIterator, Iterator

from django.http import StreamingHttpResponse

import bhashatts

_ENDLESS = 0xFFFFFFFF  # the size that players take for "not known yet"
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


def header(rate: int) -> bytes:
    """Of 16-bit mono PCM without an end."""
    samples = (b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    return _HEADER.pack(b"RIFF", _ENDLESS, *samples, b"data", _ENDLESS)


class WavPieces:
    """Utterances, each a WAV file, as one WAV without an end."""

    def __init__(self) -> None:
        self._begun = False

    def of(self, utterance: bhashatts.Utterance) -> bytes:
        """The bytes of one utterance and the pause behind it."""
        with wave.open(io.BytesIO(utterance.audio)) as audio:
            rate = audio.getframerate()
            samples: bytes = audio.readframes(audio.getnframes())
        pause = bytes(2 * (rate * utterance.pause_after_ms // 1000))
        begin = b"" if self._begun else header(rate)
        self._begun = True
        return begin + samples + pause


def streamed(
    first: bhashatts.Utterance, rest: bhashatts.SpeechStream, *, in_loop: bool
) -> StreamingHttpResponse:
    """The answer, once the first utterance is there. Who hangs up stops nothing."""
    pieces = WavPieces()

    def one_by_one() -> Iterator[bytes]:
        with rest:
            yield pieces.of(first)
            for utterance in rest:
                yield pieces.of(utterance)

    async def as_they_come() -> AsyncIterator[bytes]:
        with rest:
            yield pieces.of(first)
            async for utterance in rest:
                yield pieces.of(utterance)

    response = StreamingHttpResponse(as_they_come() if in_loop else one_by_one())
    response["Content-Type"] = "audio/wav"
    response["Cache-Control"] = "private, no-store"
    response["X-TTS-Cached"] = "false"
    response["X-Accel-Buffering"] = "no"  # nginx would gather some 1 MB before it sends a byte
    return response
