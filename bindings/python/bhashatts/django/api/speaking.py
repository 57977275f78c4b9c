"""From what is wanted to an answer: a hit at once, else what costs is counted, and waited for."""

from __future__ import annotations

import dataclasses
import logging

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

import bhashatts
from bhashatts.django import conf
from bhashatts.django.api.answers import Kind, answer
from bhashatts.django.api.problems import Problem, problem_of
from bhashatts.django.api.streaming import streamed
from bhashatts.django.api.throttles import Charge
from bhashatts.django.api.waiting import Awaited, in_event_loop
from bhashatts.django.engine import engine

_log = logging.getLogger("bhashatts.django")
NOT_MADE = Problem(404, "This audio was not made yet", "not_made")


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The speech that a request asks for, and whom it is counted for."""

    text: str
    language: str
    voice_style: str | None
    format: str
    user_id: str
    story_id: str | None = None
    page_number: int | None = None

    @property
    def what(self) -> str:
        """For the log, which never holds the words of a page."""
        return (
            "" if self.story_id is None else f" for story {self.story_id} page {self.page_number}"
        )


def refuse(problem: Problem) -> JsonResponse:
    """A problem as an answer."""
    response = JsonResponse({"detail": problem.detail, "code": problem.code}, status=problem.status)
    if problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    response["Cache-Control"] = "no-store"
    return response


def speak(
    request: HttpRequest, wanted: Wanted, kind: Kind, *, stream: bool = False
) -> HttpResponseBase:
    """The speech, or why not. Raises Throttled where it would cost, and the limit is reached.

    A HEAD makes nothing. stream: what is not there yet is sent as it is made.
    """
    try:
        speech = engine().lookup(**vars(wanted))
        if speech is not None:
            return answer(request, speech, kind)
        if request.method == "HEAD":
            return refuse(NOT_MADE)
    except bhashatts.Error as error:
        return _refused(error, wanted)
    charge = Charge(wanted.user_id, dataclasses.astuple(wanted))
    streams = stream and wanted.format == "wav"
    if in_event_loop(request):
        made = _streamed_in_loop if streams else _made_in_loop
        return Awaited(lambda: made(request, wanted, kind, charge))
    try:
        return (_streamed if streams else _made)(request, wanted, kind, charge)
    except bhashatts.Error as error:
        charge.failed(error)
        return _refused(error, wanted)


def _made(request: HttpRequest, wanted: Wanted, kind: Kind, charge: Charge) -> HttpResponseBase:
    patience = conf.settings().view_timeout
    speech = engine().synthesize(timeout=patience, **vars(wanted))
    if speech.origin != "synthesized":  # another one's wait, which is theirs to be counted for
        charge.take_back()
    return answer(request, speech, kind)


async def _made_in_loop(
    request: HttpRequest, wanted: Wanted, kind: Kind, charge: Charge
) -> HttpResponseBase:
    try:
        patience = conf.settings().async_view_timeout
        speech = await engine().synthesize_async(timeout=patience, **vars(wanted))
    except bhashatts.Error as error:
        await sync_to_async(charge.failed)(error)
        return _refused(error, wanted)
    if speech.origin != "synthesized":
        await sync_to_async(charge.take_back)()
    return answer(request, speech, kind)


# Whether it can be made at all shows with the first sentence: that is waited for. There is no
# timeout, for it would be one of the whole stream, and tear what is being heard.
def _streamed(request: HttpRequest, wanted: Wanted, kind: Kind, charge: Charge) -> HttpResponseBase:
    del request, kind
    stream = engine().stream(**vars(wanted))
    first = next(stream)
    if not first.synthesized:
        charge.take_back()
    return streamed(first, stream, in_loop=False)


async def _streamed_in_loop(
    request: HttpRequest, wanted: Wanted, kind: Kind, charge: Charge
) -> HttpResponseBase:
    del request, kind
    try:
        stream = engine().stream(**vars(wanted))
        first = await stream.__anext__()
    except bhashatts.Error as error:
        await sync_to_async(charge.failed)(error)
        return _refused(error, wanted)
    if not first.synthesized:
        await sync_to_async(charge.take_back)()
    return streamed(first, stream, in_loop=True)


def _refused(error: bhashatts.Error, wanted: Wanted) -> HttpResponseBase:
    problem = problem_of(error, of_page=wanted.story_id is not None)
    if problem.status >= 500:
        _log.error("TTS error%s: %s", wanted.what, error)
    return refuse(problem)
