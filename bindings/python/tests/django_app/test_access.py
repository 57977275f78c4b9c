"""Who may what: every endpoint and every page of the admin, by every method, for everyone.

The tables here are held against the URLs themselves: one that is added without saying who may use
it fails the first tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import PAGES, Configure, mirrored, signed_in
from django.contrib import admin as django_admin
from django.core import signing
from django.urls import reverse
from idle import until_idle
from library.models import Story, User
from rest_framework.test import APIClient
from tones import Tone

import bhashatts.django.urls
from bhashatts.django import policy
from bhashatts.django.api import signed
from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, PrewarmJob, TTSUsageLog

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
REFUSED = {401, 403}  # which of them depends on the host's way to sign in

# Of each endpoint, its methods: what is answered to a child, to a child who may not hear the story,
# and to an admin.
HEAR = {"get": (200, 403, 200), "head": (200, 403, 200)}
ENDPOINTS: dict[str, dict[str, tuple[int, int, int]]] = {
    "tts": {"post": (200, 200, 200)},
    "story-page-audio": HEAR,
    "story-page-audio-alias": HEAR,
    "audio-url": HEAR,
    "timings": HEAR,
    "status": {"get": (200, 200, 200), "head": (200, 200, 200)},
    "prewarm": {"post": (403, 403, 202)},
    "prewarm-job": {"get": (403, 403, 200), "head": (403, 403, 200), "delete": (403, 403, 202)},
}
OTHERS = {**dict.fromkeys(METHODS, 405), "options": 200}  # methods that are not told there
SIGNED = "signed-audio"  # for who has the URL, whoever that is

# Of each page of the admin, what a GET of a superuser is answered.
ADMIN = {
    "audiocache_changelist": 200,
    "audiocache_add": 403,
    "audiocache_change": 200,
    "audiocache_history": 200,
    "audiocache_delete": 200,
    "audiocache_audio": 200,
    "audiocache_reject": 405,
    "ttsusagelog_changelist": 200,
    "ttsusagelog_add": 403,
    "ttsusagelog_change": 200,
    "ttsusagelog_history": 200,
    "ttsusagelog_delete": 200,
    "prewarmjob_changelist": 200,
    "prewarmjob_add": 403,
    "prewarmjob_change": 200,
    "prewarmjob_history": 200,
    "prewarmjob_delete": 403,
    "prewarmjob_cancel": 405,
    "prewarmjob_run_again": 405,
    "dashboard_changelist": 200,
}


@pytest.fixture(autouse=True)
def _heard_and_done(configure: Configure, admin: User, story: Story) -> Iterator[None]:
    """A page that is kept, a job that is done, and a host that keeps stories from asha."""
    configure(may_hear="hooks.not_asha")
    engine().synthesize(PAGES[0], story_id=str(story.pk), page_number=1, user_id=str(admin.pk))
    PrewarmJob.objects.create(story_id=str(story.pk), state=PrewarmJob.State.DONE)
    mirrored()
    yield
    until_idle()


@pytest.fixture
def ravi(transactional_db: None) -> APIClient:
    """A child who may hear the story."""
    return signed_in(User.objects.create_user("ravi", password="secret"))


@pytest.fixture
def dismissed(admin: User) -> APIClient:
    """A session of an admin who is one no more."""
    client = signed_in(admin)
    User.objects.filter(pk=admin.pk).update(is_active=False)
    return client


def url_of(name: str, story: Story) -> str:
    """Of an endpoint, for what there is."""
    told: dict[str, Any] = {}
    if name == SIGNED:
        named = [str(story.pk), 1, None, "", "1"]
        told = {"token": signing.dumps(named, salt=signed._SALT)}
    elif name == "prewarm-job":
        told = {"job_id": PrewarmJob.objects.latest("created_at").pk}
    elif name not in {"tts", "status"}:
        told = {"story_id": str(story.pk)}
        if name != "prewarm":
            told["page_number"] = 1
    url: str = reverse(f"speech:{name}", kwargs=told)
    return url


def ask(client: APIClient, method: str, url: str) -> int:
    """The status that a request is answered with."""
    body = {"text": PAGES[0]} if url.endswith("/tts/") else {}
    if method in {"get", "head", "options"}:
        return int(getattr(client, method)(url).status_code)
    return int(getattr(client, method)(url, body, format="json").status_code)


def answers(client: APIClient, story: Story) -> dict[tuple[str, str], int]:
    """Of all endpoints and methods but the signed one's."""
    return {
        (name, method): ask(client, method, url_of(name, story))
        for name in ENDPOINTS
        for method in METHODS
    }


