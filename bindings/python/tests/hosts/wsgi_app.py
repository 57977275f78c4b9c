"""A small web application as gunicorn runs it: an engine that is opened at import.

GET /speak?text=...&timeout=... gives the audio. GATED and SECONDS are the voice's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import bhashatts
from hosts.host import Paid, open_engine

engine = open_engine(Paid(float(os.environ.get("SECONDS", "0")), "GATED" in os.environ))


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked = parse_qs(environ["QUERY_STRING"])
    timeout = asked.get("timeout")
    try:
        speech = engine.synthesize(asked["text"][0], timeout=float(timeout[0]) if timeout else None)
    except bhashatts.Error as error:
        body = str(error).encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        start_response("503 Service Unavailable", headers)
        return [body]
    headers = [("Content-Type", speech.media_type), ("Content-Length", str(speech.size_bytes))]
    start_response("200 OK", headers)
    return speech.audio
