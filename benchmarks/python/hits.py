"""A hit beside diskcache, django-redis, and the service that keeps audio in Redis (guide.py).

usage: hits.py [BUILD_DIR]

Audio of about 60 KB (a page as FLAC) and 1 MB (as WAV), 32 pages by turns. Of everybody's audio
the length and the first and last byte are read; "copied" makes bytes of ours, which the others give
anyhow. Rivals of which there is no server or package are left out, and said to be. With a build
directory that has capi_bench in it, what the hit costs in C++ is told too.
"""

from __future__ import annotations

import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import guide
import rounds
import servers
from pages import PAGES, Buzzer, opened

Get = Callable[[str], Any]  # the text: its audio


def touched(get: Get) -> rounds.Call:
    """Reads the length and both ends of what comes, of all pages by turns."""

    def call(calls: int) -> None:
        for text in itertools.islice(itertools.cycle(PAGES), calls):
            view = memoryview(get(text))
            len(view), view[0], view[-1]

    return call


def again(get: Callable[[], Any]) -> rounds.Call:
    """One call, with nothing done to what comes."""

    def call(calls: int) -> None:
        for _ in range(calls):
            get()

    return call


class Ours:
    """An engine with all pages in memory."""

    def __init__(self, folder: str, rate: int, audio_format: str) -> None:
        self.engine = opened(folder, Buzzer(rate))
        synthesize = self.engine.synthesize
        self.get: Get = lambda text: synthesize(text, format=audio_format).audio
        self.copied: Get = lambda text: bytes(synthesize(text, format=audio_format).audio)
        self.audio: dict[str, bytes] = {text: self.copied(text) for text in PAGES}


def disk_cache(folder: str, audio: dict[str, bytes]) -> Get:
    """As large as it needs to be, with diskcache's own settings."""
    import diskcache

    cache = diskcache.Cache(folder, size_limit=1 << 34)
    for text, one in audio.items():
        cache.set(guide.key_of(text), one, expire=guide.TTL)
    return lambda text: cache.get(guide.key_of(text))


class Rivals:
    """All that can be had here, by name."""

    def __init__(self, stack: ExitStack, folder: str) -> None:
        self.folder = folder
        self.services: dict[str, guide.Service] = {}
        redis = stack.enter_context(servers.redis(folder))
        if redis is None:
            print("skipped: there is no redis-server, so neither django-redis nor the service")
            return
        databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder + "/db"}}
        postgres = stack.enter_context(servers.postgres())
        if postgres is None:
            print("skipped: there is no PostgreSQL")
        else:
            databases["postgres"] = {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "postgres",
                "USER": "bench",
                "HOST": "127.0.0.1",
                "PORT": str(postgres),
                "CONN_MAX_AGE": None,  # type: ignore[dict-item]
            }
        guide.set_up(databases, redis)
        names = {"default": "service, SQLite", "postgres": "service, PostgreSQL"}
        tables = guide.tables()
        self.services = {names[one]: guide.Service(one, *tables) for one in databases}
        for service in self.services.values():
            service.create_tables()

    def getters(self, audio: dict[str, bytes], size: str) -> dict[str, Get]:
        """Filled with the audio."""
        all_of: dict[str, Get] = {"diskcache": disk_cache(f"{self.folder}/disk-{size}", audio)}
        if self.services:
            from django.core.cache import cache

            all_of["django-redis"] = lambda text: cache.get(guide.key_of(text))
        for name, service in self.services.items():
            service.refill(audio)
            all_of[name] = service.hit
        return all_of


def compared(size: str, ours: Ours, rivals: Rivals) -> None:
    """One table."""
    kilobytes = statistics.median(map(len, ours.audio.values())) / 1000
    calls = {"ours": touched(ours.get), "ours, copied": touched(ours.copied)}
    getters = rivals.getters(ours.audio, size)
    calls.update((name, touched(get)) for name, get in getters.items())
    us = rounds.in_turns(calls)
    print(f"\n{kilobytes:,.0f} KB; {rounds.machine()}")
    print(f"{'':22}{'us':>10} {'p90':>10} {'of ours':>10} {'of the copy':>12}")
    for name, each in us.items():
        p90 = sorted(each)[int(0.9 * (len(each) - 1) + 0.5)]
        beside = rounds.ratio(each, us["ours"]), rounds.ratio(each, us["ours, copied"])
        print(
            f"{name:22}{statistics.median(each):10.2f} {p90:10.2f} {beside[0]:9.1f}x "
            f"{beside[1]:11.1f}x{rounds.goal(met(name, size, beside[0]))}"
        )


def met(name: str, size: str, times: float) -> bool:
    """20 times faster than diskcache; at 1 MB 500 times faster than the service."""
    least = 20 if name == "diskcache" else 500 if "service" in name and size == "large" else 0
    return times >= least


def cpp_ns(build: str) -> float | None:
    """Of a hit in C++, in this very minute."""
    program = os.path.join(build, "benchmarks/capi_bench")
    if not os.path.exists(program):
        return None
    told = subprocess.run([program, "100000"], stdout=subprocess.PIPE, text=True, check=False)
    found = re.search(r"bare:.*C\+\+ (\d+) ns", told.stdout)
    return float(found[1]) if found else None


def beside_cpp(build: str, folder: str) -> None:
    """The same page again and again, as capi_bench does."""
    ours = Ours(folder, 8000, "flac")
    text = PAGES[0]
    synthesize = ours.engine.synthesize
    us = rounds.in_turns(
        {
            "hit": again(lambda: synthesize(text)),
            "hit, with keywords": again(lambda: synthesize(text, language="HINDI", format="wav")),
            "hit and its audio": again(lambda: memoryview(synthesize(text).audio)),
            "a call that does nothing": again(lambda: None),
        }
    )
    cpp = cpp_ns(build)
    print("\none page again and again, ns")
    for name, each in us.items():
        print(f"{name:26}{statistics.median(each) * 1e3:8.0f}")
    if cpp is not None:
        more = statistics.median(us["hit and its audio"]) - cpp / 1e3
        print(f"{'C++':26}{cpp:8.0f}   Python's is {more:.2f} us more{rounds.goal(more <= 6)}")
    ours.engine.close()


def main() -> None:
    build = sys.argv[1] if len(sys.argv) > 1 else ""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        beside_cpp(build, folder + "/one")
        rivals = Rivals(stack, folder)
        for size, rate, audio_format in (("small", 8000, "flac"), ("large", 40000, "wav")):
            ours = Ours(f"{folder}/{size}", rate, audio_format)
            compared(size, ours, rivals)
            ours.engine.close()


if __name__ == "__main__":
    main()
