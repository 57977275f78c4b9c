"""What all endpoints have in common."""

from __future__ import annotations

import logging
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from rest_framework.exceptions import APIException, NotFound, PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import bhashatts
from bhashatts.django import conf, policy
from bhashatts.django.api.problems import SOON, problem_of
from bhashatts.django.api.speaking import refuse
from bhashatts.django.api.throttles import UserThrottle
from bhashatts.django.conf import STYLES
from bhashatts.django.pages import book
from bhashatts.django.stories import NoStories, Page, Story

_log = logging.getLogger("bhashatts.django")


class Refused(APIException):
    """Bad input, in the guide's shape: one sentence."""

    status_code = 400


class AdminOnly(PermissionDenied):
    """For who is signed in and no admin."""

    default_detail = "Admin access required"


class DatabaseAway(APIException):
    """Who asks, and for what, cannot be told just now."""

    status_code = 503
    default_detail = "The service is not available just now"


class View(APIView):
    """For who is signed in; errors are JSON whatever was asked for, and say one sentence."""

    renderer_classes: Any = (JSONRenderer,)  # the host's may be pages of HTML
    permission_classes = (IsAuthenticated,)
    throttle_classes = (UserThrottle,)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Under ATOMIC_REQUESTS no transaction waits with a child for its voice; and one that
        cannot begin, because the database is away, is answered by handle_exception.
        """
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What may be asked for: JSON, which audio/wav in the Accept does not change."""
        response = super().options(request, *args, **kwargs)
        response.content_type = "application/json"
        return response

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, bhashatts.Error):
            problem = problem_of(exc, of_page=False)
            if problem.status >= 500:
                _log.error("TTS error: %s", exc)
            return refuse(problem)
        if isinstance(exc, (OperationalError, InterfaceError)):
            _log.error("the database is away: %s", exc)
            exc = DatabaseAway()
        if isinstance(exc, NoStories):
            exc = NotFound("Story not found")
        response = super().handle_exception(exc)
        response.content_type = "application/json"
        response["Cache-Control"] = "no-store"
        if isinstance(exc, DatabaseAway):
            response["Retry-After"] = str(SOON)
        return response

    def require_admin(self, request: Request) -> None:
        """Raises AdminOnly."""
        if not policy.is_admin_here(request.user):
            raise AdminOnly


def style_of(request: Request) -> str | None:
    """The voice style of the query; None: the default one. Raises Refused."""
    style: str | None = request.query_params.get("voice_style")
    if style is not None and style not in STYLES:
        raise Refused(f"Invalid voice_style. Must be one of: {list(STYLES)}")
    return style


def page_of(request: Request, story_id: str, page_number: int) -> tuple[Story, Page]:
    """The page that a URL names. Raises NotFound, PermissionDenied."""
    story, page = book.find(story_id, page_number, conf.settings().page_seconds)
    if story is None:
        raise NotFound("Story not found")
    if not policy.may_hear(request.user, story):
        raise PermissionDenied("You may not hear this story")
    if page is None:
        raise NotFound(f"Page {page_number} not found")
    return story, page


def flag_of(request: Request, name: str) -> bool:
    """A yes or no of the query. Raises Refused."""
    value: Any = request.query_params.get(name, "false").lower()
    if value not in {"true", "false", "1", "0"}:
        raise Refused(f"Invalid {name}. Must be true or false")
    return value in {"true", "1"}
