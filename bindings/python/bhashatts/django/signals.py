"""What happens elsewhere in the host that concerns speech: stories saved, users deleted."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models.signals import post_delete

import bhashatts
from bhashatts.django import conf
from bhashatts.django.engine import engine, engine_settings
from bhashatts.django.pages import forget_what_changes
from bhashatts.django.stories import stories


def connect() -> None:
    """Called once, when all apps are ready."""
    post_delete.connect(
        _user_deleted, sender=django_settings.AUTH_USER_MODEL, dispatch_uid="bhashatts.user"
    )
    # Settings that cannot be read are for `manage.py check` to tell (E001); no other command shall
    # die of them.
    with contextlib.suppress(ImproperlyConfigured, bhashatts.Error):
        forget_what_changes(stories())
        if _prewarms_on_save():
            stories().when_saved(_story_saved)


def _prewarms_on_save() -> bool:
    chosen = conf.settings().prewarm_on_save
    return bool(engine_settings()["enable_prewarming"]) if chosen is None else chosen


def _user_deleted(instance: Any, **_: object) -> None:
    """Their usage goes from the engine's catalog too; the rows here lose the user (SET_NULL)."""
    user_id = str(instance.pk)
    transaction.on_commit(lambda: engine().forget_user(user_id), robust=True)


def _story_saved(story_id: str) -> None:
    """A story and its pages that are saved together are one job."""
    queue = _Queue(story_id)
    planned = getattr(transaction.get_connection(), "run_on_commit", ())
    if all(queue != entry[1] for entry in planned):
        transaction.on_commit(queue, robust=True)


@dataclasses.dataclass(frozen=True)
class _Queue:
    story_id: str

    def __call__(self) -> None:
        from bhashatts.django import jobs

        jobs.queue_saved(self.story_id)
