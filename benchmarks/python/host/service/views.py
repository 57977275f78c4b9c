"""The view of a service that keeps its audio in Redis, files and rows, written afresh: what it does
for one page is what a hit costs there, and nothing is done twice or badly that need not be.
"""

from __future__ import annotations

from typing import Any

import guide
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.http import HttpResponse
from library.models import Story, StoryPage
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from host.service.models import Page, Usage


def stored_name(key: str) -> str:
    """Of its file in the storage."""
    return f"audio/{key}.wav"


class Service(guide.Service):
    """With files behind Redis, which holds audio for a day."""

    def audio_of(self, key: str) -> bytes:
        audio: bytes | None = cache.get(key)
        if audio is None:
            with default_storage.open(stored_name(key), "rb") as file:
                audio = file.read()
            cache.set(key, audio, guide.TTL)
        return audio


class StoryPageAudio(APIView):
    """The audio of a page, out of a worker's memory."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "tts"
    service = Service("default", Page, Usage)

    def get(self, request: Request, story_id: Any, page_number: int) -> Response | HttpResponse:
        """All of it, every time."""
        style = request.query_params.get("voice_style", "storyteller")
        try:
            story = Story.objects.get(id=story_id)
            page = StoryPage.objects.get(story=story, page_number=page_number)
        except (Story.DoesNotExist, StoryPage.DoesNotExist):
            return Response({"detail": "There is no such page"}, status=404)
        audio = self.service.hit(page.text_content, story.language, style)
        return HttpResponse(
            audio,
            content_type="audio/wav",
            headers={
                "Content-Disposition": f'inline; filename="page_{page_number}.wav"',
                "Content-Length": str(len(audio)),
                "X-TTS-Cached": "true",
                "X-Story-ID": str(story_id),
                "X-Page-Number": str(page_number),
                "Cache-Control": "public, max-age=604800",
            },
        )
