"""A speech as an answer: whole or in part, from us, from the store, or by nginx."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

import bhashatts
from bhashatts.django import conf
from bhashatts.django.api import conditional
from bhashatts.django.api.audio_response import AudioResponse
from bhashatts.django.engine import data_directory

_EXPOSED = (
    "Content-Length, Content-Range, ETag, Retry-After, X-Page-Number, X-Story-ID, X-TTS-Cached"
)
_EXPOSED += ", X-TTS-Language"


@dataclasses.dataclass(frozen=True)
class Kind:
    """How the answers of one endpoint look."""

    filename: str  # without its extension: "page_3"
    cache_control: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    in_store: bool = False  # the speech has an object of its own there: story pages have


def answer(request: HttpRequest, speech: bhashatts.Speech, kind: Kind) -> HttpResponseBase:
    """What was asked for, or how to get it."""
    etag = f'"{speech.cache_key}.{speech.format}"'
    if request.method in {"GET", "HEAD"}:
        if conditional.matches(request.headers.get("If-None-Match"), etag):
            return _finish(HttpResponseNotModified(), speech, kind, etag)
        elsewhere = _elsewhere(speech) if kind.in_store else None
        if elsewhere is not None:
            return _finish(elsewhere, speech, kind, etag)
    return _finish(_body(request, speech, etag), speech, kind, etag)


def _body(request: HttpRequest, speech: bhashatts.Speech, etag: str) -> HttpResponseBase:
    size = speech.size_bytes
    part = None
    if request.method == "GET":
        headers = request.headers
        try:
            part = conditional.part_of(headers.get("Range"), headers.get("If-Range"), etag, size)
        except conditional.Unsatisfiable:
            response = HttpResponse(status=416)
            del response["Content-Type"]
            response["Content-Range"] = f"bytes */{size}"
            return response
    audio = speech.audio.getbuffer()
    if part is not None:
        response = AudioResponse(audio[part.start : part.stop], status=206)
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
        response["Content-Length"] = str(len(part))
        return response
    response = AudioResponse(audio[:0] if request.method == "HEAD" else audio)
    response["Content-Length"] = str(size)
    return response


def _finish(
    response: HttpResponseBase, speech: bhashatts.Speech, kind: Kind, etag: str
) -> HttpResponseBase:
    if response.status_code not in {304, 416}:
        response["Content-Type"] = speech.media_type
        response["Content-Disposition"] = f'inline; filename="{kind.filename}.{speech.format}"'
    response["ETag"] = etag
    if "X-Accel-Redirect" not in response:  # nginx says so itself, and would say it twice
        response["Accept-Ranges"] = "bytes"
    response.setdefault("Cache-Control", kind.cache_control)
    response["X-TTS-Cached"] = "true" if speech.cached else "false"
    response["X-TTS-Language"] = speech.language
    for name, value in kind.headers.items():
        response[name] = value
    response["Access-Control-Expose-Headers"] = _EXPOSED
    return response


def _elsewhere(speech: bhashatts.Speech) -> HttpResponseBase | None:
    """An answer without the audio; None where it is ours to send."""
    delivery = conf.settings().delivery
    url = speech.url if delivery != "body" else None
    if url is None:
        return None
    if delivery == "x-accel":
        return _by_nginx(url)
    if not url.startswith(("https://", "http://")):
        return None
    response = HttpResponse(status=302)
    response["Location"] = url
    response["Cache-Control"] = "private, no-store"  # it may be signed, for a while
    return response


def _by_nginx(url: str) -> HttpResponseBase | None:
    """X-Accel-Redirect to a file below the data directory; ranges are nginx's matter then."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    try:
        below = pathlib.PurePath(unquote(parts.path)).relative_to(data_directory())
    except ValueError:
        return None
    response = HttpResponse()
    del response["Content-Type"]
    response["X-Accel-Redirect"] = conf.settings().accel_prefix + quote(str(below))
    return response
