"""What systemd says of the units; no unit is started."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from installed import DEPLOY, Installation, tmpfiles

SYSTEMD = DEPLOY / "systemd"
UNITS = sorted(SYSTEMD.glob("storyreader-*.*[!d]"))
SERVICES = ("storyreader-web.service", "storyreader-task@prune_tts_usage.service")
_EXPOSURE = 20  # of 100; a service that says nothing has 96

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@pytest.fixture
def units(installed: Installation, tmp_path: Path) -> Path:
    """As they are shipped, naming programs that are there."""
    for unit in [*UNITS, SYSTEMD / "storyreader-.service.d" / "common.conf"]:
        made = tmp_path / unit.relative_to(SYSTEMD)
        made.parent.mkdir(exist_ok=True)
        text = unit.read_text("utf-8")
        for program in ("gunicorn", "python"):
            shipped = f"/opt/storyreader/venv/bin/{program}"
            text = text.replace(shipped, str(installed.path(shipped)))
        made.write_text(text, "utf-8")
    return tmp_path


def analyze(*arguments: str, units: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_systemd_understands_every_line_of_the_units(units: Path) -> None:
    assert len(UNITS) == 5
    names = [unit.name.replace("@.", "@tts_doctor.") for unit in UNITS]
    verified = analyze("verify", "--man=no", *(str(units / name) for name in names), units=units)
    said = [line for line in verified.stderr.splitlines() if "storyreader" in line]
    assert (verified.returncode, said) == (0, []), verified.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_the_services_may_do_little_else_than_what_they_are_for(units: Path, service: str) -> None:
    rated = analyze(
        *("security", "--offline=true", "--no-pager", f"--threshold={_EXPOSURE}"),
        str(units / service),
        units=units,
    )
    assert rated.returncode == 0, rated.stdout[-300:] + rated.stderr


def test_the_hardening_is_that_of_all_services(units: Path) -> None:
    shutil.rmtree(units / "storyreader-.service.d")
    rated = analyze(
        *("security", "--offline=true", "--no-pager", f"--threshold={_EXPOSURE}"),
        str(units / SERVICES[0]),
        units=units,
    )
    assert rated.returncode != 0


def test_the_timers_run_commands_that_there_are(installed: Installation) -> None:
    commands = set()
    for timer in SYSTEMD.glob("*.timer"):
        text = timer.read_text("utf-8")
        named = re.search(r"^Unit=storyreader-task@(\w+)\.service$", text, re.MULTILINE)
        assert named, timer
        commands.add(named.group(1))
        when = re.search(r"^OnCalendar=(.+)$", text, re.MULTILINE)
        assert when, timer
        understood = analyze("calendar", when.group(1), units=SYSTEMD)
        assert understood.returncode == 0, understood.stderr
    assert commands == {"prune_tts_usage", "prewarm_tts_cache"}
    ran = installed.manage("prune_tts_usage", "--dry-run")
    assert ran.returncode == 0, ran.stderr
    ran = installed.manage("prewarm_tts_cache", "--dry-run", "--limit=1")
    assert ran.returncode == 0, ran.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives directories away")
@pytest.mark.skipif(shutil.which("systemd-tmpfiles") is None, reason="no systemd-tmpfiles here")
def test_the_way_to_the_audio_is_open_to_nginx_alone(tmp_path: Path) -> None:
    """systemd-tmpfiles makes it, for people of this machine in the place of those named."""
    group = grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name
    text = (SYSTEMD / "storyreader.tmpfiles.conf").read_text("utf-8")
    shipped = tmpfiles(text)
    text = text.replace("/var/lib/", f"{tmp_path}/").replace(
        " storyreader www-data", f" nobody {group}"
    )
    (tmp_path / "here.conf").write_text(text, "utf-8")
    made = subprocess.run(
        ["systemd-tmpfiles", "--create", str(tmp_path / "here.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
    for path, mode, user, owner in shipped:
        there = (tmp_path / path.relative_to("/var/lib")).stat()
        assert (there.st_mode & 0o7777, user, owner) == (mode, "storyreader", "www-data")
        assert (there.st_uid, there.st_gid) == (
            pwd.getpwnam("nobody").pw_uid,
            grp.getgrnam(group).gr_gid,
        )
        assert mode & 0o7 == 0


def test_the_engine_leaves_the_way_to_the_audio_open(installed: Installation) -> None:
    """Also after it has made everything else, which is its own."""
    installed.manage("prewarm_tts_cache", "--limit=1")
    shipped = tmpfiles(installed.shipped("systemd/storyreader.tmpfiles.conf"))
    for path, mode, _, _ in shipped:
        assert path.stat().st_mode & 0o7777 == mode
    audio = list(shipped[-1][0].iterdir())
    assert audio
    assert all(file.stat().st_mode & 0o044 for file in audio)
    assert (installed.data / "catalog").stat().st_mode & 0o077 == 0
