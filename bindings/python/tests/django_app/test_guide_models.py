"""The two models of the guide, field by field; where ours differ, what stands in their place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import models

from bhashatts.django.models import AudioCache, Language, PageAudio, TTSUsageLog, VoiceStyle


def field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def test_six_languages_can_be_chosen_by_the_guides_names() -> None:
    assert Language.choices == [
        ("HINDI", "Hindi"),
        ("TAMIL", "Tamil"),
        ("GUJARATI", "Gujarati"),
        ("PUNJABI", "Punjabi"),
        ("TELUGU", "Telugu"),
        ("MALAYALAM", "Malayalam"),
    ]
    language = field(AudioCache, "language")
    assert language.choices == Language.choices
    assert (language.max_length, language.has_default()) == (20, False)


def test_three_styles_can_be_chosen_and_the_storyteller_is_the_default() -> None:
    assert VoiceStyle.choices == [
        ("storyteller", "Storyteller (Warm & Engaging)"),
        ("calm", "Calm (Soft & Soothing)"),
        ("enthusiastic", "Enthusiastic (Energetic)"),
    ]
    style = field(AudioCache, "voice_style")
    assert (style.max_length, style.get_default()) == (20, "storyteller")
    assert style.choices == VoiceStyle.choices


def test_rows_know_when_they_were_made_and_changed() -> None:
    for model in (AudioCache, TTSUsageLog):
        assert field(model, "created_at").has_default()
        assert field(model, "updated_at").auto_now


def test_a_speech_has_one_key_and_is_found_by_its_text() -> None:
    key = field(AudioCache, "cache_key")
    assert (key.max_length, key.unique) == (64, True)
    assert isinstance(field(AudioCache, "text_content"), models.TextField)
    text_hash = field(AudioCache, "text_hash")
    assert (text_hash.max_length, text_hash.db_index, text_hash.unique) == (64, True, False)


@pytest.mark.parametrize(
    ("name", "kind", "default"),
    [
        ("audio_duration_ms", models.BigIntegerField, 0),
        ("audio_size_bytes", models.BigIntegerField, 0),
        ("audio_format", models.CharField, "wav"),
        ("access_count", models.BigIntegerField, 0),
        ("generation_time_ms", models.BigIntegerField, 0),
        ("generation_cost_usd", models.DecimalField, Decimal(0)),
    ],
)
def test_what_is_measured_of_a_speech_begins_at_nothing(name: str, kind: Any, default: Any) -> None:
    assert isinstance(field(AudioCache, name), kind)
    assert field(AudioCache, name).get_default() == default
    assert field(AudioCache, name).help_text or name == "audio_format"


def test_money_has_six_decimals() -> None:
    for one in (field(AudioCache, "generation_cost_usd"), field(TTSUsageLog, "estimated_cost_usd")):
        assert (one.max_digits, one.decimal_places) == (10, 6)


def test_when_a_speech_was_heard_is_written_when_it_is_heard_only() -> None:
    heard = field(AudioCache, "last_accessed_at")
    assert heard.null
    assert not heard.auto_now


def test_names_of_objects_are_kept_and_urls_are_not() -> None:
    names = {one.name for one in AudioCache._meta.concrete_fields}
    assert "blob_name" in names
    assert "audio_url" not in names
    assert isinstance(AudioCache.audio_url, property)


def test_a_page_has_one_speech_for_each_style_and_format_and_a_speech_many_pages() -> None:
    (once,) = PageAudio._meta.constraints
    assert once.fields == ("story_id", "page_number", "voice_style", "audio_format")
    link = field(PageAudio, "audio")
    assert (link.related_model, link.remote_field.related_name) == (AudioCache, "pages")


def test_each_index_is_there_once() -> None:
    indexed = {tuple(index.fields) for index in AudioCache._meta.indexes}
    assert ("language", "voice_style") in indexed
    assert ("text_hash",) not in indexed  # the field itself has one
    assert {tuple(index.fields) for index in TTSUsageLog._meta.indexes} == {("created_at",)}


def test_a_row_is_called_by_its_language_and_the_beginning_of_its_text() -> None:
    assert str(AudioCache(language="TAMIL", text_content="அ" * 60)) == f"TAMIL - {'அ' * 50}..."
    assert str(AudioCache(language="TAMIL", text_content="அ")) == "TAMIL - அ..."
    assert AudioCache._meta.verbose_name == "Audio Cache"
    assert AudioCache._meta.verbose_name_plural == "Audio Cache Entries"


def test_requests_end_in_one_of_three_ways() -> None:
    assert TTSUsageLog.Status.choices == [
        ("success", "Success"),
        ("cached", "Served from Cache"),
        ("error", "Error"),
    ]
    status = field(TTSUsageLog, "status")
    assert (status.max_length, status.choices) == (20, TTSUsageLog.Status.choices)


def test_a_request_is_logged_with_the_guides_fields() -> None:
    assert not field(TTSUsageLog, "text_length").has_default()
    for name in ("language", "voice_style"):
        assert (field(TTSUsageLog, name).max_length, field(TTSUsageLog, name).choices) == (20, None)
    assert field(TTSUsageLog, "was_cached").get_default() is False
    assert field(TTSUsageLog, "response_time_ms").get_default() == 0
    assert field(TTSUsageLog, "estimated_cost_usd").get_default() == 0
    assert field(TTSUsageLog, "error_message").blank


def test_the_user_of_a_request_is_the_hosts_own_model_and_may_be_gone() -> None:
    user = field(TTSUsageLog, "user")
    assert user.related_model._meta.label == django_settings.AUTH_USER_MODEL
    assert user.remote_field.on_delete is models.SET_NULL
    assert user.null
    assert user.blank


def test_no_migration_is_missing(transactional_db: None) -> None:
    call_command("makemigrations", "bhashatts", "--check", "--dry-run", verbosity=0)
