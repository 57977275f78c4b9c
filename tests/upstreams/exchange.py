"""A server that records each exchange whole, and answers every one with the same audio."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Recorder:
    audio: bytes
    content_type: str
    exchanges: list[Exchange] = field(default_factory=list)
    url: str = ""


@contextlib.contextmanager
def recording(audio: bytes, content_type: str) -> Iterator[Recorder]:
    recorder = Recorder(audio, content_type)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(recorder))
    recorder.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler_of(recorder: Recorder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorder.exchanges.append(Exchange(self.command, self.path, headers, body))
            self.send_response(200)
            self.send_header("content-type", recorder.content_type)
            self.send_header("content-length", str(len(recorder.audio)))
            self.end_headers()
            self.wfile.write(recorder.audio)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
