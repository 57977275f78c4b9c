"""For gunicorn. The engine is made before the workers are forked; each answer names its worker."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from bhashatts.django.engine import engine

_application = get_wsgi_application()
engine()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The host."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("X-Worker", str(os.getpid()))], *rest)

    answer: Iterable[bytes] = _application(environ, start)
    return answer
