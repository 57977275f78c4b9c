"""Under the servers that hosts use: gunicorn, Celery, uvicorn.

Workers are killed, masters are told to end. TEST_LOAD_SECONDS lengthens the load.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import importlib.util
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from hosts.host import PAGES, Paid, paid, payments
from programs import Programs, programs, until, without_sanitizer

import bhashatts

__all__ = ["programs"]

pytestmark = without_sanitizer

LOAD_SECONDS = float(os.environ.get("TEST_LOAD_SECONDS", "6"))
CLIENTS = 8


def needs(package: str) -> pytest.MarkDecorator:
    found = importlib.util.find_spec(package) is not None
    return pytest.mark.skipif(not found, reason=f"{package} is not installed")


class Server:
    """A server on a free port of loopback, that was bound and handed to it."""

    def __init__(self, programs: Programs, *command: str) -> None:
        self.programs = programs
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
            self.port = listener.getsockname()[1]
            handed = [one.replace("{fd}", str(listener.fileno())) for one in command]
            os.set_inheritable(listener.fileno(), True)
            self.process = programs.start_command(
                sys.executable, "-m", *handed, keep=[listener.fileno()]
            )

    def get(self, path: str, text: str, **query: object) -> tuple[int, bytes]:
        """Raises OSError or http.client.HTTPException where the connection breaks."""
        asked = urllib.parse.urlencode({"text": text, **query})
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        ) as connection:
            connection.request("GET", f"{path}?{asked}", headers={"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def end(self) -> subprocess.Popen[str]:
        self.process.terminate()
        return self.process

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in children.read_text().split()]


class Gunicorn(Server):
    def is_whole(self) -> bool:
        workers = self.workers()
        place = self.programs.place
        return len(workers) == 4 and all((place / f"ready.{one}").exists() for one in workers)

    def end(self) -> subprocess.Popen[str]:
        until(self.is_whole, "all workers hear signals")
        return super().end()


def gunicorn(programs: Programs, *options: str) -> Gunicorn:
    return Gunicorn(
        programs,
        "gunicorn",
        *("--config", "python:hosts.gunicorn_hooks"),
        *("--bind", "fd://{fd}", "--workers", "4", "--timeout", "120", "--log-level", "error"),
        *("--worker-tmp-dir", str(programs.place)),
        *options,
        "hosts.wsgi_app:app",
    )


class Asked(threading.Thread):
    """A request that is under way."""

    def __init__(self, server: Server, path: str, text: str, **query: object) -> None:
        super().__init__(daemon=True)
        self._get = functools.partial(server.get, path, text, **query)
        self._answer: tuple[int, bytes] | None = None
        self.start()

    def run(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            self._answer = self._get()

    def answer(self) -> tuple[int, bytes]:
        self.join(120)
        assert self._answer is not None, "no answer came"
        return self._answer


TEXTS = ["मोर " * number + "नाचा।" for number in range(1, 31)]  # no two sound alike


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """What the texts sound like, by an engine that knows no server."""
    place = tmp_path_factory.mktemp("expected")
    patch = pytest.MonkeyPatch()
    patch.setenv("HOST_DIR", str(place))
    with bhashatts.TtsEngine(
        environment=False, data_dir=place / "data", synthesizer=Paid()
    ) as engine:
        yield {text: bytes(engine.synthesize(text).audio) for text in TEXTS}
    patch.undo()


class Load:
    """Clients that ask for texts, of which ever more are known, and check what they hear."""

    def __init__(self, server: Server, expected: dict[str, bytes]) -> None:
        self.server = server
        self.expected = expected
        self.began = time.monotonic()
        self.good = 0
        self.broken = 0
        self.wrong: list[tuple[int, bytes]] = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def done(self) -> float:
        """From 0 to 1."""
        return (time.monotonic() - self.began) / LOAD_SECONDS

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        turns = itertools.count()
        while (done := self.done()) < 1:
            text = TEXTS[-next(turns) % (1 + int(done * (len(TEXTS) - 1)))]
            try:
                status, body = self.server.get("/speak", text)
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.broken += 1
                continue
            with self._lock:
                self.good += 1
                if (status, body) != (200, self.expected[text]):
                    self.wrong.append((status, body[:200]))


def until_paid(text: str) -> None:
    until(lambda: paid()[text], f"{text} is paid for")


KINDS = {
    "sync": (),
    "sync, preload": ("--preload",),
    "threads": ("--worker-class", "gthread", "--threads", "4"),
    "threads, preload": ("--worker-class", "gthread", "--threads", "4", "--preload"),
}


@needs("gunicorn")
@pytest.mark.parametrize("kind", KINDS)
def test_workers_that_are_killed_take_only_their_own_connections_along(
    programs: Programs, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes], kind: str
) -> None:
    monkeypatch.setenv("SECONDS", "0.1")
    server = gunicorn(programs, *KINDS[kind])
    assert server.get("/speak", TEXTS[0]) == (200, expected[TEXTS[0]])
    load = Load(server, expected)
    killed: set[int] = set()
    while load.done() < 0.9:
        time.sleep(0.4)
        for victim in sorted(set(server.workers()) - killed)[:1]:
            os.kill(victim, signal.SIGKILL)
            killed.add(victim)
    load.wait()
    server.end()
    programs.end(server.process)

    assert load.wrong == []
    assert load.good > 10 * len(killed) > 0
    assert load.broken <= len(killed) * (CLIENTS if "threads" in kind else 1)
    twice = {text: count for text, count in paid().items() if count > 1}
    for text, count in twice.items():  # who paid and was killed, had it perhaps in flight
        leaders = [process for process, what in payments() if what == text]
        assert count <= 1 + len(killed.intersection(leaders))
    print(f"{kind}: {load.good / LOAD_SECONDS:.0f} requests/s, {len(killed)} killed, ", end="")
    print(f"{load.broken} broken, {len(payments())} syntheses of {len(paid())} texts")


@needs("gunicorn")
@pytest.mark.parametrize("kind", KINDS)
def test_a_master_that_is_told_to_end_drains_what_is_paid_for(
    programs: Programs, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("GATED", "1")
    server = gunicorn(programs, *KINDS[kind])
    waiting = Asked(server, "/speak", PAGES[0])
    until_paid(PAGES[0])
    status, body = server.get("/speak", PAGES[1], timeout=0.05)
    assert (status, body.split(b":")[0]) == (503, b"deadline_exceeded")
    until_paid(PAGES[1])
    server.end()
    (programs.place / "gate").touch()
    assert waiting.answer()[0] == 200
    ended = programs.end(server.process)
    assert (ended.status, "Fatal" in ended.err, "SIGKILL" in ended.err) == (0, False, False)

    again = gunicorn(programs, *KINDS[kind])
    assert again.get("/speak", PAGES[0]) == waiting.answer()
    assert again.get("/speak", PAGES[1])[0] == 200
    again.end()
    programs.end(again.process)
    assert paid() == {PAGES[0]: 1, PAGES[1]: 1}


def uvicorn(programs: Programs) -> Server:
    options = ("--fd", "{fd}", "--lifespan", "on", "--log-level", "error")
    return Server(programs, "uvicorn", *options, "hosts.asgi_app:app")


@needs("uvicorn")
def test_misses_of_an_event_loop_are_joined(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATED", "1")
    server = uvicorn(programs)
    waiting = [Asked(server, "/speak", page) for page in TEXTS[:3] * 8]
    until(lambda: len(paid()) == 3, "they are paid for")
    (programs.place / "gate").touch()
    answers = [one.answer() for one in waiting]
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) == 3
    status, body = server.get("/stream", f"{PAGES[0]} {TEXTS[20]}")
    assert (status, body.count(b"WAVE")) == (200, 2)
    assert set(paid().values()) == {1}


@needs("uvicorn")
def test_a_client_that_goes_away_stops_nothing(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATED", "1")
    server = uvicorn(programs)
    for path, page in (("/speak", PAGES[0]), ("/stream", PAGES[1])):
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            asked = urllib.parse.urlencode({"text": page})
            client.sendall(f"GET {path}?{asked} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
            until_paid(page)
    (programs.place / "gate").touch()
    assert [server.get("/speak", page)[0] for page in PAGES[:2]] == [200, 200]
    assert paid() == {PAGES[0]: 1, PAGES[1]: 1}


@needs("uvicorn")
def test_a_server_that_is_told_to_end_answers_first(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATED", "1")
    server = uvicorn(programs)
    waiting = Asked(server, "/speak", PAGES[0])
    until_paid(PAGES[0])
    server.end()
    (programs.place / "gate").touch()
    assert waiting.answer()[0] == 200
    ended = programs.end(server.process)
    assert ended.status in {0, -signal.SIGTERM}
    assert "Fatal" not in ended.err
    again = uvicorn(programs)
    assert again.get("/speak", PAGES[0]) == waiting.answer()
    assert paid() == {PAGES[0]: 1}


ASK_CELERY = """
import sys
from tones import tone
from hosts.celery_app import app, fail, leave, speak
from hosts.host import PAGES, paid
from celery import group
import bhashatts

