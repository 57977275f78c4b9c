"""How an asyncio loop hears from the engine: a mailbox, read when its descriptor is ready."""

from __future__ import annotations

import asyncio
import itertools
import os
import weakref
from collections.abc import Callable
from typing import Any

from bhashatts import _core

# Sends for something: (mailbox, number, stop). What is there at once is returned, else None.
Begin = Callable[[_core.Mailbox, int, _core.Stop], object]

# A loop that is open keeps its post, which it reads from. Were it kept here, it would keep the
# loop: who waits for a letter is a future of the loop's.
_posts: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, weakref.ref[Post]] = (
    weakref.WeakKeyDictionary()
)


class Post:
    """The mailbox of one loop, and who waits for which letter."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._box = _core.Mailbox()
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._process = os.getpid()
        loop.add_reader(self._box.fileno(), self._hand_out)

    @property
    def is_ours(self) -> bool:
        """Not a parent's, whose letters do not come to this process."""
        return self._process == os.getpid()

    async def answer(self, begin: Begin) -> Any:
        """What came, or what is there at once; raises what came as an exception."""
        number = next(self._numbers)
        stop = _core.Stop()
        at_once = begin(self._box, number, stop)
        if at_once is not None:
            return at_once
        future = self._expect(number)
        try:
            return await future
        finally:
            if self._waiting.pop(number, None) is not None:  # nobody waits any more
                stop.request()

    def ask(self, begin: Callable[[_core.Mailbox, int], object]) -> asyncio.Future[Any]:
        """What will come, whoever waits for it, and whether or not somebody does."""
        number = next(self._numbers)
        begin(self._box, number)
        future = self._expect(number)
        future.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen
        return future

    def _expect(self, number: int) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        return future

    def _hand_out(self) -> None:
        if not self.is_ours:  # a forked child that goes on with its parent's loop
            return
        for number, what in self._box.take():
            future = self._waiting.pop(number, None)
            if future is None or future.done():
                continue
            if isinstance(what, BaseException):
                future.set_exception(what)
            else:
                future.set_result(what)


def post_of_running_loop() -> Post:
    """The running loop's, made on first use."""
    loop = asyncio.get_running_loop()
    known = _posts.get(loop)
    post = None if known is None else known()
    if post is None or not post.is_ours:
        post = Post(loop)
        _posts[loop] = weakref.ref(post)
    return post
