"""Prewarm jobs: stories that are made in advance, behind requests. A job is a row: any process may
watch or cancel it, and one whose process died is taken up again, making only what is missing.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import queue as queues
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connections,
    transaction,
)
from django.db.models import Q
from django.utils import timezone

import bhashatts
from bhashatts.django import conf
from bhashatts.django.engine import engine
from bhashatts.django.models import PrewarmJob, usd
from bhashatts.django.prewarming import prewarm_story
from bhashatts.django.stories import Story, stories

_log = logging.getLogger("bhashatts.django.jobs")
_TICK = 1.0  # seconds between two looks at a job that runs
_LOST = datetime.timedelta(seconds=30)  # without a sign of life: its process is gone
State = PrewarmJob.State


def queue(story: Story, voice_style: str = "", created_by: Any = None) -> PrewarmJob:
    """A job for a story, begun soon: the one that waits already, or a new one."""
    waiting = PrewarmJob.objects.filter(
        story_id=story.id, voice_style=voice_style, state=State.QUEUED, cancel_requested=False
    ).first()
    job: PrewarmJob = waiting or PrewarmJob.objects.create(
        story_id=story.id,
        story_title=story.title[:255],
        language=story.language,
        voice_style=voice_style,
        created_by=created_by,
    )
    transaction.on_commit(lambda: _start(job.pk))
    return job


def queue_saved(story_id: str) -> None:
    """A story was saved: its pages are made in the styles of PREWARM_STYLES."""
    story = stories().story(story_id)
    if story is None:
        return
    for style in conf.settings().prewarm_styles or ("",):
        queue(story, style)


def cancel(job: PrewarmJob) -> PrewarmJob:
    """Ends a job: at once where it waits or its process is gone, else when the pages in hand are
    made.
    """
    rows = PrewarmJob.objects.filter(pk=job.pk)
    rows.update(cancel_requested=True)
    rows.filter(Q(state=State.QUEUED) | _lost()).update(
        state=State.CANCELLED, finished_at=timezone.now()
    )
    job.refresh_from_db()
    return job


def _lost() -> Q:
    """Jobs that run in a process that gives no sign of life."""
    return Q(state=State.RUNNING, heartbeat_at__lt=timezone.now() - _LOST)


def taken_up_again(job: PrewarmJob) -> PrewarmJob:
    """The job; begun anew here where the process that had it is gone."""
    lost = _lost() | Q(state=State.QUEUED, updated_at__lt=timezone.now() - _LOST)
    if PrewarmJob.objects.filter(lost, pk=job.pk, cancel_requested=False).update(
        state=State.QUEUED, updated_at=timezone.now()
    ):
        _start(job.pk)
        job.refresh_from_db()
    return job


def run(job_id: uuid.UUID) -> None:
    """Does a job that waits, in this thread; one that another has, or that is done, is left."""
    now = timezone.now()
    runner = f"{socket.gethostname()}:{os.getpid()}"[:64]
    waiting = PrewarmJob.objects.filter(pk=job_id, state=State.QUEUED, cancel_requested=False)
    claimed = waiting.update(state=State.RUNNING, runner=runner, started_at=now, heartbeat_at=now)
    if not claimed:
        return
    job = PrewarmJob.objects.get(pk=job_id)
    try:
        report = _report(job)
    except bhashatts.Error as error:
        why = str(error)
        _lasting(lambda: _fail(job, why))
    except Exception as error:  # the host's stories
        _log.exception("prewarm job %s", job_id)
        why = f"{type(error).__name__}: see the log"
        _lasting(lambda: _fail(job, why))
    else:
        _lasting(lambda: _finish(job, report))


def _lasting(write: Callable[[], None]) -> None:
    """Writes how a job ended, on a new connection where the old one died while the job ran. Where
    the database is away the row is left, and whoever looks at it takes it up again: all hits.
    """
    try:
        write()
    except (InterfaceError, OperationalError):
        close_old_connections()
        write()


def _report(job: PrewarmJob) -> bhashatts.PrewarmReport:
    story = stories().story(job.story_id)
    if story is None:
        raise bhashatts.Error(bhashatts.ErrorCode.NOT_FOUND, "the story is gone")
    stop = bhashatts.Stop()
    with _watched(job, stop) as numbers:
        return prewarm_story(
            engine(), story, stories().pages(story), job.voice_style, numbers.put, stop
        )


class _Numbers:
    """The last progress."""

    def __init__(self) -> None:
        self.last: bhashatts.PrewarmProgress | None = None

    def put(self, progress: bhashatts.PrewarmProgress) -> None:
        self.last = progress


@contextlib.contextmanager
def _watched(job: PrewarmJob, stop: bhashatts.Stop) -> Iterator[_Numbers]:
    """While it runs a thread writes how far it is, and hears of its end being asked for."""
    numbers = _Numbers()
    ended = threading.Event()

    def watch() -> None:
        try:
            while not ended.wait(_TICK):
                close_old_connections()  # as around a request; one that died is not asked again
                with contextlib.suppress(Exception):  # the database is away: the work goes on
                    _write(job, numbers.last)
                    if PrewarmJob.objects.filter(pk=job.pk, cancel_requested=True).exists():
                        stop.request()
        finally:
            connections.close_all()

    thread = threading.Thread(target=watch, name="bhashatts-job", daemon=True)
    thread.start()
    try:
        yield numbers
    finally:
        ended.set()
        thread.join()


def _write(job: PrewarmJob, progress: bhashatts.PrewarmProgress | None) -> None:
    values: dict[str, Any] = {"heartbeat_at": timezone.now(), "updated_at": timezone.now()}
    if progress is not None:
        for name in _COUNTS:
            values[name] = getattr(progress, name)
    PrewarmJob.objects.filter(pk=job.pk).update(**values)


_COUNTS = ("pages_total", "pages_cached", "pages_generated", "pages_rejected", "pages_failed")


def _finish(job: PrewarmJob, report: bhashatts.PrewarmReport) -> None:
    job.refresh_from_db()
    for name in _COUNTS:
        setattr(job, name, getattr(report, name))
    job.total_cost_usd = usd(report.total_cost_usd)
    job.problems = report.problems
    left = report.pages_failed or report.pages_not_attempted
    job.state = State.CANCELLED if job.cancel_requested else State.FAILED if left else State.DONE
    _close(job)


def _fail(job: PrewarmJob, why: str) -> None:
    job.state = State.FAILED
    job.problems = [{"message": why}]
    _close(job)


def _close(job: PrewarmJob) -> None:
    job.heartbeat_at = job.finished_at = timezone.now()
    job.save()


def _start(job_id: uuid.UUID) -> None:
    if conf.settings().jobs == "celery":
        _send(job_id)
    else:
        _Runner.of_this_process().add(job_id)


def _send(job_id: uuid.UUID) -> None:
    """To Celery. Whoever saved a story does not hear of a broker that is away: the job waits in its
    row, and is sent again when it is next looked at (taken_up_again).
    """
    from bhashatts.django.tasks import run_prewarm_job

    try:
        run_prewarm_job.delay(str(job_id))
    except Exception:
        _log.exception("prewarm job %s waits: Celery's broker did not take it", job_id)


class _Runner:
    """Does the jobs of this process one by one, in a thread that ends when there are none."""

    _lock = threading.Lock()
    _one: _Runner | None = None
    _pid = 0

    def __init__(self) -> None:
        self._jobs: queues.SimpleQueue[uuid.UUID] = queues.SimpleQueue()
        self._running = False

    @classmethod
    def of_this_process(cls) -> _Runner:
        """Not a parent's, whose thread did not come along."""
        with cls._lock:
            if cls._one is None or cls._pid != os.getpid():
                cls._one, cls._pid = cls(), os.getpid()
            return cls._one

    def add(self, job_id: uuid.UUID) -> None:
        """A job, behind those that wait."""
        self._jobs.put(job_id)
        with self._lock:
            if not self._running:
                self._running = True
                threading.Thread(target=self._work, name="bhashatts-jobs", daemon=True).start()

    def _work(self) -> None:
        while not self._is_idle():
            try:
                run(self._jobs.get_nowait())
            except queues.Empty:
                continue
            except BaseException:  # SystemExit of the host's too: the next job is not to blame
                _log.exception("a prewarm job could not be done")
            close_old_connections()
        connections.close_all()

    def _is_idle(self) -> bool:
        """Whether there is nothing more to do; then this thread is the runner no longer."""
        with self._lock:
            self._running = not self._jobs.empty()
            return not self._running
