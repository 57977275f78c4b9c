"""A server of servers/ and the command pointed at it: each with a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command import Command
from serving import UpstreamServer

MakeCommand = Callable[..., Command]
StartUpstream = Callable[..., UpstreamServer]


@pytest.fixture
def command(tmp_path: Path) -> MakeCommand:
    return lambda **settings: Command(tmp_path, **settings)


@pytest.fixture(scope="module")
def start_upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartUpstream]:
    started: list[UpstreamServer] = []

    def start(script: str, **environment: str) -> UpstreamServer:
        started.append(UpstreamServer(script, tmp_path_factory.mktemp("server"), **environment))
        return started[-1]

    yield start
    for server in started:
        server.stop()
