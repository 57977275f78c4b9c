"""Figures of an engine for Prometheus: `registry.register(bhashatts.prometheus.Collector(engine))`.

They are read when they are asked for, from stats() and status(): a hit does not know of them. What
is counted for the data directory is the same whichever process is asked; what a tier was to one
process is not (see Collector).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bhashatts.errors import Error

try:
    from prometheus_client import core
    from prometheus_client.registry import Collector as _Base
except ImportError as _missing:
    raise ImportError(
        "bhashatts.prometheus needs prometheus_client: pip install prometheus_client"
    ) from _missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bhashatts.engine import TtsEngine
    from bhashatts.reports import Stats, Status

_HEALTH = ("healthy", "degraded", "unhealthy")
_VOICE = (
    "ready",
    "loading",
    "unreachable",
    "unauthorized",
    "not_served",
    "no_credits",
    "unavailable",
)


class Collector(_Base):
    """The engine's figures, under names that begin with bhashatts_.

    tiers=False leaves out what counts for one process only: where several answer behind one port, a
    scrape would see now one's, now another's. Any thread; it waits for the store's figures, and now
    and then (every 30 s) for the synthesizer's word how it is. Where the engine cannot be asked, it
    is closed, say, bhashatts_up is 0 and the rest is absent.
    """

    def __init__(self, engine: TtsEngine, *, tiers: bool = True) -> None:
        self._engine = engine
        self._tiers = tiers

    def describe(self) -> list[core.Metric]:
        """Nothing: to be registered must not ask the engine."""
        return []

    def collect(self) -> Iterator[core.Metric]:
        try:
            stats, status = self._engine.stats(), self._engine.status()
        except Error:
            yield _gauge("up", "Whether the engine can be asked.", 0)
            return
        yield _gauge("up", "Whether the engine can be asked.", 1)
        yield from _work(stats)
        yield from _kept(stats, status)
        yield from _money(stats, status)
        yield from _health(status)
        if self._tiers:
            yield from _of_tiers(stats)


def _gauge(name: str, words: str, value: float) -> core.Metric:
    return core.GaugeMetricFamily(f"bhashatts_{name}", words, value=value)


def _counter(name: str, words: str, value: float) -> core.Metric:
    return core.CounterMetricFamily(f"bhashatts_{name}", words, value=value)


def _work(stats: Stats) -> Iterator[core.Metric]:
    requests = core.CounterMetricFamily(
        "bhashatts_requests", "Requests that were answered.", labels=["origin"]
    )
    for origin, count in stats.requests.items():
        requests.add_metric([origin], count)
    yield requests
    yield _counter("requests_failed", "Requests that raised an error.", stats.requests_failed)
    yield _counter("utterances_synthesized", "Sentences made.", stats.utterances_synthesized)
    yield _counter("paid_attempts", "Syntheses that cost something.", stats.paid_attempts)
    yield _gauge(
        "generation_seconds_mean",
        "Mean time of the synthesis of a sentence.",
        stats.avg_generation_time_ms / 1e3,
    )


def _kept(stats: Stats, status: Status) -> Iterator[core.Metric]:
    yield _gauge("entries", "Speeches that are kept.", stats.total_entries)
    yield _gauge("bytes", "Their size.", stats.total_size_bytes)
    yield _gauge(
        "spool_entries", "Objects that the bucket does not have yet.", status.spool["entries"]
    )
    yield _gauge("spool_bytes", "Their size.", status.spool["bytes"])
    yield _gauge("read_only", "Whether nothing new can be kept.", bool(status.cache["read_only"]))


def _money(stats: Stats, status: Status) -> Iterator[core.Metric]:
    budget = status.budget
    yield _counter("cost_usd", "US dollars paid, failed attempts included.", stats.total_cost_usd)
    yield _gauge(
        "savings_usd", "What hits would have cost, in US dollars.", stats.estimated_savings_usd
    )
    yield _gauge("spent_usd_month", "Paid and reserved this month.", budget["spent_usd_month"])
    limit = budget["limit_usd_month"]
    if limit is not None:
        left = max(0.0, limit - budget["spent_usd_month"])
        yield _gauge("budget_usd_month", "What may be spent a month.", limit)
        yield _gauge("budget_left_usd", "What is left of it this month.", left)
    exhausted = budget["credits"] == "exhausted"
    yield _gauge("credits_exhausted", "Whether the upstream said that credits are.", exhausted)


def _health(status: Status) -> Iterator[core.Metric]:
    health = core.GaugeMetricFamily("bhashatts_health", "1 for what it is.", labels=["state"])
    for state in _HEALTH:
        health.add_metric([state], status.status == state)
    yield health
    voices = core.GaugeMetricFamily(
        "bhashatts_synthesizer", "1 for how a voice stands.", labels=["identity", "state"]
    )
    by_identity = {
        voice["identity"]: voice["status"] for voice in [*status.fallbacks, status.model]
    }
    for identity, stands in by_identity.items():
        for state in _VOICE:
            voices.add_metric([identity, state], stands == state)
    yield voices


def _of_tiers(stats: Stats) -> Iterator[core.Metric]:
    gauges = {"entries": "What a tier holds.", "size_bytes": "Size of what a tier holds."}
    counters = {
        "hits": "Found in a tier, by this process.",
        "misses": "Not found in a tier, by this process.",
        "evictions": "Given up for want of room, by this process.",
        "errors": "Failures of a tier, seen by this process.",
    }
    for kind, words_of in ((core.GaugeMetricFamily, gauges), (core.CounterMetricFamily, counters)):
        for name, words in words_of.items():
            figures = kind(f"bhashatts_tier_{name.replace('size_', '')}", words, labels=["tier"])
            for tier in stats.tiers:
                figures.add_metric([tier.name], getattr(tier, name))
            yield figures
