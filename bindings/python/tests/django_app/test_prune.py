"""prune_tts_usage removes what is old, and that alone."""

from __future__ import annotations

import datetime

import pytest
from conftest import Configure
from django.utils import timezone
from running import refused, run

from bhashatts.django.management.commands import prune_tts_usage
from bhashatts.django.models import PrewarmJob, TTSUsageLog

COMMAND = "prune_tts_usage"
pytestmark = pytest.mark.django_db


def days_ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def add_usage(*days: float) -> None:
    for ago in days:
        TTSUsageLog.objects.create(created_at=days_ago(ago), text_length=1, language="HINDI")


def test_what_is_older_than_usage_days_goes(configure: Configure) -> None:
    add_usage(401, 399, 1)
    assert run(COMMAND) == "Deleted 1 usage rows and 0 prewarm jobs older than 400 days\n"
    configure(USAGE_DAYS=30)
    assert run(COMMAND).startswith("Deleted 1 usage rows")
    assert TTSUsageLog.objects.count() == 1


def test_days_on_the_command_line_are_over_the_setting() -> None:
    add_usage(9, 11)
    assert run(COMMAND, "--days=10").startswith("Deleted 1 usage rows")
    assert "from 1 to 36500" in str(refused(COMMAND, "--days=0")[0])
    assert "--days must be" in str(refused(COMMAND, "--days=-3")[0])


def test_many_go_in_batches_also_those_of_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune_tts_usage, "_BATCH", 3)
    moment = days_ago(500)
    TTSUsageLog.objects.bulk_create(
        TTSUsageLog(created_at=moment, text_length=1, language="HINDI") for _ in range(7)
    )
    add_usage(450, 449, 448, 447, 1)
    assert run(COMMAND).startswith("Deleted 11 usage rows")
    assert TTSUsageLog.objects.count() == 1


def test_a_dry_run_removes_nothing() -> None:
    add_usage(401)
    assert run(COMMAND, "--dry-run").startswith("Would delete 1 usage rows")
    assert TTSUsageLog.objects.count() == 1


def test_jobs_that_ended_go_and_those_that_did_not_stay() -> None:
    for state, finished in (("done", 500), ("failed", 401), ("done", 1), ("running", None)):
        PrewarmJob.objects.create(
            state=state,
            created_at=days_ago(600),
            finished_at=None if finished is None else days_ago(finished),
        )
    assert "2 prewarm jobs" in run(COMMAND)
    assert sorted(PrewarmJob.objects.values_list("state", flat=True)) == ["done", "running"]
