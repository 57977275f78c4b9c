"""Settings, and what `manage.py check` says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Configure
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from running import manage

import bhashatts
from bhashatts.django import conf
from bhashatts.django.checks import check_settings
from bhashatts.django.engine import engine


def ids() -> set[str]:
    return {str(message.id) for message in check_settings(None)}


def test_what_is_not_given_has_a_default() -> None:
    held = conf.settings()
    assert held.view_timeout == 3.0
    assert [held.rate(scope) for scope in ("tts", "tts_burst", "user")] == [
        "100/hour",
        "10/minute",
        "1000/hour",
    ]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"VIEW_TIMEOUTS": 3}, "VIEW_TIMEOUT"),
        ({"view_timeout": 3}, "view_timeout"),
        ({"VIEW_TIMEOUT": 0}, "VIEW_TIMEOUT"),
        ({"VIEW_TIMEOUT": "3"}, "VIEW_TIMEOUT"),
        ({"THROTTLES": {"tts_brust": None}}, "tts_burst"),
        ({"DELIVERY": "sendfile"}, "x-accel"),
        ({"JOBS": "cron"}, "celery"),
        ({"ACCEL_PREFIX": "audio"}, "ACCEL_PREFIX"),
        ({"ENGINE": []}, "ENGINE"),
        ({"THROTTLES": []}, "THROTTLES"),
        ({"THROTTLES": {"tts": "abc"}}, "THROTTLES.*tts"),
        ({"THROTTLES": {"tts": "10/fortnight"}}, "10/minute"),
        ({"THROTTLES": {"tts": "10/month"}}, "10/minute"),
        ({"THROTTLES": {"user": 5}}, "user"),
        ({"PREWARM_STYLES": "calm"}, "PREWARM_STYLES"),
        ({"PREWARM_STYLES": ("clam",)}, "calm"),
        ({"PREWARM_STYLES": None}, "PREWARM_STYLES"),
        ({"PREWARM_ON_SAVE": "false"}, "PREWARM_ON_SAVE"),
        ({"MIRROR": "no"}, "MIRROR"),
        ({"ASYNC_VIEW_TIMEOUT": -1}, "ASYNC_VIEW_TIMEOUT"),
        ({"ASYNC_VIEW_TIMEOUT": "5"}, "ASYNC_VIEW_TIMEOUT"),
        ({"VIEW_TIMEOUT": None}, "VIEW_TIMEOUT"),
        ({"VIEW_TIMEOUT": float("inf")}, "VIEW_TIMEOUT"),
        ({"VIEW_TIMEOUT": float("nan")}, "VIEW_TIMEOUT"),
        ({"AUDIO_URL_SECONDS": 1e300}, "AUDIO_URL_SECONDS"),
        ({"USAGE_DAYS": 1e9}, "USAGE_DAYS"),
        ({"ACCEL_PREFIX": None}, "ACCEL_PREFIX"),
        ({"ACCEL_PREFIX": "/a\n/"}, "ACCEL_PREFIX"),
        ({"PAGE_CACHE_CONTROL": None}, "PAGE_CACHE_CONTROL"),
        ({"STORY_MODEL": 5}, "STORY_MODEL"),
        ({"STORIES": None}, "STORIES"),
        ({"IS_ADMIN": None}, "IS_ADMIN"),
        ({"MAY_HEAR": True}, "MAY_HEAR"),
    ],
)
def test_what_is_wrong_is_named(settings: Any, given: dict[str, Any], named: str) -> None:
    settings.BHASHATTS = given
    with pytest.raises(ImproperlyConfigured, match=named):
        conf.settings()
    assert ids() == {"bhashatts.E001"}


@pytest.mark.parametrize(
    "given",
    [
        {"THROTTLES": {"tts": None, "tts_burst": "0/s", "user": "1000/day"}},
        {"PREWARM_STYLES": ["calm", "storyteller"], "PREWARM_ON_SAVE": True},
        {"VIEW_TIMEOUT": 1, "ASYNC_VIEW_TIMEOUT": None, "USAGE_DAYS": 36_500},
        {"ACCEL_PREFIX": "/", "PAGE_CACHE_CONTROL": "public, max-age=604800"},
    ],
)
def test_what_makes_sense_is_taken(settings: Any, given: dict[str, Any]) -> None:
    settings.BHASHATTS = given
    assert conf.settings()


def test_a_hook_that_cannot_be_called_is_named(configure: Configure) -> None:
    configure(may_hear="project.settings.DEBUG")
    with pytest.raises(ImproperlyConfigured, match=r"MAY_HEAR.*cannot be called"):
        conf.settings().hook("may_hear")
    assert "bhashatts.E002" in ids()


def test_a_hook_that_is_not_there_is_named(configure: Configure) -> None:
    configure(moderate="hooks.nothing_of_that_name")
    with pytest.raises(ImproperlyConfigured, match="MODERATE"):
        conf.settings().hook("moderate")
    assert "bhashatts.E002" in ids()


def test_the_engines_own_names_are_strict_too(configure: Configure) -> None:
    configure(engine={"data_dri": "/x"})
    assert ids() == {"bhashatts.E001"}
    with pytest.raises(bhashatts.Error, match="data_dir"):
        engine()


def test_the_environment_counts_where_the_settings_are_silent(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTS_DEFAULT_VOICE_STYLE", "calm")
    monkeypatch.setenv("BHASHATTS_BUDGET_USD_MONTH", "2.00  # credits")
    configure()
    assert engine().settings["default_voice_style"] == "calm"
    assert float(engine().settings["budget_usd_month"]) == 2
    configure(engine={"default_voice_style": "enthusiastic"})
    assert engine().settings["default_voice_style"] == "enthusiastic"


def test_a_variable_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_CACHE_TTL_SECONDS", "a day")
    messages = check_settings(None)
    assert [message.id for message in messages] == ["bhashatts.E001"]
    assert "TTS_CACHE_TTL_SECONDS" in messages[0].msg


def test_settings_that_cannot_be_read_are_told_by_check_and_kill_no_other_command(
    tmp_path: Path,
) -> None:
    checked = manage(tmp_path, "check", TTS_CACHE_TTL_SECONDS="a day")
    assert checked.returncode == 1
    assert b"bhashatts.E001" in checked.stderr
    assert b"TTS_CACHE_TTL_SECONDS" in checked.stderr
    assert b"Traceback" not in checked.stderr
    other = manage(tmp_path, "diffsettings", TTS_CACHE_TTL_SECONDS="a day")
    assert other.returncode == 0, other.stderr


def test_there_is_one_engine_for_the_process() -> None:
    assert engine() is engine()


def test_settings_that_are_well_have_only_hints_for_development() -> None:
    expected = {"bhashatts.W004"}  # a temporary directory
    if django_settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        expected.add("bhashatts.W006")
    assert ids() == expected


def test_a_data_directory_that_cannot_be_is_an_error(configure: Configure, tmp_path: Any) -> None:
    (tmp_path / "file").write_text("")
    configure(engine={"data_dir": str(tmp_path / "file" / "data")})
    assert "bhashatts.E004" in ids()


def test_a_token_is_needed_where_it_is_needed(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(parts=None, engine={"synthesizer": "huggingface"})
    assert {"bhashatts.E005", "bhashatts.W003"} <= ids()
    monkeypatch.setenv("HUGGINGFACE_API_TOKEN", "hf_x")
    monkeypatch.setenv("BHASHATTS_BUDGET_USD_MONTH", "2")
    assert not {"bhashatts.E005", "bhashatts.W003"} & ids()


def test_auto_without_a_token_is_told_outside_of_development(
    configure: Configure, settings: Any
) -> None:
    configure(parts=None)
    assert "bhashatts.W002" in ids()
    settings.DEBUG = True
    assert not {one for one in ids() if one.startswith("bhashatts.W")}


def test_a_program_that_is_missing_is_told(configure: Configure) -> None:
    configure(parts=None, engine={"synthesizer": "espeak", "espeak_program": "espeak-of-nobody"})
    assert "bhashatts.E006" in ids()


def test_what_is_for_development_only_is_told(configure: Configure) -> None:
    configure(mirror=False, throttles={"tts": None})
    assert {"bhashatts.W005", "bhashatts.W007"} <= ids()


def test_stories_that_are_not_there_are_told(configure: Configure) -> None:
    configure(story_model=None)
    assert "bhashatts.W001" in ids()
    for model in ("library.Tale", "library.StoryPage", "tale"):
        configure(story_model=model)
        assert "bhashatts.E003" in ids()
