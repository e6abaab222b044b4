"""Keeps requests below Discord's global rate limit.

https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
"""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
from discord.http import HTTPClient

from bot.client.retry import parse_retry_after

_TOO_MANY_REQUESTS = 429

# How long after a global rate limit its lock is released, in seconds.
_LOCK_MARGIN = 1.0

# Interaction responses do not count toward the global rate limit.
_EXEMPT = ("interactions", "webhooks")


class GlobalRateLimit:
    """Delays requests so that Discord counts at most `requests` of them in any `seconds`.

    Discord counts a request at some time between its start and its response. Each request
    therefore holds a slot from before it is sent until `seconds` after its response.
    """

    def __init__(self, requests: int = 50, seconds: float = 1.0) -> None:
        self._slots = asyncio.Semaphore(requests)
        self._seconds = seconds

    def apply_to(
        self, config: aiohttp.TraceConfig, on_admitted: Callable[[], None] = lambda: None
    ) -> None:
        """Apply the limit to the requests of an aiohttp session, through its trace config.

        `on_admitted` is called right before a request is sent. If it raises, the request is not.
        """

        async def on_start(
            _: aiohttp.ClientSession,
            __: SimpleNamespace,
            request: aiohttp.TraceRequestStartParams,
        ) -> None:
            await self._acquire(request)
            try:
                on_admitted()
            except BaseException:
                # aiohttp does not report the end of a request that fails here.
                self._release_now(request)
                raise

        config.on_request_start.append(on_start)
        config.on_request_end.append(self._release)
        config.on_request_exception.append(self._release)

    async def _acquire(self, request: aiohttp.TraceRequestStartParams) -> None:
        if _is_limited(request):
            await self._slots.acquire()

    def _release_now(self, request: aiohttp.TraceRequestStartParams) -> None:
        if _is_limited(request):
            self._slots.release()

    async def _release(self, _: aiohttp.ClientSession, __: SimpleNamespace, request: Any) -> None:
        if _is_limited(request):
            asyncio.get_running_loop().call_later(self._seconds, self._slots.release)


def release_global_lock(http: HTTPClient, config: aiohttp.TraceConfig) -> None:
    """Let requests continue after a global rate limit, whatever becomes of the request that met it.

    discord.py holds all requests until that one has waited, and forever if it is cancelled.
    """

    async def on_end(
        _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        headers = end.response.headers
        if end.response.status == _TOO_MANY_REQUESTS and "X-RateLimit-Global" in headers:
            lock = http._global_over  # pyright: ignore[reportPrivateUsage]
            loop = asyncio.get_running_loop()
            loop.call_later(parse_retry_after(headers) + _LOCK_MARGIN, lock.set)

    config.on_request_end.append(on_end)


def _is_limited(request: Any) -> bool:
    return not any(part in _EXEMPT for part in request.url.parts)