def expected(column: int) -> dict[tuple[str, str], int]:
    """What ENDPOINTS says of one kind of user."""
    found = {}
    for name, allowed in ENDPOINTS.items():
        for method in METHODS:
            found[name, method] = allowed[method][column] if method in allowed else OTHERS[method]
    return found


# -- the endpoints


def test_of_every_endpoint_it_is_said_who_may_use_it() -> None:
    names = {pattern.name for pattern in bhashatts.django.urls.urlpatterns}
    missing = names - ENDPOINTS.keys() - {SIGNED}
    assert not missing, f"say in ENDPOINTS who may use {', '.join(sorted(missing))}"
    assert ENDPOINTS.keys() < names


def test_who_is_not_signed_in_is_refused_by_every_method(story: Story, voice: Tone) -> None:
    before = sum(voice.calls.values())
    assert set(answers(APIClient(), story).values()) <= REFUSED
    assert sum(voice.calls.values()) == before
    assert PrewarmJob.objects.count() == 1


def test_a_session_of_a_user_who_is_inactive_is_refused(dismissed: APIClient, story: Story) -> None:
    assert set(answers(dismissed, story).values()) <= REFUSED
    assert PrewarmJob.objects.count() == 1


def test_the_password_of_a_user_who_is_inactive_is_refused(
    dismissed: APIClient, story: Story
) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Basic bWVlcmE6c2VjcmV0")  # meera:secret
    assert set(answers(client, story).values()) <= REFUSED
    User.objects.update(is_active=True)
    assert ask(client, "get", url_of("status", story)) == 200


def test_a_wrong_password_is_refused(story: Story) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Basic bWVlcmE6d3Jvbmc=")  # meera:wrong
    assert set(answers(client, story).values()) <= REFUSED


def test_a_child_may_hear_and_nothing_else(ravi: APIClient, story: Story) -> None:
    assert answers(ravi, story) == expected(0)
    job = PrewarmJob.objects.get()  # none was queued,
    assert not job.cancel_requested  # and none cancelled


def test_who_may_not_hear_a_story_gets_nothing_of_it(
    client: APIClient, story: Story, voice: Tone
) -> None:
    before = sum(voice.calls.values())
    assert answers(client, story) == expected(1)
    assert sum(voice.calls.values()) == before


def test_an_admin_may_all(admins_client: APIClient, story: Story) -> None:
    assert answers(admins_client, story) == expected(2)


def test_a_refusal_does_not_tell_what_there_is(client: APIClient, story: Story) -> None:
    nowhere = "6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5bfff"
    assert ask(client, "post", f"/api/v1/speech/prewarm/{nowhere}/") == 403
    assert ask(client, "get", f"/api/v1/speech/prewarm/jobs/{nowhere}/") == 403
    assert ask(client, "get", f"/api/v1/speech/stories/{story.pk}/pages/99/audio/") == 403


def test_a_session_alone_does_not_change_anything(admin: User, story: Story) -> None:
    forged = APIClient(enforce_csrf_checks=True)  # a page of another origin, open in a browser
    forged.force_login(admin)
    for name, method in (("tts", "post"), ("prewarm", "post"), ("prewarm-job", "delete")):
        assert ask(forged, method, url_of(name, story)) == 403
    job = PrewarmJob.objects.get()
    assert not job.cancel_requested


