"""What a host may say: who hears what, which texts are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bhashatts.django.stories import Page, Stories, Story


def not_about_lions(text: str, language: str, user: Any) -> str | None:
    """For MODERATE."""
    assert language
    assert user.is_authenticated
    return "No lions, please" if "शेर" in text else None


def not_asha(user: Any, story: Story) -> bool:
    """For MAY_HEAR."""
    assert story.origin.title == story.title
    return bool(user.username != "asha")


def everybody(user: Any) -> bool:
    """For IS_ADMIN."""
    return bool(user.is_authenticated)


class AnyStory(Stories):
    """For STORIES: one under each id."""

    def story(self, story_id: str) -> Story | None:
        return Story(story_id, "चाँद", "HINDI")

    def pages(self, story: Story) -> list[Page]:
        return [Page(1, "चाँद निकला।")]

    def all(self, language: str = "") -> Iterator[Story]:
        yield from ()


class TemplateMiddleware:
    """For MIDDLEWARE: gives templates something more."""

    def __init__(self, get_response: Any) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> Any:
        return self._get_response(request)

    def process_template_response(self, request: Any, response: Any) -> Any:
        """As hosts have it."""
        response.context_data = {**(response.context_data or {}), "path": request.path}
        assert response.template_name is None
        return response
