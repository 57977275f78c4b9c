"""Servers that tests and benchmarks start on free ports of loopback, and stop again."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def free_port() -> int:
    """Of loopback; free a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it takes connections; RuntimeError if it ended."""
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError(f"{server.args!r} did not come up")


@contextlib.contextmanager
def running(command: list[str], port: int, account: str | None = None) -> Iterator[int]:
    """A server as another user where one is given; ended at the end, whoever is connected."""
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=account
    )
    try:
        wait_for(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGINT)  # SIGTERM has PostgreSQL wait for its clients
        server.wait()


@contextlib.contextmanager
def redis(folder: str, port: int | None = None) -> Iterator[int | None]:
    """The port of a redis-server without persistence; None where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    port = port or free_port()
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
    with running([program, *options], port):
        yield port


def postgres_program(name: str) -> str | None:
    """Distributions keep the server's programs off the path."""
    places = [str(one) for one in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))


def other_account() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return "postgres" if any(one.pw_name == "postgres" for one in pwd.getpwall()) else "nobody"


@contextlib.contextmanager
def postgres() -> Iterator[int | None]:
    """The port of a PostgreSQL as it is out of the box: user bench, database postgres."""
    with tempfile.TemporaryDirectory() as folder:
        if not postgres_made(folder):
            yield None
            return
        with postgres_in(folder, free_port()) as port:
            yield port


def postgres_made(folder: str) -> bool:
    """Whether there is a PostgreSQL, and a cluster of it in the folder now."""
    initdb = postgres_program("initdb")
    if initdb is None or postgres_program("postgres") is None:
        return False
    account = other_account()
    if account:
        shutil.chown(folder, account)
    make = [initdb, "-D", f"{folder}/data", "-U", "bench", "-A", "trust", "-E", "UTF8"]
    make.append("--locale=C")
    subprocess.run(make, user=account, check=True, stdout=subprocess.DEVNULL)
    return True


@contextlib.contextmanager
def postgres_in(folder: str, port: int) -> Iterator[int]:
    """The port of a server on the cluster that postgres_made() left in a folder."""
    program = postgres_program("postgres") or "postgres"
    command = [program, "-D", f"{folder}/data", "-h", "127.0.0.1", "-p", str(port), "-k", folder]
    with running(command, port, other_account()):
        yield port


@contextlib.contextmanager
def s3(program: str, folder: str, port: int | None = None) -> Iterator[int]:
    """The port of a versitygw with the bucket "pages"; its key and secret are KEY and SECRET."""
    (Path(folder) / "pages").mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    options = ["--access", KEY, "--secret", SECRET, "--port", f"127.0.0.1:{port}", "--quiet"]
    with running([program, *options, "posix", folder], port):
        yield port


KEY = "AKIDTALES"
SECRET = "correct-horse+battery/staple"  # of the tests
