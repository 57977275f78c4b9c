"""Starts the servers of these tests, and stops them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from running import free_port

HERE = Path(__file__).parent
PARLER = HERE.parent.parent / "deploy" / "parler"
READY_SECONDS = 90  # gradio alone takes five to be imported, on an idle machine


class UpstreamServer:
    """A process of servers/, which is told its PORT, and where to RECORD what it was asked."""

    def __init__(self, script: str, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._record = folder / "record"
        self._log = folder / "log"
        python_path = os.pathsep.join([str(HERE), str(PARLER)])
        own = {
            "PORT": str(self.port),
            "RECORD": str(self._record),
            "PYTHONPATH": python_path,
            "HF_HUB_OFFLINE": "1",
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(HERE / "servers" / script)],
                env={**os.environ, **own, **environment},
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self, path: str = "") -> UpstreamServer:
        """Until it answers that path with a success."""
        return self._wait(lambda: self._status(path) == 200)

    def wait_until_listening(self) -> UpstreamServer:
        """Until it answers at all."""
        return self._wait(lambda: self._status("") > 0)

    def _wait(self, condition: Callable[[], bool]) -> UpstreamServer:
        until = time.monotonic() + READY_SECONDS
        while not condition():
            assert self._process.poll() is None, f"it ended: {self.log()}"
            assert time.monotonic() < until, f"it does not answer: {self.log()}"
            time.sleep(0.05)
        return self

    def _status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as reply:  # noqa: S310 (loopback)
                return int(reply.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def asked(self) -> list[dict[str, Any]]:
        """What it was asked to speak, in order."""
        if not self._record.exists():
            return []
        return [json.loads(line) for line in self._record.read_text().splitlines()]

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=15)
