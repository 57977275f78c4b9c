"""Served as in production, while Redis, the S3 server and PostgreSQL are each stopped and started.

TEST_OUTAGE_SECONDS is how long that lasts, 12 unless set.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import servers
import with_servers
from running import HERE, STORY, environment, manage, prepare

SECONDS = float(os.environ.get("TEST_OUTAGE_SECONDS", "12"))
GATEWAY = os.environ.get("TEST_VERSITYGW")
CLIENTS = 6
PAGES = [f"{'मोर ' * number}नाचा और बादल गरजे।" for number in range(1, 9)]
WORDS = ["तारे", "बादल", "मोर", "चाँद", "हाथी", "बंदर", "नदी"]  # of texts that nobody made before
WORKERS = {"gunicorn": 4, "uvicorn": 2}
BASIC = "Basic " + base64.b64encode(b"asha:secret").decode()
pytestmark = pytest.mark.skipif(GATEWAY is None, reason="the servers are not here")

_USER = "from library.models import User; User.objects.create_user('asha', password='secret')"
_COUNT = """
from django.db.models import Sum
from bhashatts.django.models import AudioCache, TTSUsageLog
requests = {
    status: TTSUsageLog.objects.filter(status=status).aggregate(all=Sum("requests"))["all"] or 0
    for status in ("cached", "success")
}
print("rows:", requests["cached"], requests["success"], AudioCache.objects.count())
"""


class Restartable:
    """A server that comes back on the same port, with what it had."""

    def __init__(self, make: Callable[[], AbstractContextManager[int | None]]) -> None:
        self._make = make
        self._stack = contextlib.ExitStack()
        self.port = self._start()

    def _start(self) -> int:
        port = self._stack.enter_context(self._make())
        if port is None:
            pytest.skip("PostgreSQL or redis-server is not installed")
        return port

    def stop(self) -> None:
        self._stack.close()

    def start(self) -> None:
        self._start()


@pytest.fixture
def parts() -> Iterator[dict[str, Restartable]]:
    """The three, on ports of their own."""
    with contextlib.ExitStack() as stack:
        # Below the working directory for the S3 server, in /tmp for PostgreSQL's account.
        place = stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", ".")))
        cluster = stack.enter_context(tempfile.TemporaryDirectory(dir="/tmp"))
        if not servers.postgres_made(cluster):
            pytest.skip("PostgreSQL is not installed")
        ports = [servers.free_port() for _ in range(3)]
        folder = f"{Path(place).resolve()}/s3"
        made = {
            "redis": Restartable(lambda: servers.redis(place, ports[0])),
            "s3": Restartable(lambda: servers.s3(GATEWAY or "", folder, ports[1])),
            "postgres": Restartable(lambda: servers.postgres_in(cluster, ports[2])),
        }
        for part in made.values():
            stack.callback(part.stop)
        yield made


class Answer(NamedTuple):
    """Of a request."""

    status: int
    headers: Any
    body: bytes


class Site:
    """The project of the tests under a server of Python's, with four or two processes."""

    def __init__(self, kind: str, place: Path, parts: dict[str, Restartable]) -> None:
        ports = [parts[name].port for name in ("postgres", "redis", "s3")]
        self.told = {
            **with_servers.environment(*ports),
            "DJANGO_SETTINGS_MODULE": "project.settings_servers",
            "TEST_UNLIMITED": "tts tts_burst user",
        }
        self.place = place
        self.kind = kind
        self.port = servers.free_port()
        prepare(place, PAGES, **self.told)
        assert manage(place, "shell", "-c", _USER, **self.told).returncode == 0

    def command(self) -> list[str]:
        there = f"127.0.0.1:{self.port}"
        workers = ["--workers", str(WORKERS[self.kind])]
        if self.kind == "uvicorn":
            where = ["--host", "127.0.0.1", "--port", str(self.port)]
            return ["uvicorn", *where, *workers, "--log-level", "error", "project.asgi:application"]
        threads = ["--worker-class", "gthread", "--threads", "2", "--preload"]
        return ["gunicorn", "--bind", there, *workers, *threads, "--log-level", "error",
                "--worker-tmp-dir", str(self.place), "project.wsgi"]  # fmt: skip

    @contextlib.contextmanager
    def served(self) -> Iterator[None]:
        """Till the end, which must be a good one."""
        with (
            (self.place / "log").open("wb") as log,
            subprocess.Popen(
                [sys.executable, "-m", *self.command()],
                env=environment(self.place, **self.told),
                cwd=HERE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            ) as process,
        ):
            try:
                servers.wait_for(self.port, process)
                yield
            finally:
                process.terminate()
                process.wait(60)

    def log(self) -> str:
        return (self.place / "log").read_text("utf-8", "replace")

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Raises OSError or HTTPException where the connection breaks."""
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        ) as connection:
            told = {"Connection": "close", **headers}
            if body is not None:
                body, told["Content-Type"] = json.dumps(body), "application/json"
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def url(self, number: int) -> str:
        """A signed one: what an <audio> element plays."""
        there = f"/api/v1/speech/stories/{STORY}/pages/{number}/audio-url/"
        answer = self.ask("GET", there, Authorization=BASIC)
        assert answer.status == 200, answer
        url: str = json.loads(answer.body)["data"]["url"]
        return url[url.index("/api/") :]


class Load:
    """Children who hear pages that were made before, and check each byte; one makes new speech."""

    def __init__(self, site: Site, urls: list[str]) -> None:
        self.site = site
        self.urls = urls
        self.audio: dict[str, bytes] = {}
        self.statuses: Counter[tuple[str, str, int]] = (
            Counter()
        )  # while what was away; what; status
        self.cached = self.made = 0
        self.wrong: list[str] = []
        self.away = "nothing"
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def warm(self) -> None:
        """Until each process has served each page."""
        met: set[tuple[str, str]] = set()
        deadline = time.monotonic() + 120
        while len(met) < WORKERS[self.site.kind] * len(self.urls):
            assert time.monotonic() < deadline, self.site.log()
            for url in self.urls:
                answer = self.site.ask("GET", url)
                self._count("page", answer)
                assert self.audio.setdefault(url, answer.body) == answer.body, answer.status
                met.add((answer.headers["X-Worker"], url))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._listen, args=(one,)) for one in range(CLIENTS)]
        threads.append(threading.Thread(target=self._make))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()

    def _listen(self, first: int) -> None:
        for turn in itertools.count(first):
            if self._ended.is_set():
                return
            url = self.urls[turn % len(self.urls)]
            if turn % 3:
                self._hear(url, {}, 200, self.audio[url])
            else:
                self._hear(url, {"Range": "bytes=100-4099"}, 206, self.audio[url][100:4100])

    def _hear(self, url: str, headers: dict[str, str], status: int, audio: bytes) -> None:
        try:
            answer = self.site.ask("GET", url, **headers)
        except (OSError, http.client.HTTPException) as error:
            with self._lock:
                self.wrong.append(f"while {self.away} is away: {error!r}")
            return
        self._count("page", answer)
        if (answer.status, answer.body) != (status, audio):
            with self._lock:
                self.wrong.append(
                    f"while {self.away} is away: {answer.status} {answer.body[:99]!r}"
                )

    def _make(self) -> None:
        for words in itertools.product(WORDS, repeat=4):
            if self._ended.wait(0.1):
                return
            text = {"text": " ".join(words) + " टिमटिमाए।", "language": "HINDI"}
            answer = self.site.ask("POST", "/api/v1/speech/tts/", text, Authorization=BASIC)
            self._count("new", answer)
            if answer.status == 200:
                with wave.open(io.BytesIO(answer.body)) as audio:
                    assert audio.getnframes() > 4000
            elif answer.status != 503 or not answer.headers["Retry-After"]:
                self.wrong.append(f"new, while {self.away} is away: {answer}")

    def _count(self, what: str, answer: Answer) -> None:
        with self._lock:
            self.statuses[self.away, what, answer.status] += 1
            cached = answer.headers["X-TTS-Cached"]
            self.cached += cached == "true"
            self.made += cached == "false"


def rows(site: Site) -> tuple[int, int, int]:
    """Requests that were hits, requests that made something, speeches."""
    told = manage(site.place, "shell", "-c", _COUNT, **site.told)
    assert told.returncode == 0, told.stderr
    cached, made, speeches = told.stdout.decode().split("rows:")[1].split()
    return int(cached), int(made), int(speeches)


@pytest.mark.parametrize("kind", WORKERS)
def test_pages_are_heard_whatever_is_away_and_the_rows_catch_up(
    kind: str, parts: dict[str, Restartable], tmp_path: Path
) -> None:
    site = Site(kind, tmp_path / "place", parts)
    with site.served():
        load = Load(site, [site.url(number) for number in range(1, len(PAGES) + 1)])
        load.warm()
        with load.running():
            for name, part in parts.items():
                time.sleep(SECONDS / 12)  # with everything there
                part.stop()
                load.away = name
                time.sleep(SECONDS / 4)
                load.away = "nothing"
                part.start()
        print(kind, dict(load.statuses))
        assert load.wrong == [], site.log()
        for name in parts:
            assert load.statuses[name, "page", 200] > 10
        assert load.statuses["nothing", "new", 200] > 0
        speeches = len(PAGES) + sum(
            count
            for (_, what, status), count in load.statuses.items()
            if (what, status) == ("new", 200)
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            cached, made, there = rows(site)
            if cached >= load.cached and made >= load.made and there >= speeches:
                break
            time.sleep(0.5)
    assert cached == load.cached, site.log()  # each one once
    assert made >= load.made
    assert there >= speeches
