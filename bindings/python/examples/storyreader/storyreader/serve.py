"""Serves the reader to this machine: python -m storyreader.serve. $PORT, or the next that is free.

The address is told when the door is open, so that who follows it at once is only made to wait.
"""

from __future__ import annotations

import contextlib
import os
import socket

import uvicorn

_LEAVE = 5  # seconds that answers in hand have when it ends


def main() -> None:
    """Until it is ended by a signal."""
    with _door(int(os.environ.get("PORT") or 8000)) as door:
        print(f"http://127.0.0.1:{door.getsockname()[1]}/", flush=True)
        config = uvicorn.Config(
            "storyreader.asgi:application",
            log_level="warning",
            ws="none",
            timeout_graceful_shutdown=_LEAVE,
        )
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it once more at its end
            uvicorn.Server(config).run(sockets=[door])


def _door(first: int) -> socket.socket:
    for port in range(first, 65536):
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
            door.listen()
        except OSError:
            door.close()
        else:
            return door
    raise SystemExit(f"no port is free from {first} on: set PORT")


if __name__ == "__main__":
    main()
