"""The numbers behind the dashboard: what the usage log comes to, and how the engine stands.

The database adds up, in three queries over created_at, which is indexed: at most twelve months. A
row stands for `requests` requests. Days and months are those of the current time zone; their bounds
are made here and told to the database as moments, because SQLite truncates dates by calling Python
for each row, which takes more than twice as long.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Case, IntegerField, Q, Sum, Value, When
from django.utils import timezone

import bhashatts
from bhashatts.django.engine import engine
from bhashatts.django.models import TTSUsageLog

_log = logging.getLogger("bhashatts.django.figures")
DAYS = 30
MONTHS = 12
_STATUS = TTSUsageLog.Status
# Where the bars of the histogram end, in ms; what is above the last one has a bar of its own.
EDGES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclasses.dataclass(frozen=True)
class Day:
    """Requests of a day."""

    date: datetime.date
    hits: int
    misses: int
    errors: int


@dataclasses.dataclass(frozen=True)
class Month:
    """US dollars of a month."""

    first: datetime.date
    spent: Decimal
    saved: Decimal


@dataclasses.dataclass(frozen=True)
class Spoken:
    """A language, over all months shown."""

    language: str
    requests: int
    spent: Decimal


@dataclasses.dataclass(frozen=True)
class Latency:
    """How long answers took, over all days shown."""

    requests: int
    median_ms: int | None  # None: there were none
    most_ms: int | None  # 95 of 100 took no longer
    histogram: tuple[int, ...]  # requests, by EDGES, and those above


@dataclasses.dataclass(frozen=True)
class Usage:
    """What the log comes to."""

    days: list[Day]
    months: list[Month]
    languages: list[Spoken]
    hits: Latency
    misses: Latency

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.languages


@dataclasses.dataclass(frozen=True)
class Engine:
    """How the engine stands; where it cannot be told, why not."""

    status: bhashatts.Status | None
    stats: bhashatts.Stats | None
    problem: str = ""


def usage() -> Usage:
    """Of the last DAYS days and MONTHS months, today's among them."""
    today = timezone.localdate() if django_settings.USE_TZ else timezone.now().date()
    months, languages = _months(today)
    hits, misses = _latencies(_days_up_to(today)[0])
    return Usage(_days(today), months, languages, hits, misses)


def of_engine() -> Engine:
    """Asks the engine, which asks its synthesizer at most every 30 s. Raises nothing: the dashboard
    is where one looks when it is broken.
    """
    try:
        asked = engine()
        return Engine(asked.status(), asked.stats())
    except (bhashatts.Error, ImproperlyConfigured) as error:
        return Engine(None, None, str(error))
    except Exception as error:  # a part of the host's own
        _log.exception("the engine could not be asked")
        return Engine(None, None, f"{type(error).__name__}: see the log")


def _days(today: datetime.date) -> list[Day]:
    dates = _days_up_to(today)
    sums = {
        name: Sum("requests", filter=Q(status=status), default=0)
        for name, status in (
            ("hits", _STATUS.CACHED),
            ("misses", _STATUS.SUCCESS),
            ("errors", _STATUS.ERROR),
        )
    }
    found = {row.pop("slot"): row for row in _by_slot(dates, (), **sums)}
    none = dict.fromkeys(sums, 0)
    return [Day(date, **found.get(i, none)) for i, date in enumerate(dates[:-1])]


def _months(today: datetime.date) -> tuple[list[Month], list[Spoken]]:
    """One query for both."""
    firsts = _months_up_to(today)
    spent: dict[int, Decimal] = defaultdict(Decimal)
    saved: dict[int, Decimal] = defaultdict(Decimal)
    spoken: dict[str, tuple[int, Decimal]] = {}
    rows = _by_slot(
        firsts,
        ("language",),
        asked=Sum("requests"),
        spent=Sum("estimated_cost_usd"),
        saved=Sum("saved_cost_usd"),
    )
    for row in rows:
        spent[row["slot"]] += row["spent"]
        saved[row["slot"]] += row["saved"]
        asked, paid = spoken.get(row["language"], (0, Decimal(0)))
        spoken[row["language"]] = (asked + row["asked"], paid + row["spent"])
    months = [Month(first, spent[i], saved[i]) for i, first in enumerate(firsts[:-1])]
    languages = [Spoken(language, *both) for language, both in spoken.items()]
    return months, sorted(languages, key=lambda one: (-one.requests, one.language))


def _latencies(since: datetime.date) -> tuple[Latency, Latency]:
    """Of hits and of misses. As many groups come back as waits differ in milliseconds."""
    rows = (
        TTSUsageLog.objects.filter(
            created_at__gte=_midnight(since), status__in=(_STATUS.CACHED, _STATUS.SUCCESS)
        )
        .order_by()
        .values_list("status", "response_time_ms")
        .annotate(asked=Sum("requests"))
    )
    hits: dict[int, int] = {}
    misses: dict[int, int] = {}
    for status, took_ms, asked in rows.iterator():
        (hits if status == _STATUS.CACHED else misses)[took_ms] = asked
    return latency(hits), latency(misses)


def latency(counts: Mapping[int, int]) -> Latency:
    """From requests by milliseconds."""
    histogram = [0] * (len(EDGES) + 1)
    for took_ms, asked in counts.items():
        histogram[sum(took_ms >= edge for edge in EDGES)] += asked
    total = sum(counts.values())
    return Latency(total, _quantile(counts, 50), _quantile(counts, 95), tuple(histogram))


def _quantile(counts: Mapping[int, int], percent: int) -> int | None:
    """The least of the values that percent of 100 do not exceed."""
    total = sum(counts.values())
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen * 100 >= percent * total and seen:
            return value
    return None


def _by_slot(bounds: Sequence[datetime.date], by: tuple[str, ...], **sums: Any) -> Any:
    """Sums for each span between two midnights, numbered from 0 as "slot"."""
    moments = [_midnight(date) for date in bounds]
    slot = Case(
        *[When(created_at__lt=end, then=Value(i)) for i, end in enumerate(moments[1:])],
        output_field=IntegerField(),
    )
    rows = TTSUsageLog.objects.filter(created_at__gte=moments[0], created_at__lt=moments[-1])
    return rows.order_by().values(*by, slot=slot).annotate(**sums)


def _days_up_to(today: datetime.date) -> list[datetime.date]:
    """Those shown, and the one behind them."""
    return [today + datetime.timedelta(days=i) for i in range(1 - DAYS, 2)]


def _months_up_to(today: datetime.date) -> list[datetime.date]:
    """The first days of those shown, and of the one behind them."""
    last = today.year * 12 + today.month - 1
    months = itertools.starmap(divmod, ((last + i, 12) for i in range(1 - MONTHS, 2)))
    return [datetime.date(year, month + 1, 1) for year, month in months]


def _midnight(date: datetime.date) -> datetime.datetime:
    moment = datetime.datetime.combine(date, datetime.time.min)
    return timezone.make_aware(moment) if django_settings.USE_TZ else moment
