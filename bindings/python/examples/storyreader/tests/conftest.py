"""A data directory for each run, chosen before the settings are read; an engine for each test; and
for the tests of what a child sees a server process, and a browser.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from child import DESKTOP, Child
from server import Server

_place = tempfile.TemporaryDirectory(prefix="storyreader-")
os.environ["STORYREADER_DATA"] = _place.name
os.environ["BHASHATTS_MIN_FREE_BYTES"] = str(1 << 20)
for name in (
    "DATABASE_URL",
    "REDIS_URL",
    "HUGGINGFACE_API_TOKEN",
    "DJANGO_DEBUG",
    "STORYREADER_OPEN",
):
    os.environ.pop(name, None)

STORIES = Path(__file__).parent.parent / "storyreader" / "stories.jsonl"


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, settings: object) -> Iterator[None]:
    """No test hears what another one made."""
    from django.conf import settings as held

    from bhashatts.django.engine import close_engine
    from bhashatts.django.pages import book

    settings.BHASHATTS = {**held.BHASHATTS, "ENGINE": {"data_dir": str(tmp_path / "speech")}}  # type: ignore[attr-defined]
    yield
    close_engine()
    book.clear()


def _require_a_voice() -> None:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all; what a test does to the voice it undoes."""
    _require_a_voice()
    made = Server(tmp_path_factory.mktemp("server"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for real children: DJANGO_DEBUG=0, static files under hashed names, meera's password."""
    _require_a_voice()
    made = Server(tmp_path_factory.mktemp("service"), service=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for all; each test has a context of its own."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def asha(browser: Any, server: Server) -> Any:
    """The cookies of a child that came in by its name."""
    with browser.new_context() as context:
        child = Child(context, server.url)
        child.page.get_by_role("textbox").fill("Asha")
        child.page.get_by_role("button", name="Start reading").click()
        child.page.get_by_role("heading", name="Which story today, Asha?").wait_for()
        return context.storage_state()


@pytest.fixture
def come_in(browser: Any, server: Server, asha: Any) -> Iterator[Callable[..., Child]]:
    """Asha at a browser of some size, which never was here before."""
    children: list[Child] = []

    def make(viewport: dict[str, int] = DESKTOP, **options: Any) -> Child:
        context = browser.new_context(viewport=viewport, storage_state=asha, **options)
        children.append(Child(context, server.url))
        return children[-1]

    server.set_voice("well")
    yield make
    server.set_voice("well")
    for child in children:
        child.context.close()
        child.said_nothing()


@pytest.fixture
def child(come_in: Callable[..., Child]) -> Child:
    """At a desk."""
    return come_in()
