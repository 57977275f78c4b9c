"""For uvicorn. Each answer names its worker."""

from __future__ import annotations

import os
from typing import Any

from django.core.asgi import get_asgi_application

_application = get_asgi_application()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The host."""

    async def tell(message: Any) -> None:
        if message["type"] == "http.response.start":
            worker = str(os.getpid()).encode()
            message = {**message, "headers": [*message.get("headers", ()), (b"x-worker", worker)]}
        await send(message)

    if scope["type"] == "http":  # Django knows no lifespan
        await _application(scope, receive, tell)
