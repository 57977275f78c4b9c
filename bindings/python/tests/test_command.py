"""The bhashatts command, as Python installs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import pytest

import bhashatts

PAGE = "एक घने जंगल में एक छोटा सा खरगोश रहता था।"
COMMAND = os.environ.get("TEST_COMMAND")
MODULE = [sys.executable, "-m", "bhashatts"]

needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "BHASHATTS_DATA_DIR": str(tmp_path / "data"),
        "BHASHATTS_SYNTHESIZER": "espeak",
        "BHASHATTS_MIN_FREE_BYTES": str(1 << 20),
    }


def run(
    environment: dict[str, str], *arguments: str | bytes, **more: Any
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*MODULE, *arguments], env=environment, capture_output=True, check=False, **more
    )


def speaker(place: Path, seconds: str) -> Path:
    """A program in the place of espeak-ng that takes its time."""
    program = place / "slow"
    program.write_text(f'#!/bin/sh\ntouch "{place}/spoken"\nexec sleep {seconds}\n')
    program.chmod(0o755)
    return program


def wait_for(file: Path) -> None:
    until = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < until
        time.sleep(0.01)


@needs_espeak
def test_it_gives_the_bytes_that_python_gets(environment: dict[str, str], tmp_path: Path) -> None:
    said = run(environment, "say", PAGE, "-o", "-")
    assert said.returncode == 0, said.stderr
    for directory in ("data", "another"):
        with bhashatts.TtsEngine(
            data_dir=tmp_path / directory, synthesizer="espeak", min_free_bytes=1 << 20
        ) as engine:
            speech = engine.synthesize(PAGE)
            assert speech.audio == said.stdout, speech.origin


def test_both_ways_to_call_it_are_one(environment: dict[str, str]) -> None:
    script = Path(sysconfig.get_path("scripts")) / "bhashatts"
    if not script.exists():
        pytest.skip("the module is not installed: there is no bhashatts script")
    for arguments in (["--version"], ["voices", "--json"], ["say", ""], ["nonsense"]):
        one = run(environment, *arguments)
        two = subprocess.run(
            [script, *arguments], env=environment, capture_output=True, check=False
        )
        assert (one.returncode, one.stdout, one.stderr) == (
            two.returncode,
            two.stdout,
            two.stderr,
        )


@needs_espeak
def test_it_says_what_the_command_without_python_says(
    environment: dict[str, str], tmp_path: Path
) -> None:
    if not COMMAND:
        pytest.skip("TEST_COMMAND names no command to compare with")
    for number, arguments in enumerate(
        (["say", PAGE, "-o", "-"], ["say", " "], ["lookup", PAGE + PAGE], ["config"], ["--help"])
    ):
        told = []
        for way in (MODULE, [COMMAND]):
            environment["BHASHATTS_DATA_DIR"] = str(tmp_path / f"own{number}")
            shutil.rmtree(tmp_path / f"own{number}", ignore_errors=True)
            done = subprocess.run(
                [*way, *arguments], env=environment, capture_output=True, check=False
            )
            told.append((done.returncode, done.stdout))
        assert told[0] == told[1]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--version"], 0),
        (["voices"], 0),
        (["stats", "--json"], 0),
        (["say", " "], 2),
        (["say", b"\xff\xfe"], 2),
        (["nonsense"], 2),
        ([], 2),
        (["lookup", PAGE], 3),
    ],
)
def test_exit_statuses_are_those_of_the_command(
    environment: dict[str, str], arguments: list[str | bytes], status: int
) -> None:
    told = run(environment, *arguments)
    assert told.returncode == status, told.stderr
    assert b"Traceback" not in told.stderr


def test_a_voice_that_is_not_there_is_status_4(environment: dict[str, str]) -> None:
    environment["BHASHATTS_ESPEAK_PROGRAM"] = "/nowhere/espeak-ng"
    told = run(environment, "say", "--json", PAGE)
    assert told.returncode == 4
    assert json.loads(told.stdout)["error"]["code"] == "not_configured"


def make_locale(place: Path, name: str) -> bool:
    """One that is seldom installed, for who has LOCPATH: without it a program would be in C."""
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "en_US", "-f", "ISO-8859-1", place / name],
        capture_output=True,
        check=False,
    )
    return bool(made) and (place / name / "LC_CTYPE").exists()


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "en_US.ISO-8859-1"])
def test_text_is_utf8_in_every_locale(
    environment: dict[str, str], locale: str, tmp_path: Path
) -> None:
    if locale.startswith("en_US"):
        if not make_locale(tmp_path, locale):
            pytest.skip("localedef cannot make en_US.ISO-8859-1 here")
        environment["LOCPATH"] = str(tmp_path)
    environment |= {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    told = run(environment, "lookup", "--json", PAGE)
    assert told.returncode == 3, told.stderr
    assert json.loads(told.stdout)["error"]["code"] == "not_found"
    voices = run(environment, "voices", "--json")
    assert json.loads(voices.stdout.decode())["voice_profile"] == "roster"


def test_a_reader_that_leaves_ends_it_quietly(environment: dict[str, str]) -> None:
    read, write = os.pipe()
    os.close(read)
    told = subprocess.run(
        [*MODULE, "voices", "--json"],
        env=environment,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert told.returncode == -signal.SIGPIPE
    assert b"Traceback" not in told.stderr


def test_text_may_come_from_standard_input(environment: dict[str, str]) -> None:
    assert run(environment, "lookup", "-", input=PAGE.encode()).returncode == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_a_say(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    environment["BHASHATTS_ESPEAK_PROGRAM"] = str(speaker(tmp_path, "600"))
    environment["BHASHATTS_DRAIN_TIMEOUT_MS"] = "50"
    with subprocess.Popen(
        [*MODULE, "say", PAGE, "-o", "-"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        wait_for(tmp_path / "spoken")
        process.send_signal(number)
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130, complaint
    assert b"Traceback" not in complaint


def test_ctrl_c_ends_a_prewarm_with_its_report(environment: dict[str, str], tmp_path: Path) -> None:
    environment["BHASHATTS_ESPEAK_PROGRAM"] = str(speaker(tmp_path, "0.5"))
    stories = tmp_path / "stories.jsonl"
    pages = [f"पन्ना {number}" for number in range(50)]
    story = {"story_id": "moon", "title": "चाँद", "language": "HINDI", "pages": pages}
    stories.write_text(json.dumps(story), "utf-8")
    with subprocess.Popen(
        [*MODULE, "prewarm", "--json", "--concurrency", "1", str(stories)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        wait_for(tmp_path / "spoken")
        process.send_signal(signal.SIGINT)
        report, complaint = process.communicate(timeout=60)
    assert process.returncode == 130, complaint
    assert b"finishing what is in hand" in complaint
    assert json.loads(report)["pages_total"] == 50
