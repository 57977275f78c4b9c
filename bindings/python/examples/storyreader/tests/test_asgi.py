"""What is different under uvicorn: how it starts and ends, and its static files."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.test import AsyncClient, Client

import bhashatts.django.engine as module
from storyreader.static_files import Middleware


def test_the_engine_is_opened_at_the_start_and_closed_at_the_end() -> None:
    from storyreader.asgi import application

    told: list[str] = []
    open_at: list[bool] = []
    asked = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, Any]:
        return {"type": next(asked)}

    async def send(message: dict[str, Any]) -> None:
        told.append(message["type"])
        open_at.append(module._engine is not None)

    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert open_at == [True, False]


def test_settings_that_the_engine_refuses_stop_the_start(settings: Any) -> None:
    from storyreader.asgi import application

    settings.BHASHATTS = {**settings.BHASHATTS, "ENGINE": {"synthesizer": "a choir"}}
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "lifespan.startup"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert told[0]["type"] == "lifespan.startup.failed"
    assert "synthesizer" in told[0]["message"]


@pytest.mark.parametrize("name", ["style.css", "read.js", "icon.svg"])
def test_static_files_are_the_same_under_wsgi_and_asgi(name: str) -> None:
    path = f"/static/reader/{name}"
    plain = Client().get(path)
    in_loop = asyncio.run(AsyncClient().get(path))
    assert in_loop.status_code == plain.status_code == 200
    assert in_loop.content == b"".join(plain.streaming_content)
    for header in ("Content-Type", "Content-Length", "ETag"):
        assert in_loop.headers[header] == plain.headers[header], header
    etag = plain.headers["ETag"]
    again = asyncio.run(AsyncClient().get(path, headers={"if-none-match": etag}))
    assert (again.status_code, again.content) == (304, b"")


def test_no_request_is_given_a_thread_for_the_sake_of_static_files() -> None:
    async def view(_: Any) -> str:
        return "awaited"

    middleware = Middleware(view)
    assert iscoroutinefunction(middleware)
    request = type("Request", (), {"path_info": "/"})
    assert asyncio.run(middleware(request)) == "awaited"
