"""docs/deploying.md and docs/troubleshooting.md: what they show runs, what they name is there.

An installation is made by the blocks themselves, in order, on a real PostgreSQL; backed up; lost;
restored. Blocks fenced as `text` need root, systemd or Docker, and are not run.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import needs_voice
from installed import DEPLOY, KEY, TREE, Installation, bare_environment, settings_of

sys.path.append(str(TREE / "bindings" / "python" / "tests"))
import servers  # of the Python module's tests

DOCS = TREE / "docs"
PAGES = ("deploying.md", "troubleshooting.md")


def text_of(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def section(page: str, title: str) -> str:
    """From its heading to the next one of its kind."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text_of(page), re.DOTALL | re.MULTILINE)
    assert found, title
    return found.group(1)


def blocks_of(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@dataclasses.dataclass
class Host:
    """A machine on which nothing is installed but the programs, and a database that is empty."""

    installed: Installation
    database: str

    def run(self, block: str) -> str:
        """A block of a page; what it says."""
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.installed.here(block)],
            cwd=TREE,
            env={**bare_environment(), "PATH": _path()},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def sql(self, statement: str) -> str:
        """What the database says to it."""
        return self.run(
            f'psql --no-psqlrc --quiet --tuples-only "{self.database}" -c "{statement}"'
        )

    def fill_in(self) -> None:
        """What the page leaves to people, in the file that it has put there."""
        place = self.installed.path("/etc/storyreader/env")
        told = {
            **settings_of(self.installed.here(place.read_text("utf-8"))),
            **{name: it for name, it in self.installed.settings.items() if "ESPEAK" in name},
            "PYTHONPATH": self.installed.settings["PYTHONPATH"],
            "DJANGO_SECRET_KEY": KEY,
            "DATABASE_URL": self.database,
            "REDIS_URL": "",
            "BHASHATTS_SYNTHESIZER": "espeak",
            "BHASHATTS_MIN_FREE_BYTES": str(1 << 20),
        }
        place.write_text("".join(f"{name}={it}\n" for name, it in told.items()), "utf-8")


def _path() -> str:
    """With PostgreSQL's programs, of the version that is run."""
    program = servers.postgres_program("pg_dump")
    return os.pathsep.join([str(Path(program or "").parent), os.environ.get("PATH", "")])


