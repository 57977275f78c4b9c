"""The engine's figures for Prometheus."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from tones import OTHER, PAGE, Tone

import bhashatts

prometheus_client = pytest.importorskip("prometheus_client")

from prometheus_client.parser import text_string_to_metric_families  # noqa: E402

from bhashatts.prometheus import Collector  # noqa: E402

Open = Callable[..., bhashatts.TtsEngine]
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scraped(engine: bhashatts.TtsEngine, *, tiers: bool = True) -> Samples:
    """What a scrape reads, from the text that is sent."""
    registry = prometheus_client.CollectorRegistry()
    registry.register(Collector(engine, tiers=tiers))
    text = prometheus_client.generate_latest(registry).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_scrape_has_what_stats_and_status_say(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    for _ in range(3):
        engine.synthesize(OTHER)
    voice.instead = lambda _request: b""
    with pytest.raises(bhashatts.Error):
        engine.synthesize(PAGE)
    engine.flush()
    seen = scraped(engine)
    assert seen["bhashatts_up", ()] == 1
    assert seen["bhashatts_requests_total", (("origin", "memory"),)] == 2
    assert seen["bhashatts_requests_total", (("origin", "synthesized"),)] == 1
    assert seen["bhashatts_requests_total", (("origin", "redis"),)] == 0
    assert seen["bhashatts_requests_failed_total", ()] == 1
    assert seen["bhashatts_paid_attempts_total", ()] == engine.stats().paid_attempts
    assert seen["bhashatts_cost_usd_total", ()] == pytest.approx(engine.stats().total_cost_usd)
    assert seen["bhashatts_entries", ()] == 1
    assert seen["bhashatts_bytes", ()] == engine.stats().total_size_bytes
    assert seen["bhashatts_tier_hits_total", (("tier", "memory"),)] >= 2
    assert seen["bhashatts_tier_misses_total", (("tier", "memory"),)] >= 1
    assert seen["bhashatts_synthesizer", (("identity", "test/tone@1"), ("state", "ready"))] == 1
    assert seen["bhashatts_spool_entries", ()] == 0
    health = {labels[0][1]: value for (name, labels), value in seen.items() if "health" in name}
    assert sorted(health.values()) == [0, 0, 1]


def test_a_budget_is_there_where_there_is_one(opened: Open) -> None:
    assert ("bhashatts_budget_left_usd", ()) not in scraped(opened())
    engine = opened(budget_usd_month=2.5)
    engine.synthesize(OTHER)
    seen = scraped(engine)
    assert seen["bhashatts_budget_usd_month", ()] == 2.5
    assert seen["bhashatts_budget_left_usd", ()] == pytest.approx(2.5 - 7e-6)


def test_names_are_as_prometheus_wants_them(engine: bhashatts.TtsEngine) -> None:
    engine.synthesize(OTHER)
    families = list(Collector(engine).collect())
    assert len({family.name for family in families}) == len(families)
    for family in families:
        assert family.name.startswith("bhashatts_")
        assert family.documentation.endswith(".")
        assert family.type in {"counter", "gauge"}
        assert not family.name.endswith(("_total", "_count", "_ms"))


def test_an_engine_that_is_closed_is_down(engine: bhashatts.TtsEngine) -> None:
    engine.close()
    assert scraped(engine) == {("bhashatts_up", ()): 0}


def test_to_be_registered_asks_the_engine_nothing(engine: bhashatts.TtsEngine) -> None:
    engine.close()
    registry = prometheus_client.CollectorRegistry(auto_describe=True)
    registry.register(Collector(engine))
    registry.unregister(next(iter(registry._collector_to_names)))


def test_engines_on_one_directory_say_the_same_but_for_tiers(opened: Open) -> None:
    """As the workers of a server do: requests are the directory's, tiers each one's own."""
    one = opened()
    one.synthesize(OTHER)
    two = opened()
    two.synthesize(OTHER)
    one.flush()
    two.flush()
    assert scraped(one, tiers=False) == scraped(two, tiers=False)
    assert not [name for name, _ in scraped(one, tiers=False) if "tier" in name]
    requests = {key: value for key, value in scraped(one).items() if "requests" in key[0]}
    assert sum(requests.values()) == 2


def test_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['prometheus_client'] = None\n"
        "import bhashatts\n"
        "try: import bhashatts.prometheus\n"
        "except ImportError as error: print(error)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "pip install prometheus_client" in told.stdout
