"""What the usage log comes to."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from bhashatts.django import charts, figures
from bhashatts.django.models import TTSUsageLog

pytestmark = pytest.mark.django_db

UTC = ZoneInfo("UTC")


def log(at: datetime.datetime, status: str = "cached", requests: int = 1, **more: Any) -> None:
    TTSUsageLog.objects.create(
        **{"text_length": 9, "language": "HINDI", "voice_style": "calm", **more},
        created_at=at,
        status=status,
        was_cached=status == "cached",
        requests=requests,
    )


def ago(**span: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**span)


def test_an_empty_log_is_thirty_days_and_twelve_months_of_nothing() -> None:
    usage = figures.usage()
    assert usage.empty
    assert (len(usage.days), len(usage.months)) == (30, 12)
    assert not any(day.hits + day.misses + day.errors for day in usage.days)
    assert (usage.hits.median_ms, usage.misses.most_ms) == (None, None)


def test_a_row_counts_for_its_requests() -> None:
    log(timezone.now(), "cached", 40)
    log(timezone.now(), "success", 1)
    log(timezone.now(), "error", 2)
    today = figures.usage().days[-1]
    assert (today.hits, today.misses, today.errors) == (40, 1, 2)
    assert today.date == timezone.localdate()


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Los_Angeles", "UTC", "Asia/Kathmandu"])
def test_days_begin_at_midnight_where_the_people_are(zone: str) -> None:
    here = ZoneInfo(zone)
    with timezone.override(here):
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        midnight = datetime.datetime.combine(yesterday, datetime.time.min, here)
        log(midnight)
        log(midnight - datetime.timedelta(microseconds=1), "error")
        log(midnight + datetime.timedelta(hours=23, minutes=59), "success")
        before, that_day = figures.usage().days[-3:-1]
    assert (before.errors, before.hits) == (1, 0)
    assert (that_day.date, that_day.hits, that_day.misses) == (yesterday, 1, 1)


def test_a_day_of_another_length_is_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ZoneInfo("America/New_York")
    with timezone.override(there):
        monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2025, 11, 3))
        log(datetime.datetime(2025, 11, 2, 4, 0, tzinfo=UTC))  # midnight, in summer time
        log(datetime.datetime(2025, 11, 3, 4, 59, tzinfo=UTC), "success")  # 23:59, 25 hours later
        log(datetime.datetime(2025, 11, 3, 5, 0, tzinfo=UTC), "error")
        long_day, today = figures.usage().days[-2:]
    assert (long_day.hits, long_day.misses, long_day.errors) == (1, 1, 0)
    assert today.errors == 1


def test_what_is_older_is_not_looked_at() -> None:
    log(ago(days=31))
    log(ago(days=400), estimated_cost_usd=Decimal(5))
    usage = figures.usage()
    assert not any(day.hits for day in usage.days)
    assert sum(month.spent for month in usage.months) == 0
    assert [one.requests for one in usage.languages] == [1]


def test_months_tell_what_was_spent_and_saved() -> None:
    log(timezone.now(), "success", estimated_cost_usd=Decimal("0.000360"))
    log(timezone.now(), "cached", 3, saved_cost_usd=Decimal("0.001080"))
    log(ago(days=70), "success", estimated_cost_usd=Decimal("1.5"))
    months = figures.usage().months
    assert (months[-1].spent, months[-1].saved) == (Decimal("0.000360"), Decimal("0.001080"))
    assert months[-1].first == timezone.localdate().replace(day=1)
    assert sum(month.spent for month in months[:-1]) == Decimal("1.5")


def test_twelve_months_go_back_over_new_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2026, 1, 31))
    firsts = [month.first for month in figures.usage().months]
    assert (firsts[0], firsts[-2], firsts[-1]) == (
        datetime.date(2025, 2, 1),
        datetime.date(2025, 12, 1),
        datetime.date(2026, 1, 1),
    )


def test_languages_come_by_how_much_they_are_asked_for() -> None:
    log(timezone.now(), "cached", 2, language="TAMIL")
    log(ago(days=100), "success", 1, language="TAMIL", estimated_cost_usd=Decimal("0.5"))
    log(timezone.now(), "cached", 9, language="HINDI")
    log(timezone.now(), "error", 1, language="")
    found = [(one.language, one.requests, one.spent) for one in figures.usage().languages]
    assert found == [("HINDI", 9, 0), ("TAMIL", 3, Decimal("0.5")), ("", 1, 0)]


def test_latencies_are_weighed_by_requests_and_told_apart() -> None:
    log(timezone.now(), "cached", 94, response_time_ms=0)
    log(timezone.now(), "cached", 6, response_time_ms=7)
    log(timezone.now(), "success", 1, response_time_ms=1000)
    log(timezone.now(), "success", 1, response_time_ms=12_000)
    log(timezone.now(), "error", 50, response_time_ms=1)
    log(ago(days=31), "cached", 500, response_time_ms=9)
    usage = figures.usage()
    assert (usage.hits.requests, usage.hits.median_ms, usage.hits.most_ms) == (100, 0, 7)
    assert (usage.misses.median_ms, usage.misses.most_ms) == (1000, 12_000)
    assert usage.hits.histogram[0] == 94
    assert usage.misses.histogram[-1] == 1
    assert sum(usage.hits.histogram) == 100


@pytest.mark.parametrize(
    ("counts", "median", "most"),
    [
        ({}, None, None),
        ({5: 1}, 5, 5),
        ({1: 1, 2: 1}, 1, 2),
        ({1: 95, 9: 5}, 1, 1),
        ({1: 94, 9: 6}, 1, 9),
    ],
)
def test_a_quantile_is_a_value_that_was_seen(
    counts: dict[int, int], median: int | None, most: int | None
) -> None:
    found = figures.latency(counts)
    assert (found.median_ms, found.most_ms) == (median, most)


def test_the_work_is_three_queries_however_much_was_logged(
    django_assert_num_queries: Any,
) -> None:
    for days in range(60):
        log(ago(days=days), "cached", days + 1, response_time_ms=days)
    with django_assert_num_queries(3):
        figures.usage()


# -- pictures


def test_a_picture_is_told_in_words_and_numbers_too() -> None:
    series = [charts.Series("Hits", "one", [1234, 0]), charts.Series("Misses", "two", [1, 0])]
    picture = charts.columns("By day", ["1 Nov", "2 Nov"], series, stacked=True, of="Day")
    assert 'role="img"' in picture.svg
    assert ">By day</title>" in picture.svg
    assert "<title>1 Nov: Hits 1,234, Misses 1</title>" in picture.svg
    assert picture.head == ["Day", "Hits", "Misses"]
    assert picture.rows == [["1 Nov", "1,234", "1"], ["2 Nov", "0", "0"]]
    assert picture.svg.count("<rect") == 2  # nothing is drawn for nothing


def test_two_pictures_of_a_page_share_no_ids() -> None:
    ids = [charts.meter("Budget", 1, 2).svg.split('id="')[1].split('"')[0] for _ in range(2)]
    assert ids[0] != ids[1]


def test_names_in_pictures_are_text() -> None:
    row = charts.Bar("<script>", 1, "&")
    picture = charts.bars("<b>", [row], ["Language", "Requests", "Cost"])
    assert "<script>" not in picture.svg
    assert "<b>" not in picture.svg


def test_bars_stay_in_the_drawing_whatever_the_numbers() -> None:
    for most in (0, 1e-9, 0.00012, 0.9, 1, 3, 999, 1000, 1e12):
        series = [charts.Series("a", "one", [most]), charts.Series("b", "two", [most / 3])]
        for stacked in (True, False):
            svg = charts.columns("x", ["1"], series, stacked=stacked).svg
            assert all(0 <= float(y) <= 190 for y in values_of(svg, "y"))
            assert all(0 < float(height) <= 160 for height in values_of(svg, "height"))


def values_of(svg: str, name: str) -> list[str]:
    return [part.split('"')[0] for part in svg.split(f' {name}="')[1:]]


@pytest.mark.parametrize(
    ("used", "limit", "css"), [(0, 2, ""), (1, 2, "two"), (3, 2, "full"), (1, 0, "full")]
)
def test_a_budget_shows_what_is_used_and_left(used: float, limit: float, css: str) -> None:
    picture = charts.meter("Budget", used, limit)
    assert (f'class="{css}"' in picture.svg) == bool(css)
    assert picture.rows == [
        [charts.dollars(used), charts.dollars(max(0, limit - used)), charts.dollars(limit)]
    ]


@pytest.mark.parametrize(
    ("say", "value", "text"),
    [
        (charts.dollars, 0, "$0.00"),
        (charts.dollars, 0.000119, "$0.000119"),
        (charts.dollars, 0.0869, "$0.0869"),
        (charts.dollars, 0.6, "$0.60"),
        (charts.dollars, 12345.678, "$12,345.68"),
        (charts.short, 1500, "1.5k"),
        (charts.short, 2e6, "2M"),
        (charts.percent, 0.2, "<1 %"),
        (charts.wait, None, "-"),
        (charts.wait, 0, "under 1 ms"),
        (charts.wait, 999, "999 ms"),
        (charts.wait, 1832, "1.83 s"),
    ],
)
def test_numbers_are_short(say: Any, value: Any, text: str) -> None:
    assert say(value) == text
