"""What the implementation guide tests, and has its readers try by hand, asked of this app: its six
tests, its quick commands, and what it says a library costs. See docs/requirements.md.
"""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
import wave
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES, mirrored
from django.core import signing
from library.models import Story, StoryPage, User
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIClient
from running import manage, prepare
from tones import Tone

import bhashatts
from bhashatts.django.api import base
from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, TTSUsageLog
from bhashatts.django.prewarming import prewarm_story
from bhashatts.django.stories import stories

HELLO = "नमस्ते"
TEST = "टेस्ट"
SENTENCE = "नमस्ते बच्चों"
TAMIL = "ஒரு ஊரில் ஒரு முயல் வாழ்ந்தது."
NUMBERS = ("एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ", "दस")


def samples(audio: Any) -> bytes:
    """Of a WAV file."""
    with wave.open(io.BytesIO(bytes(audio))) as reader:
        assert (reader.getnchannels(), reader.getsampwidth()) == (1, 2)
        frames: bytes = reader.readframes(reader.getnframes())
    return frames


# -- its six tests


def test_a_new_text_is_spoken_by_one_call_of_the_voice(voice: Tone) -> None:
    speech = engine().synthesize(HELLO, "HINDI")
    assert not speech.cached
    assert samples(speech.audio) == samples(voice.speak(HELLO))
    assert list(voice.calls.items()) == [(HELLO, 1)]


def test_the_same_text_again_comes_from_the_cache_without_a_call(voice: Tone) -> None:
    first = engine().synthesize(HELLO, "HINDI")
    voice.calls.clear()
    second = engine().synthesize(HELLO, "HINDI")
    assert second.cached
    assert second.audio == first.audio
    assert not voice.calls


def test_an_empty_text_is_refused_and_the_refusal_says_empty(voice: Tone) -> None:
    with pytest.raises(bhashatts.Error, match="empty") as refused:
        engine().synthesize("", "HINDI")
    assert refused.value.code is bhashatts.ErrorCode.TEXT_EMPTY
    assert not voice.calls


def test_5001_characters_are_refused_and_the_refusal_says_too_long(voice: Tone) -> None:
    with pytest.raises(bhashatts.Error, match=r"too.long") as refused:
        engine().synthesize("अ" * 5001, "HINDI")
    assert refused.value.code is bhashatts.ErrorCode.TEXT_TOO_LONG
    assert not voice.calls


def test_what_was_kept_is_found_again_as_it_was(voice: Tone) -> None:
    assert engine().lookup(TEST, "HINDI", "storyteller") is None
    kept = engine().synthesize(TEST, "HINDI", "storyteller")
    found = engine().lookup(TEST, "HINDI", "storyteller")
    assert found is not None
    assert found.cached
    assert found.audio == kept.audio


def test_another_style_of_a_text_that_is_kept_is_a_miss(voice: Tone) -> None:
    engine().synthesize(TEST, "HINDI", "storyteller")
    assert engine().lookup(TEST, "HINDI", "calm") is None


@pytest.mark.parametrize("reply", [b"fake_audio_bytes", b"RIFF" + bytes(100)])
def test_bytes_that_are_no_audio_are_never_kept(voice: Tone, reply: bytes) -> None:
    """The guide's tests take these for audio, and so would its cache, for ever."""
    voice.instead = lambda _request: reply
    with pytest.raises(bhashatts.Error) as refused:
        engine().synthesize(HELLO, "HINDI")
    assert refused.value.code is bhashatts.ErrorCode.BAD_AUDIO
    voice.instead = None
    assert engine().lookup(HELLO, "HINDI") is None
    assert engine().synthesize(HELLO, "HINDI").origin == "synthesized"


# -- what it says of the voice


def test_what_is_kept_is_heard_while_the_voice_is_away(
    client: APIClient, story: Story, voice: Tone
) -> None:
    there = f"/api/v1/speech/stories/{story.pk}/pages"
    kept = client.get(f"{there}/1/audio/")

    def away(_: bhashatts.SynthesisRequest) -> None:
        raise bhashatts.Error(bhashatts.ErrorCode.UNREACHABLE, "nobody there", True)

    voice.instead = away
    assert client.get(f"{there}/2/audio/").status_code == 503
    again = client.get(f"{there}/1/audio/")
    assert (again.status_code, again.content) == (200, kept.content)


def test_a_page_is_spoken_in_the_language_of_its_story(client: APIClient, voice: Tone) -> None:
    asked: list[bhashatts.SynthesisRequest] = []

    def speak(request: bhashatts.SynthesisRequest) -> bytes:
        asked.append(request)
        return voice.speak(request.text)

    voice.instead = speak
    story = Story.objects.create(title="முயல்", language="TAMIL")
    StoryPage.objects.create(story=story, page_number=1, text_content=TAMIL)
    answer = client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/audio/")
    assert answer["X-TTS-Language"] == "TAMIL"
    assert [(one.text, one.language, one.voice_style) for one in asked] == [
        (TAMIL, "TAMIL", "storyteller")
    ]


