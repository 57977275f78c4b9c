"""Limits of requests: `user` counts them all; `tts` and `tts_burst` only what may cost. A hit, a
HEAD, a wait that is taken up again and a page that another one waits for already are free.

They count in the host's cache, by increments: of six processes that read a list and wrote it back
25 requests came through a limit of ten. While the cache is away each process counts for itself: a
Redis that is down must not keep cached pages from children.
"""

from __future__ import annotations

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

import bhashatts
from bhashatts import ErrorCode
from bhashatts.django import conf

_log = logging.getLogger("bhashatts.django.throttles")
# Seconds in which asking for the same again is a wait that is taken up, not counted again. A page
# is made within it, as a rule; were it longer, what fails slowly would be tried again for nothing.
_TAKEN_UP_AGAIN = 30
_MOST_USERS = 10_000  # whom a process counts for in advance: some 2 MB


class PatientCache:
    """The host's cache; a process's own where that raises."""

    def __init__(self) -> None:
        self._own = LocMemCache("bhashatts.throttles", {})

    def get(self, key: str, default: Any = None) -> Any:
        """As of Django's caches."""
        return self._of_either(lambda one: one.get(key, default))

    def set(self, key: str, value: Any, timeout: float) -> None:
        """As of Django's caches."""
        self._of_either(lambda one: one.set(key, value, timeout))

    def delete(self, key: str) -> None:
        """As of Django's caches."""
        self._of_either(lambda one: one.delete(key))

    def count(self, key: str, by: int, timeout: float) -> int:
        """Adds to a number, which begins at 0, and gives it."""

        def counted(one: Any) -> int:
            try:
                return int(one.incr(key, by))
            except ValueError:  # the first
                return by if one.add(key, by, timeout) else int(one.incr(key, by))

        return int(self._of_either(counted))

    def _of_either(self, act: Callable[[Any], Any]) -> Any:
        try:
            return act(cache)
        except Exception as reason:  # each backend has its own
            if self._own.add("told", value=True, timeout=60):
                _log.warning("the cache is away, limits hold for each process: %s", reason)
            return act(self._own)


class Throttle(BaseThrottle):
    """A limit of BHASHATTS['THROTTLES'], for each user."""

    scope = ""
    slides = True  # two windows stand for one that does
    cache = PatientCache()

    def __init__(self) -> None:
        self._counted: str | None = None
        self._wait: float | None = None
        rate = conf.settings().rate(self.scope)
        self._most: int | None = None
        self._seconds = 1
        if rate is not None:
            self._most, self._seconds = self.parse(rate)

    @staticmethod
    def parse(rate: str) -> tuple[int, int]:
        """Requests, and in how many seconds. Raises ValueError, KeyError."""
        most, seconds = SimpleRateThrottle.parse_rate(SimpleRateThrottle, rate)
        return int(most), int(seconds)

    def who(self, request: Any) -> str:
        """Whom a request is counted for."""
        user = request.user
        return str(user.pk) if user.is_authenticated else str(self.get_ident(request))

    def allow_request(self, request: Any, view: Any) -> bool:
        """Counts it, if it is not one too many."""
        del view
        return self._most is None or self._count(self.who(request), 1)

    def _count(self, who: str, by: int) -> bool:
        """Whether there is room for so many more. What the window before this one counted, counts
        in part: as much of it as would lie within a window that ends now.
        """
        window, passed = divmod(time.time(), self._seconds)
        left = 1 - passed / self._seconds
        self._counted = self._name(who, int(window))
        count = self.cache.count(self._counted, by, 2 * self._seconds)
        before = int(self.cache.get(self._name(who, int(window) - 1), 0)) if self.slides else 0
        if count + math.ceil(left * before) <= (self._most or 0):
            return True
        self.cache.count(self._counted, -by, 2 * self._seconds)
        self._counted = None
        self._wait = max(1.0, left * self._seconds)
        return False

    def _name(self, who: str, window: int) -> str:
        return f"bhashatts:throttle:{self.scope}:{who}:{window}"

    def wait(self) -> float | None:
        """Seconds, at most."""
        return self._wait

    def take_back(self) -> None:
        """The request that was let in last cost nothing."""
        if self._counted is not None:
            self.cache.count(self._counted, -1, 2 * self._seconds)
            self._counted = None


class UserThrottle(Throttle):
    """Every request. A process counts a hundredth of the limit at a time, in advance, for asking
    the cache is a quarter of what a hit costs; so a user whom four processes answer is told some
    3 % of the limit too early. None of it is given back.
    """

    scope = "user"
    slides = False  # who comes at the turn of an hour may ask twice as much: it costs nothing
    _lock = threading.Lock()
    _ahead: ClassVar[dict[str, int]] = {}  # counted and not used yet, by who and when

    def allow_request(self, request: Any, view: Any) -> bool:
        """Mostly without the cache."""
        del view
        if self._most is None:
            return True
        who, portion = self.who(request), max(1, self._most // 100)
        name = self._name(who, int(time.time() // self._seconds))
        with self._lock:
            if self._ahead.get(name, 0):
                self._ahead[name] -= 1
                return True
        if not self._count(who, portion):
            return False
        if portion > 1:
            with self._lock:
                if len(self._ahead) >= _MOST_USERS:
                    self._ahead.clear()
                self._ahead[name] = portion - 1
        return True


class CostThrottle(Throttle):
    """Requests that cost, over a long time. In the place of a request it takes a user's id."""

    scope = "tts"

    def who(self, request: Any) -> str:
        """A user's id."""
        return str(request)


class BurstThrottle(CostThrottle):
    """Requests that cost, over a short time."""

    scope = "tts_burst"


class Charge:
    """What one request for new speech is counted as. Raises Throttled where it is one too many."""

    def __init__(self, user_id: str, wanted: tuple[object, ...]) -> None:
        self._counted: list[Throttle] = []
        digest = hashlib.sha256(repr((user_id, *wanted)).encode()).hexdigest()
        self._mark = f"bhashatts:charged:{digest}"
        if Throttle.cache.get(self._mark):
            return
        waits = []
        for throttle in (CostThrottle(), BurstThrottle()):
            if throttle.allow_request(user_id, None):
                self._counted.append(throttle)
            else:
                waits.append(throttle.wait())
        if waits:
            self.take_back()
            raise Throttled(max((wait for wait in waits if wait is not None), default=None))
        Throttle.cache.set(self._mark, value=True, timeout=_TAKEN_UP_AGAIN)

    def failed(self, error: bhashatts.Error) -> None:
        """The wait ended so. What goes on is free to wait for again; what failed is not free to try
        again; and what was not even tried cost nothing.
        """
        if error.code is ErrorCode.DEADLINE_EXCEEDED:
            return
        Throttle.cache.delete(self._mark)
        if error.code in _NOT_TRIED or error.code // 100 in _NEVER_TRIED:
            self.take_back()

    def take_back(self) -> None:
        """It cost nothing after all."""
        for throttle in self._counted:
            throttle.take_back()
        self._counted = []


_NOT_TRIED = {ErrorCode.CREDITS_EXHAUSTED, ErrorCode.BUDGET_EXHAUSTED, ErrorCode.CLOSED}
_NEVER_TRIED = {2, 6}  # hundreds of codes: bad input; audio that could not be kept
