"""The OpenAPI schema tells the truth: whatever fits it, and much that does not, is sent by
schemathesis, and every answer is one that the schema declares.

Needs schemathesis>=4.32,<5 (Python 3.10 and newer; tried with 4.32.5): the third version, the last
one for Python 3.9, has other settings and other hooks.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from conftest import PAGES, Configure
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import Resolver404, resolve
from idle import until_idle
from library.models import Story, StoryPage, User

from bhashatts.django.models import PrewarmJob

schemathesis = pytest.importorskip(
    "schemathesis", minversion="4", reason="schemathesis 4 needs Python 3.10"
)
from hypothesis import HealthCheck, settings  # noqa: E402  # where schemathesis is, only
from schemathesis import config as its  # noqa: E402
from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

STORY = uuid.UUID("6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b001")
JOB = uuid.UUID("6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b002")


def _bounded() -> Any:
    """25 examples of each operation beside its edges, the same ones each time."""
    generation = its.GenerationConfig(
        max_examples=25, deterministic=True, with_security_parameters=False, database="none"
    )
    project = its.ProjectConfig(generation=generation)
    return its.SchemathesisConfig(seed=7, projects=its.ProjectsConfig(default=project))


everything = schemathesis.openapi.from_wsgi(
    "/schema/?format=json", get_wsgi_application(), config=_bounded()
)
# Not the schema's own view, and of that of a page's audio one of its two names: it is the longest.
api = everything.include(path_regex="^/api/v1/speech/")


@api.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Random ids name nothing: half of them become those of what there is."""
    del context
    named = dict(path_parameters or {})
    number = named.get("page_number", 0)
    wrong = type(number) is not int or number < 0  # and that it must stay
    if wrong or len(str(named)) % 2:
        return path_parameters
    for name, there in (("story_id", str(STORY)), ("job_id", str(JOB))):
        if name in named:
            named[name] = there
    if "page_number" in named:
        named["page_number"] = 1 + number % len(PAGES)
    return named


@pytest.fixture
def people(user: User, admin: User) -> list[dict[str, str]]:
    """Headers of an admin, of a child and of nobody."""
    known = [f"{who.username}:secret" for who in (admin, user)]
    signed = [base64.b64encode(one.encode()).decode() for one in known]
    return [*({"Authorization": f"Basic {one}"} for one in signed), {}]


@pytest.fixture
def library(
    transactional_db: None, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """What the ids name; nobody is told to come back later."""
    # Of this thread, not of the engine's, which would be left open: a connection for each of a
    # thousand requests takes as long as all the rest.
    mine = connections["default"]
    monkeypatch.setattr(mine, "settings_dict", {**mine.settings_dict, "CONN_MAX_AGE": None})
    configure(throttles={"tts": None, "tts_burst": None, "user": None})
    story = Story.objects.create(pk=STORY, title="चीकू और चाँद", language="HINDI")
    for number, text in enumerate(PAGES, 1):
        StoryPage.objects.create(story=story, page_number=number, text_content=text)
    PrewarmJob.objects.create(pk=JOB, story_id=str(STORY), state=PrewarmJob.State.DONE)
    yield
    until_idle()
    mine.close()


@api.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_declared(case: Any, people: list[dict[str, str]], library: None) -> None:
    for headers in people:
        answer = case.call(headers=headers)
        if answer.status_code == 404 and not _leads_somewhere(answer):
            continue
        left_out = [positive_data_acceptance] if _of_the_text(answer) else []
        case.validate_response(answer, excluded_checks=left_out, headers=headers)


def _leads_somewhere(answer: Any) -> bool:
    """A URL that is none of the app's the host refuses, by a page of its own."""
    try:
        resolve(unquote(urlsplit(answer.request.url).path))
    except Resolver404:
        return False
    return True


def _of_the_text(answer: Any) -> bool:
    """No JSON schema says which texts can be spoken."""
    if answer.status_code != 400:
        return False
    return str(answer.json().get("code", "")).startswith("text_")
