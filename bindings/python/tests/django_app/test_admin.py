"""The admin: rows that are looked at and heard, and by whom."""

from __future__ import annotations

from pathlib import Path

import pytest
from admin_pages import (
    break_the_engine,
    browser_of,
    kept,
    list_url,
    page_of,
    staff,
    url,
)
from conftest import Configure, mirrored
from django.contrib import admin as django_admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from library.models import Story, User
from tones import PAGE, Tone

from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, PrewarmJob, TTSUsageLog

GUIDES_COLUMNS = (
    "short_text",
    "language",
    "voice_style",
    "access_count",
    "audio_size_display",
    "generation_cost_usd",
    "created_at",
)


# -- what is shown


def test_the_list_of_speeches_has_the_guides_columns_filters_and_order() -> None:
    shown = django_admin.site._registry[AudioCache]
    assert tuple(name for name in shown.list_display if name != "listen_here") == GUIDES_COLUMNS
    assert shown.list_filter == ("language", "voice_style", "created_at")
    assert shown.search_fields == ("text_content", "cache_key")
    assert shown.ordering == ("-created_at",)


def test_no_field_of_a_speech_can_be_written() -> None:
    shown = django_admin.site._registry[AudioCache]
    guides = {
        "cache_key",
        "text_hash",
        "audio_url",
        "audio_size_bytes",
        "generation_time_ms",
        "generation_cost_usd",
        "access_count",
        "last_accessed_at",
    }
    assert guides < set(shown.readonly_fields)
    columns = {field.name for field in AudioCache._meta.concrete_fields} - {"id"}
    assert columns - {"audio_duration_ms"} < set(shown.readonly_fields)  # shown as duration


def test_a_long_text_is_cut_and_a_short_one_is_not() -> None:
    shown = django_admin.site._registry[AudioCache]
    assert shown.short_text(AudioCache(text_content="अ" * 50)) == "अ" * 50
    assert shown.short_text(AudioCache(text_content="अ" * 51)) == "अ" * 50 + "..."
    assert shown.short_text.short_description == "Text"


def test_a_size_is_told_in_kb_or_not_at_all() -> None:
    shown = django_admin.site._registry[AudioCache]
    assert shown.audio_size_display(AudioCache(audio_size_bytes=1536)) == "1.5 KB"
    assert shown.audio_size_display(AudioCache(audio_size_bytes=0)) == "-"
    assert shown.audio_size_display.short_description == "Size"


def test_the_list_of_requests_has_the_guides_columns_filters_and_order() -> None:
    shown = django_admin.site._registry[TTSUsageLog]
    assert shown.list_display == (
        "created_at",
        "language",
        "status_badge",
        "was_cached",
        "text_length",
        "response_time_ms",
        "estimated_cost_usd",
    )
    filters = [getattr(one, "parameter_name", one) for one in shown.list_filter]
    assert filters == ["status", "was_cached", "language", "created_at"]
    assert shown.ordering == ("-created_at",)


@pytest.mark.parametrize(
    ("status", "color"),
    [("success", "green"), ("cached", "blue"), ("error", "red"), ("<b>", "gray")],
)
def test_a_status_is_a_bold_word_in_its_colour(status: str, color: str) -> None:
    shown = django_admin.site._registry[TTSUsageLog]
    word = "&lt;B&gt;" if status == "<b>" else status.upper()
    badge = shown.status_badge(TTSUsageLog(status=status))
    assert badge == f'<span class="bhashatts-badge bhashatts-{color}">{word}</span>'
    assert shown.status_badge.short_description == "Status"


def test_lists_and_pages_open_and_the_dashboard_is_linked(
    boss: Client, story: Story, voice: Tone
) -> None:
    row = page_of(story)
    job = PrewarmJob.objects.create(story_id=str(story.pk), problems=[{"message": "<b>no"}])
    for one in (row, TTSUsageLog.objects.get(), job):
        listed = boss.get(list_url(one._meta.model_name))
        assert listed.status_code == 200
        assert list_url("dashboard").encode() in listed.content
        shown = boss.get(url(one))
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content
    assert b"&lt;b&gt;no" in shown.content
    assert str(story.pk).encode() in boss.get(url(row)).content  # where it is read
    assert boss.get(list_url("audiocache"), {"q": "खरगोश"}).context["cl"].result_count == 1
    assert list_url("dashboard").encode() in boss.get(reverse("admin:index")).content


def test_lists_of_other_apps_are_as_they_were(boss: Client) -> None:
    listed = boss.get(reverse("admin:auth_group_changelist"))
    assert listed.status_code == 200
    tools = listed.content.split(b"object-tools")[1].split(b"</ul>")[0]
    assert b"dashboard" not in tools


def test_nothing_can_be_added_or_changed(boss: Client, story: Story, voice: Tone) -> None:
    row = page_of(story)
    for model in ("audiocache", "ttsusagelog", "prewarmjob"):
        assert boss.get(list_url(model, "add")).status_code == 403
    assert boss.post(url(row), {"text_content": "something else"}).status_code == 403
    row.refresh_from_db()
    assert row.text_content == PAGE