def test_an_answer_takes_as_long_as_the_wait_and_the_making_as_the_voice_says(
    transactional_db: None, voice: Tone
) -> None:
    def slow(request: bhashatts.SynthesisRequest) -> bhashatts.SynthesisResult:
        time.sleep(0.2)
        return bhashatts.SynthesisResult(voice.speak(request.text), compute_ms=5)

    voice.instead = slow
    engine().synthesize(PAGES[1])
    mirrored()
    assert AudioCache.objects.get().generation_time_ms == 5
    assert TTSUsageLog.objects.get().response_time_ms >= 200


# -- its quick commands


class Bearer(BaseAuthentication):
    """Tokens are the host's matter: this one's are user names that it signed."""

    def authenticate(self, request: Any) -> tuple[User, None] | None:
        """The user of a header `Authorization: Bearer ...`."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            return None
        try:
            return User.objects.get(username=signing.loads(token, salt="bearer")), None
        except (signing.BadSignature, User.DoesNotExist) as reason:
            raise AuthenticationFailed from reason

    def authenticate_header(self, request: Any) -> str:
        """For 401."""
        del request
        return "Bearer"


@pytest.fixture
def headers(user: User, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What signs a request, as in the guide."""
    monkeypatch.setattr(base.View, "authentication_classes", (Bearer,))
    token = signing.dumps(user.username, salt="bearer")
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def ask(url: str, headers: dict[str, str], body: dict[str, str] | None = None) -> bytes:
    """Over a real connection: POST where there is a body. Raises HTTPError."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        body_of: bytes = answer.read()
    return body_of


def test_a_text_that_is_posted_with_a_token_is_a_file_that_plays(
    live_server: Any, headers: dict[str, str], tmp_path: Path, voice: Tone
) -> None:
    url = f"{live_server.url}/api/v1/speech/tts/"
    there = tmp_path / "test_hindi.wav"
    there.write_bytes(ask(url, headers, {"text": SENTENCE, "language": "HINDI"}))
    with wave.open(str(there)) as played:
        seconds = played.getnframes() / played.getframerate()
    assert seconds > 0.5
    assert samples(there.read_bytes()) == samples(voice.speak(SENTENCE))


def test_the_status_is_asked_for_with_a_token(live_server: Any, headers: dict[str, str]) -> None:
    url = f"{live_server.url}/api/v1/speech/status/"
    assert json.loads(ask(url, headers))["data"]["status"] == "healthy"
    for wrong in ({}, {"Authorization": "Bearer of-nobody"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask(url, wrong)
        assert refused.value.code == 401
        refused.value.close()


def test_all_hindi_stories_are_prewarmed_and_the_shell_tells_the_figures(tmp_path: Path) -> None:
    prepare(tmp_path)
    made = manage(tmp_path, "prewarm_tts_cache", "--language=HINDI", "--skip-checks")
    assert (made.returncode, made.stderr) == (0, b"")
    assert "Pages Generated: 3" in made.stdout.decode()
    asked = "from bhashatts.django.engine import engine; print(engine().stats())"
    told = manage(tmp_path, "shell", "-c", asked)
    assert told.returncode == 0, told.stderr
    assert b"total_entries=3" in told.stdout
    assert b"estimated_savings_usd=0" in told.stdout


# -- what it says of costs


def test_a_page_is_paid_for_once_and_a_story_costs_its_pages(
    transactional_db: None, voice: Tone
) -> None:
    """Three seconds of a GPU at 0.00012 dollars, the guide's page: 50 stories of ten are $0.18."""

    def priced(request: bhashatts.SynthesisRequest) -> bhashatts.SynthesisResult:
        audio = voice.speak(request.text)
        return bhashatts.SynthesisResult(audio, cost_micro_usd=360, compute_ms=3000)

    voice.instead = priced
    story = Story.objects.create(title="दस चिड़ियाँ", language="HINDI")
    for number, word in enumerate(NUMBERS, 1):
        text = f"{word} चिड़िया उड़ी।"
        StoryPage.objects.create(story=story, page_number=number, text_content=text)
    source = stories()
    found = source.story(str(story.pk))
    assert found is not None
    first = prewarm_story(engine(), found, source.pages(found))
    assert first.pages_generated == 10
    assert first.total_cost_usd == pytest.approx(0.0036)
    assert 50 * first.total_cost_usd == pytest.approx(0.18)
    again = prewarm_story(engine(), found, source.pages(found))
    assert (again.pages_cached, again.total_cost_usd) == (10, 0)
    mirrored()
    assert {row.generation_time_ms for row in AudioCache.objects.all()} == {3000}
    spent = sum(row.estimated_cost_usd for row in TTSUsageLog.objects.all())
    assert spent == Decimal("0.003600")


def test_hits_save_what_their_speech_cost(transactional_db: None, voice: Tone) -> None:
    for _ in range(5):
        engine().synthesize(PAGES[1])
    stats = engine().stats()
    assert stats.total_cost_usd == pytest.approx(7e-6)
    assert stats.estimated_savings_usd == pytest.approx(4 * 7e-6)
