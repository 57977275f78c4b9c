"""Turns: what is compared is called in rounds, each round begun by another, and told as medians.

So a slow second of the machine is everybody's. A ratio is taken in each round, between neighbours
in time, and its median told.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping

Call = Callable[[int], object]  # makes that many calls


def per_call_us(call: Call, calls: int) -> float:
    """Of one call in a row of them, microseconds."""
    start = time.perf_counter_ns()
    call(calls)
    return (time.perf_counter_ns() - start) / calls / 1e3


def calls_in(call: Call, seconds: float) -> int:
    """About how many calls take that long; it warms up as well."""
    call(2)
    calls = 1
    while (took := per_call_us(call, calls) * calls / 1e6) < seconds / 20:
        calls *= 4
    return max(1, int(calls * seconds / took))


def in_turns(
    calls: Mapping[str, Call], rounds: int = 7, seconds: float = 0.1
) -> dict[str, list[float]]:
    """Microseconds a call of each, in each round."""
    names = list(calls)
    counts = {name: calls_in(calls[name], seconds) for name in names}
    told: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            told[name].append(per_call_us(calls[name], counts[name]))
    return told


def ratio(one: list[float], other: list[float]) -> float:
    """The median of one over the other, round by round."""
    return statistics.median(mine / theirs for mine, theirs in zip(one, other))  # noqa: B905 - 3.9


def machine() -> str:
    """How many processors, and how busy: a comparison of threads wants an idle machine."""
    load = " ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} processors, load {load}"


def goal(met: bool) -> str:
    """For the end of a line."""
    return "" if met else "   (goal missed)"
