"""Where stories come from. The rest of the app knows this seam and no model.

STORY_MODEL names a model that has `title`, `language` and a reverse relation `pages` of rows with
`page_number` (from 1) and `text_content`. For other names subclass ModelStories, for other places
Stories, and name the class in STORIES.
"""

from __future__ import annotations

import abc
import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from django.db import DataError
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from bhashatts.django import conf

_MOST_BYTES = 256  # of an id: what the engine links pages by
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # NUL ends a text of PostgreSQL, CR LF a header


class NoStories(ImproperlyConfigured):
    """None are set: to the endpoints every story is one that there is not."""


def can_be_id(story_id: str) -> bool:
    """Whether a story may have this id; if not, there is no such story."""
    return (
        len(story_id.encode("utf-8", "replace")) <= _MOST_BYTES
        and _CONTROL.search(story_id) is None
    )


@dataclasses.dataclass(frozen=True)
class Story:
    """A story, without its pages."""

    id: str
    title: str
    language: str  # "HINDI", ...
    origin: Any = None  # what the source made it of, for MAY_HEAR: a model's instance


@dataclasses.dataclass(frozen=True)
class Page:
    """A page of a story."""

    number: int  # from 1
    text: str


class Stories(abc.ABC):
    """What the app asks of stories. Any thread."""

    @abc.abstractmethod
    def story(self, story_id: str) -> Story | None:
        """One story; None where there is none, also for an id that cannot be one."""

    @abc.abstractmethod
    def pages(self, story: Story) -> list[Page]:
        """Its pages, in order."""

    @abc.abstractmethod
    def all(self, language: str = "") -> Iterator[Story]:
        """All of a language ("": of all), in an order that does not change."""

    def page(self, story: Story, number: int) -> Page | None:
        """One page."""
        return next((page for page in self.pages(story) if page.number == number), None)

    def count(self, language: str = "") -> int:
        """How many all() gives."""
        return sum(1 for _ in self.all(language))

    def when_saved(self, saved: Callable[[str], None]) -> None:  # noqa: B027  # a place may be silent
        """Has saved(story_id) called for each story that was saved, or a page of it."""

    def when_changed(self, changed: Callable[[str, str], None]) -> None:  # noqa: B027
        """Has changed(story_id, using) called also for what was deleted, or loaded as a fixture.

        using: the database whose transaction it is part of.
        """


class ModelStories(Stories):
    """Stories of the model that STORY_MODEL names."""

    title_field = "title"
    language_field = "language"
    pages_relation = "pages"
    number_field = "page_number"
    text_field = "text_content"

    def __init__(self) -> None:
        name = conf.settings().story_model
        if name is None:
            raise NoStories("BHASHATTS['STORY_MODEL'] is needed: the name of a model")
        try:
            self.model = apps.get_model(name)
            relation = self.model._meta.get_field(self._relation_name())
            self.page_model = relation.related_model
            self.page_to_story = relation.field.attname  # "story_id"
        except (LookupError, ValueError, FieldDoesNotExist, AttributeError) as reason:
            raise ImproperlyConfigured(f"BHASHATTS['STORY_MODEL']: {reason}") from reason

    def story(self, story_id: str) -> Story | None:
        if not can_be_id(story_id):
            return None
        try:
            key = self.model._meta.pk.to_python(story_id)
            found = self.model._default_manager.filter(pk=key).first()
        except (ValidationError, ValueError, OverflowError, DataError):
            return None
        return None if found is None else self.of(found)

    def pages(self, story: Story) -> list[Page]:
        rows = self._rows_of(story).order_by(self.number_field)
        return [Page(number, text) for number, text in rows]

    def page(self, story: Story, number: int) -> Page | None:
        try:
            found = self._rows_of(story).filter(**{self.number_field: number}).first()
        except (OverflowError, DataError):  # more than the column holds
            return None
        return None if found is None else Page(*found)

    def all(self, language: str = "") -> Iterator[Story]:
        return map(self.of, self._of_language(language).order_by("pk").iterator())

    def count(self, language: str = "") -> int:
        return int(self._of_language(language).count())

    def when_saved(self, saved: Callable[[str], None]) -> None:
        def story_saved(instance: Model, raw: bool = False, **_: object) -> None:
            if not raw:  # fixtures
                saved(str(instance.pk))

        def page_saved(instance: Model, raw: bool = False, **_: object) -> None:
            if not raw:
                saved(str(getattr(instance, self.page_to_story)))

        for receiver, model in ((story_saved, self.model), (page_saved, self.page_model)):
            uid = f"bhashatts.{receiver.__name__}"
            post_save.connect(receiver, sender=model, weak=False, dispatch_uid=uid)

    def when_changed(self, changed: Callable[[str, str], None]) -> None:
        def story_changed(instance: Model, using: str, **_: object) -> None:
            changed(str(instance.pk), using)

        def page_changed(instance: Model, using: str, **_: object) -> None:
            changed(str(getattr(instance, self.page_to_story)), using)

        for receiver, model in ((story_changed, self.model), (page_changed, self.page_model)):
            for signal in (post_save, post_delete):
                uid = f"bhashatts.{receiver.__name__}"
                signal.connect(receiver, sender=model, weak=False, dispatch_uid=uid)

    def of(self, instance: Any) -> Story:
        """The story that a row is."""
        return Story(
            id=str(instance.pk),
            title=str(getattr(instance, self.title_field)),
            language=str(getattr(instance, self.language_field)),
            origin=instance,
        )

    def _relation_name(self) -> str:
        """get_field knows a reverse relation by its related_name, or by the model's own name."""
        return self.pages_relation.removesuffix("_set")

    def _of_language(self, language: str) -> Any:
        rows = self.model._default_manager.all()
        return rows.filter(**{self.language_field: language}) if language else rows

    def _rows_of(self, story: Story) -> Any:
        rows = self.page_model._default_manager.filter(**{self.page_to_story: story.id})
        return rows.values_list(self.number_field, self.text_field)


def stories() -> Stories:
    """The configured source; what it is made of costs nothing.

    Raises ImproperlyConfigured; NoStories where none is named.
    """
    source = conf.settings().hook("stories")
    assert source is not None
    made: Stories = source()
    return made
