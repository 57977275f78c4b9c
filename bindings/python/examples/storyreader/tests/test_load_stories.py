"""Stories from a file, and what saving one sets going."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models.signals import post_save
from django.test import Client

from bhashatts.django import signals
from bhashatts.django.engine import engine
from bhashatts.django.models import PrewarmJob
from conftest import STORIES
from reader.models import Language, Story, StoryPage
from reader.views import DRAWINGS

MOON = {"story_id": "moon", "title": "चाँद", "language": "HINDI", "pages": ["चाँद आया।", "चाँद गया।"]}


def load(place: Path, *lines: Any) -> None:
    file = place / "some.jsonl"
    told = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(told), encoding="utf-8")
    call_command("load_stories", file)


@pytest.mark.django_db
def test_our_own_stories_are_two_in_each_language() -> None:
    call_command("load_stories", STORIES)
    for language in Language.values:
        rows = Story.objects.filter(language=language)
        assert [5 <= row.pages.count() <= 6 for row in rows] == [True, True], language
    assert all(row.cover in DRAWINGS for row in Story.objects.all())


@pytest.mark.django_db
def test_loading_twice_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, MOON)
    before = list(StoryPage.objects.values_list("pk", "text_content"))
    load(tmp_path, MOON)
    assert list(StoryPage.objects.values_list("pk", "text_content")) == before
    assert "0 stories new, 0 changed, 1 as they were" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_story_that_was_rewritten_is_brought_up_to_date(tmp_path: Path) -> None:
    load(tmp_path, MOON)
    load(tmp_path, {**MOON, "title": "चंदा मामा", "pages": ["चाँद हँसा।"]})
    row = Story.objects.get()
    assert row.title == "चंदा मामा"
    assert [page.text_content for page in row.pages.all()] == ["चाँद हँसा।"]


@pytest.mark.django_db
def test_an_id_that_is_a_uuid_stays_what_it_is(tmp_path: Path) -> None:
    key = uuid.uuid4()
    load(tmp_path, {**MOON, "story_id": str(key)}, "", {**MOON, "cover": "🌙", "unknown": 1})
    assert Story.objects.filter(pk=key).exists()
    assert Story.objects.get(cover="🌙").pk != key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 2: Expecting property name"),
        ("[]", "line 2: a story is a JSON object"),
        ({**MOON, "story_id": ""}, "line 2: story_id must be a text"),
        ({**MOON, "language": "KLINGON"}, "line 2: language must be one of HINDI"),
        ({**MOON, "pages": []}, "line 2: pages must be a list of texts"),
        ({**MOON, "pages": ["चाँद", 7]}, "line 2: page 2 must be a text"),
        ({**MOON, "title": "च" * 256}, "line 2: title is longer than 255 characters"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_loaded(tmp_path: Path, line: Any, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        load(tmp_path, MOON, line)
    assert not Story.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.jsonl"):
        call_command("load_stories", tmp_path / "nowhere.jsonl")


@pytest.fixture
def prewarming(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a process that was started with TTS_ENABLE_PREWARMING."""
    monkeypatch.setenv("TTS_ENABLE_PREWARMING", "true")
    signals.connect()
    yield
    assert post_save.disconnect(sender=Story, dispatch_uid="bhashatts.story_saved")
    assert post_save.disconnect(sender=StoryPage, dispatch_uid="bhashatts.page_saved")


def when_done() -> list[PrewarmJob]:
    """All jobs, when none is left to do."""
    end = time.monotonic() + 60
    while PrewarmJob.objects.filter(state__in=("queued", "running")).exists():
        assert time.monotonic() < end, "a job does not end"
        time.sleep(0.05)
    return list(PrewarmJob.objects.all())


@pytest.mark.django_db(transaction=True)
def test_loading_a_story_prewarms_it_where_the_environment_says_so(
    tmp_path: Path, prewarming: None
) -> None:
    load(tmp_path, MOON)  # returns when what it set going is done
    job = PrewarmJob.objects.get()  # one for the story, not one more for each of its pages
    assert (job.state, job.pages_total, job.pages_failed) == (PrewarmJob.State.DONE, 2, 0)
    for page in MOON["pages"]:
        assert engine().lookup(page, "HINDI") is not None
    load(tmp_path, MOON)
    assert PrewarmJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_story_that_a_grown_up_writes_is_made_when_it_is_committed(
    admin_client: Client, prewarming: None
) -> None:
    form = {"title": "चाँद", "language": "HINDI", "order": "1", "pages-INITIAL_FORMS": "0"}
    for at, text in enumerate(MOON["pages"]):
        form |= {f"pages-{at}-page_number": str(at + 1), f"pages-{at}-text_content": text}
    with transaction.atomic():  # a request's, where ATOMIC_REQUESTS is on
        answer = admin_client.post("/admin/reader/story/add/", form | {"pages-TOTAL_FORMS": "2"})
        assert answer.status_code == 302, answer.content.decode()
        assert not PrewarmJob.objects.exists()
    done = when_done()
    assert {job.state for job in done} == {PrewarmJob.State.DONE}
    assert sum(job.pages_generated for job in done) == 2  # each page once, however many jobs
    for page in MOON["pages"]:
        assert engine().lookup(page, "HINDI") is not None


@pytest.mark.django_db(transaction=True)
def test_saving_a_story_makes_nothing_by_default(tmp_path: Path) -> None:
    load(tmp_path, MOON)
    assert not PrewarmJob.objects.exists()
