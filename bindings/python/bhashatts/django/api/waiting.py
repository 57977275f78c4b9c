"""How a request waits for speech that is not there yet: a WSGI worker a short while, in its thread;
an event loop as long as it takes, without one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


def in_event_loop(request: HttpRequest) -> bool:
    """Whether Awaited is awaited for this request."""
    return isinstance(request, ASGIRequest)


class Awaited(HttpResponse):
    """Stands for an answer that the event loop waits for, when the view has returned.

    So one URL and one plain view serve both worlds: what can be told at once is told from the
    view's thread, hits above all, and a thread is never held by a wait. Django awaits the render()
    of a response where that is a coroutine function; a view that is one itself would cost each hit
    under WSGI an event loop of its own.
    """

    # Having render() it passes through process_template_response of the host's middleware, which
    # looks at both; None as in REST framework's answers.
    context_data = None
    template_name = None

    def __init__(self, make: Callable[[], Awaitable[HttpResponseBase]]) -> None:
        super().__init__()
        del self["Content-Type"]
        self._make = make

    async def render(self) -> HttpResponseBase:
        """The answer, with the headers that this one was given meanwhile."""
        made = await self._make()
        for name, value in self.items():
            made.setdefault(name, value)
        return made
