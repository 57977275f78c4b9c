"""The shipped site of nginx before the app under the shipped settings of gunicorn."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import signal
import subprocess
import threading
from typing import Any

import bhashatts
import pytest

from conftest import Site, needs_nginx, needs_voice
from library import page
from serving import Answer, Browser, direct, until

pytestmark = [needs_nginx, needs_voice]


def made(site: Site, path: str) -> Answer:
    """The page, made where it was not yet."""
    for _ in range(20):
        answer = site.browser.ask(path)
        if answer.status != http.client.SERVICE_UNAVAILABLE:
            break
    assert answer.status == http.client.OK, answer.body[:300]
    return answer


def cookie_of(site: Site) -> str:
    return site.browser.headers()["Cookie"]


def test_a_page_is_heard_byte_for_byte_as_the_engine_keeps_it(site: Site) -> None:
    path, text = page(0, 1)
    made(site, path)
    by_app = direct(site.installed.socket, path, Cookie=cookie_of(site))
    assert by_app.body == b""
    assert by_app.headers["X-Accel-Redirect"].startswith("/bhashatts-audio/blobs/audio/tts/")

    heard = made(site, path)
    voice = str(site.installed.voice)
    told: dict[str, Any] = {"data_dir": site.installed.data, "espeak_program": voice}
    with bhashatts.TtsEngine(environment=False, synthesizer="espeak", **told) as engine:
        kept = engine.lookup(text)
        assert kept is not None
        assert heard.body == bytes(kept.audio)
    assert heard.headers["Content-Length"] == str(len(heard.body))
    assert "X-Accel-Redirect" not in heard.headers


def test_no_header_of_the_app_is_lost_and_none_is_added(site: Site) -> None:
    path, _ = page(0, 1)
    heard = made(site, path)
    by_app = direct(site.installed.socket, path, Cookie=cookie_of(site))
    ours = {"x-accel-redirect", "server", "date", "connection", "content-length"}
    wanted = {name.lower(): it for name, it in by_app.headers.items() if name.lower() not in ours}
    there = [(name.lower(), it) for name, it in heard.headers.items() if name.lower() not in ours]
    assert sorted(there) == sorted([*wanted.items(), ("accept-ranges", "bytes")])
    assert {"etag", "cache-control", "x-story-id", "x-tts-cached", "vary"} <= set(wanted)
    assert heard.headers["Server"] == "nginx"


def test_a_page_that_did_not_change_is_not_sent_again(site: Site) -> None:
    path, _ = page(0, 1)
    etag = made(site, path).headers["ETag"]
    again = site.browser.ask(path, If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == etag
    other = site.browser.ask(path, If_None_Match='"another"')
    assert other.status == http.client.OK


def test_the_head_of_a_page_has_its_length_and_no_body(site: Site) -> None:
    path, _ = page(0, 1)
    whole = made(site, path)
    head = site.browser.ask(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Accept-Ranges"):
        assert head.headers.get_all(name) == whole.headers.get_all(name) != None, name  # noqa: E711


def test_a_player_jumps_by_ranges(site: Site) -> None:
    path, _ = page(0, 1)
    whole = made(site, path)
    size = len(whole.body)
    part = site.browser.ask(path, Range="bytes=100-299")
    assert (part.status, part.body) == (206, whole.body[100:300])
    assert part.headers["Content-Range"] == f"bytes 100-299/{size}"
    assert part.headers["ETag"] == whole.headers["ETag"]
    end = site.browser.ask(path, Range="bytes=-50")
    assert (end.status, end.body) == (206, whole.body[-50:])
    beyond = site.browser.ask(path, Range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    several = site.browser.ask(path, Range="bytes=0-9,20-29")
    assert (several.status, several.body) == (200, whole.body)


def test_a_part_is_of_the_take_that_the_player_has_begun(site: Site) -> None:
    path, _ = page(0, 1)
    whole = made(site, path)
    same = site.browser.ask(path, Range="bytes=0-9", If_Range=whole.headers["ETag"])
    assert (same.status, same.body) == (206, whole.body[:10])
    another = site.browser.ask(path, Range="bytes=0-9", If_Range='"of another take"')
    assert (another.status, another.body) == (200, whole.body)


def test_other_formats_come_with_their_types(site: Site) -> None:
    path, _ = page(0, 1)
    made(site, f"{path}?format=opus")
    heard = made(site, f"{path}?format=opus")
    assert (heard.headers["Content-Type"], heard.body[:4]) == ("audio/ogg", b"OggS")
    assert heard.headers["Content-Disposition"] == 'inline; filename="page_1.opus"'


def test_the_audio_and_all_else_of_the_data_directory_is_refused_from_outside(site: Site) -> None:
    path, _ = page(0, 1)
    made(site, path)
    by_app = direct(site.installed.socket, path, Cookie=cookie_of(site))
    inside = by_app.headers["X-Accel-Redirect"]
    attempts = (
        *(inside, f"//{inside}", inside.replace("/blobs", "//blobs"), inside.replace("b", "%62")),
        *("/bhashatts-audio/", "/bhashatts-audio/blobs/", "/bhashatts-audio/VERSION"),
        "/bhashatts-audio/catalog/db/data.mdb",
        "/bhashatts-audio/blobs/../catalog/db/data.mdb",
        "/bhashatts-audio/blobs/%2e%2e/catalog/db/data.mdb",
        "/bhashatts-audio/blobs/..%2fcatalog%2fdb%2fdata.mdb",
        "/bhashatts-audio/blobs../catalog/db/data.mdb",
        f"/api/v1/..{inside}",
        f"/static/..%2f..{inside}",
    )
    for attempt in attempts:
        answer = site.browser.ask(attempt, X_Accel_Redirect=inside)
        assert answer.status in {400, 404}, attempt
        assert b"RIFF" not in answer.body


def test_who_may_not_hear_a_page_gets_nothing_of_it(site: Site) -> None:
    path, _ = page(0, 1)
    made(site, path)
    answer = Browser(site.nginx.port).ask(path)
    assert answer.status in {401, 403}
    assert b"RIFF" not in answer.body


def test_a_stream_is_heard_while_it_is_made(site: Site) -> None:
    path, _ = page(1, 1)
    site.installed.gate.write_text("गुनगुनाई", "utf-8")  # of its last sentence
    with contextlib.closing(site.browser.connect()) as connection:
        connection.request("GET", f"{path}?stream=1", headers=site.browser.headers())
        answer = connection.getresponse()
        assert answer.status == http.client.OK, answer.read()
        begun = answer.read1(65536)
        site.installed.gate.write_text("")  # only now the last sentence can be spoken
        rest = answer.read()
    assert begun[:4] == b"RIFF"
    assert len(rest) > 10_000
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert "X-Accel-Buffering" not in answer.headers


def test_a_stream_that_breaks_off_is_not_taken_for_a_whole_one(site: Site) -> None:
    path, _ = page(2, 1)
    site.installed.gate.write_text("नाचीं", "utf-8")
    with contextlib.closing(site.browser.connect()) as connection:
        connection.request("GET", f"{path}?stream=1", headers=site.browser.headers())
        answer = connection.getresponse()
        assert answer.read1(4) == b"RIFF"
        for worker in site.app.workers():
            os.kill(worker, signal.SIGKILL)
        with pytest.raises(http.client.IncompleteRead):
            answer.read()
    site.installed.gate.write_text("")
    assert made(site, path).body[:4] == b"RIFF"


class Listeners:
    """Several that hear pages over and over, and judge every answer."""

    def __init__(self, site: Site, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.whole = 0
        self.resting = 0
        self.wrong: list[str] = []
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._listen, args=(site,)) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, more: int) -> None:
        """Until so many more were heard."""
        goal = self.whole + more
        until(lambda: self.whole >= goal or self.wrong, f"{more} more pages are heard")

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _listen(self, site: Site) -> None:
        browser = Browser(site.nginx.port)
        browser.cookies = dict(site.browser.cookies)
        while not self._over.is_set():
            for path, body in self.pages.items():
                self._judge(browser, path, body)

    def _judge(self, browser: Browser, path: str, body: bytes) -> None:
        try:
            answer = browser.ask(path)
        except (OSError, http.client.HTTPException) as reason:
            with self._lock:
                self.wrong.append(repr(reason))
            return
        with self._lock:
            if (answer.status, answer.body) == (200, body):
                self.whole += 1
            elif answer.status == 503 and answer.headers["Retry-After"] == "2":
                self.resting += 1
            else:
                self.wrong.append(
                    f"{answer.status}, {len(answer.body)} bytes: {answer.body[:80]!r}"
                )


def three_pages(site: Site) -> dict[str, bytes]:
    paths = [page(0, number)[0] for number in (1, 2, 3)]
    return {path: made(site, path).body for path in paths}


def test_a_restart_of_the_app_refuses_nobody(site: Site) -> None:
    listeners = Listeners(site, three_pages(site))
    try:
        listeners.wait_for(20)
        assert site.app.stop() == 0
        site.app.start()
        listeners.wait_for(20)
    finally:
        listeners.end()
    assert (listeners.wrong, listeners.resting) == ([], 0)


def test_a_worker_that_is_killed_cuts_no_audio_short(site: Site) -> None:
    listeners = Listeners(site, three_pages(site))
    try:
        for _ in range(3):
            listeners.wait_for(10)
            os.kill(site.app.workers()[0], signal.SIGKILL)
        listeners.wait_for(10)
    finally:
        listeners.end()
    assert listeners.wrong == []


def test_plain_http_is_sent_to_tls(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.nginx.plain, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", "/stories/?a=b", headers={"Host": "elsewhere.example.com"})
        answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (
        301,
        "https://stories.example.org/stories/?a=b",
    )


def test_timings_are_compressed_and_audio_is_not(site: Site) -> None:
    path, _ = page(0, 1)
    audio = made(site, path)
    asked = site.browser.ask(path, Accept_Encoding="gzip")
    assert "Content-Encoding" not in asked.headers
    assert asked.body == audio.body
    timings = site.browser.ask(path.replace("/audio/", "/timings/"), Accept_Encoding="gzip")
    assert timings.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(timings.body))


def test_where_a_request_comes_from_cannot_be_made_up(site: Site) -> None:
    """Limits of those who have not signed in go by address, and cookies by TLS."""
    site.browser.ask("/hello/", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="http")
    answer = site.browser.ask("/hello/", X_Forwarded_Proto="http")
    assert answer.status == http.client.OK  # not sent to https:// again
    assert "max-age=3600" in answer.headers["Strict-Transport-Security"]


def test_nginx_has_nothing_to_say_against_the_site(site: Site) -> None:
    tried = subprocess.run([*site.nginx.command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    said = [line for line in tried.stderr.splitlines() if "[warn]" in line]
    assert [line for line in said if '"listen ... http2" directive is deprecated' not in line] == []
