"""When words are heard, and how the service stands."""

from __future__ import annotations

import uuid

import pytest
from conftest import PAGES, Configure
from library.models import Story
from rest_framework.test import APIClient
from tones import Tone

import bhashatts

STATUS = "/api/v1/speech/status/"


def url(story: Story, part: str) -> str:
    return f"/api/v1/speech/stories/{story.pk}/pages/1/{part}/"


def test_words_are_where_they_are_in_the_text(client: APIClient, story: Story) -> None:
    client.get(url(story, "audio"))
    answer = client.get(url(story, "timings"))
    assert answer["Content-Type"] == "application/json"
    words = answer.json()["data"]["words"]
    assert [PAGES[0][word["text"]["begin"] : word["text"]["end"]].strip() for word in words] == (
        PAGES[0].split()
    )
    assert words[0]["start_ms"] == 0
    assert answer.json()["data"]["utterances"][1]["start_ms"] > 0


def test_a_track_element_gets_webvtt(client: APIClient, story: Story) -> None:
    client.get(url(story, "audio"))
    for answer in (
        client.get(url(story, "timings"), {"format": "vtt"}),
        client.get(url(story, "timings"), HTTP_ACCEPT="text/vtt"),
    ):
        assert answer["Content-Type"] == "text/vtt; charset=utf-8"
        assert answer.content.startswith(b"WEBVTT\n")


def test_timings_make_nothing(client: APIClient, story: Story, voice: Tone) -> None:
    answer = client.get(url(story, "timings"))
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_made"
    assert not voice.calls


def test_timings_are_not_sent_again_to_who_has_them(client: APIClient, story: Story) -> None:
    client.get(url(story, "audio"))
    etag = client.get(url(story, "timings"))["ETag"]
    same = client.get(url(story, "timings"), HTTP_IF_NONE_MATCH=etag)
    assert same.status_code == 304
    assert "Content-Type" not in same
    vtt = client.get(url(story, "timings"), {"format": "vtt"}, HTTP_IF_NONE_MATCH=etag)
    assert vtt.status_code == 200


def test_a_format_of_timings_that_there_is_not_is_400(client: APIClient, story: Story) -> None:
    assert client.get(url(story, "timings"), {"format": "srt"}).status_code == 400


def test_the_status_is_in_an_envelope_and_tells_children_no_costs(client: APIClient) -> None:
    answer = client.get(STATUS)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["status"] == "healthy"
    assert data["model"]["status"] == "ready"
    assert data["cache"] == {"total_entries": 0, "total_size_bytes": 0}
    assert "usd" not in answer.content.decode()


def test_admins_see_what_it_cost(admins_client: APIClient, story: Story) -> None:
    admins_client.get(url(story, "audio"))
    admins_client.get(url(story, "audio"))
    data = admins_client.get(STATUS).json()["data"]
    assert data["cache"]["total_entries"] == 1
    assert data["cache"]["total_cost_usd"] == 0.000014
    assert data["cache"]["estimated_savings_usd"] == 0.000014
    assert data["cache"]["total_accesses"] == 1
    assert data["budget"]["limit_usd_month"] is None


def test_an_empty_cache_has_zeros_and_no_nulls(admins_client: APIClient) -> None:
    cache = admins_client.get(STATUS).json()["data"]["cache"]
    numbers = {name: value for name, value in cache.items() if name.startswith(("total", "est"))}
    assert set(numbers.values()) == {0}


def test_a_voice_that_is_away_makes_the_service_unhealthy(
    client: APIClient, voice: Tone, monkeypatch: object
) -> None:
    away = bhashatts.SynthesizerStatus("unreachable", "tone", "the voice is away")
    voice.status = lambda: away  # type: ignore[method-assign]
    try:
        answer = client.get(STATUS)
    finally:
        del voice.status
    assert answer.status_code == 503
    assert answer.json()["data"]["status"] == "unhealthy"
    assert "the voice is away" not in answer.content.decode()


def test_who_is_admin_is_a_setting(client: APIClient, configure: Configure) -> None:
    configure(is_admin="hooks.everybody")
    assert "budget" in client.get(STATUS).json()["data"]


def test_browsers_get_json_too(admins_client: APIClient, story: Story) -> None:
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    for there, code in (
        (STATUS, 200),
        (url(story, "audio-url"), 200),
        (f"/api/v1/speech/prewarm/jobs/{uuid.uuid4()}/", 404),
    ):
        answer = admins_client.get(there, HTTP_ACCEPT=accept)
        assert (answer.status_code, answer["Content-Type"]) == (code, "application/json")
        assert answer.json()


def test_settings_of_the_host_that_are_wrong_are_not_the_callers_fault(
    client: APIClient, story: Story, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure(engine={"budget_usd_month": "a lot"})
    tts = client.post("/api/v1/speech/tts/", {"text": PAGES[0]}, format="json")
    for answer in (tts, client.get(url(story, "audio")), client.get(url(story, "timings"))):
        assert (answer.status_code, answer.json()["code"]) == (503, "config_invalid")
        assert "budget" not in answer.json()["detail"]
    assert caplog.text.count("budget_usd_month must be") == 3


def test_the_status_is_for_who_is_signed_in(db: None) -> None:
    assert APIClient().get(STATUS).status_code in {401, 403}
