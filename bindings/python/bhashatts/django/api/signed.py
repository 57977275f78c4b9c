"""A URL that an <audio> element can play: it cannot send an Authorization header."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from bhashatts.django import conf
from bhashatts.django.api import schema
from bhashatts.django.api.base import DatabaseAway, Refused, View, page_of, style_of
from bhashatts.django.api.formats import AUDIO_RENDERERS, FORMATS, liked
from bhashatts.django.api.problems import SOON, Problem
from bhashatts.django.api.speaking import refuse
from bhashatts.django.api.speech import read_aloud
from bhashatts.django.engine import engine
from bhashatts.django.pages import book
from bhashatts.django.stories import NoStories

_SALT = "bhashatts.django.audio"
_GONE = Problem(403, "This URL works no more: ask for another", "url_expired")
_AWAY = Problem(503, DatabaseAway.default_detail, "database_away", SOON)


class AudioUrl(View):
    """Gives a signed URL of a page's audio to who may hear the page."""

    @schema.audio_url
    def get(self, request: Request, story_id: str, page_number: int) -> Response:
        """A short-lived URL of a page's audio, which plays without a header."""
        style = style_of(request)
        # Not ?format=, by which REST framework chooses how this very answer looks.
        audio_format = request.query_params.get("audio_format", "")
        if audio_format and audio_format not in FORMATS:
            raise Refused(f"Invalid audio_format. Must be one of: {list(FORMATS)}")
        story, page = page_of(request, story_id, page_number)
        user_id = str(request.user.pk)
        token = signing.dumps([story.id, page.number, style, audio_format, user_id], salt=_SALT)
        kept = engine().lookup(
            page.text, story.language, style, audio_format or "wav", user_id=user_id
        )
        return Response(
            {
                "data": {
                    "url": reverse("speech:signed-audio", args=[token], request=request),
                    "expires_in": conf.settings().audio_url_seconds,
                    "cached": kept is not None,
                }
            }
        )


@transaction.non_atomic_requests  # ATOMIC_REQUESTS would begin with the database
def signed_audio(request: HttpRequest, token: str) -> HttpResponseBase:
    """The audio that a signed URL names; no session, no user, and while they last no database.

    Not counted by `user`: a seek is a request, and children seek; what costs is counted.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    seconds = conf.settings().audio_url_seconds
    try:
        named: list[Any] = signing.loads(token, salt=_SALT, max_age=seconds)
        story_id, page_number, style, audio_format, user_id = named
    except (signing.BadSignature, ValueError):
        return refuse(_GONE)
    # Signed when the page was there, and for as long as this text is good for.
    try:
        story, page = book.find(story_id, page_number, good_for=seconds)
    except (OperationalError, InterfaceError):  # a page that this process never read
        return refuse(_AWAY)
    except NoStories:  # none any more
        story, page = None, None
    if story is None or page is None:
        return refuse(Problem(404, "Story not found", "not_found"))
    chosen = audio_format or _format_for(request.headers.get("Accept", "") or "*/*")
    response: HttpResponseBase
    try:
        response = read_aloud(request, story, page, style, chosen, user_id)
        if not audio_format:
            patch_vary_headers(response, ["Accept"])
        return response
    except Throttled as reason:
        response = JsonResponse({"detail": str(reason.detail)}, status=429)
        response["Retry-After"] = str(int(reason.wait or SOON))
        return response


def _format_for(accept: str) -> str:
    """What is liked best; wav where nothing is: a player that says so plays it all the same."""
    marks = [liked(accept, (one.media_type, *one.also)) for one in AUDIO_RENDERERS]
    return FORMATS[marks.index(max(marks))]
