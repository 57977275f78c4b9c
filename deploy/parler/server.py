"""Serves Indic Parler-TTS over HTTP: python server.py. Settings: README.md.

It listens at once and loads behind that, answering 503 with an estimate until the voice is there:
whoever waits for it is told so, not left with a refused connection. A voice that cannot be loaded
ends the process with status 1, for whatever supervises it to report.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from parler_voice import model
from parler_voice.app import Service, make_app
from parler_voice.settings import ServerSettings, SettingsError

log = logging.getLogger("parler_voice")

Loader = Callable[[model.ModelSettings], model.Voice]


class Server(uvicorn.Server):
    """Told to stop, it finishes the generation in hand, turns the rest away, and exits with 0.

    uvicorn's own way is to generate for the whole line first, and then to die of the signal.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self.failed = False

    def handle_exit(self, sig: int, _: FrameType | None) -> None:
        self._service.turns.close()
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True

    async def run_with(self, load: Loader) -> None:
        loop = asyncio.get_running_loop()
        # A thread of its own, and a daemon: a load that hangs must not keep the process alive.
        threading.Thread(target=self._load, args=(load, loop), daemon=True).start()
        await self.serve()

    def _load(self, load: Loader, loop: asyncio.AbstractEventLoop) -> None:
        try:
            voice = load(self._service.settings.model)
        except BaseException as error:
            log.error("the voice could not be loaded: %s: %s", type(error).__name__, error)
            loop.call_soon_threadsafe(self._give_up)
            return
        log.info("%s is ready, revision %s", voice.name, voice.revision or "unknown")
        loop.call_soon_threadsafe(setattr, self._service, "voice", voice)

    def _give_up(self) -> None:
        self.failed = True
        self.should_exit = True


def make_server(settings: ServerSettings) -> Server:
    service = Service(settings)
    config = uvicorn.Config(
        make_app(service),
        host=settings.host,
        port=settings.port,
        access_log=False,  # ours says more, and no addresses
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=settings.stop_seconds,
        # Who waits in line holds a connection; a few more for /health.
        limit_concurrency=settings.most_waiting + 64,
        h11_max_incomplete_event_size=16 * 1024,
    )
    return Server(config, service)


def main(load: Loader = model.load) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = ServerSettings.of(os.environ)
    except SettingsError as error:
        log.error("%s", error)
        return 2
    server = make_server(settings)
    asyncio.run(server.run_with(load))
    return 1 if server.failed or not server.started else 0


if __name__ == "__main__":
    sys.exit(main())
