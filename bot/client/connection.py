"""Connects to Discord and stays connected, however long Discord cannot be reached."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta
from types import SimpleNamespace
from typing import Annotated, Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from pydantic import BaseModel, Field
from yarl import URL

from bot.client.bot import Bonbang
from bot.client.gateway_guard import install_gateway_guard
from bot.client.global_rate_limit import release_global_lock
from bot.client.missed_removals import forget_missed_removals
from bot.client.retry import Result, http_status, retry
from bot.errors import OperatorError

_log = logging.getLogger(__name__)

# How long Discord may take to answer an attempt to log in, in seconds.
LOGIN_TIMEOUT = 10.0

_LOGIN_PATHS = ("/users/@me", "/oauth2/applications/@me", "/gateway/bot")

_REJECTED = (
    "Discord rejected DISCORD_TOKEN. Get a new token in the Developer Portal (Bot → Reset Token)."
)

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_FATAL_CLOSE_CODES = {
    4004: _REJECTED,
    4010: "Discord rejected the shards of this bot (close code 4010). Start it again: it asks "
    "Discord for their number at each start.",
    4011: "The bot has too many servers for its shards (close code 4011). Start it again: it asks "
    "Discord for the number of shards at each start.",
    4012: "Discord no longer supports this version of its gateway (close code 4012). Update "
    "Bonbang and discord.py.",
    4013: "Discord does not know the intents this bot asks for (close code 4013). Update Bonbang "
    "and discord.py.",
    4014: "Discord does not allow the intents this bot asks for (close code 4014). Enable them in "
    "the Developer Portal (Bot → Privileged Gateway Intents); Bonbang itself needs none of them.",
}


class _SessionStartLimit(BaseModel):
    """How many sessions may be started, and the milliseconds until the limit is renewed."""

    remaining: Annotated[int, Field(ge=0)]
    reset_after: Annotated[int, Field(ge=0, le=7 * 86_400_000)]


class _GatewayInfo(BaseModel):
    """The answer of `GET /gateway/bot`."""

    url: Annotated[str, Field(pattern="^wss?://")]
    shards: Annotated[int, Field(ge=1, le=10_000)]
    session_start_limit: _SessionStartLimit


async def connect(bot: Bonbang, token: str, api_url: str) -> None:
    """Log in, connect, and stay connected until cancelled.

    While Discord cannot be reached, it says so in the log and tries again. Raises OperatorError
    if Discord rejects the token or the bot, or if `api_url` is no URL.
    """
    if not token.isprintable():
        raise OperatorError(_REJECTED)
    forget_missed_removals(bot)
    install_gateway_guard(bot)
    _fail_fast(bot)
    if bot.http.http_trace is not None:
        release_global_lock(bot.http, bot.http.http_trace)
    name = f"log in to Discord at {api_url}"
    set_up = await retry(name, lambda: _explain_rejection(_log_in(bot, token), api_url))
    await set_up
    while not await retry(name, lambda: _explain_rejection(_find_gateway(bot), api_url)):
        pass
    await _stay_connected(bot)


def _fail_fast(bot: Bonbang) -> None:
    """Let every request of the login fail at the first answer that is an error.

    discord.py would wait and try again, for half a minute or, at a rate limit, for any time,
    without saying that it cannot log in.
    """

    async def raise_for_status(
        _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        if request.url.path.endswith(_LOGIN_PATHS):
            request.response.raise_for_status()

    if bot.http.http_trace is not None:
        # First, because aiohttp then reports the end of the request to the others as an exception.
        bot.http.http_trace.on_request_end.insert(0, raise_for_status)


async def _explain_rejection(attempt: Coroutine[Any, Any, Result], api_url: str) -> Result:
    """Raise OperatorError if an attempt fails and only the operator can change that."""
    try:
        return await attempt
    except aiohttp.InvalidURL:
        raise OperatorError(f"DISCORD_API_URL is not a URL: {api_url!r}") from None
    except Exception as error:
        if http_status(error) == 401:
            raise OperatorError(_REJECTED) from None
        raise


async def _log_in(bot: Bonbang, token: str) -> asyncio.Task[None]:
    """Log in. Returns the task that then sets the bot up, which must not be repeated.

    After an error, Discord has not accepted the login and this can be called again.
    """
    login = asyncio.create_task(bot.login(token), name="login")
    try:
        await asyncio.wait({login}, timeout=LOGIN_TIMEOUT)
        if not _is_logged_in(bot):
            if not login.done():
                raise TimeoutError(f"no answer in {LOGIN_TIMEOUT:.0f} s")
            await login
    except BaseException:
        login.cancel()
        await asyncio.wait({login})
        await _close_session(bot)
        raise
    return login


def _is_logged_in(bot: Bonbang) -> bool:
    # discord.py sets it right before it calls `setup_hook`.
    return bot.application is not None


async def _close_session(bot: Bonbang) -> None:
    """Close the HTTP session, which another login would replace and leave open."""
    await bot.http.close()
    # The session has closed it.
    bot.http.connector = discord.utils.MISSING


async def _find_gateway(bot: Bonbang) -> bool:
    """Set the gateway and the number of shards.

    Returns False after waiting for new session starts, if there were not enough.
    """
    async with asyncio.timeout(LOGIN_TIMEOUT):
        shards, url, limit = await bot.http.get_bot_gateway()
    info = _GatewayInfo.model_validate({"url": url, "shards": shards, "session_start_limit": limit})
    if info.session_start_limit.remaining < info.shards:
        wait = timedelta(milliseconds=info.session_start_limit.reset_after + 1000)
        _log.warning("Discord allows no new session for %s, waiting", wait)
        await asyncio.sleep(wait.total_seconds())
        return False
    # discord.py connects to the default URL if the number of shards is known, and if a session
    # cannot be resumed. Unless it is set, it is Discord's own gateway and ignores DISCORD_API_URL.
    DiscordWebSocket.DEFAULT_GATEWAY = URL(info.url)
    bot.shard_count = info.shards
    # The first connection is retried without end, by the gateway guard.
    bot.shard_connect_timeout = None
    return True


async def _stay_connected(bot: Bonbang) -> None:
    # While discord.py reconnects, it ignores a cancellation. So it runs in a task of its own, and
    # is ended by closing the bot.
    connection = asyncio.create_task(bot.connect(), name="connection")
    try:
        await asyncio.wait({connection})
    finally:
        connection.cancel()
        await bot.close()
        await asyncio.wait({connection})
    try:
        await connection
    except discord.PrivilegedIntentsRequired:
        raise OperatorError(_FATAL_CLOSE_CODES[4014]) from None
    except discord.ConnectionClosed as error:
        raise OperatorError(
            _FATAL_CLOSE_CODES.get(error.code, f"Discord closed the connection ({error.code}).")
        ) from None
