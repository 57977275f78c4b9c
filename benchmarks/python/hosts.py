"""The processes of load.py: hosts under gunicorn as deploy/django ships it, nginx, wrk."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import servers

HERE = Path(__file__).resolve().parent
_TREE = HERE.parents[1]
_SITE = _TREE / "deploy" / "django" / "nginx" / "storyreader.conf"
_DJANGO_TESTS = _TREE / "bindings" / "python" / "tests" / "django_app"  # library: stories, users
CONNECTIONS = 16
_OURS = ("BHASHATTS_", "TTS_", "AUDIO_", "HUGGINGFACE_", "AWS_", "REDIS_URL")

# As Debian's nginx.conf has it. TLS is left out: it would be measured in the place of all else.
_MAIN = """
user {user};
worker_processes auto;
pid {place}/nginx.pid;
daemon off;
error_log {place}/nginx.log warn;
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types {{ audio/wav wav; }}
    access_log off;
    client_body_temp_path {place}/nginx-body;
    proxy_temp_path {place}/nginx-proxy;
    fastcgi_temp_path {place}/nginx-fastcgi;
    uwsgi_temp_path {place}/nginx-uwsgi;
    scgi_temp_path {place}/nginx-scgi;
    {site}
    server {{
        listen 127.0.0.1:{files};
        location / {{ root {blobs}; }}
    }}
}}
"""


@dataclasses.dataclass(frozen=True)
class Where:
    """The servers that hosts need, by their ports."""

    place: str  # a directory for everything
    postgres: int
    redis: int
    s3: int | None


@dataclasses.dataclass(frozen=True)
class Host:
    """One way to serve a page."""

    view: str  # "engine" or "service"
    delivery: str = "body"

    def environment(self, where: Where) -> dict[str, str]:
        """Of its processes."""
        kept = {name: it for name, it in os.environ.items() if not name.startswith(_OURS)}
        in_bucket = self.delivery == "redirect"  # nothing else is redirected to
        path = [str(HERE), str(_DJANGO_TESTS), *filter(None, sys.path)]
        told = {
            "PYTHONPATH": os.pathsep.join(path),
            "DJANGO_SETTINGS_MODULE": "host.settings",
            "BENCH_PLACE": where.place,
            "BENCH_POSTGRES": str(where.postgres),
            "BENCH_REDIS": str(where.redis),
            "BENCH_VIEW": self.view,
            "BENCH_DELIVERY": self.delivery,
            "BENCH_DATA": f"{where.place}/{'data-s3' if in_bucket else 'data'}",
        }
        return {**kept, **told, **(_bucket(where.s3) if in_bucket and where.s3 else {})}

    def fill(self, where: Where) -> list[dict[str, Any]]:
        """Makes its pages; sha256 and size of each."""
        ran = subprocess.run(
            [sys.executable, "-m", "host.fill"],
            env=self.environment(where),
            stdout=subprocess.PIPE,
            check=True,
        )
        told: list[dict[str, Any]] = json.loads(ran.stdout)
        return told

    @contextlib.contextmanager
    def running(self, where: Where) -> Iterator[int]:
        """Its port; it listens at socket() too."""
        port = servers.free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "python:host.gunicorn_conf"]
        binds = ["--bind", f"127.0.0.1:{port}", "--bind", f"unix:{self.socket(where)}"]
        log = Path(f"{where.place}/{self.view}-{self.delivery}.log")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, *binds], env=self.environment(where), stdout=out, stderr=out
            )
        try:
            servers.wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait()

    def socket(self, where: Where) -> str:
        """Where nginx asks it."""
        return f"{where.place}/{self.view}-{self.delivery}.sock"


def _bucket(port: int) -> dict[str, str]:
    """A private one: its URLs are signed."""
    return {
        "AUDIO_STORAGE_BACKEND": "storages.backends.s3boto3.S3Boto3Storage",
        "AWS_ACCESS_KEY_ID": servers.KEY,
        "AWS_SECRET_ACCESS_KEY": servers.SECRET,
        "AWS_STORAGE_BUCKET_NAME": "pages",
        "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_QUERYSTRING_AUTH": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


@contextlib.contextmanager
def postgres() -> Iterator[int | None]:
    """As of servers, for as many connections as all hosts keep."""
    with tempfile.TemporaryDirectory() as folder:
        if not servers.postgres_made(folder):
            yield None
            return
        with Path(folder, "data", "postgresql.conf").open("a") as more:
            more.write("max_connections = 300\n")
        with servers.postgres_in(folder, servers.free_port()) as port:
            yield port


def nginx_program() -> str | None:
    """Debian keeps it off a user's path."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def nginx(program: str, host: Host, where: Where) -> Iterator[tuple[int, int]]:
    """The port of the shipped site before a host, and that of its files alone."""
    site, files = servers.free_port(), servers.free_port()
    main = _MAIN.format(
        user="root" if os.geteuid() == 0 else "nobody",
        place=where.place,
        site=_site(site, host, where),
        files=files,
        blobs=f"{where.place}/data/blobs",
    )
    path = Path(where.place, "nginx.conf")
    path.write_text(main)
    with servers.running([program, "-p", where.place, "-c", str(path)], files):
        yield site, files


def _site(port: int, host: Host, where: Where) -> str:
    """The shipped one, for here, without TLS."""
    text = _SITE.read_text("utf-8")
    for shipped, here in (
        ("listen 80;", f"listen 127.0.0.1:{servers.free_port()};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("/run/storyreader/http.sock", host.socket(where)),
        ("/var/lib/bhashatts/", f"{where.place}/data/"),
    ):
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    left_out = ("listen [::]", "ssl_")
    return "\n".join(one for one in text.splitlines() if not one.strip().startswith(left_out))


@dataclasses.dataclass(frozen=True)
class Answer:
    """Of one request."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(port: int, path: str, **headers: str) -> Answer:
    """One request."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as one:
        one.request("GET", path, headers=headers)
        answer = one.getresponse()
        return Answer(answer.status, answer.msg, answer.read())


@dataclasses.dataclass(frozen=True)
class Load:
    """What wrk found."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float


def wrk(port: int, paths: str, listeners: int, seconds: int) -> Load:
    """Asks for the paths in a file by turns. RuntimeError where one answer was none."""
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    script = ["-s", str(HERE / "load.lua"), f"http://127.0.0.1:{port}/", "--", paths]
    ran = subprocess.run(
        ["wrk", *options, *script, str(listeners)], stdout=subprocess.PIPE, text=True, check=True
    )
    line = next(one for one in ran.stdout.splitlines() if one.startswith("LOAD "))
    told = json.loads(line[5:])
    if told["failed"] or not told["requests"]:
        raise RuntimeError(f"not all was answered on port {port}: {ran.stdout}")
    per_second = told["requests"] / told["us"] * 1e6
    return Load(told["requests"], per_second, told["p50_us"] / 1e3, told["p99_us"] / 1e3)
