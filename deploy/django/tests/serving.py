"""gunicorn and nginx, of the shipped files, as processes of the tests; and a client."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Protocol

from installed import SITE, Installation, bare_environment, web_group

_SECONDS = 60

_MAIN = """
{user}
worker_processes 1;
pid {place}/nginx.pid;
daemon off;
error_log {place}/nginx.log info;
events {{ worker_connections 256; }}
http {{
    include {types};
    access_log off;
    client_body_temp_path {place}/nginx-body;
    proxy_temp_path {place}/nginx-proxy;
    fastcgi_temp_path {place}/nginx-fastcgi;
    uwsgi_temp_path {place}/nginx-uwsgi;
    scgi_temp_path {place}/nginx-scgi;
    include {place}/site.conf;
}}
"""
_TYPES = "types { text/html html; audio/wav wav; }"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(condition: Callable[[], object], what: str) -> None:
    limit = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < limit, f"waited in vain until {what}"
        time.sleep(0.01)


class Gunicorn:
    """The app. With a socket that is held as systemd holds it, or with one of its own."""

    program = "/opt/storyreader/venv/bin/gunicorn"
    options = "--config gunicorn.conf.py"

    def __init__(self, installed: Installation, *, activated: bool, **more: str) -> None:
        self.installed = installed
        self._activated = activated
        self._more = more
        self._held: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.log = installed.place / "gunicorn.log"
        if activated:
            self._held = socket.socket(socket.AF_UNIX)
            self._held.bind(str(installed.socket))
            self._held.listen(128)
            installed.socket.chmod(0o660)
            os.chown(installed.socket, -1, web_group())

    def start(self) -> None:
        """Returns when it answers."""
        program = f'exec "$0" {self.options}'
        keep: tuple[int, ...] = ()
        if self._held is not None:
            keep = (self._held.fileno(),)
            program = f"exec 3<&{keep[0]}; LISTEN_FDS=1 LISTEN_PID=$$ {program}"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", program, str(self.installed.path(self.program))],
                cwd=self.installed.path("/opt/storyreader"),
                env=self.installed.environment(**self._more),
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=keep,
            )
        until(self._answers, f"the app answers; see {self.log}")

    def stop(self) -> int:
        """As systemd does, with KillMode=mixed; the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_SECONDS)

    def close(self) -> None:
        """The end, whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(_SECONDS)
        if self._held is not None:
            self._held.close()
            self.installed.socket.unlink()

    def workers(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in children.read_text().split()]

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text("utf-8", "replace")[-2000:]
        with contextlib.suppress(OSError, http.client.HTTPException):
            return direct(self.installed.socket, "/hello/").status == http.client.OK
        return False


class Nginx:
    """nginx with the shipped site, on two free ports of loopback."""

    def __init__(self, installed: Installation) -> None:
        place = installed.place
        self.plain, self.port = free_port(), free_port()
        tls = make_certificate(place / "tls")
        site = installed.shipped("nginx/storyreader.conf")
        lines = [line for line in site.splitlines() if "listen [::]" not in line]
        site = "\n".join(lines)
        for shipped, here in (
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("/etc/nginx/tls", str(tls)),
        ):
            assert shipped in site
            site = site.replace(shipped, here)
        (place / "site.conf").write_text(site, "utf-8")
        types = Path("/etc/nginx/mime.types")
        if not types.exists():
            types = place / "mime.types"
            types.write_text(_TYPES)
        main = _MAIN.format(place=place, types=types, user=_user())
        (place / "nginx.conf").write_text(main, "utf-8")
        self.command = [
            nginx_program() or "nginx",
            "-p",
            str(place),
            "-c",
            str(place / "nginx.conf"),
        ]
        self.log = place / "nginx.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it listens."""
        self._process = subprocess.Popen(self.command, env=bare_environment())
        until(self._listens, "nginx listens")

    def close(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_SECONDS)

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text("utf-8")[-2000:]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@dataclasses.dataclass
class Answer:
    """Heard to its end, which was the one that it announced."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Browser:
    """Asks nginx over TLS, with the cookies that it was given."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.cookies: dict[str, str] = {}

    def connect(self) -> http.client.HTTPSConnection:
        """To nginx; its certificate is of the tests' own making."""
        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(
            "127.0.0.1", self._port, timeout=_SECONDS, context=trusting
        )

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """One request on a connection of its own. IncompleteRead where the answer breaks off."""
        with contextlib.closing(self.connect()) as connection:
            connection.request(method, path, body, self.headers(**headers))
            answer = connection.getresponse()
            read = answer.read()
        for cookie in SimpleCookie("; ".join(answer.msg.get_all("Set-Cookie") or [])).values():
            self.cookies[cookie.key] = cookie.value
        return Answer(answer.status, answer.msg, read)

    def headers(self, **more: str) -> dict[str, str]:
        """Of a request; Content_Type becomes Content-Type."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Host": SITE, "Cookie": cookies, "Referer": f"https://{SITE}/", **named}

    def sign_in(self, name: str, password: str) -> None:
        """By the form that people use."""
        self.ask("/hello/")
        form = (
            f"username={name}&password={password}&csrfmiddlewaretoken={self.cookies['csrftoken']}"
        )
        kind = "application/x-www-form-urlencoded"
        answer = self.ask("/hello/", "POST", form.encode(), Content_Type=kind)
        assert answer.status == http.client.FOUND, answer.body[:500]


def direct(path: Path, asked: str, **headers: str) -> Answer:
    """What the app answers when nginx asks it."""
    with socket.socket(socket.AF_UNIX) as one:
        one.settimeout(_SECONDS)
        one.connect(str(path))
        told = {"Host": SITE, "X-Forwarded-Proto": "https", "Connection": "close", **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        one.sendall(f"GET {asked} HTTP/1.1\r\n{lines}\r\n".encode())
        answer = http.client.HTTPResponse(one)
        answer.begin()
        return Answer(answer.status, answer.msg, answer.read())


def nginx_program() -> str | None:
    """Debian keeps it off a user's path."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _user() -> str:
    """Its workers are as on Debian where that can be: they may then read what they may read."""
    if os.geteuid() != 0:
        return ""
    return "user www-data;" if web_group() != os.getegid() else "user root;"


def make_certificate(place: Path) -> Path:
    """Of the site, by nobody."""
    place.mkdir(exist_ok=True)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    files = ["-keyout", str(place / "privkey.pem"), "-out", str(place / "fullchain.pem")]
    naming = ["-nodes", "-days", "2", "-subj", f"/CN={SITE}"]
    subprocess.run([*command, *files, *naming], check=True, capture_output=True)
    return place


class Closable(Protocol):
    """What runs beside a test."""

    def close(self) -> None: ...


@contextlib.contextmanager
def closing_all(*them: Closable) -> Iterator[None]:
    """All of them are gone at the end."""
    try:
        yield
    finally:
        for one in them:
            one.close()
