"""Cached pages of 1 MB under load: the Django app's ways to deliver one, beside the view of a
service that keeps its audio in Redis and counts in its database (host/service), and beside nginx.

usage: load.py [--seconds N] [--rounds N] [--versitygw PROGRAM]

wrk asks on 16 connections for 32 pages by turns, each time as one of 5000 listeners: with one page
the service would wait for the lock of its row. All hosts run under gunicorn as deploy/django ships
it, with one PostgreSQL and one Redis; who asks is believed without a query, limits of requests are
counted and never reached, and "header" and "signed URL" are the two ways to ask for the same. Of a
redirect the 302 alone is measured; where it leads is the store's matter. X-Accel goes through the
shipped site of nginx, without its TLS.

What is sent is compared with what the engine made before anything is measured, and the rows are
counted afterwards: ours are written behind, which is in the numbers of whoever runs meanwhile.
Without PostgreSQL, redis-server, nginx or wrk nothing is measured, without versitygw no redirect.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hosts
import psycopg
import rounds
import servers
from host.fill import LISTENERS, STORY
from hosts import Host, Load, Where
from pages import PAGES

SKIPPED = 77
BODY, ACCEL, REDIRECT = Host("engine"), Host("engine", "x-accel"), Host("engine", "redirect")
SERVICE = Host("service")
BASE, FILE = "service", "nginx, the file"
_NUMBERS = range(1, len(PAGES) + 1)
_LISTENER = {"Authorization": "Listener 1"}
_ACCEL_PREFIX = "/bhashatts-audio/blobs"
_WARM_UP = 2  # seconds: each worker meets each page
_ROWS_WAIT = 120  # seconds


@dataclasses.dataclass(frozen=True)
class Row:
    """Something that wrk asks."""

    name: str
    port: int
    paths: list[str]  # one a page
    goal: tuple[str, float] | None = None  # so many times the requests of another one

    def check(self, made: list[dict[str, Any]]) -> None:
        """AssertionError where it does not send what the engine made."""
        for path, page in zip(self.paths, made):  # noqa: B905 - 3.9
            answer = hosts.ask(self.port, path, **_LISTENER)
            if answer.status == 302:
                url = urlsplit(answer.headers["Location"])
                assert url.port is not None
                answer = hosts.ask(url.port, f"{url.path}?{url.query}")
            assert answer.status == 200, (self.name, answer.status, answer.body[:200])
            assert hashlib.sha256(answer.body).hexdigest() == page["sha256"], (self.name, path)

    def loaded(self, place: str, seconds: int) -> Load:
        """What wrk finds."""
        paths = Path(place, "paths")
        paths.write_text("\n".join(self.paths))
        return hosts.wrk(self.port, str(paths), LISTENERS, seconds)


def page_paths() -> list[str]:
    """Of ours."""
    return [f"/api/v1/speech/stories/{STORY}/pages/{one}/audio/?format=wav" for one in _NUMBERS]


def signed_paths(port: int) -> list[str]:
    """For players that can send no header."""
    asking = [path.replace("audio/?", "audio-url/?audio_") for path in page_paths()]
    told = [json.loads(hosts.ask(port, path, **_LISTENER).body)["data"] for path in asking]
    return [urlsplit(one["url"]).path for one in told]


def file_paths(port: int) -> list[str]:
    """Of the same files, below nginx's root: where the app has nginx look."""
    answers = [hosts.ask(port, path, **_LISTENER) for path in page_paths()]
    return [one.headers["X-Accel-Redirect"][len(_ACCEL_PREFIX) :] for one in answers]


def both(name: str, port: int, signed_by: int, goal: tuple[str, float]) -> list[Row]:
    """The two ways to ask for a page."""
    header = Row(f"{name}, header", port, page_paths(), goal)
    return [header, Row(f"{name}, signed URL", port, signed_paths(signed_by), goal)]


def all_rows(stack: ExitStack, where: Where, nginx: str) -> list[Row]:
    """Everything up, filled and checked."""
    made = BODY.fill(where)
    for host in (SERVICE, REDIRECT) if where.s3 is not None else (SERVICE,):
        host.fill(where)
    body, accel, service = (
        stack.enter_context(host.running(where)) for host in (BODY, ACCEL, SERVICE)
    )
    site, files = stack.enter_context(hosts.nginx(nginx, ACCEL, where))
    near = (FILE, 1 / 1.5)
    rows = both("body", body, body, (BASE, 5)) + both("X-Accel", site, accel, near)
    if where.s3 is not None:
        redirect = stack.enter_context(REDIRECT.running(where))
        rows += both("redirect", redirect, redirect, near)
    rows.append(Row(BASE, service, [f"/service/{STORY}/{one}/" for one in _NUMBERS]))
    rows.append(Row(FILE, files, file_paths(accel)))
    for row in rows:
        row.check(made)
    size = statistics.median(page["size"] for page in made)
    print(f"pages of {size / 1e3:,.0f} KB, {hosts.CONNECTIONS} connections; {rounds.machine()}")
    return rows


