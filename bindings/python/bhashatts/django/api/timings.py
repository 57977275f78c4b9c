"""When which word of a page is heard."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from bhashatts.django.api import conditional, schema
from bhashatts.django.api.base import View, page_of, style_of
from bhashatts.django.api.formats import AudioNegotiation, AudioRenderer
from bhashatts.django.api.speaking import NOT_MADE, refuse
from bhashatts.django.engine import engine


class Json(AudioRenderer):
    """Timings as JSON."""

    media_type, format = "application/json", "json"


class WebVtt(AudioRenderer):
    """Timings as WebVTT, for a <track>."""

    media_type, format = "text/vtt", "vtt"


class StoryPageTimings(View):
    """The timings of a page that was made."""

    renderer_classes = (Json, WebVtt)
    content_negotiation_class = AudioNegotiation

    @schema.timings
    def get(self, request: Request, story_id: str, page_number: int) -> HttpResponseBase:
        """When each sentence and word of a page is heard.

        For a page whose audio was not made yet: 404. This makes nothing.
        """
        style = style_of(request)
        story, page = page_of(request, story_id, page_number)
        speech = engine().lookup(page.text, story.language, style, user_id=str(request.user.pk))
        if speech is None:
            return refuse(NOT_MADE)
        chosen = request.accepted_renderer
        etag = f'"{speech.cache_key}.{chosen.format}"'
        if conditional.matches(request.headers.get("If-None-Match"), etag):
            response: HttpResponse = HttpResponseNotModified()
        elif chosen.format == "vtt":
            response = HttpResponse(speech.webvtt(), content_type="text/vtt; charset=utf-8")
        else:
            body = f'{{"data": {speech.timings_json().strip()}}}'
            response = HttpResponse(body, content_type="application/json")
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        response["X-Story-ID"] = story.id
        response["X-Page-Number"] = str(page.number)
        return response
