"""Discord's global rate limit, kept from this side.

https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
"""

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp

# Answers to interactions count towards no global limit.
_EXEMPT = ("interactions", "webhooks")


class GlobalRateLimit:
    """Holds a request back while Discord may still be counting `requests` others.

    Only Discord knows when it counts a request: some time between its being sent and its being
    answered. So each has its place from before it is sent until `seconds` after its answer; at most
    `requests` of them fall into any such time of Discord's, however late either end is.
    """

    def __init__(self, requests: int = 50, seconds: float = 1.0) -> None:
        self._slots = asyncio.Semaphore(requests)
        self._seconds = seconds

    def trace_config(self) -> aiohttp.TraceConfig:
        """What an aiohttp session is to be given, so that its requests keep the limit."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._acquire)
        config.on_request_end.append(self._release)
        config.on_request_exception.append(self._release)
        return config

    async def _acquire(
        self,
        _: aiohttp.ClientSession,
        __: SimpleNamespace,
        request: aiohttp.TraceRequestStartParams,
    ) -> None:
        if _counts(request):
            await self._slots.acquire()

    async def _release(self, _: aiohttp.ClientSession, __: SimpleNamespace, request: Any) -> None:
        if _counts(request):
            asyncio.get_running_loop().call_later(self._seconds, self._slots.release)


def _counts(request: Any) -> bool:
    return not any(part in _EXEMPT for part in request.url.parts)
