"""The engine of this process: made when it is first asked for, and never in a request's way again.

It may be made before a fork (gunicorn --preload); every child goes on with it.
"""

from __future__ import annotations

import threading
from typing import Any

from django.core.exceptions import ImproperlyConfigured

import bhashatts
from bhashatts.django import conf

_lock = threading.Lock()
_engine: bhashatts.TtsEngine | None = None
_data_directory = ""  # of _engine: asking that is 100 us of JSON


def engine() -> bhashatts.TtsEngine:
    """The one of this process. Any thread.

    Raises ImproperlyConfigured for the BHASHATTS setting, bhashatts.Error for the engine's own.
    """
    global _engine, _data_directory  # one for the process
    made = _engine
    if made is not None:
        return made
    with _lock:
        if _engine is None:
            _data_directory, _engine = _open()  # in this order: _engine is read without the lock
        return _engine


def data_directory() -> str:
    """Where the engine keeps everything."""
    engine()
    return _data_directory


def close_engine(drain: float | None = None) -> None:
    """Ends it, and what it was paid for is waited for; the next engine() makes another."""
    global _engine
    with _lock:
        made, _engine = _engine, None
    if made is not None:
        made.close(drain)


def engine_settings() -> dict[str, Any]:
    """What the engine would be told, without one: the environment, and ENGINE over it."""
    return {**bhashatts.settings(), **conf.settings().engine}


def _open() -> tuple[str, bhashatts.TtsEngine]:
    """Where it keeps everything, and it."""
    held = conf.settings()
    make_parts = held.hook("parts")
    parts: dict[str, Any] = dict(make_parts()) if make_parts is not None else {}
    # Here, not above: models cannot be imported before the apps are ready.
    from bhashatts.django.mirror import Mirror

    mirror = Mirror()
    if held.mirror:
        parts["event_sinks"] = [*parts.get("event_sinks", ()), mirror]
    twice = parts.keys() & held.engine.keys()
    if twice:
        raise ImproperlyConfigured(f"BHASHATTS: {min(twice)!r} is given by PARTS and by ENGINE")
    opened = bhashatts.TtsEngine(**held.engine, **parts)
    directory: str = opened.settings["data_dir"]
    mirror.directory.set_result(directory)
    return directory, opened
