"""What the OpenAPI schema says of the endpoints, where drf-spectacular is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bhashatts.django.conf import STYLES

try:
    from drf_spectacular.extensions import OpenApiSerializerExtension
    from drf_spectacular.types import OpenApiTypes
    from drf_spectacular.utils import (
        OpenApiParameter,
        OpenApiResponse,
        extend_schema,
        extend_schema_field,
    )

    class Closed(OpenApiSerializerExtension):  # type: ignore[no-untyped-call, unused-ignore]
        """Says that members which are not known are refused."""

        target_class = "bhashatts.django.api.serializers.ClosedBody"
        match_subclasses = True

        def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
            """The serializer's schema."""
            found = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
            return {**found, "additionalProperties": False}

except ImportError:
    extend_schema = None

Decorator = Callable[[Any], Any]
FORMATS = ("wav", "mp3", "opus", "flac")
_AUDIO = ("audio/wav", "audio/mpeg", "audio/ogg", "audio/flac")
_SAYS = {
    302: "The audio is at Location (DELIVERY: redirect)",
    304: "What the client has is still right",
    400: "Bad input",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not there",
    406: "None of the formats is accepted",
    415: "The body is neither JSON nor a form",
    416: "The range lies behind the end",
    422: "The page cannot be spoken: its text is empty, or too long",
    429: "Too many requests; Retry-After says when to come back",
    503: "Not now; Retry-After says when to come back, where that is known",
}


def _described(build: Callable[[], dict[str, Any]]) -> Decorator:
    """Lazily: serializers import this module's users."""
    if extend_schema is None:
        return lambda method: method
    return lambda method: extend_schema(**build())(method)


def text(field: Any) -> Any:
    """Decorates a serializer's field: it is a string. Its bounds are not those of JSON: what is
    counted is what is spoken of it.
    """
    if extend_schema is None:
        return field
    return extend_schema_field({"type": "string", "minLength": 1})(field)


def _problems(*statuses: int) -> dict[Any, Any]:
    from bhashatts.django.api.serializers import Problem

    bodiless = {302, 304, 416}
    return {
        (status, "application/json") if status not in bodiless else status: OpenApiResponse(
            None if status in bodiless else Problem, _SAYS[status]
        )
        for status in statuses
    }


def _audio(*statuses: int) -> dict[Any, Any]:
    return {
        (status, media_type): OpenApiTypes.BINARY for status in statuses for media_type in _AUDIO
    }


def _query(name: str, description: str, values: tuple[str, ...]) -> Any:
    return OpenApiParameter(name, str, "query", enum=values, description=description)


def _story_id() -> Any:
    return OpenApiParameter("story_id", str, "path", description="The story's primary key")


def _page() -> list[Any]:
    number = {"type": "integer", "minimum": 0}  # a URL with a sign in it is no page's
    return [_story_id(), OpenApiParameter("page_number", number, "path", description="From 1")]


def _style() -> Any:
    return _query("voice_style", "By default storyteller", STYLES)


def _format() -> Any:
    return _query("format", "In the place of Accept", FORMATS)


tts = _described(
    lambda: {
        "request": _serializers().TtsRequest,
        "parameters": [_format()],
        "responses": {**_audio(200), **_problems(400, 401, 403, 406, 415, 429, 503)},
    }
)
page_audio = _described(
    lambda: {
        "parameters": [
            *_page(),
            _style(),
            _format(),
            OpenApiParameter(
                "stream", bool, "query", description="Send a new page (wav) as it is being made"
            ),
        ],
        "responses": {
            **_audio(200, 206),
            **_problems(302, 304, 400, 401, 403, 404, 406, 416, 422, 429, 503),
        },
    }
)
audio_url = _described(
    lambda: {
        "parameters": [
            *_page(),
            _style(),
            _query("audio_format", "By default what the player likes best", FORMATS),
        ],
        "responses": {
            200: _serializers().AudioUrlAnswer,
            **_problems(400, 401, 403, 404, 406, 422, 429, 503),
        },
    }
)
timings = _described(
    lambda: {
        "parameters": [*_page(), _style(), _query("format", "", ("json", "vtt"))],
        "responses": {
            (200, "application/json"): _serializers().TimingsAnswer,
            (200, "text/vtt"): OpenApiTypes.STR,
            **_problems(304, 400, 401, 403, 404, 406, 422, 429, 503),
        },
    }
)
status = _described(
    lambda: {
        "responses": {
            200: _serializers().StatusAnswer,
            (503, "application/json"): OpenApiResponse(
                _serializers().StatusAnswer, "Only what is kept can be heard"
            ),
            **_problems(401, 403, 406, 429),
        }
    }
)
prewarm = _described(
    lambda: {
        "request": _serializers().PrewarmRequest,
        "parameters": [_story_id()],
        "responses": {
            202: _serializers().JobAnswer,
            **_problems(400, 401, 403, 404, 406, 415, 429, 503),
        },
    }
)
prewarm_job = _described(
    lambda: {
        "responses": {
            200: _serializers().JobAnswer,
            **_problems(401, 403, 404, 406, 429, 503),
        }
    }
)
prewarm_cancel = _described(
    lambda: {
        "responses": {
            202: _serializers().JobAnswer,
            **_problems(401, 403, 404, 406, 429, 503),
        }
    }
)


def _serializers() -> Any:
    from bhashatts.django.api import serializers

    return serializers
