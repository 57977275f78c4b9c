"""GET stories/.../audio/: a page of a story."""

from __future__ import annotations

import pickle
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES, Configure, in_a_bucket, mirrored, on_this_machine, signed_in
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.db.models import Model
from django.test import RequestFactory
from library.models import Story, StoryPage, User
from rest_framework.test import APIClient
from tones import Tone

import bhashatts
from bhashatts.django import stories
from bhashatts.django.api.answers import Kind, answer
from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, PageAudio, TTSUsageLog


def url(story: Story, page: object = 1, at: str = "speech/") -> str:
    return f"/api/v1/{at}stories/{story.pk}/pages/{page}/audio/"


def test_a_page_is_heard(client: APIClient, story: Story, voice: Tone) -> None:
    answer = client.get(url(story, 2))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "audio/wav"
    assert answer["Content-Disposition"] == 'inline; filename="page_2.wav"'
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-TTS-Cached"] == "false"
    assert answer["X-TTS-Language"] == "HINDI"
    assert answer["X-Story-ID"] == str(story.pk)
    assert answer["X-Page-Number"] == "2"
    assert list(voice.calls) == [PAGES[1]]


def test_the_documented_path_leads_there_too(client: APIClient, story: Story) -> None:
    one, other = client.get(url(story)), client.get(url(story, at=""))
    assert one.content == other.content
    assert other["X-TTS-Cached"] == "true"


def test_a_page_is_linked_and_counted_for_who_heard_it(
    client: APIClient, story: Story, user: User
) -> None:
    for _ in range(3):
        client.get(url(story))
    mirrored()
    link = PageAudio.objects.get()
    assert (link.story_id, link.page_number, link.voice_style) == (str(story.pk), 1, "storyteller")
    assert link.audio.access_count == 2
    assert {row.user for row in TTSUsageLog.objects.all()} == {user}


def test_pages_of_one_text_share_a_speech_and_have_a_link_each(
    client: APIClient, story: Story, voice: Tone
) -> None:
    StoryPage.objects.create(story=story, page_number=9, text_content=PAGES[1])
    client.get(url(story, 2))
    again = client.get(url(story, 9))
    assert again["X-TTS-Cached"] == "true"
    assert again["Content-Disposition"] == 'inline; filename="page_9.wav"'
    mirrored()
    assert AudioCache.objects.count() == 1
    assert sorted(PageAudio.objects.values_list("page_number", flat=True)) == [2, 9]


@pytest.mark.parametrize("style", ["storyteller", "calm", "enthusiastic"])
def test_each_style_is_another_speech(client: APIClient, story: Story, style: str) -> None:
    assert client.get(url(story), {"voice_style": style}).status_code == 200
    mirrored()
    assert PageAudio.objects.get().voice_style == style


@pytest.mark.parametrize("style", ["angry", "", "a" * 40, "Calm"])
def test_a_style_that_there_is_not_is_refused_before_anything_is_paid(
    client: APIClient, story: Story, style: str, voice: Tone
) -> None:
    answer = client.get(url(story), {"voice_style": style})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("Invalid voice_style. Must be one of: [")
    assert not voice.calls


def test_what_is_not_there_is_404(client: APIClient, story: Story) -> None:
    nobody = Story(pk=uuid.uuid4())
    assert client.get(url(nobody)).json() == {"detail": "Story not found"}
    answer = client.get(url(story, 7))
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Page 7 not found"}


@pytest.mark.parametrize("story_id", ["nonsense", "0", "a" * 300, "..", "%00"])
def test_what_can_be_no_id_is_404(client: APIClient, story_id: str) -> None:
    answer = client.get(f"/api/v1/speech/stories/{story_id}/pages/1/audio/")
    assert answer.status_code == 404


