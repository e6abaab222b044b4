"""Limits how long a request takes, without the time that it waits for a rate limit.

discord.py waits for rate limits and repeats requests within a single call, so a timeout around the
call would also count the waiting.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import aiohttp

from bot.client.retry import parse_retry_after

_TOO_MANY_REQUESTS = 429

_current: ContextVar["RequestAttempt | None"] = ContextVar("request_attempt", default=None)


class WaitedTooLongError(Exception):
    """A request waited so long for a rate limit that it may be outdated. It was not sent."""


class RequestAttempt:
    """The requests of one call of discord.py.

    `maybe_posted` is whether one of them may have been executed.
    """

    def __init__(self, timeout: asyncio.Timeout, seconds: float, max_wait: float) -> None:
        self.maybe_posted = False
        self._timeout = timeout
        self._seconds = seconds
        self._maybe_posted_before = False
        self._latest_start = _time() + max_wait

    def start(self) -> None:
        """Start the timeout of a request. Raises WaitedTooLongError if it waited too long."""
        if _time() > self._latest_start:
            raise WaitedTooLongError
        self._timeout.reschedule(_time() + self._seconds)

    def on_sent(self) -> None:
        """The headers of a request were sent."""
        self._maybe_posted_before, self.maybe_posted = self.maybe_posted, True

    def on_response(self, status: int, headers: Mapping[str, str]) -> None:
        """A response has arrived. Discord does not execute a request that it refuses."""
        if 400 <= status < 500:
            self.maybe_posted = self._maybe_posted_before
        if status == _TOO_MANY_REQUESTS:
            # discord.py reads the response, and waits as long as it says.
            wait = parse_retry_after(headers)
            self._timeout.reschedule(_time() + wait + self._seconds if wait else None)


@asynccontextmanager
async def request_attempt(seconds: float, max_wait: float) -> AsyncGenerator[RequestAttempt]:
    """Apply limits to the requests sent within the context.

    Each may take `seconds` once it is sent. None is sent more than `max_wait` seconds after the
    start. Raises TimeoutError, WaitedTooLongError.
    """
    async with asyncio.timeout(None) as timeout:
        attempt = RequestAttempt(timeout, seconds, max_wait)
        token = _current.set(attempt)
        try:
            yield attempt
        finally:
            _current.reset(token)


def start_request() -> None:
    """Start the timeout of a request of the current attempt, if there is one.

    Raises WaitedTooLongError if it is too late to send it.
    """
    if attempt := _current.get():
        attempt.start()


def observe_attempts(config: aiohttp.TraceConfig) -> None:
    """Observe the requests of an aiohttp session, through its trace config."""

    async def on_sent(_: aiohttp.ClientSession, __: SimpleNamespace, ___: Any) -> None:
        if attempt := _current.get():
            attempt.on_sent()

    async def on_end(
        _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        if attempt := _current.get():
            attempt.on_response(end.response.status, end.response.headers)

    config.on_request_headers_sent.append(on_sent)
    config.on_request_end.append(on_end)


def _time() -> float:
    return asyncio.get_running_loop().time()
