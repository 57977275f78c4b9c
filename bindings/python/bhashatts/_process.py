"""What an interpreter must do around the engine: log lines, and an orderly end.

The engine's threads call Python (log lines, plug-ins). When the interpreter ends they must have
stopped, so all engines are closed before: paid work is waited for, as close() does. A child that
multiprocessing has forked ends without atexit, but with finalizers of that module's own.
"""

from __future__ import annotations

import atexit
import os
import sys
import weakref

from bhashatts import _core

TYPE_CHECKING = False

if TYPE_CHECKING:
    import logging
    from typing import Any

    from bhashatts.engine import TtsEngine

_DEBUG, _WARNING = 10, 30  # logging's
_engines: weakref.WeakSet[TtsEngine] = weakref.WeakSet()
_loggers: dict[str, logging.Logger] = {}
_ended_in: set[int] = set()  # processes whose engines are closed for good
_told: set[str] = set()  # modules that run _end at the end of a forked child


def _write(level: int, component: str, message: str) -> None:
    """Called by the engine, from any of its threads. Levels are those of logging."""
    import logging

    logger = _loggers.get(component)
    if logger is None:
        logger = _loggers.setdefault(component, logging.getLogger(f"bhashatts.{component}"))
    logger.log(level, "%s", message)


def listen() -> None:
    """All lines, once: whether one is wanted is its logger's to say, whenever that changes.

    The engine makes few below INFO. A sink is kept for ever, so there is not one for each engine.
    """
    _core.set_log(_write, _DEBUG)


def require_not_ended() -> None:
    """Raises Error CLOSED where nobody would close an engine that is opened now."""
    if os.getpid() in _ended_in:
        from bhashatts.errors import Error, ErrorCode

        raise Error(ErrorCode.CLOSED, "the interpreter is ending: open an engine before that")


def remember(engine: TtsEngine) -> None:
    _engines.add(engine)
    process = sys.modules.get("multiprocessing.process")
    if process is not None and process.parent_process() is not None:
        _end_with(sys.modules["multiprocessing.util"], _end)
    else:  # or it is a child of forkserver's, which is not told yet that it is one
        _tell_forkers()


def _end() -> None:
    _ended_in.add(os.getpid())
    try:
        for engine in list(_engines):
            engine._begin_close()
        _core.wait_for_closings()
    finally:
        _core.set_log(None, _WARNING)
        _core.drop_aside()


def _tell_forkers() -> None:
    """Whoever forks by one of these modules has imported it, so that we need not."""
    for name in ("multiprocessing.util", "billiard.util"):  # billiard: Celery's
        util = sys.modules.get(name)
        if util is not None and name not in _told:
            _told.add(name)
            util.register_after_fork(_end, lambda end, util=util: _end_with(util, end))


def _end_with(util: Any, end: Any) -> None:
    util.Finalize(None, end, exitpriority=-100)  # behind the host's own


def prepare() -> None:
    listen()
    atexit.register(_end)
    os.register_at_fork(before=_tell_forkers)
