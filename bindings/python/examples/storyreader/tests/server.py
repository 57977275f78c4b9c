"""The reader as a process of its own, and a voice that waits or fails where a test says so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent.parent
PASSWORD = "a secret of meera"
_UP = 60  # seconds
FAMILY = ("-m", "storyreader.serve")  # as run.sh does
SERVICE = ("-m", "gunicorn", "storyreader.wsgi", "--threads", "8", "--bind")
SERVICE_ENVIRONMENT = {
    "DJANGO_DEBUG": "0",
    "DJANGO_SECRET_KEY": "a key of fifty characters that nobody else ever had",
    "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
    "DJANGO_SSL_REDIRECT": "0",
}

# espeak-ng, but for what a file named "mood" says. Only speaking has --stdin or a text; asking for
# its version or its voices is never held up.
_VOICE = """#!/bin/sh
case "$*" in *--version*|*--voices*) exec {espeak} "$@";; esac
while [ "$(cat {mood})" = slow ]; do sleep 0.1; done
[ "$(cat {mood})" = mute ] && exit 1
exec {espeak} "$@"
"""

# All of them in one process: it takes a second to begin.
_COMMANDS = """
import ast, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "storyreader.settings"
import django
from django.core.management import call_command
django.setup()
for command in ast.literal_eval(sys.argv[1]):
    call_command(*command)
"""


class Server:
    """With our stories, on a free port: a family's own (uvicorn), or a service (gunicorn)."""

    def __init__(self, place: Path, *, service: bool = False) -> None:
        self._mood = place / "mood"
        self.set_voice("well")
        voice = place / "voice"
        voice.write_text(_VOICE.format(espeak=shutil.which("espeak-ng"), mood=self._mood))
        voice.chmod(0o755)
        self._environment = {
            **os.environ,
            **(SERVICE_ENVIRONMENT if service else {}),
            "STORYREADER_DATA": str(place / "data"),
            "BHASHATTS_ESPEAK_PROGRAM": str(voice),
            "PYTHONWARNINGS": "error",
        }
        (place / "data").mkdir()
        self._service = service
        self._log = place / "log"
        self._prepare()
        self._port = 0
        self.start()
        self.url = f"http://127.0.0.1:{self._port}"

    def set_voice(self, mood: str) -> None:
        """well, slow (until told otherwise) or mute."""
        self._mood.write_text(mood)

    def _prepare(self) -> None:
        told: list[tuple[str, ...]] = [
            ("migrate", "-v0"),
            ("load_stories", str(HERE / "storyreader" / "stories.jsonl")),
        ]
        if self._service:
            told += [("collectstatic", "--no-input", "-v0")]
            told += [("createsuperuser", "--no-input", "--username", "meera", "--email", "m@m.org")]
        subprocess.run(
            [sys.executable, "-c", _COMMANDS, repr(told)],
            cwd=HERE,
            env={**self._environment, "DJANGO_SUPERUSER_PASSWORD": PASSWORD},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Returns when it answers; a second time at the same port."""
        command = (*SERVICE, f"127.0.0.1:{self._port}") if self._service else FAMILY
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                cwd=HERE,
                env={**self._environment, "PORT": str(self._port)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + _UP
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < end, self._log.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """It is gone, port and all."""
        self._process.terminate()
        self._process.wait(30)

    def close(self) -> None:
        """The end, which must be a good one: no warning, no traceback."""
        self.stop()
        said = self._log.read_text()
        assert "Traceback" not in said, said

    def _answers(self) -> bool:
        told = re.search(r"http://127\.0\.0\.1:(\d+)", self._log.read_text())
        if told is None:
            return False
        self._port = int(told[1])
        try:
            with urllib.request.urlopen(f"{told[0]}/hello/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False
