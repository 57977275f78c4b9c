"""POST tts/ and GET stories/.../audio/: text in, audio out."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request

from bhashatts.django import conf, policy
from bhashatts.django.api import schema
from bhashatts.django.api.answers import Kind
from bhashatts.django.api.base import Refused, View, flag_of, page_of, style_of
from bhashatts.django.api.formats import AUDIO_RENDERERS, AudioNegotiation
from bhashatts.django.api.serializers import TtsRequest
from bhashatts.django.api.speaking import Wanted, speak
from bhashatts.django.stories import Page, Story


class TextToSpeech(View):
    """The speech of a free text."""

    renderer_classes = AUDIO_RENDERERS
    content_negotiation_class = AudioNegotiation
    parser_classes = (JSONParser, FormParser)

    @schema.tts
    def post(self, request: Request) -> HttpResponseBase:
        """Speak a text.

        It is never stored by caches: it may be a child's own.
        """
        members = TtsRequest.members(request.data)
        text, language = members["text"], members["language"]
        against = policy.why_not(text, language, request.user)
        if against is not None:
            raise Refused(against)
        wanted = Wanted(
            text=text,
            language=language,
            voice_style=members.get("voice_style"),
            format=request.accepted_renderer.format,
            user_id=str(request.user.pk),
        )
        return speak(request._request, wanted, Kind("speech", "private, no-store"))


class StoryPageAudio(View):
    """The speech of a page."""

    renderer_classes = AUDIO_RENDERERS
    content_negotiation_class = AudioNegotiation

    @schema.page_audio
    def get(self, request: Request, story_id: str, page_number: int) -> HttpResponseBase:
        """Hear a page.

        One that was made before comes at once; a new one is made now. HEAD makes nothing: 404 says
        that it was not made yet.
        """
        style = style_of(request)
        stream = flag_of(request, "stream")
        story, page = page_of(request, story_id, page_number)
        user_id = str(request.user.pk)
        return read_aloud(
            request._request, story, page, style, request.accepted_renderer.format, user_id, stream
        )

    head = get


def read_aloud(  # noqa: PLR0913, PLR0917  # what a reading is
    request: Any,
    story: Story,
    page: Page,
    voice_style: str | None,
    format: str,  # as everywhere
    user_id: str,
    stream: bool = False,
) -> HttpResponseBase:
    """A page's speech as an answer; for the signed URL too. Raises Throttled."""
    wanted = Wanted(page.text, story.language, voice_style, format, user_id, story.id, page.number)
    kind = Kind(
        filename=f"page_{page.number}",
        cache_control=conf.settings().page_cache_control,
        headers={"X-Story-ID": story.id, "X-Page-Number": str(page.number)},
        in_store=True,
    )
    return speak(request, wanted, kind, stream=stream)
