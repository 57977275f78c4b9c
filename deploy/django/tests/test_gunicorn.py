"""gunicorn's settings, and Django's beside them: each is one that there is."""

from __future__ import annotations

import runpy
import subprocess

import pytest

from installed import DEPLOY, Installation

gunicorn_config = pytest.importorskip("gunicorn.config")
_NEWER = {"control_socket_disable"}  # since 25; older ones know of no such socket
_OTHERS = {"BHASHATTS", "REST_FRAMEWORK"}  # settings that are not Django's


def gunicorn(installed: Installation, *options: str, **more: str) -> tuple[int, str]:
    """Its exit status, and what it says."""
    program = str(installed.path("/opt/storyreader/venv/bin/gunicorn"))
    ran = subprocess.run(
        [program, "--config", "gunicorn.conf.py", *options],
        cwd=installed.path("/opt/storyreader"),
        env=installed.environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_gunicorn_finds_nothing_wrong_with_its_settings(installed: Installation) -> None:
    assert gunicorn(installed, "--check-config") == (0, "")


def test_each_of_them_is_one_of_gunicorns_which_ignores_what_it_does_not_know() -> None:
    known = {setting.name for setting in gunicorn_config.KNOWN_SETTINGS} | _NEWER
    given = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    named = {name for name in given if name.islower() and name[0] != "_"} - {"annotations"}
    assert len(named) > 8
    assert named <= known


def test_each_setting_of_the_deployment_is_djangos_or_ours() -> None:
    from django.conf import global_settings

    text = (DEPLOY / "behind_nginx.py").read_text("utf-8")
    lines = [line for line in text.splitlines() if line[:1].isupper() and " = " in line]
    named = {line.split(" = ")[0].split(":")[0] for line in lines}
    assert len(named) > 5
    assert {name for name in named if not hasattr(global_settings, name)} == _OTHERS


def test_an_engine_that_cannot_be_opened_is_heard_of_before_any_listener(
    installed: Installation,
) -> None:
    nowhere = str(installed.place / "stories.jsonl" / "speech")
    status, said = gunicorn(installed, BHASHATTS_DATA_DIR=nowhere)
    assert status != 0
    assert nowhere.rsplit("/", 1)[0] in said
    assert "Booting worker" not in said
