"""The bhashatts command: `python -m bhashatts`, or `bhashatts`."""

from __future__ import annotations

import os
import signal
import sys

from bhashatts import _core


def main() -> int:
    """Runs the command with the process's arguments and returns its exit status.

    It is the same command as the one without Python: signals, log lines and arguments are not the
    interpreter's business.
    """
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    _core.set_log(None, 0)
    return _core.command([b"bhashatts", *map(os.fsencode, sys.argv[1:])])


if __name__ == "__main__":
    sys.exit(main())
