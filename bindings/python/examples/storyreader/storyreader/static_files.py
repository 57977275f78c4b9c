"""Static files without a server of their own: WhiteNoise, for WSGI and for ASGI."""

from __future__ import annotations

import io
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Names that hold a hash. Without this, `import "./voice.js"` would ask for the one without."""

    support_js_module_import_aggregation = True


class Middleware(WhiteNoiseMiddleware):
    """WhiteNoise knows WSGI alone: under ASGI Django would give each request a thread to wait in,
    and warn of each file, which is sent in pieces. Ours are small, and go out in one."""

    async_capable = True

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """The response; under ASGI one to be awaited."""
        return self._in_loop(request) if iscoroutinefunction(self) else super().__call__(request)

    async def _in_loop(self, request: HttpRequest) -> Any:
        path = request.path_info
        file = self.find_file(path) if self.autorefresh else self.files.get(path)
        if file is None:
            return await self.get_response(request)
        found = file.get_response(request.method, request.META)
        with found.file or io.BytesIO() as body:
            return HttpResponse(body.read(), status=int(found.status), headers=dict(found.headers))
