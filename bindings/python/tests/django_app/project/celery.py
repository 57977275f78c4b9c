"""Celery of the tests: a broker in a directory, so that a worker needs no server."""

from __future__ import annotations

from celery import Celery

from project.settings import PLACE

app = Celery("project")
app.conf.update(
    broker_url="filesystem://",
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "data_folder_in": str(PLACE / "queue"),
        "data_folder_out": str(PLACE / "queue"),
        "control_folder": str(PLACE / "control"),
    },
)
app.autodiscover_tasks(["bhashatts.django"])
