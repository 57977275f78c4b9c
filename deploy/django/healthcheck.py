"""Whether the reader answers on its socket: exit status 0, or 1 with the reason.

Asked as nginx asks, so that a wrong DJANGO_ALLOWED_HOSTS is heard of too. The page needs no
sign-in, but a worker, its settings and its templates. What the engine, the voice and the stores
say stands in tts_doctor: a voice that is away is no reason to restart what serves cached pages.
"""

from __future__ import annotations

import http.client
import os
import socket
import sys

SOCKET = "/run/storyreader/http.sock"
SECONDS = 4


def ask() -> str:
    """What is wrong; empty: nothing."""
    host = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or "localhost"
    with socket.socket(socket.AF_UNIX) as one:
        one.settimeout(SECONDS)
        try:
            one.connect(SOCKET)
            asking = f"GET /hello/ HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\n"
            one.sendall(f"{asking}X-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(one)
            answer.begin()
        except (OSError, http.client.HTTPException) as reason:
            return f"{SOCKET}: {reason}"
    return "" if answer.status == http.client.OK else f"/hello/ answers {answer.status}"


if __name__ == "__main__":
    sys.exit(ask() or 0)
