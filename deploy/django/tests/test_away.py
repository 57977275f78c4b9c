"""An app with a socket of its own, as in the container: it goes and comes with gunicorn."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.parse

import pytest

from conftest import ASHA, needs_nginx, needs_voice
from installed import TREE, Installation
from library import page
from serving import Browser, Gunicorn, Nginx, closing_all

pytestmark = [needs_nginx, needs_voice]


def healthcheck(installed: Installation, **more: str) -> subprocess.CompletedProcess[str]:
    program = installed.path("/opt/storyreader") / "healthcheck.py"
    return subprocess.run(
        [sys.executable, str(program)],
        env=installed.environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )


def test_while_the_app_is_away_people_are_told_to_come_back_soon(installed: Installation) -> None:
    app, nginx = Gunicorn(installed, activated=False), Nginx(installed)
    with closing_all(nginx, app):
        nginx.start()
        browser = Browser(nginx.port)
        away = browser.ask(page(0, 1)[0])
        assert (away.status, away.headers["Retry-After"]) == (503, "2")
        assert json.loads(away.body)["code"] == "restarting"
        assert browser.ask("/").body.endswith(b"on the way.\n")
        assert healthcheck(installed).returncode == 1

        app.start()
        browser.sign_in(*ASHA)
        assert browser.ask(page(0, 1)[0]).status == http.client.OK
        well = healthcheck(installed)
        assert (well.returncode, well.stderr) == (0, "")
        misnamed = healthcheck(installed, DJANGO_ALLOWED_HOSTS="elsewhere.example.com")
        assert (misnamed.returncode, misnamed.stderr) == (1, "/hello/ answers 400\n")
        assert app.stop() == 0
        assert browser.ask("/hello/").status == http.client.SERVICE_UNAVAILABLE


class Uvicorn(Gunicorn):
    """As docs/deploying.md puts it into the unit."""

    program, options = re.findall(
        r"^ExecStart=(\S+/uvicorn) (.+)$", (TREE / "docs" / "deploying.md").read_text("utf-8"), re.M
    )[0]


def test_uvicorn_takes_the_same_socket_and_closes_the_engine_at_its_end(
    installed: Installation,
) -> None:
    pytest.importorskip("uvicorn")
    app, nginx = Uvicorn(installed, activated=True), Nginx(installed)
    with closing_all(nginx, app):
        app.start()
        nginx.start()
        browser = Browser(nginx.port)
        browser.sign_in(*ASHA)
        heard = browser.ask(page(0, 2)[0])
        assert (heard.status, heard.body[:4]) == (http.client.OK, b"RIFF")
        assert heard.headers["ETag"] == browser.ask(page(0, 2)[0]).headers["ETag"]
        assert app.stop() in {0, -signal.SIGTERM}


class Traitor(threading.Thread):
    """An app that was taken over: it sends nginx wherever it is asked to."""

    def __init__(self, installed: Installation) -> None:
        super().__init__()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(installed.socket))
        self._socket.listen()
        installed.socket.chmod(0o666)

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._socket.accept()
                with caller:
                    wanted = caller.recv(65536).split()[1].decode()
                    told = f"X-Accel-Redirect: {urllib.parse.unquote(wanted.split('=')[1])}"
                    caller.sendall(
                        f"HTTP/1.1 200 OK\r\n{told}\r\nContent-Length: 0\r\n\r\n".encode()
                    )

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self.join()
        self._socket.close()


def test_not_even_the_app_gets_more_than_audio_out_of_the_data_directory(
    installed: Installation,
) -> None:
    audio, secret = installed.data / "blobs" / "audio" / "tts" / "1.wav", installed.data / "secret"
    for file in (audio, secret):
        file.write_text(file.name, "utf-8")
    traitor, nginx = Traitor(installed), Nginx(installed)
    with closing_all(nginx, traitor):
        traitor.start()
        nginx.start()
        browser = Browser(nginx.port)
        heard = browser.ask("/api/?to=/bhashatts-audio/blobs/audio/tts/1.wav")
        assert (heard.status, heard.body) == (200, b"1.wav")
        for inside in (
            "/bhashatts-audio/secret",
            "/bhashatts-audio/blobs/../secret",
            "/bhashatts-audio/blobs/%2e%2e/secret",
            "/bhashatts-audio/blobs../secret",
            "/bhashatts-audio/blobs/audio/tts/",
        ):
            answer = browser.ask(f"/api/?to={urllib.parse.quote(inside)}")
            assert answer.status in {403, 404, 500}, inside
            assert b"secret" not in answer.body
    for file in (audio, secret, installed.socket):
        file.unlink()