heard = group(speak.s(page) for page in PAGES * 4)().get(timeout=100)
assert len({key for _, key, _ in heard}) == len(PAGES)
assert len({process for process, _, _ in heard}) > 1
assert set(paid().values()) == {1}
try:
    fail.delay().get(timeout=100)
except bhashatts.Error as error:
    assert (error.code, error.message) == (bhashatts.ErrorCode.RATE_LIMITED, "slowly")
    assert (error.retryable, error.retry_after) == (True, 2.5)
else:
    raise AssertionError("no error")
leave.delay("घर लौट चलें।").get(timeout=100)
"""


@needs("celery")
def test_tasks_of_celery_share_the_engine_of_their_parent(programs: Programs) -> None:
    worker = programs.start_command(
        *(sys.executable, "-m", "celery", "--app", "hosts.celery_app", "--quiet", "worker"),
        *("--pool", "prefork", "--concurrency", "3", "--loglevel", "ERROR"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )
    asked = programs.end(programs.start_command(sys.executable, "-c", ASK_CELERY))
    assert (asked.status, asked.err) == (0, "")
    worker.terminate()
    ended = programs.end(worker)
    assert ended.status == 0
    assert "Fatal" not in ended.err
    programs.run("""
        assert open_engine().synthesize("घर लौट चलें।").cached
        assert set(paid().values()) == {1}
    """)
