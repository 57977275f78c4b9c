"""The guide's usage rows as rows of ours.

A row of ours says by its cache_key which row of the guide's it was, and has that one's time, by
which it is found again (the time has an index): what is there is not copied twice.
"""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import router, transaction
from django.utils import timezone

from bhashatts.django import conf
from bhashatts.django.adopting import Chosen
from bhashatts.django.guide_tables import GuideTable
from bhashatts.django.mirror import users_of
from bhashatts.django.models import EventCursor, TTSUsageLog

ORIGIN = "guide"  # of the rows that were copied
_TURN = uuid.uuid5(uuid.NAMESPACE_URL, "bhashatts:adopt_guide_cache")


@dataclasses.dataclass
class Copied:
    """What became of the rows."""

    usage_copied: int = 0  # in a dry run: would be
    usage_already_there: int = 0
    usage_too_old: int = 0  # older than USAGE_DAYS: they would be pruned the next night


def copy_usage(
    table: GuideTable,
    chosen: Chosen,
    *,
    dry_run: bool,
    stopped: Callable[[], bool],
    progress: Callable[[Copied], object],
) -> Copied:
    """Batch by batch, each in a transaction of its own."""
    copied = Copied()
    cutoff = timezone.now() - datetime.timedelta(days=conf.settings().usage_days)
    for batch in chosen.batches(table):
        if stopped():
            break
        young = [row for row in batch if row.created_at is not None and row.created_at >= cutoff]
        copied.usage_too_old += len(batch) - len(young)
        if young:
            with transaction.atomic(using=router.db_for_write(TTSUsageLog)):
                if not dry_run:
                    EventCursor.locked(_TURN)  # of two that adopt at once one waits
                new = _not_there(young)
                if not dry_run:
                    TTSUsageLog.objects.bulk_create(_ours(new), batch_size=200)
            copied.usage_copied += len(new)
            copied.usage_already_there += len(young) - len(new)
        progress(copied)
    return copied


def _not_there(batch: list[Any]) -> list[Any]:
    times = [row.created_at for row in batch]
    there = set(
        TTSUsageLog.objects.filter(
            origin=ORIGIN, created_at__gte=min(times), created_at__lte=max(times)
        ).values_list("cache_key", flat=True)
    )
    return [row for row in batch if _key(row) not in there]


def _key(row: Any) -> str:
    return f"{ORIGIN}:{row.pk}"[:64]


def _ours(batch: list[Any]) -> list[TTSUsageLog]:
    """What a hit saved is not known: the guide's rows do not say of which audio they are."""
    users = users_of(str(row.user_id) for row in batch if row.user_id is not None)
    return [
        TTSUsageLog(
            created_at=row.created_at,
            text_length=row.text_length or 0,
            language=row.language or "",
            voice_style=row.voice_style or "",
            status=row.status or TTSUsageLog.Status.ERROR,
            was_cached=bool(row.was_cached),
            response_time_ms=row.response_time_ms or 0,
            estimated_cost_usd=row.estimated_cost_usd or Decimal(0),
            error_message=row.error_message or "",
            user_id=users.get(str(row.user_id)),
            cache_key=_key(row),
            origin=ORIGIN,
        )
        for row in batch
    ]
