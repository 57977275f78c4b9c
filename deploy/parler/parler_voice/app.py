"""The HTTP side: one path that speaks, one that tells how it stands.

Starlette on uvicorn, as in Hugging Face's own toolkit, and not the standard library's server: that
has no bound on slow or endless requests, no drain on SIGTERM, and says itself that it is not for
production. Nothing here logs a text, a description or a header.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import string
import uuid
from collections.abc import Awaitable, Callable
from typing import Final

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parler_voice.model import Voice
from parler_voice.request import RequestRefused, SpeechRequest, parse_body
from parler_voice.settings import ServerSettings
from parler_voice.speaking import Spoken, speak, to_json
from parler_voice.turns import Busy, Turns

log = logging.getLogger("parler_voice")

LOADING_SECONDS: Final = 60  # weights from a cache on disk; the first time they are fetched too
ID_CHARACTERS: Final = frozenset(string.ascii_letters + string.digits + "-_=;:.")
NO_BODY: Final = "The body must be sent with the content type application/json."


class Service:
    """What the two paths share. Used within one event loop; `voice` is None while it loads."""

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.turns = Turns(settings.most_waiting)
        self.voice: Voice | None = None

    async def health(self, _: Request) -> Response:
        """Open to all, so it tells nothing but the model's name."""
        if self.voice is None:
            return self._loading()
        body = {"status": "ready", "model": self.voice.name, "sha": self.voice.revision}
        return JSONResponse(body)

    async def predict(self, request: Request) -> Response:
        """Speaks what the body asks for; see request.py and answer()."""
        self._require_token(request)
        if self.voice is None:
            return self._loading()
        wanted = await self._read(request)
        async with self.turns.turn():
            # Who left while waiting is not worth a generation.
            if await request.is_disconnected():
                raise ClientDisconnect
            spoken = await anyio.to_thread.run_sync(speak, self.voice, wanted)
        log.info(
            "spoke %d texts, %d characters, in %.3f s for %s",
            len(wanted.texts),
            sum(map(len, wanted.texts)),
            spoken.compute_seconds,
            request.state.id,
        )
        return answer(request, wanted, spoken, self.voice.revision)

    async def _read(self, request: Request) -> SpeechRequest:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise RequestRefused(415, NO_BODY)
        body = bytearray()
        async for piece in request.stream():  # never more in memory than the limit and a piece
            body += piece
            if len(body) > self.settings.most_body_bytes:
                most = self.settings.most_body_bytes
                raise RequestRefused(413, f"The body is over {most} bytes.")
        return parse_body(bytes(body), self.settings.limits)

    def _require_token(self, request: Request) -> None:
        if not self.settings.token:
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # Latin-1 is what headers are decoded as, and has bytes for whatever came.
        same = hmac.compare_digest(
            given.strip().encode("latin-1"), self.settings.token.encode("ascii")
        )
        if scheme.lower() != "bearer" or not same:
            raise HTTPException(
                401,
                "A token is needed: Authorization: Bearer ...",
                {"www-authenticate": "Bearer"},
            )

    def _loading(self) -> Response:
        body = {
            "error": f"Model {self.settings.model.name} is currently loading",
            "estimated_time": float(LOADING_SECONDS),
        }
        return JSONResponse(body, 503, {"retry-after": "10"})


def answer(request: Request, wanted: SpeechRequest, spoken: Spoken, revision: str) -> Response:
    """A WAV for one text; JSON for a list, and for who accepts nothing but JSON."""
    headers = {"x-compute-time": f"{spoken.compute_seconds:.3f}"}
    if revision:
        headers["x-sha"] = revision
    only_json = request.headers.get("accept", "").strip().lower() == "application/json"
    if wanted.is_batch or only_json:
        return JSONResponse(to_json(spoken, wanted), headers=headers)
    return Response(spoken.wavs[0], headers=headers, media_type="audio/wav")


def request_id(request: Request) -> str:
    """The caller's own id for the call where a header and a log can hold it, else a new one."""
    for name in ("x-request-id", "x-amzn-trace-id"):
        given = request.headers.get(name, "")
        if 0 < len(given) <= 128 and ID_CHARACTERS.issuperset(given):
            return given
    return str(uuid.uuid4())


def error_response(error: Exception) -> Response:
    """{"error": ...} with the status that fits, for every way to fail."""
    if isinstance(error, RequestRefused):
        return JSONResponse({"error": str(error)}, error.status)
    if isinstance(error, Busy):
        return JSONResponse(
            {"error": str(error)}, error.status, {"retry-after": str(error.retry_after)}
        )
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    return JSONResponse({"error": "Generation failed; try again."}, 500)


Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(endpoint: Endpoint) -> Endpoint:
    """Gives each request an id, and each failure an answer and a line in the log.

    Only the kind of an unexpected error is logged: its words may hold the text.
    """

    async def run(request: Request) -> Response:
        request.state.id = request_id(request)
        try:
            response = await endpoint(request)
        except asyncio.CancelledError:
            raise
        except ClientDisconnect:
            log.info("the caller of %s left", request.state.id)
            response = Response(status_code=499)
        except Exception as error:
            log.warning("%s for %s", type(error).__name__, request.state.id)
            response = error_response(error)
        response.headers["x-request-id"] = request.state.id
        return response

    return run


async def not_found(_: Request, error: Exception) -> Response:
    return error_response(error)


def make_app(service: Service) -> Starlette:
    """GET / and /health, POST / and /predict: the paths of an Inference Endpoint."""
    health, predict = guarded(service.health), guarded(service.predict)
    return Starlette(
        routes=[
            Route("/", health, methods=["GET"]),
            Route("/health", health, methods=["GET"]),
            Route("/", predict, methods=["POST"]),
            Route("/predict", predict, methods=["POST"]),
        ],
        exception_handlers={HTTPException: not_found},
    )
