"""A URL that plays without a header."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Configure, mirrored
from django.core import signing
from django.db import OperationalError, connections, transaction
from library.models import Story, StoryPage, User
from rest_framework.test import APIClient
from tones import Tone

from bhashatts.django.api import signed
from bhashatts.django.models import TTSUsageLog
from bhashatts.django.pages import PageBook, book
from bhashatts.django.stories import Page


def ask(client: APIClient, story: Story, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/audio-url/", query)
    assert answer.status_code == 200, answer.content
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_it_plays_for_who_has_it(client: APIClient, story: Story, user: User) -> None:
    given = ask(client, story)
    assert given["expires_in"] == 600
    assert given["cached"] is False
    answer = APIClient().get(given["url"])
    assert answer.status_code == 200
    assert answer.content[:4] == b"RIFF"
    assert answer["X-Page-Number"] == "1"
    mirrored()
    assert TTSUsageLog.objects.get().user == user


def test_asking_for_it_makes_nothing(client: APIClient, story: Story, voice: Tone) -> None:
    ask(client, story)
    assert not voice.calls
    client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/audio/")
    assert ask(client, story)["cached"] is True


def test_style_and_format_are_part_of_it(client: APIClient, story: Story) -> None:
    given = ask(client, story, voice_style="calm", audio_format="opus")
    answer = APIClient().get(given["url"], HTTP_ACCEPT="audio/wav")
    assert answer.content[:4] == b"OggS"
    mirrored()
    assert TTSUsageLog.objects.get().voice_style == "calm"


def test_without_a_format_the_player_chooses(client: APIClient, story: Story) -> None:
    there = ask(client, story)["url"]
    assert APIClient().get(there, HTTP_ACCEPT="audio/mpeg")["Content-Type"] == "audio/mpeg"
    assert APIClient().get(there)["Content-Type"] == "audio/wav"
    assert APIClient().get(there, HTTP_ACCEPT="text/html")["Content-Type"] == "audio/wav"


def test_ranges_work_as_players_want_them(client: APIClient, story: Story) -> None:
    there = ask(client, story)["url"]
    whole = APIClient().get(there).content
    part = APIClient().get(there, HTTP_RANGE="bytes=4-7")
    assert (part.status_code, part.content) == (206, whole[4:8])


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", signing.dumps([1]), signing.dumps("x")])
def test_what_nobody_signed_is_refused(token: str, db: None) -> None:
    answer = APIClient().get(f"/api/v1/speech/audio/{token}/")
    assert answer.status_code == 403
    assert answer.json()["code"] == "url_expired"


def test_it_works_for_a_while(
    client: APIClient, story: Story, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(audio_url_seconds=5)
    there = ask(client, story)["url"]
    assert APIClient().get(there).status_code == 200
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + 6)
    assert APIClient().get(there).status_code == 403


def test_no_letter_of_it_can_be_changed(client: APIClient, story: Story) -> None:
    there = ask(client, story)["url"].rstrip("/")
    changed = there[:-1] + ("A" if there[-1] != "A" else "B") + "/"
    assert APIClient().get(changed).status_code == 403


def test_it_cannot_be_written_to(client: APIClient, story: Story) -> None:
    assert APIClient().post(ask(client, story)["url"]).status_code == 405


def test_what_it_makes_is_counted_for_whom_it_was_signed(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(throttles={"tts": "1/hour"})
    story.pages.filter(page_number=2).update(page_number=5)
    assert APIClient().get(ask(client, story)["url"]).status_code == 200
    answer = client.get(f"/api/v1/speech/stories/{story.pk}/pages/3/audio-url/")
    late = APIClient().get(answer.json()["data"]["url"])
    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0


def test_a_page_that_was_taken_away_is_404_where_nobody_knows_it(
    client: APIClient, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ask(client, story)["url"]
    story.delete()
    monkeypatch.setattr(signed, "book", PageBook())  # of another process
    assert APIClient().get(there).status_code == 404


@pytest.mark.parametrize("query", [{"audio_format": "aac"}, {"voice_style": "angry"}])
def test_bad_input_is_refused(client: APIClient, story: Story, query: dict[str, str]) -> None:
    answer = client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/audio-url/", query)
    assert answer.status_code == 400


def test_while_the_database_is_away_it_plays_what_was_read_and_asks_for_patience_else(
    client: APIClient, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("gone")

    url = ask(client, story)["url"]
    monkeypatch.setattr(PageBook, "_ask", away)
    assert APIClient().get(url).status_code == 200
    book.clear()
    answer = APIClient().get(url)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert int(answer["Retry-After"]) > 0


def test_a_page_that_was_edited_is_heard_anew_at_once(client: APIClient, story: Story) -> None:
    there = ask(client, story)["url"]
    before = APIClient().get(there)["ETag"]
    page = story.pages.get(page_number=1)
    page.text_content = "नया पन्ना आया।"
    page.save()
    assert APIClient().get(there)["ETag"] != before


def test_a_story_that_was_deleted_is_heard_no_more(client: APIClient, story: Story) -> None:
    there = ask(client, story)["url"]
    assert APIClient().get(there).status_code == 200
    story.delete()
    assert APIClient().get(there).status_code == 404


def test_what_was_read_before_an_edit_was_committed_is_read_again(story: Story) -> None:
    page = story.pages.get(page_number=1)
    old = page.text_content
    with transaction.atomic():
        page.text_content = "नया पन्ना आया।"
        page.save()
        # As another thread has it, which does not see what is not committed.
        StoryPage.objects.filter(pk=page.pk).update(text_content=old)
        assert book.find(str(story.pk), 1, good_for=600)[1] == Page(1, old)
        StoryPage.objects.filter(pk=page.pk).update(text_content=page.text_content)
    assert book.find(str(story.pk), 1, good_for=600)[1] == Page(1, page.text_content)


def test_another_form_of_a_storys_id_is_forgotten_with_it(story: Story) -> None:
    book.find(story.pk.hex, 1)
    story.pages.get(page_number=1).delete()
    assert book.find(story.pk.hex, 1, good_for=600)[1] is None


def test_a_host_whose_requests_are_transactions_plays_while_the_database_is_away(
    client: APIClient, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("gone")

    there = ask(client, story)["url"]
    assert APIClient().get(there).status_code == 200
    with monkeypatch.context() as patched:
        patched.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", True)
        patched.setattr(type(connections["default"]), "ensure_connection", away)
        assert APIClient().get(there).status_code == 200
        unknown = client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/audio/")
    assert unknown.status_code == 503
    assert unknown["Retry-After"]


def test_caches_on_the_way_know_that_the_format_is_chosen_by_accept(
    client: APIClient, story: Story
) -> None:
    assert "Accept" in APIClient().get(ask(client, story)["url"])["Vary"]
    named = APIClient().get(ask(client, story, audio_format="wav")["url"])
    assert "Accept" not in named.get("Vary", "")


def test_seeking_in_it_is_not_limited(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(throttles={"user": "1/hour"})
    there = ask(client, story)["url"]
    assert {APIClient().get(there, HTTP_RANGE="bytes=4-7").status_code for _ in range(5)} == {206}


def test_without_stories_it_is_404(client: APIClient, story: Story, configure: Configure) -> None:
    there = ask(client, story)["url"]
    book.clear()
    configure(story_model=None)
    assert APIClient().get(there).status_code == 404


def test_a_transaction_reads_what_it_wrote(story: Story) -> None:
    book.find(str(story.pk), 1)
    with transaction.atomic():
        page = story.pages.get(page_number=1)
        page.text_content = "नया पन्ना आया।"
        page.save()
        assert book.find(str(story.pk), 1, good_for=600)[1] == Page(1, page.text_content)