def test_a_signed_url_is_for_who_has_it_and_only_to_be_heard(story: Story) -> None:
    url = url_of(SIGNED, story)
    allowed = {"get": 200, "head": 200}
    told = {method: ask(APIClient(), method, url) for method in METHODS}
    assert told == {method: allowed.get(method, 405) for method in METHODS}
    for forged in ("x", url.split("/")[-2][:-1], signing.dumps(["x"], salt="another")):
        assert ask(APIClient(), "get", reverse("speech:signed-audio", args=[forged])) == 403


def test_who_may_not_hear_a_story_is_given_no_url_of_it(
    client: APIClient, ravi: APIClient, story: Story
) -> None:
    there = url_of("audio-url", story)
    assert "url" not in str(client.get(there).json())
    assert ask(APIClient(), "get", ravi.get(there).json()["data"]["url"]) == 200


def test_costs_and_causes_are_for_admins(
    ravi: APIClient, admins_client: APIClient, story: Story
) -> None:
    there = url_of("status", story)
    children = ravi.get(there).content
    assert not re.search(rb"usd|budget|spool|warnings|fallbacks", children)
    assert {"budget", "spool", "warnings"} <= admins_client.get(there).json()["data"].keys()


# -- the admin


def admin_pages() -> dict[str, str]:
    """The URL of each page of our models, for the rows that there are."""
    rows = {model._meta.model_name: model for model in (AudioCache, TTSUsageLog, PrewarmJob)}
    found = {}
    for model, its in django_admin.site._registry.items():
        if model._meta.app_label != "bhashatts":
            continue
        for pattern in its.get_urls():
            if pattern.name is None:  # where Django's own pages of old lead on from
                continue
            of_a_row = "object_id" in str(pattern.pattern)
            told = [rows[model._meta.model_name].objects.latest("pk").pk] if of_a_row else []
            name = pattern.name.removeprefix("bhashatts_")
            found[name] = reverse(f"admin:{pattern.name}", args=told)
    return found


def test_of_every_page_of_the_admin_it_is_said_what_it_answers() -> None:
    pages = admin_pages()
    missing = pages.keys() - ADMIN.keys()
    assert not missing, f"say in ADMIN what {', '.join(sorted(missing))} answers"
    assert pages.keys() == ADMIN.keys()


def test_who_is_no_staff_is_sent_to_the_login_from_every_page(
    ravi: APIClient, dismissed: APIClient, voice: Tone
) -> None:
    rows = AudioCache.objects.count()
    for browser in (APIClient(), ravi, dismissed):
        for page in admin_pages().values():
            for answer in (browser.get(page), browser.post(page)):
                assert answer.status_code == 302, page
                assert answer["Location"].startswith("/admin/login/")
    assert AudioCache.objects.count() == rows
    assert engine().lookup(PAGES[0]) is not None


def test_staff_who_were_given_nothing_may_nothing() -> None:
    lata = User.objects.create_user("lata", password="secret", is_staff=True)
    browser = signed_in(lata)
    for page in admin_pages().values():
        for answer in (browser.get(page), browser.post(page)):
            assert answer.status_code in {403, 405}, page
    assert AudioCache.objects.exists()
    assert engine().lookup(PAGES[0]) is not None


def test_a_superuser_opens_every_page_but_those_that_would_forge_rows(
    admins_client: APIClient,
) -> None:
    opened = {name: admins_client.get(page).status_code for name, page in admin_pages().items()}
    assert opened == ADMIN


def test_pages_of_the_admin_want_their_token(admin: User) -> None:
    forged = APIClient(enforce_csrf_checks=True)
    forged.force_login(admin)
    pages = admin_pages()
    for name in ("audiocache_reject", "audiocache_delete", "prewarmjob_run_again"):
        assert forged.post(pages[name], {"post": "yes"}).status_code == 403
    assert engine().lookup(PAGES[0]) is not None
    assert PrewarmJob.objects.count() == 1


def test_users_of_a_host_that_knows_no_staff_are_no_admins() -> None:
    assert not policy.is_admin(SimpleNamespace())
    assert policy.is_admin(SimpleNamespace(role=None, is_staff=True))