def test_requests_are_filtered_by_language_without_a_look_through_the_whole_log(
    boss: Client, voice: Tone
) -> None:
    kept()
    with CaptureQueriesContext(connection) as asked:
        shown = boss.get(list_url("ttsusagelog"), {"language": "TAMIL"})
    assert shown.context["cl"].result_count == 0
    assert not [one["sql"] for one in asked if "DISTINCT" in one["sql"]]
    assert boss.get(list_url("ttsusagelog"), {"language": "HINDI"}).context["cl"].result_count == 1
    assert boss.get(list_url("ttsusagelog")).context["cl"].result_count == 1


def test_only_superusers_delete_usage_rows(boss: Client, voice: Tone) -> None:
    kept()
    row = TTSUsageLog.objects.get()
    mortal = browser_of(staff("view_ttsusagelog", "delete_ttsusagelog"))
    assert mortal.post(url(row, "delete"), {"post": "yes"}).status_code == 403
    assert boss.post(url(row, "delete"), {"post": "yes"}).status_code == 302
    assert not TTSUsageLog.objects.exists()


# -- hearing


def test_a_row_is_heard_whole_and_in_part_and_costs_nothing(boss: Client, voice: Tone) -> None:
    row = kept()
    calls = sum(voice.calls.values())
    whole = boss.get(url(row, "audio"))
    assert (whole.status_code, whole["Content-Type"]) == (200, "audio/wav")
    assert len(whole.content) == row.audio_size_bytes
    assert whole["Cache-Control"] == "private, no-cache"
    part = boss.get(url(row, "audio"), HTTP_RANGE="bytes=44-99")
    assert (part.status_code, part.content) == (206, whole.content[44:100])
    assert boss.get(url(row, "audio"), HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 304
    assert boss.post(url(row, "audio")).status_code == 405
    assert sum(voice.calls.values()) == calls


def test_each_format_and_style_is_heard_as_it_is_kept(boss: Client, voice: Tone) -> None:
    for row in (kept(format="flac"), kept(style="calm")):
        heard = boss.get(url(row, "audio"))
        assert len(heard.content) == row.audio_size_bytes
        assert heard["ETag"] == f'"{row.cache_key}.{row.audio_format}"'


def test_players_load_nothing_before_they_are_played(boss: Client, voice: Tone) -> None:
    row = kept()
    for page in (boss.get(url(row)), boss.get(list_url("audiocache"))):
        player = page.content.decode().split("<audio")[1].split(">")[0]
        assert 'preload="none"' in player
        assert url(row, "audio") in player


def test_a_take_that_was_replaced_is_not_heard_in_the_place_of_the_old_one(
    boss: Client, voice: Tone
) -> None:
    row = kept()
    engine().reject(PAGE)
    engine().synthesize(PAGE)
    mirrored()
    row.save()  # as before the engine's events came
    heard = boss.get(url(row, "audio"))
    assert heard.status_code == 410
    assert "take 1" in heard.content.decode()


def test_what_is_not_kept_any_more_is_said_and_never_made(boss: Client, voice: Tone) -> None:
    row = kept()
    engine().clear(all=True)
    mirrored()
    row.save()
    calls = sum(voice.calls.values())
    heard = boss.get(url(row, "audio"))
    assert (heard.status_code, heard["Content-Type"]) == (410, "text/plain; charset=utf-8")
    assert b"not kept any more" in heard.content
    assert sum(voice.calls.values()) == calls


def test_without_an_engine_the_pages_open_and_the_player_says_why(
    boss: Client, configure: Configure, tmp_path: Path, story: Story, voice: Tone
) -> None:
    row = page_of(story)
    break_the_engine(configure, tmp_path)
    assert b"not known:" in boss.get(url(row)).content
    assert boss.get(list_url("audiocache")).status_code == 200
    heard = boss.get(url(row, "audio"))
    assert heard.status_code == 503
    assert heard.content.startswith(b"It cannot be heard just now: ")


# -- who may look


def test_anonymous_and_those_who_are_not_staff_are_sent_to_the_login(
    user: User, story: Story, voice: Tone
) -> None:
    row = page_of(story)
    job = PrewarmJob.objects.create(story_id=str(story.pk))
    places = [url(row), url(row, "audio"), list_url("audiocache"), list_url("dashboard")]
    doors = [url(row, "reject"), url(row, "delete"), url(job, "cancel"), url(job, "run_again")]
    for browser in (Client(), browser_of(user)):
        for response in (*map(browser.get, places), *map(browser.post, doors)):
            assert response.status_code == 302
            assert response["Location"].startswith("/admin/login/")
    assert engine().lookup(PAGE) is not None


def test_staff_without_permissions_see_nothing(user: User, voice: Tone) -> None:
    row = kept()
    browser = browser_of(staff())
    for there in (url(row), url(row, "audio"), list_url("audiocache"), list_url("dashboard")):
        assert browser.get(there).status_code == 403


def test_who_may_look_hears_and_needs_no_more(user: User, voice: Tone) -> None:
    row = kept()
    browser = browser_of(staff("view_audiocache"))
    assert browser.get(url(row, "audio")).status_code == 200
    assert browser.get(list_url("audiocache")).status_code == 200
    assert list_url("dashboard").encode() not in browser.get(list_url("audiocache")).content


@pytest.mark.parametrize("there", ["999", "x", "1/2"])
def test_a_row_that_there_is_not_is_not_found(boss: Client, there: str) -> None:
    for view in ("audio", "reject"):
        path = reverse(f"admin:bhashatts_audiocache_{view}", args=[there])
        assert boss.get(path).status_code in {404, 405}
        assert boss.post(path).status_code in {404, 405}
