"""Our Redis client beside redis-py, with and without hiredis' parser, and hiredis alone.

    redis_bench.py PROGRAM

The server is a redis-server of its own, on a free port of the loopback, that keeps nothing on disk.
redis_bench.cpp compares with hiredis more closely; here all four take turns.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from rivals import Client, Row, by_threads, head, measure, serve, tell

ROUNDS = 9
CALLS = {60_000: 2_000, 1_000_000: 200}
IN_FLIGHT = (1, 8)


def redis_py(port: int, parser: str) -> Callable[[Row, str], list[float]]:
    import redis
    from redis._parsers import _HiredisParser, _RESP2Parser

    chosen = _HiredisParser if parser == "hiredis" else _RESP2Parser
    pool = redis.ConnectionPool(
        host="127.0.0.1", port=port, parser_class=chosen, protocol=2, max_connections=32
    )
    client = redis.Redis(connection_pool=pool)
    bodies = {size: b"a" * size for size in CALLS}

    def call(row: Row, name: str) -> None:
        prefix, number = name.rsplit("-", 1)
        key = f"{prefix}-{int(number) % 16}"
        if row.operation == "SET":
            assert client.set(key, bodies[row.size])
        else:
            assert len(client.get(key)) == row.size

    return by_threads(call)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit("redis-server does not start")


def compare(program: str, port: int) -> None:
    here = [sys.executable, __file__, "--client", str(port)]
    clients = [
        Client("ours", [program, "ours", str(port)]),
        Client("hiredis (C)", [program, "hiredis", str(port)]),
        Client("redis-py", [*here, "python"]),
        Client("redis-py with hiredis", [*here, "hiredis"]),
    ]
    head()
    for size, calls in CALLS.items():
        for in_flight in IN_FLIGHT:
            for operation in ("SET", "GET"):
                row = Row(operation, size, in_flight, calls)
                measure(clients, Row(operation, size, in_flight, 16), 1, lambda *_: "value")  # warm
                tell(row, measure(clients, row, ROUNDS, lambda *_: "value"))
    for client in clients:
        client.end()


def main(arguments: list[str]) -> None:
    if arguments[0] == "--client":
        serve(redis_py(int(arguments[1]), arguments[2]))
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as work:
        server = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                work,
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            compare(arguments[0], port)
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
