"""POST tts/: a free text."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from conftest import Configure, mirrored
from library.models import User
from rest_framework.test import APIClient
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts.django.models import TTSUsageLog

URL = "/api/v1/speech/tts/"


def post(client: APIClient, url: str = URL, **body: Any) -> Any:
    return client.post(url, body, format="json")


def test_a_text_is_answered_with_its_speech(client: APIClient, voice: Tone) -> None:
    answer = post(client, text=PAGE, language="HINDI", voice_style="calm")
    assert answer.status_code == 200
    assert answer.content[:4] == b"RIFF"
    assert answer["Content-Type"] == "audio/wav"
    assert answer["Content-Disposition"] == 'inline; filename="speech.wav"'
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-TTS-Cached"] == "false"
    assert answer["X-TTS-Language"] == "HINDI"
    assert sum(voice.calls.values()) == 2  # sentences


def test_language_and_style_have_the_guides_defaults(client: APIClient) -> None:
    post(client, text=OTHER)
    mirrored()
    row = TTSUsageLog.objects.get()
    assert (row.language, row.voice_style) == ("HINDI", "storyteller")


def test_the_default_style_is_a_setting(client: APIClient, configure: Configure) -> None:
    configure(engine={"default_voice_style": "calm"})
    post(client, text=OTHER)
    mirrored()
    assert TTSUsageLog.objects.get().voice_style == "calm"


def test_the_second_time_it_is_a_hit_that_costs_nothing(
    client: APIClient, voice: Tone, user: User
) -> None:
    first, second = post(client, text=OTHER), post(client, text=f"  {OTHER}\n")
    assert second["X-TTS-Cached"] == "true"
    assert first.content == second.content
    assert voice.calls[OTHER] == 1
    mirrored()
    hit = TTSUsageLog.objects.get(was_cached=True)
    assert (hit.status, hit.estimated_cost_usd, hit.user) == ("cached", 0, user)


def test_free_text_is_kept_by_no_cache_on_the_way(client: APIClient) -> None:
    assert post(client, text=OTHER)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": None}, {"language": "TAMIL"}])
def test_a_text_is_required(client: APIClient, body: dict[str, Any]) -> None:
    answer = client.post(URL, body, format="json")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Text is required"


@pytest.mark.parametrize("text", [7, True, ["नमस्ते"], {"a": 1}, 1.5])
def test_what_is_no_string_is_refused(client: APIClient, text: Any) -> None:
    answer = post(client, text=text)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Text must be a string"


@pytest.mark.parametrize("body", ["[1, 2]", '"text"', "7", "{", '{"text": "\\ud800"}', "null"])
def test_a_body_that_is_none_is_refused(client: APIClient, body: str) -> None:
    answer = client.post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("text", ["अ\x00", "अ\x07ब", "\x1b[31m"])
def test_controls_are_refused_before_anything_is_paid(
    client: APIClient, text: str, voice: Tone
) -> None:
    assert post(client, text=text).status_code == 400
    assert not voice.calls


def test_blanks_alone_are_no_text(client: APIClient) -> None:
    answer = post(client, text=" \n\t ")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Text cannot be empty"


def test_the_limit_is_5000_characters_however_they_are_spelt(
    client: APIClient, configure: Configure, voice: Tone
) -> None:
    configure(view_timeout=60.0)
    over = post(client, text="अ" * 5001)
    assert over.status_code == 400
    assert over.json()["detail"] == "Text too long (max 5000 characters)"
    assert not voice.calls
    trimmed = post(client, text=" " + "अ" * 20 + " " * 6000)
    assert trimmed.status_code == 200


def test_languages_are_named_when_one_is_wrong(client: APIClient) -> None:
    for wrong in ("hindi", "BENGALI", "", None, 7, ["HINDI"]):
        answer = post(client, text=OTHER, language=wrong)
        assert answer.status_code == 400
        assert answer.json()["detail"] == (
            "Invalid language. Must be one of: "
            "['HINDI', 'TAMIL', 'GUJARATI', 'PUNJABI', 'TELUGU', 'MALAYALAM']"
        )


def test_styles_are_named_when_one_is_wrong(client: APIClient) -> None:
    answer = post(client, text=OTHER, voice_style="angry")
    assert answer.status_code == 400
    assert answer.json()["detail"] == (
        "Invalid voice_style. Must be one of: ['storyteller', 'calm', 'enthusiastic']"
    )


def test_a_member_that_is_misspelt_is_not_paid_for(client: APIClient, voice: Tone) -> None:
    answer = post(client, text=OTHER, voicestyle="calm")
    assert answer.status_code == 400
    assert "voice_style" in answer.json()["detail"]
    assert not voice.calls


def test_a_failure_of_the_voice_is_503_and_tells_no_secret(
    client: APIClient, voice: Tone, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: bhashatts.SynthesisRequest) -> None:
        raise bhashatts.Error(
            bhashatts.ErrorCode.RATE_LIMITED, "the upstream at 10.0.0.7 is busy", True, 7.2
        )

    voice.instead = fail
    answer = post(client, text=OTHER)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "8"
    assert answer.json()["code"] == "rate_limited"
    assert "10.0.0.7" not in answer.json()["detail"]
    assert "TTS error" in caplog.text
    mirrored()
    row = TTSUsageLog.objects.get()
    assert row.status == "error"
    assert row.error_message
    assert not row.was_cached


def test_what_is_still_being_made_is_503_and_then_a_hit(
    client: APIClient, voice: Tone, configure: Configure
) -> None:
    configure(view_timeout=0.05)
    go_on = voice.hold()
    answer = post(client, text=OTHER)
    assert answer.status_code == 503
    assert answer.json()["code"] == "deadline_exceeded"
    assert int(answer["Retry-After"]) >= 1
    go_on.set()
    for _ in range(500):  # more than the limit lets in: a wait that is taken up again is free
        answer = post(client, text=OTHER)
        if answer.status_code != 503:
            break
    assert answer.status_code == 200
    assert voice.calls[OTHER] == 1


def test_a_host_may_refuse_a_text(client: APIClient, configure: Configure, voice: Tone) -> None:
    configure(moderate="hooks.not_about_lions")
    assert post(client, text=OTHER).status_code == 200
    answer = post(client, text="शेर गरजा।")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "No lions, please"
    assert list(voice.calls) == [OTHER]


def test_who_is_not_signed_in_is_refused() -> None:
    answer = post(APIClient(), text=OTHER)
    assert answer.status_code in {401, 403}


def test_a_password_will_do(user: User) -> None:
    client = APIClient()
    secret = base64.b64encode(b"asha:secret").decode()
    client.credentials(HTTP_AUTHORIZATION=f"Basic {secret}")
    assert post(client, text=OTHER).status_code == 200


def test_a_form_will_do_too(client: APIClient) -> None:
    assert client.post(URL, {"text": OTHER}, format=None).status_code in {200, 415}
    coded = client.post(URL, "text=%E0%A4%A8", content_type="application/x-www-form-urlencoded")
    assert coded.status_code == 200


def test_only_post_is_there(client: APIClient) -> None:
    assert client.get(URL).status_code == 405
    assert client.put(URL, {}, format="json").status_code == 405
