"""gunicorn's settings. Where it listens is said by systemd, or by the command line.

The engine is opened once, before the workers are forked, and goes on in every one of them: they
start in milliseconds, and one that cannot be opened is heard of at once and not at the first page.
Threads, because a request that waits for a sentence, or is a stream, costs one of those and not a
worker, and because a worker of the kind "sync" is killed after `timeout` in the middle of a stream.
Numbers that stand in other files too are kept in order by tests/test_belonging.py.
"""

from __future__ import annotations

from typing import Any

wsgi_app = "storyreader.wsgi:application"
bind = "unix:/run/storyreader/http.sock"
workers = 4
worker_class = "gthread"
threads = 8  # of each worker, each with a connection to the database
preload_app = True
timeout = 60  # a worker that does not even say that it lives
graceful_timeout = 40  # more than BHASHATTS_DRAIN_TIMEOUT_MS: what is paid for is finished
keepalive = 75  # more than nginx's 60 s, so that it is never gunicorn that hangs up first
control_socket_disable = True  # since gunicorn 25 one in the home directory, which there is none


def on_starting(_server: Any) -> None:
    """In the master: the application is loaded, no worker is forked yet."""
    from bhashatts.django.engine import engine

    engine()
