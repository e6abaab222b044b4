"""Converts errors of sending to those that the announcer knows."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from discord import HTTPException

from bot.announcements.model import PauseReason
from bot.announcements.ports import NotAttemptedError, PermanentError, TransientError
from bot.client.request_attempt import WaitedTooLongError, request_attempt
from bot.client.retry import parse_retry_after
from bot.errors import BonbangError

# Timeout of a request, in seconds, from when it is sent.
SEND_TIMEOUT = 10.0

# How long a request may wait for a rate limit, in seconds. After that, the announcement may be
# outdated. With the timeout, this is shorter than Discord remembers a nonce.
MAX_WAIT = 30.0

# How often a request is repeated that Discord rejects as invalid.
MAX_REJECTIONS = 3

# The longest `Retry-After` that is obeyed, in seconds.
MAX_RETRY_AFTER = 3600.0

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_THREAD_ARCHIVED = 50083


@asynccontextmanager
async def translate_send_errors(attempts: int, max_wait: float = MAX_WAIT) -> AsyncGenerator[None]:
    """Limit the time of requests, and convert errors to TransientError or PermanentError.

    `attempts` is the number of attempts so far. `max_wait` is how long, in seconds, the requests
    may wait for rate limits.
    """
    maybe_posted = True
    try:
        async with request_attempt(SEND_TIMEOUT, max_wait) as attempt:
            try:
                yield
            finally:
                maybe_posted = attempt.maybe_posted
    except WaitedTooLongError:
        raise NotAttemptedError("rate limited", timedelta(), maybe_posted=maybe_posted) from None
    except TimeoutError:
        raise TransientError("request timed out", maybe_posted=maybe_posted) from None
    except HTTPException as error:
        raise _classify(error, attempts, maybe_posted) from error
    except BonbangError:
        raise
    except Exception as error:
        # A lost connection, or a response that cannot be read.
        raise TransientError(
            f"{type(error).__name__}: {error}", maybe_posted=maybe_posted
        ) from error


def _classify(
    error: HTTPException, attempts: int, maybe_posted: bool
) -> TransientError | PermanentError:
    text = f"HTTP {error.status}, code {error.code}"
    if error.status == 429:
        # The proxy in front of Discord has banned the bot, not Discord.
        banned = "Via" not in error.response.headers
        wait = timedelta(seconds=min(parse_retry_after(error.response.headers), MAX_RETRY_AFTER))
        return NotAttemptedError(text, wait, maybe_posted=maybe_posted, everywhere=banned)
    if error.status >= 500 or error.code == 0:
        # Discord's own errors have a code, so one without it may come from a proxy.
        return TransientError(text, maybe_posted=maybe_posted)
    if reason := _pause_reason(error):
        return PermanentError(text, reason)
    if attempts + 1 < MAX_REJECTIONS:
        return TransientError(text, maybe_posted=maybe_posted)
    return PermanentError(f"{text}: {error.text}", None)


def _pause_reason(error: HTTPException) -> PauseReason | None:
    if error.code == _THREAD_ARCHIVED:
        return PauseReason.THREAD_ARCHIVED
    return {403: PauseReason.FORBIDDEN, 404: PauseReason.CHANNEL_MISSING}.get(error.status)
