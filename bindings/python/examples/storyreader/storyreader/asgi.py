"""For uvicorn. The engine is opened when a worker starts and closed when it ends.

uvicorn ends by a signal that it raises once more, so that Python's own end, which would close the
engine, never comes; and Django's application refuses lifespan, so that it is answered here.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyreader.settings")
_django = get_asgi_application()
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Lifespan here, all else by Django."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await _django(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    from bhashatts.django.engine import close_engine, engine

    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await asyncio.to_thread(engine)
            except Exception as reason:  # the server says it, and does not start
                await send({"type": "lifespan.startup.failed", "message": str(reason)})
                return
            await send({"type": "lifespan.startup.complete"})
        else:
            await asyncio.to_thread(close_engine)
            await send({"type": "lifespan.shutdown.complete"})
            return
