"""tts_doctor finds each part that is broken for real, says what to do, and tells no secret."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES, Configure, mirrored
from running import manage, refused, run, told

from bhashatts.django.engine import close_engine, engine
from bhashatts.django.models import AudioCache

COMMAND = "tts_doctor"
SECRET = "hunter2verysecret"
FILES = {"audio_storage_backend": ""}
NOBODY = 1  # a port where nobody listens
BUCKET = {
    "audio_storage_backend": "storages.backends.s3boto3.S3Boto3Storage",
    "aws_storage_bucket_name": "stories",
    "aws_s3_endpoint_url": f"http://127.0.0.1:{NOBODY}",
    "aws_access_key_id": "AKIA",
    "aws_secret_access_key": SECRET,
}


def parts_that_fail() -> dict[str, Any]:
    """For BHASHATTS['PARTS']."""
    raise LookupError("no such part")


@pytest.fixture(autouse=True)
def _in_development(settings: Any, transactional_db: None) -> None:  # rows are there
    """Where a temporary data directory and a cache of one process are right."""
    settings.DEBUG = True


def found(part: str, level: str) -> str:
    """What is said, with the advice, of a part that stands so. The command's status fits it."""
    if level == "problem":
        error, said = refused(COMMAND, "--json")
        assert error.returncode == 1
    else:
        said = run(COMMAND, "--json")
    checks = json.loads(said)["checks"]
    assert SECRET not in said
    for one in checks:
        if (one["part"], one["level"]) == (part, level):
            return f"{one['message']} -> {one['advice']}"
    raise AssertionError(checks)


@pytest.mark.usefixtures("story")
def test_where_all_is_well_it_says_so_and_costs_nothing(voice: Any) -> None:
    engine().synthesize(PAGES[0])
    voice.calls.clear()
    said = run(COMMAND)
    assert said.endswith("\n0 problems, 0 warnings\n")
    parts = [line.split(": ")[0].split()[1:] for line in said.splitlines() if line[:3] == "ok "]
    assert [" ".join(part) for part in parts] == [
        "settings", "data directory", "engine", "voice", "budget", "redis", "audio store",
        "spool", "database", "rows", "stories", "cache", "delivery", "clock",
    ]  # fmt: skip
    assert "1 speeches are kept" in said
    assert not voice.calls
    assert told(COMMAND)["problems"] == 0


def test_no_stories_are_a_warning_with_status_0() -> None:
    assert "prewarm_tts_cache" in found("stories", "warning")


def test_a_setting_that_is_unknown_is_a_problem(configure: Configure) -> None:
    configure(DELIVRY="body")
    assert "is it 'DELIVERY'?" in found("settings", "problem")


def test_a_variable_that_is_malformed_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHASHATTS_WORKERS", "many")
    assert "BHASHATTS_WORKERS must be" in found("settings", "problem")


