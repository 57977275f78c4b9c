"""Accept, by itself."""

from __future__ import annotations

import pytest

from bhashatts.django.api.formats import AUDIO_RENDERERS, liked


def chosen(accept: str) -> str | None:
    marks = [liked(accept, (one.media_type, *one.also)) for one in AUDIO_RENDERERS]
    return AUDIO_RENDERERS[marks.index(max(marks))].format if max(marks) > 0 else None


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("*/*", "wav"),
        ("audio/*", "wav"),
        ("audio/mpeg", "mp3"),
        ("audio/opus", "opus"),
        ("AUDIO/OGG ; codecs=opus", "opus"),
        ("audio/x-flac", "flac"),
        ("audio/wav;q=0.5, audio/mpeg;q=0.8", "mp3"),
        ("audio/*;q=0.9, audio/wav;q=0", "mp3"),
        ("*/*;q=0.1, audio/flac;q=0.2", "flac"),
        # What Firefox and Chrome send for an <audio> element.
        ("audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,application/ogg;q=0.7,*/*;q=0.5", "wav"),
        ("audio/wav;q=nan", None),
        ("audio/wav;q=x", None),
        ("text/html", None),
        ("video/*", None),
        ("nonsense, //, /", None),
    ],
)
def test_the_best_liked_format_is_sent(accept: str, name: str | None) -> None:
    assert chosen(accept) == name


def test_a_header_of_any_length_is_read_in_bounded_time() -> None:
    assert chosen("audio/x, " * 100_000 + "audio/flac") is None
