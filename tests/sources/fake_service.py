"""An HTTP service on loopback that counts what it is asked, and fails when a test says so."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fault = Handler


class FakeService:
    """Answers with `handler`, or the next of `faults`, or `lasting_fault`."""

    def __init__(self, handler: Handler | None = None) -> None:
        self.requests: list[str] = []
        """Method-less targets, such as `/shows?page=0`."""
        self.headers: dict[str, str] = {}
        """Those of the last request."""
        self.faults: list[Fault] = []
        self.lasting_fault: Fault | None = None
        self.open_connections = 0
        """The most that were open at once."""
        self.connections: set[object] = set()
        """The addresses from which requests came."""
        self.url = ""
        self._handler = handler
        self._runner: web.AppRunner | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request that does not fail. Services override it."""
        assert self._handler is not None
        return await self._handler(request)

    @asynccontextmanager
    async def serve(self) -> AsyncGenerator[Self]:
        """Serve on a free port of loopback; `url` has the address."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._count)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        self._runner = runner
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Close all connections, and accept none."""
        if self._runner:
            await self._runner.cleanup()

    async def _count(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(unquote(request.path_qs))
        self.headers = dict(request.headers)
        assert request.transport is not None
        self.connections.add(request.transport.get_extra_info("peername"))
        assert self._runner is not None
        assert self._runner.server is not None
        self.open_connections = max(self.open_connections, len(self._runner.server.connections))
        fault = self.faults.pop(0) if self.faults else self.lasting_fault
        return await (fault or self.handle)(request)


def status(code: int, body: str = "", **headers: str) -> Fault:
    """Answer with a status. Underscores in names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=code, text=body, headers=named)

    return answer


def json_body(value: Any) -> Fault:
    """Answer with JSON."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response(value)

    return answer


def raw_body(body: bytes, content_type: str = "application/json", **headers: str) -> Fault:
    """Answer with status 200 and these bytes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=content_type, headers=named)

    return answer


def redirect(location: str) -> Fault:
    """Redirect for good."""
    return status(301, Location=location)


incomplete_json = raw_body(b'[{"id": 1, "na')
html_page = raw_body(b"\n<!DOCTYPE html><p>Checking your browser</p>", "text/html")


async def cut_off(request: web.Request) -> web.StreamResponse:
    """Promise more bytes than are sent."""
    response = web.StreamResponse()
    response.content_length = 1000
    await response.prepare(request)
    await response.write(b'[{"id": 1')
    return await _close(request, response)


async def drop(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    return await _close(request, web.Response())


async def hang(_request: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError("nothing sets the event")


async def _close(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if request.transport:
        request.transport.close()
    return response
