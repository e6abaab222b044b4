"""Polite requests to one source: one connection, spaced, and repeated as the source allows."""

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.project import Project
from bot.sources.errors import (
    CutOffError,
    NotFoundError,
    SourceBusyError,
    SourceError,
    SourceForbiddenError,
    SourceFormatError,
    SourceTimeoutError,
    SourceTokenError,
    SourceUnavailableError,
)

_log = logging.getLogger(__name__)

# A query of Wikidata may take 60 seconds.
_TIMEOUT = aiohttp.ClientTimeout(total=180, sock_connect=15, sock_read=75)
_MAX_SIZE = 64_000_000  # In bytes.
_CHUNK_SIZE = 65_536
_MAX_REDIRECTS = 3

_ATTEMPTS = 5
_FIRST_DELAY, _MAX_DELAY = 1.0, 60.0

# In seconds. A source that asks to wait longer is left alone until then.
_MAX_WAIT = 120.0
_LONGEST_WAIT = 86_400.0

Parameters = Mapping[str, str] | Sequence[tuple[str, str]]
Sleep = Callable[[float], Awaitable[None]]


class _RetryLaterError(Exception):
    """An attempt failed in a way that another may not. `wait` is in seconds, 0 if unknown."""

    def __init__(self, error: SourceError, wait: float = 0.0) -> None:
        super().__init__(error)
        self.error = error
        self.wait = wait