def in_turns(rows: list[Row], place: str, number: int, seconds: int) -> dict[str, list[Load]]:
    """What wrk finds of each: warming up, and then in each round."""
    told = {row.name: [row.loaded(place, _WARM_UP)] for row in rows}
    for turn in range(number):
        first = turn % len(rows)
        for row in rows[first:] + rows[:first]:
            told[row.name].append(row.loaded(place, seconds))
    return told


def table(rows: list[Row], told: dict[str, list[Load]]) -> None:
    """Medians over the rounds; ratios are those of each round."""
    rates = {name: [one.per_second for one in each] for name, each in told.items()}
    print(f"{'':22}{'requests/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'of service':>12}{'of nginx':>10}")
    for row in rows:
        rate, p50, p99 = (
            statistics.median(getattr(one, name) for one in told[row.name])
            for name in ("per_second", "p50_ms", "p99_ms")
        )
        of = {other: rounds.ratio(rates[row.name], rates[other]) for other in (BASE, FILE)}
        met = row.goal is None or of[row.goal[0]] >= row.goal[1]
        print(
            f"{row.name:22}{rate:11,.0f}{p50:9.2f}{p99:9.2f}{of[BASE]:11.1f}x{of[FILE]:9.2f}x"
            f"{rounds.goal(met)}"
        )


def hits_in_rows(where: Where) -> tuple[int, int]:
    """Those of ours and those of the service, so far."""
    told = f"host=127.0.0.1 port={where.postgres} user=bench dbname=postgres"
    with psycopg.connect(told) as one:
        found = one.execute(
            "SELECT (SELECT sum(access_count) FROM bhashatts_audio_cache),"
            " (SELECT sum(accesses) FROM bench_page)"
        ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def count_rows(where: Where, told: dict[str, list[Load]]) -> None:
    """Says whether all hits came into the rows, and how much later than the last answer."""
    asked = {name: sum(one.requests for one in each) for name, each in told.items()}
    service = asked.pop(BASE)
    ours = sum(asked.values()) - asked[FILE]
    begun = time.monotonic()
    while (counted := hits_in_rows(where))[0] < ours and time.monotonic() < begun + _ROWS_WAIT:
        time.sleep(0.1)
    for name, hits, there in (("ours", ours, counted[0]), (BASE, service, counted[1])):
        print(f"hits of {name}: {hits:,}; in its rows {there:,}{rounds.goal(there >= hits)}")
    print(f"waited for the rows: {time.monotonic() - begun:.1f} s")


def options() -> argparse.Namespace:
    """Of the command line."""
    parser = argparse.ArgumentParser(description="The Django app under load.")
    parser.add_argument("--seconds", type=int, default=4, help="of a row in a round (4)")
    parser.add_argument("--rounds", type=int, default=5, help="how many (5)")
    parser.add_argument("--versitygw", default="", help="the program of an S3 server")
    return parser.parse_args()


def skipped(why: str) -> int:
    """The exit status."""
    print(f"skipped: there is no {why}", file=sys.stderr)
    return SKIPPED


def main() -> int:
    asked = options()
    nginx = hosts.nginx_program()
    if nginx is None or shutil.which("wrk") is None:
        return skipped("nginx or no wrk")
    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory())
        redis = stack.enter_context(servers.redis(place))
        postgres = stack.enter_context(hosts.postgres())
        if redis is None or postgres is None:
            return skipped("redis-server or no PostgreSQL")
        s3 = None
        if asked.versitygw:
            s3 = stack.enter_context(servers.s3(asked.versitygw, f"{place}/s3"))
        else:
            print("skipped: no redirect, for there is no S3 server")
        where = Where(place, postgres, redis, s3)
        rows = all_rows(stack, where, nginx)
        told = in_turns(rows, place, asked.rounds, asked.seconds)
        table(rows, {name: each[1:] for name, each in told.items()})
        count_rows(where, told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
