"""clear_tts_cache removes what it says, and nothing that was paid for unless it is told to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PAGES, mirrored
from running import HERE, environment, manage, prepare, refused, run, terminal
from tones import Tone

from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, PageAudio

COMMAND = "clear_tts_cache"
TAMIL = "ஒரு ஊரில் ஒரு முயல் வாழ்ந்தது."


@pytest.fixture(autouse=True)
def _made(transactional_db: None, voice: Tone) -> None:  # rows are there
    """A page in Hindi and one in Tamil."""
    engine().synthesize(PAGES[0], story_id="a", page_number=1)
    engine().synthesize(TAMIL, language="TAMIL", story_id="b", page_number=1)
    mirrored()
    voice.calls.clear()


def entries(language: str = "") -> int:
    """In memory, on disk, in Redis where there is one."""
    return engine().clear(language=language, dry_run=True).cache_entries


def test_redis_only_keeps_stored_audio_and_rows(voice: Tone) -> None:
    there = entries()
    assert there >= 2
    said = run(COMMAND, "--redis-only", "--yes")
    assert f"Clearing Redis cache...\n✅ Redis cache cleared: {there} entries\n" in said
    assert entries() == 0
    assert said.endswith("✨ Cache clearing complete!\n")
    assert AudioCache.objects.count() == 2
    assert engine().synthesize(PAGES[0]).origin == "blob"
    assert not voice.calls


@pytest.mark.usefixtures("voice")
def test_all_removes_stored_audio_and_rows_too() -> None:
    said = run(COMMAND, "--all", "--yes")
    assert "✅ Deleted 2 database entries" in said
    assert (AudioCache.objects.count(), PageAudio.objects.count()) == (0, 0)
    assert engine().lookup(PAGES[0]) is None
    blobs = [path for path in Path(engine().settings["data_dir"]).glob("blobs/**/*.flac")]
    assert blobs == []


def test_a_language_scopes_everything(voice: Tone) -> None:
    cleared = f"{entries('TAMIL')} entries"
    assert cleared in run(COMMAND, "--redis-only", "--language=TAMIL", "--yes")
    assert (entries("TAMIL"), entries("HINDI") > 0) == (0, True)
    said = run(COMMAND, "--all", "--language=TAMIL", "--yes")
    assert "✅ Deleted 1 database entries" in said
    assert list(AudioCache.objects.values_list("language", flat=True)) == ["HINDI"]
    assert engine().lookup(TAMIL, "TAMIL") is None
    assert engine().synthesize(PAGES[0]).cached
    assert not voice.calls


def test_rows_that_no_engine_knows_go_too() -> None:
    for language in ("HINDI", "TAMIL"):
        AudioCache.objects.create(
            cache_key=f"of another host, {language}", text_content="x", language=language
        )
    assert "Deleted 2 database entries" in run(COMMAND, "--all", "--language=HINDI", "--yes")
    assert AudioCache.objects.filter(language="HINDI").count() == 0
    assert AudioCache.objects.filter(language="TAMIL").count() == 2


def test_a_dry_run_counts_and_removes_nothing() -> None:
    there = f"Would remove {entries()} cache entries\n"
    assert run(COMMAND, "--redis-only", "--dry-run") == there
    said = run(COMMAND, "--all", "--dry-run", "--language=TAMIL")
    assert said.startswith(f"Would remove {entries('TAMIL')} cache entries, ")
    assert said.endswith(", 1 database entries\n")
    assert run(COMMAND, "--redis-only", "--dry-run") == there


def test_options_that_do_not_fit_are_refused() -> None:
    assert "Must specify --redis-only or --all" in str(refused(COMMAND)[0])
    assert "exclude each other" in str(refused(COMMAND, "--redis-only", "--all", "--yes")[0])
    assert "HINDI, TAMIL" in str(refused(COMMAND, "--all", "--yes", "--language=tamil")[0])


def test_where_nobody_can_be_asked_it_wants_yes(tmp_path: Path) -> None:
    ended = manage(tmp_path / "its own", COMMAND, "--redis-only", "--skip-checks")
    assert ended.returncode == 1
    assert b"confirm with --yes" in ended.stderr


@pytest.mark.parametrize(("answer", "status"), [(b"y\n", 0), (b"\n", 1), (b"no\n", 1)])
def test_on_a_terminal_it_asks(tmp_path: Path, answer: bytes, status: int) -> None:
    place = tmp_path / "its own"
    prepare(place)
    ours, theirs = terminal()
    os.write(ours, answer)
    ended = subprocess.run(
        [sys.executable, str(HERE / "manage.py"), COMMAND, "--redis-only", "--skip-checks"],
        env=environment(place),
        cwd=HERE,
        stdin=theirs,
        capture_output=True,
        check=False,
        timeout=120,
    )
    os.close(theirs)
    os.close(ours)
    assert ended.returncode == status
    assert b"This removes 0 cache entries. Go on? [y/N]" in ended.stderr
    assert (b"nothing was removed" in ended.stderr) == bool(status)