class SourceClient:
    """Sends requests to a source, one after another, at least `spacing` seconds apart."""

    def __init__(
        self,
        name: str,
        base_url: str,
        session: aiohttp.ClientSession,
        *,
        spacing: float,
        sleep: Sleep = asyncio.sleep,
        headers: Mapping[str, str] | None = None,
        max_size: int = _MAX_SIZE,
    ) -> None:
        self._name = name
        self._base_url = base_url.rstrip("/")
        self._session = session
        self._spacing = spacing
        self._sleep = sleep
        self._headers = dict(headers or {})
        self._max_size = max_size
        self._lock = asyncio.Lock()
        self._next_at = 0.0
        self.requests = 0
        """The number of requests sent so far, with those that followed redirects."""

    async def get(self, path: str = "", params: Parameters = ()) -> Any:
        """Return the JSON at a path below the base URL. Raises SourceError."""
        return await self._retry("GET", path, params=params)

    async def post_form(
        self, path: str, form: Mapping[str, str], *, repeat_slow: bool = True
    ) -> Any:
        """Post a form, and return the JSON of the response. Raises SourceError.

        Without `repeat_slow`, what the source did not finish in time is not asked for again.
        """
        return await self._retry("POST", path, repeat_slow=repeat_slow, data=form)

    async def _retry(
        self, method: str, path: str, *, repeat_slow: bool = True, **options: Any
    ) -> Any:
        async with self._lock:
            for attempt in range(_ATTEMPTS):
                try:
                    return await self._attempt(method, path, **options)
                except _RetryLaterError as failure:
                    delay = max(failure.wait, _backoff(attempt))
                    if delay > _MAX_WAIT:
                        raise SourceBusyError(str(failure.error), delay) from None
                    is_slow = isinstance(failure.error, CutOffError | SourceTimeoutError)
                    is_last = is_slow and not failure.wait and not repeat_slow
                    if is_last or attempt == _ATTEMPTS - 1:
                        raise failure.error from None
                    _log.info("%s: %s; trying again in %.0f s", self._name, failure.error, delay)
                    await self._sleep(delay)
        raise AssertionError("the last attempt returns or raises")

    async def _wait_for_turn(self) -> None:
        delay = self._next_at - time.monotonic()
        if delay > 0:
            await self._sleep(delay)
        self._next_at = time.monotonic() + self._spacing

    async def _attempt(self, method: str, path: str, **options: Any) -> Any:
        url = f"{self._base_url}/{path}" if path else self._base_url
        try:
            async with self._session.request(
                method,
                url,
                headers=self._headers,
                max_redirects=_MAX_REDIRECTS,
                middlewares=(self._send,),
                **options,
            ) as response:
                if response.status != 200:
                    await self._drain(response)
                    raise self._status_error(response)
                return self._decode(await self._read(response))
        except (aiohttp.ClientPayloadError, asyncio.IncompleteReadError) as error:
            raise _RetryLaterError(CutOffError(f"{self._name} cut a response off")) from error
        except (aiohttp.TooManyRedirects, aiohttp.RedirectClientError) as error:
            raise SourceFormatError(f"{self._name} sent a redirect that leads nowhere") from error
        except TimeoutError as error:
            late = SourceTimeoutError(f"{self._name} did not answer in time")
            raise _RetryLaterError(late) from error
        except (aiohttp.ClientError, OSError) as error:
            raise self._unreachable(error) from error

    async def _send(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Send one request, also one that follows a redirect, when it is its turn."""
        await self._wait_for_turn()
        self.requests += 1
        try:
            return await handler(request)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            # aiohttp would send it again at once.
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> _RetryLaterError:
        reason = type(error).__name__
        return _RetryLaterError(SourceUnavailableError(f"{self._name} can't be reached ({reason})"))

    def _status_error(self, response: aiohttp.ClientResponse) -> Exception:
        status = response.status
        message = f"{self._name} answered with HTTP status {status}"
        if status in (404, 410):
            return NotFoundError(message)
        if status == 401:
            return SourceTokenError(message)
        if status == 403:
            return SourceForbiddenError(message)
        if status in (408, 429) or status >= 500:
            kind = SourceTimeoutError if status in (408, 504) else SourceUnavailableError
            return _RetryLaterError(kind(message), parse_retry_after(response.headers))
        return SourceFormatError(message)

    def _decode(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            pass
        if body.lstrip().startswith(b"<"):
            raise _RetryLaterError(SourceFormatError(f"{self._name} sent a web page, not JSON"))
        # Also a query that exceeded its time: its response ends in the middle.
        raise _RetryLaterError(CutOffError(f"{self._name} sent incomplete JSON"))

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK_SIZE):
            body += chunk
            if len(body) > self._max_size:
                raise SourceFormatError(
                    f"{self._name} sent a response of more than {self._max_size:,} bytes"
                )
        return bytes(body)

    async def _drain(self, response: aiohttp.ClientResponse) -> None:
        """Read the body of an error, so that the connection is kept and no second one is opened."""
        with suppress(aiohttp.ClientError, OSError, TimeoutError, SourceFormatError):
            await self._read(response)


@asynccontextmanager
async def open_session(
    project: Project, timeouts: aiohttp.ClientTimeout = _TIMEOUT
) -> AsyncGenerator[aiohttp.ClientSession]:
    """Open a session with one connection, whose User-Agent has the version and the home page."""
    headers = {"User-Agent": f"Bonbang/{project.version} (+{project.url}; catalog sync)"}
    connector = aiohttp.TCPConnector(limit=1)
    async with aiohttp.ClientSession(
        connector=connector, headers=headers, timeout=timeouts
    ) as session:
        yield session


def parse_retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds in a `Retry-After` header, which has seconds or a date; 0 without.

    A date is compared with the source's own clock: this machine's may be wrong.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:9]), _LONGEST_WAIT))
    until = _parse_http_date(value)
    if until is None:
        return 0.0
    now = _parse_http_date(headers.get("Date", "")) or time.time()
    return min(max(until - now, 0.0), _LONGEST_WAIT)


def _parse_http_date(value: str) -> float | None:
    try:
        at = parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _backoff(attempt: int) -> float:
    delay = min(_FIRST_DELAY * 2**attempt, _MAX_DELAY)
    return delay * random.uniform(0.8, 1)  # noqa: S311