@pytest.mark.parametrize("story_id", ["a%00b", "a%0Ab", "a%0D%0ASet-Cookie:x", "%C2%85", "अ" * 86])
@pytest.mark.parametrize("source", ["hooks.AnyStory", "bhashatts.django.stories.ModelStories"])
def test_an_id_that_no_story_may_have_is_404(
    client: APIClient, configure: Configure, story_id: str, source: str
) -> None:
    configure(stories=source)
    answer = client.get(f"/api/v1/speech/stories/{story_id}/pages/1/audio/")
    assert answer.status_code == 404


@pytest.mark.parametrize("story_id", ["चाँद-और-चीकू", "अ" * 85, "moon 7"])
def test_an_id_may_be_words(client: APIClient, configure: Configure, story_id: str) -> None:
    configure(stories="hooks.AnyStory")
    answer = client.get(f"/api/v1/speech/stories/{story_id}/pages/1/audio/")
    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["a\0b", "9" * 30])
@pytest.mark.parametrize("model", [Session, Group])  # their keys: a text, a number
def test_a_key_that_no_database_holds_is_no_story(db: None, model: type[Model], key: str) -> None:
    source = stories.ModelStories()
    source.model = model
    assert source.story(key) is None


def test_without_stories_every_page_is_404(
    client: APIClient, admins_client: APIClient, story: Story, configure: Configure
) -> None:
    configure(story_model=None)
    assert client.get(url(story)).json() == {"detail": "Story not found"}
    assert admins_client.post(f"/api/v1/speech/prewarm/{story.pk}/").status_code == 404


def test_what_is_asked_by_options_is_json_whatever_is_accepted(
    client: APIClient, story: Story
) -> None:
    answer = client.options(url(story), HTTP_ACCEPT="audio/wav")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert "audio/wav" in answer.json()["renders"]


def test_a_page_number_of_any_size_is_404(client: APIClient, story: Story) -> None:
    for number in (0, 10**9, 10**19, 10**400):
        assert client.get(url(story, number)).status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "अ" * 5001, "अ\x07"])
def test_a_page_that_cannot_be_spoken_is_422(
    client: APIClient, story: Story, text: str, voice: Tone
) -> None:
    StoryPage.objects.create(story=story, page_number=4, text_content=text)
    answer = client.get(url(story, 4))
    assert answer.status_code == 422
    assert not voice.calls


def test_a_story_in_another_language_is_not_read_in_hindi(client: APIClient, voice: Tone) -> None:
    story = Story.objects.create(title="গল্প", language="BENGALI")
    StoryPage.objects.create(story=story, page_number=1, text_content="এক ছিল রাজা।")
    assert client.get(url(story)).status_code == 422
    assert not voice.calls


def test_a_failure_of_the_voice_is_503_and_in_the_log_with_its_page(
    client: APIClient, story: Story, voice: Tone, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: bhashatts.SynthesisRequest) -> None:
        raise bhashatts.Error(bhashatts.ErrorCode.CREDITS_EXHAUSTED, "no credits")

    voice.instead = fail
    answer = client.get(url(story, 3))
    assert answer.status_code == 503
    assert answer.json()["code"] == "credits_exhausted"
    assert f"TTS error for story {story.pk} page 3" in caplog.text
    assert PAGES[2] not in caplog.text


def test_a_head_makes_nothing(client: APIClient, story: Story, voice: Tone) -> None:
    answer = client.head(url(story))
    assert answer.status_code == 404
    assert not voice.calls
    whole = client.get(url(story))
    head = client.head(url(story))
    assert head.status_code == 200
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]
    assert not head.content


