"""Waits for prewarm jobs, which a test's database must outlive."""

from __future__ import annotations

import time

from bhashatts.django.models import PrewarmJob

_UNDER_WAY = (PrewarmJob.State.QUEUED, PrewarmJob.State.RUNNING)


def until_idle() -> None:
    """Until no job waits or runs. AssertionError: one has for a minute."""
    deadline = time.monotonic() + 60
    while PrewarmJob.objects.filter(state__in=_UNDER_WAY).exists():
        assert time.monotonic() < deadline, "a job did not end"
        time.sleep(0.05)