def test_a_data_directory_that_is_a_file_is_a_problem(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    configure(engine={"data_dir": str(tmp_path / "file")})
    assert "is no directory -> remove that file" in found("data directory", "problem")
    assert found("engine", "problem")


def test_a_disk_that_is_full_is_a_problem(configure: Configure, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    (tmp_path / "data").mkdir()
    configure(engine={"min_free_bytes": free + (1 << 40)})
    assert "make room" in found("data directory", "problem")
    configure(engine={"min_free_bytes": free // 2})
    assert "make room" in found("data directory", "warning")


def test_parts_of_the_host_that_fail_are_a_problem(configure: Configure) -> None:
    configure(PARTS="test_doctor.parts_that_fail")
    assert "LookupError: no such part" in found("engine", "problem")


def test_no_token_is_a_problem(configure: Configure) -> None:
    configure(PARTS=None, engine={"synthesizer": "huggingface"})
    assert "HUGGINGFACE_API_TOKEN" in found("settings", "problem")
    assert "HUGGINGFACE_API_TOKEN" in refused(COMMAND)[1]


def test_a_voice_that_is_away_is_a_problem_and_the_token_is_not_told(configure: Configure) -> None:
    configure(
        PARTS=None,
        engine={
            "synthesizer": "openai",
            "endpoint_url": f"http://127.0.0.1:{NOBODY}/{SECRET}",
            "endpoint_token": SECRET,
        },
    )
    assert "unreachable" in found("voice", "problem")


def test_a_voice_whose_program_is_missing_is_a_problem(configure: Configure) -> None:
    configure(PARTS=None, engine={"synthesizer": "espeak", "espeak_program": "no-such-program"})
    assert "espeak-ng" in found("settings", "problem")


def test_a_budget_that_is_spent_is_a_problem(configure: Configure) -> None:
    configure(engine={"budget_usd_month": "0.000050"})
    assert "BHASHATTS_BUDGET_USD_MONTH" in found("budget", "problem")


def test_redis_on_a_closed_port_is_a_problem(configure: Configure) -> None:
    configure(engine={"redis_url": f"redis://:{SECRET}@127.0.0.1:{NOBODY}/0"})
    assert "Redis cannot be reached" in found("redis", "problem")


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    """Of a Redis that wants SECRET."""
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    options = ["--port", str(port), "--requirepass", SECRET, "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    yield port
    close_engine()
    server.terminate()
    server.wait()


def test_redis_is_well_with_its_password_and_not_with_another(
    configure: Configure, redis_port: int
) -> None:
    patience = {"redis_timeout_ms": 5000}
    configure(engine={"redis_url": f"redis://:{SECRET}@127.0.0.1:{redis_port}/0", **patience})
    assert "it answers" in found("redis", "ok")
    configure(engine={"redis_url": f"redis://:wrong@127.0.0.1:{redis_port}/0", **patience})
    assert found("redis", "problem")


def test_a_bucket_on_a_closed_port_is_a_problem(configure: Configure) -> None:
    configure(engine=BUCKET)
    assert "cannot be reached" in found("audio store", "problem")
    engine().synthesize(PAGES[0])
    engine().flush()
    said = refused(COMMAND)[1]
    assert "objects (" in said
    assert "are owed to the bucket" in said


def test_no_migrations_are_a_problem(tmp_path: Path) -> None:
    ended = manage(tmp_path, COMMAND)
    assert ended.returncode == 1
    assert b"bhashatts.0001_initial" in ended.stdout
    assert b"-> run: manage.py migrate --database=default" in ended.stdout
    assert b"problems were found" in ended.stderr


@pytest.mark.usefixtures("story")
def test_rows_that_are_behind_are_a_warning() -> None:
    engine().synthesize(PAGES[0])
    mirrored()
    assert "they are up to date, written up to event" in found("rows", "ok")
    AudioCache.objects.all().delete()
    assert "0 rows for 1 speeches" in found("rows", "warning")


def test_a_cache_that_is_away_is_a_problem(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://:{SECRET}@127.0.0.1:{NOBODY}/0",
        }
    }
    assert "RedisCache does not answer" in found("cache", "problem")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert "nothing is limited" in found("cache", "warning")


@pytest.mark.parametrize(
    ("delivery", "store", "level", "words"),
    [
        ("x-accel", FILES, "ok", "internal; alias"),
        ("x-accel", BUCKET, "warning", "redirect or body"),
        ("redirect", FILES, "warning", "x-accel or body"),
        ("redirect", BUCKET, "warning", "AWS_QUERYSTRING_AUTH"),
        ("redirect", {**BUCKET, "aws_querystring_auth": True}, "ok", "redirect"),
    ],
)
def test_delivery_must_fit_the_store(
    configure: Configure, delivery: str, store: dict[str, Any], level: str, words: str
) -> None:
    from bhashatts.django.doctor import examine

    configure(DELIVERY=delivery, engine=store)
    (one,) = [one for one in examine() if one.part == "delivery"]
    assert one.level == level
    assert words in one.message + one.advice


def test_it_runs_where_the_checks_of_django_fail(configure: Configure) -> None:
    configure(MAY_HEAR="no.such.function")
    assert "MAY_HEAR" in found("settings", "problem")
