"""Clients of the same server, each a process of its own, that are given the same rounds in turn.

A round is one line to a client, and what it cost one line of JSON back (rounds.h). The clients take
turns round by round, and another begins each time, so that a slow second of the machine is
everybody's. Of each row the median of the rounds is told: the ratio is ours over the rival's, less
than 1 where we are better.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    operation: str
    size: int
    in_flight: int
    calls: int


@dataclass
class Cost:
    """Of one client in one row: milliseconds a call, megabytes a second, CPU seconds a gigabyte."""

    ms: list[float] = field(default_factory=list)  # of each call
    mb_s: list[float] = field(default_factory=list)  # of each round, as the next
    cpu_s_gb: list[float] = field(default_factory=list)

    def add(self, row: Row, told: dict[str, object]) -> None:
        gigabytes = row.calls * row.size / 1e9
        self.ms += [us / 1000 for us in told["us"]]  # type: ignore[attr-defined]
        self.mb_s.append(gigabytes * 1000 / float(told["wall_s"]))  # type: ignore[arg-type]
        self.cpu_s_gb.append(float(told["cpu_s"]) / gigabytes)  # type: ignore[arg-type]

    def percentile(self, part: float) -> float:
        return sorted(self.ms)[min(len(self.ms) - 1, int(part * len(self.ms)))]

    def told(self) -> tuple[float, float, float, float]:
        return (
            self.percentile(0.5),
            self.percentile(0.99),
            statistics.median(self.mb_s),
            statistics.median(self.cpu_s_gb),
        )


class Client:
    def __init__(
        self, name: str, command: list[str], environment: dict[str, str] | None = None
    ) -> None:
        self.name = name
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            text=True,
        )

    def round(self, row: Row, prefix: str) -> dict[str, object]:
        assert self.process.stdin
        assert self.process.stdout
        words = [row.operation, row.size, row.in_flight, row.calls, prefix]
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.name} has ended in {' '.join(map(str, words))}")
        return dict(json.loads(answer))

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def by_threads(call: Callable[[Row, str], None]) -> Callable[[Row, str], list[float]]:
    """One thread for each call in flight, which waits for its answer."""

    def run(row: Row, prefix: str) -> list[float]:
        us: list[float] = []
        numbers = iter(range(row.calls))
        lock = threading.Lock()

        def work() -> None:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                start = time.perf_counter()
                call(row, f"{prefix}-{number}")
                us.append((time.perf_counter() - start) * 1e6)

        threads = [threading.Thread(target=work) for _ in range(row.in_flight - 1)]
        for thread in threads:
            thread.start()
        work()
        for thread in threads:
            thread.join()
        if len(us) != row.calls:
            sys.exit("a call failed")
        return us

    return run


def serve(run: Callable[[Row, str], list[float]]) -> None:
    """The other side of Client, for rivals that are written in Python."""
    for line in sys.stdin:
        operation, size, in_flight, calls, prefix = line.split()
        row = Row(operation, int(size), int(in_flight), int(calls))
        cpu, wall = processor_seconds(), time.perf_counter()
        us = run(row, prefix)
        wall, cpu = time.perf_counter() - wall, processor_seconds() - cpu
        print(json.dumps({"wall_s": wall, "cpu_s": cpu, "us": us}), flush=True)


def measure(
    clients: list[Client], row: Row, rounds: int, prefix: Callable[[Client, int], str]
) -> dict[str, Cost]:
    costs = {client.name: Cost() for client in clients}
    for number in range(rounds):
        first = number % len(clients)
        for client in clients[first:] + clients[:first]:
            costs[client.name].add(row, client.round(row, prefix(client, number)))
    return costs


def head() -> None:
    load = " ".join(f"{part:.1f}" for part in os.getloadavg())
    print(
        f"\n{os.cpu_count()} processors, load {load}; ours/theirs: less than 1 is better of the "
        "times, more than 1 of MB/s"
    )
    print(
        f"{'':26} {'p50 ms':>8} {'p99 ms':>8} {'MB/s':>7} {'CPU s/GB':>8}   "
        f"{'p50':>5} {'p99':>5} {'MB/s':>5} {'CPU':>5}"
    )


def tell(row: Row, costs: dict[str, Cost]) -> None:
    ours = costs["ours"].told()
    print(f"{row.operation} {row.size / 1000:,.0f} KB, {row.in_flight} in flight")
    for name, cost in costs.items():
        p50, p99, mb_s, cpu = theirs = cost.told()
        line = f"  {name:24} {p50:8.3f} {p99:8.3f} {mb_s:7.1f} {cpu:8.2f}"
        if name != "ours":
            ratios = (mine / other for mine, other in zip(ours, theirs, strict=True))
            line += "   " + " ".join(f"{ratio:5.2f}" for ratio in ratios)
        print(line, flush=True)
