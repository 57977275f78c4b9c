"""A library with a story, users who listen, and an engine on a directory of its own."""

from __future__ import annotations

import copy
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from library.models import Story, StoryPage, User
from project.parts import voice as the_voice
from rest_framework.test import APIClient
from tones import OTHER, PAGE, Tone

from bhashatts.django.api.throttles import UserThrottle
from bhashatts.django.engine import close_engine, engine
from bhashatts.django.pages import book

PAGES = (PAGE, OTHER, "चाँद मुस्कुराया और तारे टिमटिमाए।")
Configure = Callable[..., None]

_BUCKET = "AWS_STORAGE_BUCKET_NAME" in os.environ
in_a_bucket = pytest.mark.skipif(not _BUCKET, reason="audio is kept in files here")
on_this_machine = pytest.mark.skipif(_BUCKET, reason="audio is kept in a bucket here")


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest, configure: Configure) -> Iterator[None]:
    """No test hears what another one made."""
    if "transactional_db" in request.fixturenames:  # which must last longer than the engine
        request.getfixturevalue("transactional_db")
    configure()
    cache.clear()
    UserThrottle._ahead.clear()
    yield
    close_engine()
    book.clear()


@pytest.fixture
def configure(settings: Any, tmp_path: Path) -> Configure:
    """Sets what BHASHATTS holds, beside a directory, and a part of bucket and Redis, of its own."""
    before = copy.deepcopy(django_settings.BHASHATTS)
    before["ENGINE"] |= {"data_dir": str(tmp_path / "data"), "namespace": uuid.uuid4().hex}

    def set_them(engine: dict[str, Any] | None = None, **given: Any) -> None:
        told = {**before["ENGINE"], **(engine or {})}
        close_engine()
        named = {name.upper(): value for name, value in given.items()}
        settings.BHASHATTS = {**before, "ENGINE": told, **named}

    return set_them


@pytest.fixture
def voice() -> Iterator[Tone]:
    """What speaks."""
    the_voice.calls.clear()
    yield the_voice
    the_voice.instead = None


@pytest.fixture
def user(transactional_db: None) -> User:
    """A child."""
    return User.objects.create_user("asha", password="secret")


@pytest.fixture
def admin(transactional_db: None) -> User:
    """Who may all."""
    return User.objects.create_user(
        "meera", password="secret", role="ADMIN", is_staff=True, is_superuser=True
    )


@pytest.fixture
def story(transactional_db: None) -> Story:
    """A story of three pages."""
    made = Story.objects.create(title="चीकू और चाँद", language="HINDI")
    for number, text in enumerate(PAGES, 1):
        StoryPage.objects.create(story=made, page_number=number, text_content=text)
    return made


@pytest.fixture
def client(user: User) -> APIClient:
    """The child's, signed in."""
    return signed_in(user)


@pytest.fixture
def admins_client(admin: User) -> APIClient:
    """The admin's."""
    return signed_in(admin)


@pytest.fixture
def boss(admin: User) -> Client:
    """The admin's browser."""
    made = Client()
    made.force_login(admin)
    return made


def signed_in(who: User) -> APIClient:
    """A client of a user."""
    made = APIClient()
    made.force_login(who)
    return made


def mirrored() -> None:
    """Waits until the rows are there."""
    engine().flush()