def test_a_hit_is_not_sent_again_to_who_has_it(client: APIClient, story: Story) -> None:
    etag = client.get(url(story))["ETag"]
    assert etag.startswith('"')
    answer = client.get(url(story), HTTP_IF_NONE_MATCH=etag)
    assert answer.status_code == 304
    assert not answer.content
    assert answer["ETag"] == etag
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_page_that_was_read_is_not_read_again_for_a_moment(
    client: APIClient,
    story: Story,
    configure: Configure,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    client.get(url(story))
    with django_assert_num_queries(2):  # of the session and the user
        assert client.get(url(story)).status_code == 200
    configure(page_seconds=1e-6)
    with django_assert_num_queries(4):
        assert client.get(url(story)).status_code == 200


def test_a_page_that_was_edited_has_another_etag(client: APIClient, story: Story) -> None:
    etag = client.get(url(story))["ETag"]
    page = story.pages.get(page_number=1)
    page.text_content = "नया पन्ना आया।"
    page.save()
    answer = client.get(url(story), HTTP_IF_NONE_MATCH=etag)
    assert answer.status_code == 200
    assert answer["ETag"] != etag


def test_a_part_is_sent_where_a_part_is_asked_for(client: APIClient, story: Story) -> None:
    whole = client.get(url(story)).content
    answer = client.get(url(story), HTTP_RANGE="bytes=100-199")
    assert answer.status_code == 206
    assert answer.content == whole[100:200]
    assert answer["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert answer["Content-Length"] == "100"
    behind = client.get(url(story), HTTP_RANGE=f"bytes={len(whole)}-")
    assert behind.status_code == 416
    assert behind["Content-Range"] == f"bytes */{len(whole)}"


def test_answers_without_a_body_have_no_type(client: APIClient, story: Story) -> None:
    etag = client.get(url(story))["ETag"]
    same = client.get(url(story), HTTP_IF_NONE_MATCH=etag)
    behind = client.get(url(story), HTTP_RANGE="bytes=999999999-")
    assert (same.status_code, behind.status_code) == (304, 416)
    assert "Content-Type" not in same
    assert "Content-Type" not in behind


def test_safaris_first_range_makes_the_page(client: APIClient, story: Story, voice: Tone) -> None:
    answer = client.get(url(story), HTTP_RANGE="bytes=0-1")
    assert answer.status_code == 206
    assert answer.content == b"RI"
    assert len(voice.calls) == 2


def test_formats_are_chosen_by_accept_and_by_name(client: APIClient, story: Story) -> None:
    for accept, kind, begin in (
        ("audio/ogg", "audio/ogg", b"OggS"),
        ("audio/flac;q=0.9, audio/wav;q=0.1", "audio/flac", b"fLaC"),
        ("audio/*", "audio/wav", b"RIFF"),
    ):
        answer = client.get(url(story), HTTP_ACCEPT=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer.content[:4] == begin
        assert "Accept" in answer["Vary"]
    named = client.get(url(story), {"format": "opus"}, HTTP_ACCEPT="audio/wav")
    assert named["Content-Disposition"] == 'inline; filename="page_1.opus"'


def test_formats_of_one_page_cost_one_synthesis(
    client: APIClient, story: Story, voice: Tone
) -> None:
    for name in ("wav", "mp3", "opus", "flac"):
        assert client.get(url(story), {"format": name}).status_code == 200
    assert set(voice.calls.values()) == {1}


def test_a_format_that_there_is_not_is_400_and_what_nobody_takes_is_406(
    client: APIClient, story: Story
) -> None:
    answer = client.get(url(story), {"format": "aac"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert "['wav', 'mp3', 'opus', 'flac']" in answer.json()["detail"]
    assert client.get(url(story), HTTP_ACCEPT="text/html").status_code == 406


def test_browsers_of_other_origins_may_read_the_headers(client: APIClient, story: Story) -> None:
    exposed = client.get(url(story))["Access-Control-Expose-Headers"]
    for name in ("X-TTS-Cached", "X-TTS-Language", "X-Story-ID", "ETag", "Content-Range"):
        assert name in exposed


def test_how_long_pages_are_kept_on_the_way_is_a_setting(
    client: APIClient, story: Story, configure: Configure
) -> None:
    assert client.get(url(story))["Cache-Control"] == "private, no-cache"
    configure(page_cache_control="public, max-age=604800")
    assert client.get(url(story))["Cache-Control"] == "public, max-age=604800"


def test_a_host_says_who_hears_a_story(
    client: APIClient, admins_client: APIClient, story: Story, configure: Configure, voice: Tone
) -> None:
    configure(may_hear="hooks.not_asha")
    for part in ("audio", "audio-url", "timings"):
        refused = client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/{part}/")
        assert refused.status_code == 403
    assert not voice.calls
    assert admins_client.get(url(story)).status_code == 200


def test_who_is_not_signed_in_hears_nothing(story: Story, voice: Tone) -> None:
    for part in ("audio", "audio-url", "timings"):
        answer = APIClient().get(f"/api/v1/speech/stories/{story.pk}/pages/1/{part}/")
        assert answer.status_code in {401, 403}
    assert not voice.calls


def test_pages_that_are_known_are_heard_while_the_database_is_away(
    client: APIClient, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(url(story))

    def away(*_: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(stories.ModelStories, "story", away)
    assert client.get(url(story)).status_code == 200
    unknown = client.get(url(story, 2))
    assert unknown.status_code == 503
    assert unknown["Retry-After"]
    assert "gone" not in unknown.json()["detail"]


@on_this_machine
def test_files_have_no_url_that_a_browser_reads(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(delivery="redirect")
    assert client.get(url(story)).content[:4] == b"RIFF"


@in_a_bucket
def test_a_redirect_leads_to_the_bucket(
    client: APIClient, story: Story, configure: Configure
) -> None:
    configure(delivery="redirect", engine={"aws_querystring_auth": True})
    first = client.get(url(story))
    while first.status_code == 200:  # it is not there yet
        engine().flush()
        first = client.get(url(story))
    assert first.status_code == 302
    assert first["Cache-Control"] == "private, no-store"
    with urllib.request.urlopen(first["Location"], timeout=20) as audio:  # noqa: S310  # loopback
        assert audio.read() == bytes(engine().synthesize(PAGES[0]).audio)


@on_this_machine
def test_nginx_is_told_which_file_to_send(
    client: APIClient, story: Story, configure: Configure, tmp_path: Path
) -> None:
    configure(delivery="x-accel")
    answer = client.get(url(story))
    assert answer.status_code == 200
    name = answer["X-Accel-Redirect"]
    assert name.startswith("/bhashatts-audio/blobs/")
    assert not answer.content
    assert answer["ETag"]
    file = tmp_path / "data" / name.removeprefix("/bhashatts-audio/")
    assert file.read_bytes() == bytes(engine().synthesize(PAGES[0]).audio)


def test_free_text_is_never_elsewhere(client: APIClient, configure: Configure) -> None:
    configure(delivery="x-accel")
    answer = client.post("/api/v1/speech/tts/", {"text": "नमस्ते"}, format="json")
    assert "X-Accel-Redirect" not in answer
    assert answer.content[:4] == b"RIFF"


def test_two_readers_of_a_new_page_pay_once(
    client: APIClient, admins_client: APIClient, story: Story, voice: Tone
) -> None:
    assert client.get(url(story)).content == admins_client.get(url(story)).content
    assert set(voice.calls.values()) == {1}


def test_users_hear_their_own_stories(admin: User, story: Story) -> None:
    assert signed_in(admin).get(url(story)).status_code == 200


def test_a_page_goes_out_in_pieces_and_middleware_may_still_change_it(
    client: APIClient, story: Story, rf: RequestFactory
) -> None:
    whole = client.get(url(story)).content
    speech = engine().lookup(PAGES[0])
    assert speech is not None
    response = answer(rf.get("/"), speech, Kind("page", "no-store"))
    pieces = list(response)
    assert len(pieces) == -(-len(whole) // 65536) > 1
    assert b"".join(pieces) == response.content == whole
    again = pickle.loads(pickle.dumps(response))  # as a cache keeps it
    assert again.content == b"".join(again) == whole
    response.content = b"packed"
    assert (response.content, list(response)) == (b"packed", [b"packed"])
