"""Prewarm jobs by Celery, where BHASHATTS['JOBS'] says so."""

from __future__ import annotations

import uuid

from celery import shared_task

from bhashatts.django import jobs


@shared_task(name="bhashatts.run_prewarm_job", ignore_result=True)
def run_prewarm_job(job_id: str) -> None:
    """Does a job; one that another worker has is left."""
    jobs.run(uuid.UUID(job_id))
