"""The dashboard: pictures of the usage log, and how the engine stands.

It is a page of the admin's own, in its index, its menu and at its URL, for which an admin needs a
model. This one has no table: it stands in a registry apart, as Django's record of migrations does,
so that migrations never hear of it. (A proxy of a real model would need a migration, and give
permissions that nobody means.)
"""

# ruff: noqa: ARG002  # Django says what its methods are given
from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from bhashatts.django import charts, figures
from bhashatts.django.admin.common import ReadOnlyAdmin
from bhashatts.django.models import Language

_LANGUAGES = dict(Language.choices)


class Dashboard(models.Model):
    """No rows, no table."""

    class Meta:
        managed = False
        apps = Apps()
        app_label = "bhashatts"
        verbose_name = verbose_name_plural = "Dashboard"
        default_permissions = ()

    def __str__(self) -> str:
        return "Dashboard"


@admin.register(Dashboard)
class DashboardAdmin(ReadOnlyAdmin):
    """For who may look at the usage log."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(
            request.user.has_perm("bhashatts.view_ttsusagelog")
            or request.user.has_perm("bhashatts.change_ttsusagelog")
        )

    def get_urls(self) -> list[Any]:
        page = require_safe(self.page)
        return [path("", self.admin_site.admin_view(page), name="bhashatts_dashboard_changelist")]

    def page(self, request: HttpRequest) -> HttpResponse:
        """All of it, made now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        usage = figures.usage()
        stands = figures.of_engine()
        context = {
            **self.admin_site.each_context(request),
            "title": "Speech dashboard",
            "opts": self.opts,
            "media": self.media,
            "empty": usage.empty,
            "pictures": [] if usage.empty else _pictures(usage),
            "latency": [_told("Hits", usage.hits), _told("Misses", usage.misses)],
            "zone": timezone.get_current_timezone_name(),
            "months": figures.MONTHS,
            "days": figures.DAYS,
            "engine": stands,
            "budget": _budget(stands),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/bhashatts/dashboard/page.html", context)


def _pictures(usage: figures.Usage) -> list[charts.Picture]:
    return [_by_day(usage), _by_month(usage), _by_language(usage), _waits(usage)]


def _by_day(usage: figures.Usage) -> charts.Picture:
    days = usage.days
    return charts.columns(
        f"Requests by day, last {figures.DAYS} days",
        [date_format(day.date, "j M") for day in days],
        [
            charts.Series("Hits", "one", [day.hits for day in days]),
            charts.Series("Misses, made anew", "two", [day.misses for day in days]),
            charts.Series("Errors", "three", [day.errors for day in days]),
        ],
        stacked=True,
        every=7,
        of="Day",
    )


def _by_month(usage: figures.Usage) -> charts.Picture:
    months = usage.months
    return charts.columns(
        f"Spent and saved by month, last {figures.MONTHS} months, US dollars",
        [date_format(month.first, "M y") for month in months],
        [
            charts.Series("Saved by hits", "one", [float(month.saved) for month in months]),
            charts.Series("Spent", "two", [float(month.spent) for month in months]),
        ],
        say=charts.dollars,
        axis=charts.dollars,
        every=3,
        of="Month",
    )


def _by_language(usage: figures.Usage) -> charts.Picture:
    rows = [
        charts.Bar(
            _LANGUAGES.get(one.language, one.language or "Not told"),
            one.requests,
            f"{charts.dollars(float(one.spent))} spent",
        )
        for one in usage.languages
    ]
    title = f"Requests and cost by language, last {figures.MONTHS} months"
    return charts.bars(title, rows, ["Language", "Requests", "Cost"])


def _waits(usage: figures.Usage) -> charts.Picture:
    """Shares, not counts: misses are few."""
    edges = [charts.wait(edge) for edge in figures.EDGES]
    return charts.columns(
        f"Response time, last {figures.DAYS} days",
        [*(f"<{edge}" for edge in edges), f"≥{edges[-1]}"],
        [
            charts.Series("Hits, % of them", "one", _shares(usage.hits)),
            charts.Series("Misses, % of them", "two", _shares(usage.misses)),
        ],
        say=charts.percent,
        axis=charts.percent,
        every=3,
        of="Took",
    )


def _shares(latency: figures.Latency) -> list[float]:
    return [100 * asked / max(1, latency.requests) for asked in latency.histogram]


def _told(name: str, latency: figures.Latency) -> tuple[str, ...]:
    waits = (charts.wait(latency.median_ms), charts.wait(latency.most_ms))
    return name, charts.count(latency.requests), *waits


def _budget(stands: figures.Engine) -> charts.Picture | None:
    """None where there is no budget, or it cannot be told."""
    if stands.status is None or stands.status.budget.get("limit_usd_month") is None:
        return None
    budget = stands.status.budget
    return charts.meter(
        "Budget of this month (UTC)", budget["spent_usd_month"], budget["limit_usd_month"]
    )
