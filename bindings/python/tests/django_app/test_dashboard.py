"""The dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from admin_pages import break_the_engine, browser_of, staff
from conftest import Configure, mirrored
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from library.models import User
from tones import OTHER, PAGE, Tone

from bhashatts.django.engine import engine

DASHBOARD = "/admin/bhashatts/dashboard/"


@pytest.fixture
def boss(admin: User) -> Client:
    """The admin's browser."""
    return browser_of(admin)


def page(browser: Client) -> str:
    response = browser.get(DASHBOARD)
    assert response.status_code == 200
    return str(response.content.decode())


def test_before_anything_was_heard_it_is_friendly(boss: Client) -> None:
    shown = page(boss)
    assert "Nothing was heard yet." in shown
    assert "What is kept" in shown
    assert "None" not in shown


def test_what_was_heard_is_drawn(boss: Client, voice: Tone) -> None:
    for text in (PAGE, OTHER, PAGE):
        engine().synthesize(text)
    mirrored()
    shown = page(boss)
    for title in ("Requests by day", "Spent and saved by month", "by language", "Response time"):
        assert title in shown
    assert shown.count('class="bhashatts-chart"') == 4
    assert shown.count("As a table") == 4
    assert "<dd>2</dd>" in shown  # speeches that are kept
    assert "Hits 1, Misses, made anew 2, Errors 0" in shown
    assert "HEALTHY" in shown


def test_a_budget_is_drawn_with_what_is_left(
    boss: Client, configure: Configure, voice: Tone
) -> None:
    configure(engine={"budget_usd_month": "0.0005"})
    engine().synthesize(OTHER)
    shown = page(boss)
    assert "$0.000007 of $0.000500 used, $0.000493 left." in shown
    assert "None" not in shown


def test_without_a_budget_it_says_so(boss: Client) -> None:
    assert "There is none: nothing stops at a sum." in page(boss)


def test_without_an_engine_the_log_is_drawn_and_the_rest_says_why(
    boss: Client, configure: Configure, tmp_path: Path, voice: Tone
) -> None:
    engine().synthesize(PAGE)
    mirrored()
    break_the_engine(configure, tmp_path)
    shown = page(boss)
    assert "The engine could not be asked: " in shown
    assert shown.count('class="bhashatts-chart"') == 4


def test_settings_that_make_no_sense_are_told_on_the_page(
    boss: Client, configure: Configure
) -> None:
    configure(parts="no.such.module")
    assert "BHASHATTS[&#x27;PARTS&#x27;]" in page(boss)


def test_parts_of_the_host_that_raise_do_not_take_the_page_with_them(
    boss: Client, configure: Configure
) -> None:
    configure(parts="test_dashboard.broken_parts")
    assert "ZeroDivisionError: see the log" in page(boss)


def broken_parts() -> None:
    raise ZeroDivisionError


def test_a_host_without_time_zones_has_it_too(boss: Client, settings: Any, voice: Tone) -> None:
    settings.USE_TZ = False
    engine().synthesize(PAGE)
    mirrored()
    assert "Misses, made anew 1" in page(boss)


def test_who_may_see_the_usage_log_may_see_the_dashboard(user: User) -> None:
    assert browser_of(staff("view_ttsusagelog")).get(DASHBOARD).status_code == 200


def test_who_may_not_see_the_usage_log_may_not_see_the_dashboard(user: User) -> None:
    assert browser_of(staff("view_audiocache")).get(DASHBOARD).status_code == 403
    assert Client().get(DASHBOARD)["Location"].startswith("/admin/login/")


def test_it_is_looked_at_and_nothing_else(boss: Client) -> None:
    assert boss.post(DASHBOARD).status_code == 405


def test_it_stands_in_the_index_and_the_menu_and_migrations_know_nothing_of_it(
    boss: Client,
) -> None:
    for there in (reverse("admin:index"), reverse("admin:app_list", args=["bhashatts"])):
        assert f'href="{DASHBOARD}"' in boss.get(there).content.decode()
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
