"""Which audio format a request gets: what ?format= names, else what Accept likes best."""

from __future__ import annotations

import dataclasses
from typing import Any

from rest_framework.exceptions import NotAcceptable, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request


class AudioRenderer(BaseRenderer):
    """Stands for a format; the bytes are never rendered, only chosen."""

    charset = None
    render_style = "binary"
    also: tuple[str, ...] = ()  # other names of media_type

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> Any:
        """For errors, which are JSON whatever was asked for."""
        return JSONRenderer().render(data, "application/json", renderer_context)


class Wav(AudioRenderer):
    """WAV."""

    media_type, format, also = "audio/wav", "wav", ("audio/x-wav", "audio/wave")


class Mp3(AudioRenderer):
    """MP3."""

    media_type, format, also = "audio/mpeg", "mp3", ("audio/mp3",)


class Opus(AudioRenderer):
    """Opus in Ogg."""

    media_type, format, also = "audio/ogg", "opus", ("audio/opus", "application/ogg")


class Flac(AudioRenderer):
    """FLAC."""

    media_type, format, also = "audio/flac", "flac", ("audio/x-flac",)


AUDIO_RENDERERS = (Wav, Mp3, Opus, Flac)  # who likes several alike gets the first
FORMATS = tuple(renderer.format for renderer in AUDIO_RENDERERS)


@dataclasses.dataclass(frozen=True)
class Liking:
    """One part of an Accept header."""

    kind: str  # "audio/*"
    quality: float  # from 0, not at all, to 1

    @property
    def precision(self) -> int:
        """The more precise part decides: audio/wav over audio/* over */*."""
        return 0 if self.kind == "*/*" else 1 if self.kind.endswith("/*") else 2

    def fits(self, media_type: str) -> bool:
        """Whether it speaks of a type."""
        return self.kind in {"*/*", media_type, media_type.split("/", maxsplit=1)[0] + "/*"}


def likings(accept: str) -> list[Liking]:
    """An Accept header; parts that are none are left out."""
    found = []
    for part in accept.lower().split(",")[:64]:
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        if kind.count("/") != 1:
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        found.append(Liking(kind, quality if quality == quality else 0.0))  # noqa: PLR0124  # NaN
    return found


def liked(accept: str, media_types: tuple[str, ...]) -> float:
    """How well a type under any of its names is liked, from 0 to 1."""
    best: list[tuple[int, float]] = []
    for liking in likings(accept):
        if any(liking.fits(media_type) for media_type in media_types):
            best.append((liking.precision, liking.quality))
    return max(best)[1] if best else 0.0


class AudioNegotiation(BaseContentNegotiation):
    """Heeds q-values, which REST framework's own does not, and answers errors to everyone."""

    def select_parser(self, request: Request, parsers: list[Any]) -> Any:
        """By Content-Type, as REST framework does."""
        from rest_framework.negotiation import DefaultContentNegotiation

        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: list[AudioRenderer], format_suffix: str | None = None
    ) -> tuple[AudioRenderer, str]:
        """Raises ValidationError for a ?format= that there is not, else NotAcceptable."""
        named = request.query_params.get("format")
        if named is not None:
            for renderer in renderers:
                if renderer.format == named:
                    return renderer, renderer.media_type
            names = [renderer.format for renderer in renderers]
            raise ValidationError({"detail": f"Invalid format. Must be one of: {names}"})
        accept = request.headers.get("Accept", "") or "*/*"
        marks = [liked(accept, (one.media_type, *one.also)) for one in renderers]
        best = max(marks)
        if best <= 0:
            raise NotAcceptable
        chosen = renderers[marks.index(best)]
        return chosen, chosen.media_type
