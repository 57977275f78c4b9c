"""gunicorn's settings: a worker tells when it hears signals; one that is told to end before is not
heard by gunicorn itself (it inherits the master's handlers), and ends 30 s later.
"""

from __future__ import annotations

import os
from typing import Any

from hosts.host import directory

control_socket_disable = True  # since gunicorn 25; in a home directory, shared by all


def post_worker_init(_worker: Any) -> None:
    (directory() / f"ready.{os.getpid()}").touch()
