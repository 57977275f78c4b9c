"""Starts the server as a process, and talks to it as a stranger would."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = "a-token-of-the-tests"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def error(self) -> str:
        """The words of {"error": ...}, which is all that a failure may say."""
        body = self.json()
        assert set(body) - {"estimated_time"} == {"error"}
        return str(body["error"])


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Within 20 s, or the test fails."""
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class RunningServer:
    """One server process; `folder` holds its log and the gate of its voice."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.folder = folder
        settings = {
            "PARLER_PORT": str(self.port),
            "PARLER_TOKEN": TOKEN,
            "FAKE_GATE": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        here = Path(__file__).parent
        settings["PYTHONPATH"] = f"{here}{os.pathsep}{here.parent}"
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(here / "serve_fake.py")],
                env={**os.environ, **settings, **environment},
                stdout=log,
                stderr=log,
            )

    def wait_for_health(self, status: int) -> RunningServer:
        wait_until(lambda: self._health_is(status), f"health {status}; log: {self.log()}")
        return self

    def _health_is(self, status: int) -> bool:
        assert self.process.poll() is None, self.log()
        try:
            return self.request("GET", "/health").status == status
        except OSError:
            return False

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def post(self, data: object, **headers: str) -> Reply:
        """With the token, unless the headers say otherwise; `_` in their names stands for `-`."""
        given = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.request("POST", "/", body, given)

    def wait_for_gate(self) -> None:
        wait_until((self.folder / "arrived").exists, "the voice to be asked")

    def open_gate(self) -> None:
        (self.folder / "open").touch()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def stop(self) -> int:
        """Its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=30)
