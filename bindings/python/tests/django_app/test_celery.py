"""Prewarm jobs by a Celery worker that is a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import HERE, STORY, environment, manage, prepare

pytest.importorskip("celery")

_CELERY = {"TEST_JOBS": "celery", "TTS_ENABLE_PREWARMING": "true"}
_STATES = """
from bhashatts.django.models import PrewarmJob
print("states:", *(job.state + "/" + str(job.pages_generated) for job in PrewarmJob.objects.all()))
"""
_SAVE = f"""
from library.models import Story
Story.objects.get(pk="{STORY}").save()
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """On the broker of a directory."""
    place = tmp_path / "place"
    prepare(place)
    (place / "queue").mkdir()
    command = [
        "-m",
        "celery",
        "-A",
        "project.celery",
        "worker",
        "--pool=solo",
        "--loglevel=WARNING",
    ]
    with (
        (place / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, *command, "--without-mingle", "--without-gossip"],
            env=environment(place, **_CELERY),
            cwd=HERE,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        yield process
        process.terminate()


def test_a_saved_story_is_made_by_the_worker(
    worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    place = tmp_path / "place"
    saved = manage(place, "shell", "-c", _SAVE, **_CELERY)
    assert saved.returncode == 0, saved.stderr
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and worker.poll() is None:
        told = manage(place, "shell", "-c", _STATES, **_CELERY).stdout.decode()
        if "done" in told:
            assert told.split("states:")[1].split() == ["done/3"]
            return
        time.sleep(0.2)
    raise AssertionError((place / "log").read_text())
