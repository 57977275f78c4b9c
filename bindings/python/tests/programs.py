"""Runs hosts (hosts/) as processes with time limits of their own."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SECONDS = 120  # the longest that a host may take, on a slow machine under a sanitizer
PRELUDE = "from hosts.host import *\n"

# Python 3.12 and up warns of a fork while threads run: the very thing that is tested.
WARNINGS = ("-W", "error", "-W", "ignore:This process:DeprecationWarning")

# A lock of the sanitizer's allocator that another thread has at the fork is held in the child for
# ever (LLVM 14; mended in later ones).
without_sanitizer = pytest.mark.skipif(
    "TEST_SANITIZED" in os.environ, reason="AddressSanitizer does not bear forks beside threads"
)


# What the next process finds, of a page that was under way.
KEPT = """
    engine = open_engine()
    assert engine.lookup(PAGES[0]) is not None
    assert paid()[PAGES[0]] == 1
"""


@dataclasses.dataclass
class Ended:
    status: int
    out: str
    err: str


class Programs:
    """Starts programs on one directory; what still runs at the end is killed."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOST_DIR", str(place))
        monkeypatch.setenv("PYTHONFAULTHANDLER", "1")
        path = os.environ.get("PYTHONPATH")
        monkeypatch.setenv("PYTHONPATH", f"{TESTS}{os.pathsep}{path}" if path else str(TESTS))
        self.place = place
        self._all: list[subprocess.Popen[str]] = []

    def start(self, source: str, *options: str, prelude: str = PRELUDE) -> subprocess.Popen[str]:
        """A program of a few lines, with all of hosts.host at hand."""
        program = prelude + textwrap.dedent(source)
        return self.start_command(sys.executable, *WARNINGS, *options, "-c", program)

    def start_command(self, *command: str, keep: Sequence[int] = ()) -> subprocess.Popen[str]:
        """keep: descriptors that it inherits."""
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.place,
            pass_fds=keep,
            start_new_session=True,  # a group, for kill()
        )
        self._all.append(process)
        return process

    def end(self, process: subprocess.Popen[str]) -> Ended:
        """Waits for its end; one that hangs tells where, by faulthandler."""
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)
            out, err = process.communicate()
            pytest.fail(f"hangs:\n{out}\n{err}")
        return Ended(process.returncode, out, err)

    def run(self, source: str, *options: str) -> Ended:
        """To its end, which must be a good one: nothing on standard error."""
        ended = self.end(self.start(source, *options))
        if (ended.status, ended.err) != (0, ""):
            pytest.fail(f"ended with {ended.status}:\n{ended.out}\n{ended.err}")
        return ended

    def kill(self) -> None:
        for process in self._all:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.communicate()


def until(condition: Callable[[], object], what: str) -> None:
    limit = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > limit:
            pytest.fail(f"waited in vain until {what}")
        time.sleep(0.01)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    all_of_them = Programs(tmp_path, monkeypatch)
    yield all_of_them
    all_of_them.kill()


def until_paid(programs: Programs) -> None:
    ledger = programs.place / "ledger"
    until(lambda: ledger.exists() and ledger.read_text(), "something is paid for")
