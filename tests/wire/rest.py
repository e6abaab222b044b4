"""Discord's REST API over HTTP: authorization, rate limits, faults and replies."""

import asyncio
import io
import json
import time
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, NamedTuple

from aiohttp import web

from bot.clock import Clock
from tests.support.request_inspection import inspect
from tests.wire.faults import NO_FAULT, Fault, Faults
from tests.wire.limits import Limits
from tests.wire.replies import Reply, error
from tests.wire.routes import Call, Routes

PREFIX = "/api/v10"

# How discord.py's user agent begins. Requests of other clients are not inspected.
_BOT = "DiscordBot"

_BAD_JSON = error(400, "The request body contains invalid JSON.", 50109)
_UNAUTHORIZED = error(401, "401: Unauthorized")
_NOT_FOUND = error(404, "404: Not Found")
# A placeholder: the connection is closed before it is sent.
_UNSENT = error(503, "")


class Request(NamedTuple):
    """A REST call. `status` is None if there was no reply."""

    time: float
    method: str
    path: str
    status: int | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with a message, as simcord reads it."""

    filename: str
    fp: io.BytesIO
    description: str | None = None


class RestApi:
    """Serves REST calls over HTTP."""

    def __init__(
        self, routes: Routes, limits: Limits, faults: Faults, clock: Clock, token: str
    ) -> None:
        self.requests: list[Request] = []
        self._routes = routes
        self._limits = limits
        self._faults = faults
        self._clock = clock
        self._authorization = f"Bot {token}"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Reply to a request, or close the connection if a fault says so."""
        arrived = time.monotonic()
        path = request.path.removeprefix(PREFIX)
        fault, reply = await self._process(request, path, arrived)
        if fault.reply_delay:
            await asyncio.sleep(fault.reply_delay)
        status = reply.status if fault.replied else None
        self.requests.append(Request(arrived, request.method, path, status))
        if not fault.replied and request.transport is not None:
            request.transport.abort()
        answer = response(reply)
        answer.headers.update(fault.reply_headers)
        # A fault may send another one.
        answer.headers.setdefault("Date", format_datetime(self._clock(), usegmt=True))
        return answer

    async def _process(
        self, request: web.BaseRequest, path: str, now: float
    ) -> tuple[Fault, Reply]:
        if refused := self._reject(request, path, now):
            return NO_FAULT, refused
        refused, headers = self._limits.count(request.method, path, now)
        if refused:
            return NO_FAULT, refused
        call = await _read(request, path)
        if call and request.headers.get("User-Agent", "").startswith(_BOT):
            inspect(call.method, call.path, call.json)
        fault = self._faults.next_fault(request.method, path)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if not fault.executed:
            return fault, fault.reply or _UNSENT
        reply = self._routes.execute(call) if call else _BAD_JSON
        return fault, fault.reply or Reply(reply.status, reply.body, headers)

    def _reject(self, request: web.BaseRequest, path: str, now: float) -> Reply | None:
        if path == request.path:
            return _NOT_FOUND
        # Interactions are authorized by a token in the path, and have no global limit.
        if path.startswith(("/interactions/", "/webhooks/")):
            return None
        if request.headers.get("Authorization") != self._authorization:
            return _UNAUTHORIZED
        return self._limits.refuse_globally(now)


async def _read(request: web.BaseRequest, path: str) -> Call | None:
    """The call in a request; None if its body is not JSON."""
    files: list[Upload] = []
    body: Any = None
    try:
        if request.content_type.startswith("multipart/"):
            body, files = await _read_form(request)
        elif request.body_exists:
            body = json.loads(await request.read() or "null")
    except ValueError:
        return None
    reason = request.headers.get("X-Audit-Log-Reason")
    return Call(request.method, path, body, dict(request.query), files, reason)


async def _read_form(request: web.BaseRequest) -> tuple[Any, list[Upload]]:
    """A message and its attachments."""
    form = await request.post()
    files = [
        Upload(part.filename, io.BytesIO(part.file.read()))
        for part in form.values()
        if isinstance(part, web.FileField)
    ]
    payload = form.get("payload_json")
    return json.loads(payload) if isinstance(payload, str) else None, files


def response(reply: Reply) -> web.Response:
    """The HTTP response of a reply."""
    if reply.body is None:
        return web.Response(status=reply.status, headers=dict(reply.headers))
    # Without a charset: discord.py would take the body for plain text.
    headers = {"Content-Type": "application/json", **reply.headers}
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    return web.Response(status=reply.status, headers=headers, body=body)
