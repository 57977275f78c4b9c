"""A page sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

    from bhashatts import _core
    from bhashatts.reports import Utterance


class SpeechStream:
    """The utterances of a page, in order: `for` waits in a thread, `async for` in an event loop.

    Belongs to one thread, or one task, at a time; close() is for all. Who stops listening stops
    nothing: the page is made and kept. A wait that is cancelled (asyncio.wait_for) loses nothing:
    the next one gets what that would have got.
    """

    def __init__(self, core: _core.Stream) -> None:
        self._core = core
        self._open: asyncio.Future[Any] | None = None

    def __iter__(self) -> SpeechStream:
        return self

    def __next__(self) -> Utterance:
        return self._core.next()

    def __aiter__(self) -> SpeechStream:
        return self

    async def __anext__(self) -> Utterance:
        import asyncio

        from bhashatts.loop import post_of_running_loop

        if self._open is None:
            if self._core.closed:
                raise StopAsyncIteration
            self._open = post_of_running_loop().ask(self._core.begin_next)
        await asyncio.wait([self._open])  # which cancels nothing when it is cancelled
        came, self._open = self._open, None
        utterance = came.result()
        if utterance is None:
            raise StopAsyncIteration
        return cast("Utterance", utterance)

    def close(self) -> None:
        """Stops listening."""
        self._core.close()

    def __enter__(self) -> SpeechStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
