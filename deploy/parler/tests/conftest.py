"""One server for the tests that leave it as it was; those that stop it start their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import RunningServer

StartServer = Callable[..., RunningServer]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    started: list[RunningServer] = []

    def start(**environment: str) -> RunningServer:
        started.append(RunningServer(tmp_path, **environment))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path_factory.mktemp("server"), PARLER_MAX_BODY_BYTES="4096")
    try:
        yield server.wait_for_health(200)
    finally:
        server.kill()
