"""Tasks for a Celery worker that forks: the engine is opened in its parent. The broker is files."""

from __future__ import annotations

import os

from celery import Celery

import bhashatts
from hosts.host import Paid, directory, open_engine

for _folder in ("queue", "control", "results"):
    (directory() / _folder).mkdir(exist_ok=True)
engine = open_engine(Paid(seconds=0.05))
app = Celery("hosts", broker="filesystem://", backend=f"file://{directory()}/results")
app.conf.broker_transport_options = {
    "data_folder_in": str(directory() / "queue"),
    "data_folder_out": str(directory() / "queue"),
    "control_folder": str(directory() / "control"),
}
app.conf.worker_enable_remote_control = False


@app.task
def speak(text: str) -> tuple[int, str, int]:
    """(process, key, size)."""
    speech = engine.synthesize(text)
    return os.getpid(), speech.cache_key, len(speech.audio)


@app.task
def fail() -> None:
    raise bhashatts.Error(
        bhashatts.ErrorCode.RATE_LIMITED, "slowly", retryable=True, retry_after=2.5
    )


@app.task
def leave(text: str) -> None:
    """Asks, and does not wait."""
    try:
        engine.synthesize(text, timeout=0)
    except bhashatts.Error:
        pass
