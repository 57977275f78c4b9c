"""A small application as uvicorn runs it. /speak gives the audio of ?text, /stream its sentences.

uvicorn ends its process by the signal it got, so the engine is closed when it says "shutdown".
"""

from __future__ import annotations

import asyncio
import os
from typing import Any
from urllib.parse import parse_qs

from hosts.host import Paid, open_engine

engine = open_engine(Paid(float(os.environ.get("SECONDS", "0")), "GATED" in os.environ))


async def lifespan(receive: Any, send: Any) -> None:
    while True:
        told = (await receive())["type"]
        if told == "lifespan.shutdown":
            await asyncio.get_running_loop().run_in_executor(None, engine.close)
        await send({"type": f"{told}.complete"})
        if told == "lifespan.shutdown":
            return


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    text = parse_qs(scope["query_string"].decode())["text"][0]
    answer = asyncio.ensure_future(respond(scope["path"], text, send))
    await receive()  # the request's body, which is empty
    gone = asyncio.ensure_future(receive())
    await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
    answer.cancel()  # does nothing where it is done
    gone.cancel()


async def respond(path: str, text: str, send: Any) -> None:
    start = {"type": "http.response.start", "status": 200, "headers": []}
    if path == "/speak":
        speech = await engine.synthesize_async(text)
        await send(start)
        await send({"type": "http.response.body", "body": bytes(speech.audio)})
        return
    await send(start)
    async for one in engine.stream(text):
        await send({"type": "http.response.body", "body": bytes(one.audio), "more_body": True})
    await send({"type": "http.response.body"})
