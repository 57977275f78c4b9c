"""The audio of a row, played in the admin. Nothing is ever made here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from bhashatts.django.admin import acts
from bhashatts.django.admin.common import ENGINE_ERRORS
from bhashatts.django.api.answers import Kind, answer
from bhashatts.django.models import AudioCache


def player(url: str, label: str, css: str) -> SafeString:
    """An <audio> that asks for nothing before it is played; admin.js shows why it cannot be."""
    return format_html(
        '<audio class="{}" controls controlslist="nodownload noplaybackrate" preload="none"'
        ' src="{}" aria-label="Listen: {}"></audio>'
        '<span class="bhashatts-why" role="alert" hidden></span>',
        css,
        url,
        label,
    )


@require_safe
def audio(request: HttpRequest, row: AudioCache) -> HttpResponseBase:
    """The speech of a row, whole or in part; else a sentence that says why not."""
    kind = Kind(filename=f"speech_{row.pk}", cache_control="private, no-cache")
    try:
        return answer(request, acts.present(row, request.user), kind)
    except acts.Gone as why:
        return _sentence(str(why), 410)
    except ENGINE_ERRORS as error:
        return _sentence(f"It cannot be heard just now: {error}", 503)


def _sentence(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
