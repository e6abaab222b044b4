"""Retries what needs Discord until it works, with one log line for each failure."""

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TypeVar

import aiohttp
from discord import HTTPException

from bot.errors import OperatorError

_log = logging.getLogger(__name__)

Result = TypeVar("Result")

# In seconds. Retry-After is followed for up to a day: a ban by Cloudflare lasts an hour.
MAX_DELAY = 45.0
MAX_RETRY_AFTER = 86_400.0

_MAX_DESCRIPTION = 200


async def retry(name: str, attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Return the result of `attempt`, which is repeated until it raises no error.

    `name` completes the sentence "Can't …" in the log. An OperatorError is not retried.
    """
    delays = backoff_delays()
    while True:
        try:
            return await attempt()
        except OperatorError:
            raise
        except Exception as error:
            delay = max(next(delays), retry_after(error))
            _log.warning("can't %s (%s), retrying in %.1f s", name, describe(error), delay)
        await asyncio.sleep(delay)


def backoff_delays() -> Iterator[float]:
    """Yield about 1, 2, 4 … up to `MAX_DELAY` seconds, each with jitter."""
    delay = 1.0
    while True:
        yield delay * random.uniform(0.6, 1)  # noqa: S311
        delay = min(2 * delay, MAX_DELAY)


def retry_after(error: Exception) -> float:
    """Return the seconds after which Discord allows another attempt; 0 if it does not say."""
    headers = error.headers if isinstance(error, aiohttp.ClientResponseError) else None
    return min(parse_retry_after(headers or {}), MAX_RETRY_AFTER)


def parse_retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds in a `Retry-After` header; 0 if there are none."""
    try:
        seconds = float(headers.get("Retry-After", 0))
    except ValueError:
        # A proxy may send a date.
        return 0.0
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0


def http_status(error: BaseException) -> int | None:
    """Return the HTTP status that caused an error, or None."""
    if isinstance(error, (HTTPException, aiohttp.ClientResponseError)):
        return error.status
    # discord.py raises some errors from an HTTPException.
    return http_status(error.__cause__) if error.__cause__ else None


def describe(error: BaseException) -> str:
    """Describe an error in one short line, without the body of a response."""
    if status := http_status(error):
        return f"HTTP status {status}"
    text = " ".join(str(error).split())
    if len(text) > _MAX_DESCRIPTION:
        text = f"{text[:_MAX_DESCRIPTION]}…"
    escaped = "".join(x if x.isprintable() else ascii(x)[1:-1] for x in text)
    return f"{type(error).__name__}: {escaped}" if escaped else type(error).__name__
