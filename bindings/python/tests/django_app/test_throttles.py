"""Limits count what costs."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from conftest import PAGES, Configure
from library.models import Story, StoryPage
from rest_framework.test import APIClient
from tones import Tone

from bhashatts.django.api.throttles import BurstThrottle, Throttle

TTS = "/api/v1/speech/tts/"


def say(client: APIClient, text: str) -> int:
    return int(client.post(TTS, {"text": text}, format="json").status_code)


def url(story: Story, page: int = 1) -> str:
    return f"/api/v1/speech/stories/{story.pk}/pages/{page}/audio/"


def numbered(count: int) -> list[str]:
    words = ("एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ", "दस", "ग्यारह", "बारह")
    return [f"{word} चिड़िया उड़ी।" for word in words[:count]]


def test_ten_new_texts_a_minute_and_no_more(client: APIClient, voice: Tone) -> None:
    answers = [say(client, text) for text in numbered(11)]
    assert answers == [200] * 10 + [429]
    assert len(voice.calls) == 10


def test_who_comes_too_often_hears_when_to_come_back(client: APIClient) -> None:
    texts = numbered(11)
    for text in texts[:10]:
        say(client, text)
    answer = client.post(TTS, {"text": texts[10]}, format="json")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer["Content-Type"] == "application/json"


def test_hits_are_free(client: APIClient) -> None:
    say(client, PAGES[0])
    assert {say(client, PAGES[0]) for _ in range(30)} == {200}


def test_texts_and_pages_share_one_limit(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(throttles={"tts": "3/hour"})
    assert say(client, "नया वाक्य आया।") == 200
    assert client.get(url(story, 1)).status_code == 200
    assert client.get(url(story, 2)).status_code == 200
    assert client.get(url(story, 3)).status_code == 429
    assert client.get(url(story, 1)).status_code == 200


def test_a_head_and_what_is_refused_are_free(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(throttles={"tts": "1/hour"})
    assert client.head(url(story)).status_code == 404
    assert client.get(url(story), {"voice_style": "angry"}).status_code == 400
    assert client.get(url(story)).status_code == 200


def test_each_user_has_a_limit_of_their_own(
    client: APIClient, admins_client: APIClient, configure: Configure
) -> None:
    configure(throttles={"tts": "1/hour"})
    assert [say(client, text) for text in numbered(2)] == [200, 429]
    assert say(admins_client, numbered(3)[2]) == 200


def test_all_requests_count_towards_the_users_limit(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(throttles={"user": "3/hour"})
    assert [client.get("/api/v1/speech/status/").status_code for _ in range(4)] == [200] * 3 + [429]
    assert client.get(url(story)).status_code == 429


def test_limits_can_be_lifted(client: APIClient, configure: Configure) -> None:
    configure(throttles={"tts": None, "tts_burst": None})
    assert {say(client, text) for text in numbered(12)} == {200}


def test_what_is_refused_by_one_limit_is_not_counted_by_the_other(
    client: APIClient, configure: Configure
) -> None:
    configure(throttles={"tts_burst": "1/minute", "tts": "2/hour"})
    assert [say(client, text) for text in numbered(3)] == [200, 429, 429]
    configure(throttles={"tts_burst": None, "tts": "2/hour"})
    assert say(client, numbered(4)[3]) == 200


def test_a_cache_that_is_away_keeps_nobody_from_a_page(
    client: APIClient, story: Story, settings: Any, configure: Configure
) -> None:
    redis = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": redis, "LOCATION": "redis://127.0.0.1:1"}}
    configure(throttles={"tts": "1/hour"})
    assert client.get(url(story, 1)).status_code == 200
    assert client.get(url(story, 2)).status_code == 429  # this process counts for itself
    assert client.get(url(story, 1)).status_code == 200
    Throttle.cache._own.clear()


def test_a_page_that_another_one_waits_for_is_free(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(throttles={"tts": "1/hour"})
    StoryPage.objects.create(story=story, page_number=8, text_content=PAGES[0])
    assert client.get(url(story, 1)).status_code == 200
    assert client.get(url(story, 8)).status_code == 200


def test_a_text_that_fails_again_and_again_is_counted_each_time(
    client: APIClient, voice: Tone, configure: Configure
) -> None:
    configure(throttles={"tts_burst": "3/minute"})
    voice.instead = lambda _: b"not a voice"
    assert [say(client, PAGES[1]) for _ in range(5)] == [503] * 3 + [429] * 2
    assert sum(voice.calls.values()) == 3


def test_what_is_over_the_budget_is_refused_and_not_counted(
    client: APIClient, configure: Configure
) -> None:
    configure(throttles={"tts": "2/hour"}, engine={"budget_usd_month": "0.000001"})
    assert [say(client, text) for text in numbered(5)] == [503] * 5


def test_a_wait_that_is_taken_up_again_is_counted_once(
    client: APIClient, voice: Tone, configure: Configure
) -> None:
    configure(throttles={"tts": "1/hour"}, view_timeout=0.05)
    go_on = voice.hold()
    assert [say(client, PAGES[0]) for _ in range(3)] == [503] * 3
    go_on.set()
    configure(throttles={"tts": "1/hour"})
    assert say(client, PAGES[0]) == 200


def test_those_who_come_at_the_same_moment_are_counted_one_by_one(db: None) -> None:
    allowed: list[bool] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        allowed.extend(BurstThrottle().allow_request("asha", None) for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 10 - 8 < sum(allowed) <= 10  # one that is taken back may have kept another one out


def test_a_process_asks_the_cache_once_for_a_hundredth_of_the_users_limit(
    client: APIClient, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(throttles={"user": "200/day"})
    asked = 0
    count = Throttle.cache.count

    def counted(key: str, by: int, timeout: float) -> int:
        nonlocal asked
        asked += 1
        return count(key, by, timeout)

    monkeypatch.setattr(Throttle.cache, "count", counted)
    statuses = [client.get("/api/v1/speech/status/").status_code for _ in range(201)]
    assert statuses == [200] * 200 + [429]
    assert asked == 102  # for two each, and for the one too many there and back
