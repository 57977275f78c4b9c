"""The two tables of the guide's own code, read where they exist: audio_cache and tts_usage_log.

They belong to an app that may be gone, so they are found by introspection and read through models
that live outside of Django's registry: those convert UUIDs, amounts and times of every database,
and no migration hears of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import connections, models

AUDIO, USAGE = "audio_cache", "tts_usage_log"
_KEYS = {
    "UUIDField": models.UUIDField,
    "CharField": models.CharField,
    "TextField": models.TextField,
}

# Columns as the guide's models define them. Foreign keys are plain values here, whatever they are.
_COLUMNS: dict[str, dict[str, type[models.Field]]] = {
    AUDIO: {
        "cache_key": models.CharField,
        "text_content": models.TextField,
        "language": models.CharField,
        "voice_style": models.CharField,
        "audio_url": models.CharField,
        "access_count": models.BigIntegerField,
        "last_accessed_at": models.DateTimeField,
        "generation_time_ms": models.BigIntegerField,
        "generation_cost_usd": models.DecimalField,
        "story_id": models.CharField,
        "page_number": models.BigIntegerField,
    },
    USAGE: {
        "created_at": models.DateTimeField,
        "text_length": models.BigIntegerField,
        "language": models.CharField,
        "voice_style": models.CharField,
        "status": models.CharField,
        "was_cached": models.BooleanField,
        "response_time_ms": models.BigIntegerField,
        "estimated_cost_usd": models.DecimalField,
        "error_message": models.TextField,
        "user_id": models.CharField,
    },
}


class NotTheGuides(Exception):
    """A table of the name, with other columns."""


class GuideTable:
    """One of the two."""

    def __init__(self, name: str, using: str, key: str, key_kind: str) -> None:
        self._using = using
        self._model = _model(name, key, key_kind)

    def count(self, language: str = "", limit: int | None = None) -> int:
        """How many rows batches() gives."""
        there = int(self._rows(language).count())
        return there if limit is None else min(there, limit)

    def batches(
        self, size: int, language: str = "", limit: int | None = None
    ) -> Iterator[list[Any]]:
        """Its rows by key, each with `pk`. Every batch is a query of its own: one that stays open
        would keep SQLite from writing.
        """
        last, left = None, limit
        while left is None or left > 0:
            rows = self._rows(language).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            batch = list(rows[: size if left is None else min(size, left)])
            if not batch:
                return
            yield batch
            last = batch[-1].pk
            left = None if left is None else left - len(batch)

    def _rows(self, language: str) -> Any:
        rows = self._model._base_manager.using(self._using)
        return rows.filter(language=language) if language else rows.all()


def find(name: str, using: str) -> GuideTable | None:
    """The table in a database; None where there is none. Raises NotTheGuides."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if name not in connection.introspection.table_names(cursor):
            return None
        columns = connection.introspection.get_table_description(cursor, name)
        key = connection.introspection.get_primary_key_column(cursor, name)
    kinds = {
        column.name: connection.introspection.get_field_type(column.type_code, column)
        for column in columns
        if column.name in {key, *_COLUMNS[name]}
    }
    missing = [column for column in _COLUMNS[name] if column not in kinds]
    if key is None or missing:
        lacks = ", ".join(missing or ["a primary key"])
        raise NotTheGuides(f"the table {name} is not the guide's: it lacks {lacks}")
    return GuideTable(name, using, key, kinds[key])


def _model(name: str, key: str, key_kind: str) -> type[models.Model]:
    meta = {"apps": Apps(), "app_label": "guide", "db_table": name, "managed": False}
    key_field = _KEYS.get(key_kind, models.BigIntegerField)
    members: dict[str, Any] = {"__module__": __name__, "Meta": type("Meta", (), meta)}
    members["key"] = key_field(primary_key=True, db_column=key)
    for column, field in _COLUMNS[name].items():
        members[column] = field(db_column=column, null=True, **_OPTIONS.get(field, {}))
    return type(name, (models.Model,), members)


_OPTIONS: dict[type[models.Field], dict[str, int]] = {
    models.DecimalField: {"max_digits": 10, "decimal_places": 6}
}
