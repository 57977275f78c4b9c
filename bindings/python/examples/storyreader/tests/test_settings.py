"""What the environment alone makes of the settings."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

FILE = Path(__file__).parent.parent / "storyreader" / "settings.py"
SERVICE = {
    "DJANGO_DEBUG": "0",
    "DJANGO_SECRET_KEY": "a key of fifty characters",
    "DJANGO_ALLOWED_HOSTS": "stories.example.org, www.example.org",
}


def settings_of(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(FILE))


def test_nothing_set_is_one_machine_with_sqlite_and_open_doors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = settings_of(monkeypatch)
    assert held["DEBUG"] and held["STORYREADER_OPEN"]
    assert held["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert "CACHES" not in held
    assert held["BHASHATTS"]["ENGINE"]["data_dir"] == str(held["DATA"] / "speech")
    assert held["BHASHATTS"]["THROTTLES"] == {"tts": None, "tts_burst": None}


def test_a_database_and_a_redis_come_by_their_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    held = settings_of(
        monkeypatch,
        DATABASE_URL="postgres://asha:secret@db.example.org:5433/stories",
        REDIS_URL="redis://cache.example.org:6379/1",
    )
    database = held["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == (
        *("db.example.org", 5433),
        "stories",
    )
    assert held["CACHES"]["default"]["LOCATION"] == "redis://cache.example.org:6379/1"


def test_a_voice_that_costs_is_limited_even_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    held = settings_of(monkeypatch, HUGGINGFACE_API_TOKEN="hf_of_nobody")
    assert held["BHASHATTS"]["THROTTLES"] == {}


def test_the_engine_hears_of_hugging_face_and_the_bucket_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bhashatts.django.engine import engine_settings

    monkeypatch.setenv("HUGGINGFACE_API_TOKEN", "hf_of_nobody")
    monkeypatch.setenv("AUDIO_STORAGE_BACKEND", "storages.backends.s3boto3.S3Boto3Storage")
    monkeypatch.setenv("AWS_STORAGE_BUCKET_NAME", "stories")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example.org:6379/1")
    held = engine_settings()
    assert held["huggingface_api_token"]
    assert held["aws_storage_bucket_name"] == "stories"
    assert held["redis_url"]


def test_a_data_directory_of_the_environment_is_left_to_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = settings_of(monkeypatch, BHASHATTS_DATA_DIR="/srv/speech")
    assert held["BHASHATTS"]["ENGINE"] == {}


def test_a_service_is_closed_and_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    held = settings_of(monkeypatch, **SERVICE)
    assert not held["DEBUG"] and not held["STORYREADER_OPEN"]
    assert held["ALLOWED_HOSTS"] == ["stories.example.org", "www.example.org"]
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert held[name] is True, name
    assert held["SECURE_HSTS_SECONDS"] > 0
    assert "SECURE_PROXY_SSL_HEADER" not in held
    assert held["BHASHATTS"]["THROTTLES"] == {}
    assert held["STORAGES"]["staticfiles"]["BACKEND"] == "storyreader.static_files.Storage"


def test_a_service_behind_a_proxy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    held = settings_of(monkeypatch, **SERVICE, DJANGO_BEHIND_PROXY="1", DJANGO_SSL_REDIRECT="off")
    assert held["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert held["SECURE_SSL_REDIRECT"] is False


@pytest.mark.parametrize("missing", ["DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS"])
def test_a_service_without_a_key_or_a_name_does_not_start(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=missing):
        settings_of(monkeypatch, **{**SERVICE, missing: ""})


def test_a_flag_that_is_neither_yes_nor_no_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="DJANGO_DEBUG must be 1 or 0"):
        settings_of(monkeypatch, DJANGO_DEBUG="perhaps")