@pytest.fixture
def host() -> Iterator[Host]:
    for program in ("mdb_copy", "openssl"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    place = Path(tempfile.mkdtemp(prefix="bhashatts-deploy-docs-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, place)
        port = stack.enter_context(servers.postgres())
        if port is None:
            pytest.skip("PostgreSQL is not installed")
        made = Installation(place)
        for there in made.path("/opt/storyreader").iterdir():
            if there.name == "venv":
                continue
            shutil.rmtree(there) if there.is_dir() else there.unlink()
        made.path("/etc/storyreader/env").unlink()
        yield Host(made, f"postgres://bench@127.0.0.1:{port}/postgres")


def heard(host: Host) -> list[str]:
    """What is kept, and what the rows say of it."""
    rows = host.sql("SELECT title FROM reader_story ORDER BY 1")
    rows += host.sql("SELECT cache_key FROM bhashatts_audio_cache ORDER BY 1")
    audio = host.installed.data / "blobs" / "audio" / "tts"
    return [rows, *sorted(file.name for file in audio.iterdir())]


@needs_voice
def test_a_host_is_installed_upgraded_backed_up_lost_and_restored_as_the_page_says(
    host: Host,
) -> None:
    first, then = blocks_of(section("deploying.md", "One host"))
    host.run(first)
    host.fill_in()
    # It was copied as it is shipped, and here its places are others.
    manage = host.installed.path("/opt/storyreader/manage.sh")
    manage.write_text(host.installed.here(manage.read_text("utf-8")), "utf-8")
    assert "0 problems" in host.run(then)
    host.run("/opt/storyreader/manage.sh prewarm_tts_cache --limit 1")
    for block in blocks_of(section("deploying.md", "Upgrading")):
        host.run(block)

    before = heard(host)
    assert len(before) > 2
    backup, restore = blocks_of(section("deploying.md", "Backing up"))
    host.run(backup)
    assert host.installed.path("/var/backups").stat().st_mode & 0o077
    assert (host.installed.path("/var/backups/storyreader")).stat().st_mode & 0o077 == 0
    host.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for lost in host.installed.data.iterdir():
        shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    said = host.run(restore)
    assert "0 problems" in said
    assert heard(host) == before
    dry = host.run("/opt/storyreader/manage.sh prewarm_tts_cache --limit 1 --dry-run")
    assert "Would generate: 0," in dry  # nothing of it is paid for again
    assert host.installed.data.stat().st_mode & 0o7777 == 0o710

    for block in blocks_of(text_of("troubleshooting.md")):
        host.run(block)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    text = text_of(page)
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (DOCS / link).exists(), link
    for path in re.findall(r"(?:deploy/django|bindings/python)/[\w./-]*[\w-]", text):
        assert list(TREE.glob(f"{path}*")), path
    for name in re.findall(r"`([\w-]+\.(?:py|sh|conf|yaml|example))`", text):
        assert list(DEPLOY.rglob(name)) or name in {"manage.py", "uvicorn.conf"}, name
    known = (DOCS / "settings.md").read_text("utf-8")
    for name in re.findall(r"\b(?:BHASHATTS|AWS|TTS|AUDIO|HUGGINGFACE)_[A-Z0-9_]+\b", text):
        assert f"`{name}`" in known or name == "AWS_", name


@pytest.mark.parametrize("page", PAGES)
def test_settings_and_commands_of_the_app_have_the_names_that_a_page_says(page: str) -> None:
    from bhashatts.django.conf import Settings

    text = text_of(page)
    fields = {field.name.upper() for field in dataclasses.fields(Settings)}
    assert set(re.findall(r'`(?:BHASHATTS)?\["([A-Z_]+)"\]`', text)) <= fields
    there = {
        file.stem
        for file in (TREE / "bindings/python/bhashatts/django/management/commands").glob("*.py")
    }
    named = set(re.findall(r"\b(?:tts_\w+|\w+_tts_\w+)\b", text)) - {"bhashatts"}
    assert named <= there, named - there


def test_the_parts_that_the_doctor_names_are_those_that_the_page_names() -> None:
    folder = TREE / "bindings/python/bhashatts/django"
    source = (folder / "doctor.py").read_text("utf-8") + (folder / "doctor_host.py").read_text(
        "utf-8"
    )
    parts = set(re.findall(r'Finding\(\s*"([a-z ]+)"', source))
    parts |= set(re.findall(r'_guarded\("([a-z ]+)"', source)) | {"voice", "fallback voice"}
    text = text_of("troubleshooting.md")
    listed = re.search(r"Each line names a part: (.+?)\.", text, re.DOTALL)
    assert listed
    assert set(re.findall(r"`([a-z ]+)`", listed.group(1).replace("\n", " "))) == parts


def test_every_symptom_of_the_guides_table_is_answered_with_a_part_to_look_at() -> None:
    """A184 and A185 of the requirements."""
    table = section("troubleshooting.md", "The guide's own table")
    rows = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \|", table, re.MULTILINE))
    for symptom in ("402", "503", "429", "audio sounds wrong", "cache not working"):
        assert any(symptom in row for row in rows), symptom
    assert all("`" in looked for name, looked in rows.items() if "wrong" not in name)


def test_codes_that_listeners_may_see_are_the_engines() -> None:
    import bhashatts

    names = {code.name.lower() for code in bhashatts.ErrorCode} | {"not_made", "restarting"}
    answers = section("troubleshooting.md", "Answers")
    for code in re.findall(r"^\| \d{3}, (`\w+`(?:, `\w+`)*)", answers, re.MULTILINE):
        assert set(re.findall(r"`(\w+)`", code)) <= names
