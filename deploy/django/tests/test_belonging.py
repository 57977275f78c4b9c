"""Numbers, names and places that stand in several files and must fit each other."""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path
from typing import Any

import bhashatts
import pytest
import yaml

from installed import (
    DEPLOY,
    KEY,
    READER,
    TREE,
    Installation,
    bare_environment,
    settings_of,
    tmpfiles,
)

SITE = (DEPLOY / "nginx" / "storyreader.conf").read_text("utf-8")
SERVICE = (DEPLOY / "systemd" / "storyreader-web.service").read_text("utf-8")
COMMON = (DEPLOY / "systemd" / "storyreader-.service.d" / "common.conf").read_text("utf-8")
SOCKET = (DEPLOY / "systemd" / "storyreader-web.socket").read_text("utf-8")
GUNICORN = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
EXAMPLE = (DEPLOY / "env.example").read_text("utf-8")
ENGINE = bhashatts.settings(environment=False)


def seconds(text: str, name: str) -> int:
    found = re.search(rf"^\s*{name}[ =](\d+)s?;?(?:\s|$)", text, re.MULTILINE)
    assert found, name
    return int(found.group(1))


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """What behind_nginx.py makes of the example and more."""
    monkeypatch.syspath_prepend(str(READER))
    for name in os.environ.keys() - bare_environment().keys():
        monkeypatch.delenv(name)
    filled = {"DJANGO_SECRET_KEY": KEY, **environment}
    for name, value in {**settings_of(EXAMPLE), **filled}.items():
        monkeypatch.setenv(name, value)
    import sys

    monkeypatch.delitem(sys.modules, "storyreader.settings", raising=False)
    return runpy.run_path(str(DEPLOY / "behind_nginx.py"))


def test_gunicorn_waits_longer_than_the_engine_and_who_ends_it_waits_longer_still() -> None:
    assert GUNICORN["graceful_timeout"] > ENGINE["drain_timeout_ms"] / 1000
    assert seconds(SERVICE, "TimeoutStopSec") > GUNICORN["graceful_timeout"]
    grace = COMPOSE["services"]["app"]["stop_grace_period"]
    assert int(grace.rstrip("s")) > GUNICORN["graceful_timeout"]


def test_nginx_hangs_up_first_and_waits_for_as_long_as_speech_may_take() -> None:
    assert seconds(SITE, "keepalive_timeout") < GUNICORN["keepalive"]
    assert seconds(SITE, "proxy_read_timeout") > ENGINE["default_timeout_ms"] / 1000


def test_four_workers_share_an_engine_that_was_opened_before_them() -> None:
    assert (GUNICORN["workers"], GUNICORN["preload_app"]) == (4, True)
    assert callable(GUNICORN["on_starting"])


def test_all_name_the_same_socket() -> None:
    path = "/run/storyreader/http.sock"
    assert GUNICORN["bind"] == f"unix:{path}"
    assert SITE.count(f"server unix:{path} ") == SITE.count("server unix:") == 2
    assert f"ListenStream={path}\n" in SOCKET
    assert runpy.run_path(str(DEPLOY / "healthcheck.py"))["SOCKET"] == path


def test_all_name_the_same_data_directory_and_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = settings_of(EXAMPLE)["BHASHATTS_DATA_DIR"]
    prefix = settings_with(monkeypatch)["BHASHATTS"]["ACCEL_PREFIX"]
    assert (
        f"location {prefix}blobs/ {{\n        internal;\n        alias {directory}/blobs/;" in SITE
    )
    assert re.findall(r"alias ([^;]+);", SITE) == [f"{directory}/blobs/"]
    assert f"ReadWritePaths={directory}\n" in COMMON
    text = (DEPLOY / "systemd" / "storyreader.tmpfiles.conf").read_text("utf-8")
    assert tmpfiles(text)[0][0] == Path(directory)
    mounted = {name: one.get("volumes", []) for name, one in COMPOSE["services"].items()}
    assert f"speech:{directory}" in mounted["app"]
    assert f"speech:{directory}:ro" in mounted["nginx"]


def test_every_setting_of_the_example_is_read_by_somebody() -> None:
    """The engine, the reader, or compose.yaml; docs/settings.md is tested to be the engine's."""
    pages = (TREE / "docs" / "settings.md").read_text("utf-8")
    reader = (READER / "storyreader" / "settings.py").read_text("utf-8")
    known = set(re.findall(r"^\| `\w+` \| `([A-Z0-9_]+)`", pages, re.MULTILINE))
    known |= set(re.findall(r'["\']([A-Z][A-Z0-9_]+)["\']', reader))
    known |= set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    known |= {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}  # dj_database_url's and Django's own
    named = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
    assert len(named) > 20
    assert named <= known


def test_the_example_needs_no_quoting_and_holds_no_secret() -> None:
    for name, value in settings_of(EXAMPLE).items():
        assert not re.search(r"""["'$\\#\s]""", value), name
    for secret in ("DJANGO_SECRET_KEY", "POSTGRES_PASSWORD", "HUGGINGFACE_API_TOKEN"):
        assert settings_of(EXAMPLE)[secret] == ""


def test_nginx_sends_what_is_on_the_disk_and_the_store_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bucket = {"AUDIO_STORAGE_BACKEND": "storages.backends.s3boto3.S3Boto3Storage"}
    signed = {**bucket, "AWS_QUERYSTRING_AUTH": "true"}
    for environment, delivery in (({}, "x-accel"), (bucket, "body"), (signed, "redirect")):
        assert settings_with(monkeypatch, **environment)["BHASHATTS"]["DELIVERY"] == delivery


def test_django_finds_the_deployment_in_order(installed: Installation) -> None:
    rows = {
        "DATABASE_URL": "postgres://storyreader:x@127.0.0.1/x",
        "REDIS_URL": "redis://127.0.0.1/0",
    }
    checked = installed.manage("check", "--deploy", "--fail-level=WARNING", **rows)
    said = re.findall(r"^\?: \((\S+)\)", checked.stderr, re.MULTILINE)
    # HSTS for subdomains and preloading are for who owns all of the domain; W004: we are in /tmp.
    assert set(said) <= {"security.W005", "security.W021", "bhashatts.W004"}, checked.stderr
