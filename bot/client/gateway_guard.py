"""Keeps the bot running and connected, whatever Discord's gateway sends.

discord.py ends the process if it cannot parse an event or a frame. With this guard, an event that
cannot be parsed is dropped, and a frame that cannot be read makes the shard reconnect, each with
one line in the log.
"""

import asyncio
import json
import logging
import reprlib
from collections.abc import Callable
from typing import Any, Self, cast

import aiohttp
import discord
from discord import gateway, shard
from discord.gateway import DiscordWebSocket, KeepAliveHandler, ReconnectWebSocket

from bot.client.bot import Bonbang
from bot.client.discord_logs import shorten_discord_logs
from bot.client.interaction_payload import check_interaction
from bot.client.retry import backoff_delays, describe, retry_after

_log = logging.getLogger(__name__)

# How long a connection may take until the gateway has been told who the bot is, in seconds.
CONNECT_TIMEOUT = 30.0

# In seconds. Discord asks for a heartbeat every 41 s or so.
_HEARTBEAT_INTERVALS = (0.1, 600.0)

# Without these there is no session.
_SESSION_EVENTS = ("READY", "RESUMED")

# discord.py reconnects after these itself, or ends the process for a reason.
_CONNECTION_ERRORS = (
    ReconnectWebSocket,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
)

_MAX_SNOWFLAKE_DIGITS = 19
_IDS = ("id", "guild_id", "channel_id", "user_id", "application_id")


class MalformedPayload(Exception):
    """Discord sent something that no bot can use."""


class UnusableSession(aiohttp.ClientError):
    """A session cannot be continued. discord.py waits and starts another."""


def install_gateway_guard(bot: Bonbang) -> None:
    """Guard a bot, which must not be connected yet, in this process and event loop."""
    parsers = bot._connection.parsers  # pyright: ignore[reportPrivateUsage]
    for event, parse in parsers.items():
        parsers[event] = _guarded(event, parse)
    shard.DiscordWebSocket = GuardedWebSocket  # pyright: ignore[reportPrivateImportUsage]
    gateway.KeepAliveHandler = _CheckedKeepAlive
    shorten_discord_logs()


def _guarded(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """Wrap a parser of discord.py: what it cannot parse is dropped."""

    def parse_or_drop(data: Any) -> None:
        try:
            _check_ids(data)
            if event == "INTERACTION_CREATE":
                check_interaction(data)
            parse(data)
        except Exception as error:
            if event in _SESSION_EVENTS:
                raise
            _log.warning("dropped a malformed %s event (%s)", event, describe(error))

    return parse_or_drop


def _check_ids(data: Any) -> None:
    """Raise MalformedPayload if what an event is about has an impossible id."""
    if not isinstance(data, dict):
        raise MalformedPayload(f"the data is a {type(data).__name__}")
    for name in _IDS:
        value = cast(dict[str, Any], data).get(name)
        if value is not None and not _is_snowflake(value):
            raise MalformedPayload(f"{name} is no snowflake")


def _is_snowflake(value: Any) -> bool:
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) <= _MAX_SNOWFLAKE_DIGITS
    )


class _CheckedKeepAlive(KeepAliveHandler):
    """Refuses an interval that its thread could not wait for."""

    def __init__(self, *args: Any, interval: float, **kwargs: Any) -> None:
        low, high = _HEARTBEAT_INTERVALS
        if not low <= interval <= high:
            raise MalformedPayload("an impossible heartbeat interval")
        super().__init__(*args, interval=interval, **kwargs)


class GuardedWebSocket(DiscordWebSocket):
    """A connection to the gateway that outlives malformed frames."""

    _text: str | None = None
    _resumed_at: int | None = None

    @classmethod
    async def from_client(cls, client: discord.Client, **options: Any) -> Self:
        """Connect, and identify or resume. Tries until it succeeds.

        Raises ConnectionClosed if Discord does not want the bot to try again.
        """
        delays = backoff_delays()
        while True:
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT):
                    websocket = await super().from_client(client, **options)
                websocket._resumed_at = options.get("sequence") if options.get("resume") else None
                return websocket
            except discord.ConnectionClosed:
                raise
            except Exception as error:
                delay = max(next(delays), retry_after(error))
                _log.warning(
                    "can't connect shard %s to the gateway (%s), retrying in %.1f s",
                    options.get("shard_id"), describe(error), delay,
                )  # fmt: skip
            await asyncio.sleep(delay)

    def log_receive(self, text: Any, /) -> None:
        """Keep the text of a frame: discord.py calls this before it parses the text."""
        self._text = text

    async def received_message(self, msg: Any, /) -> None:
        """Handle a frame. One that discord.py cannot handle is dropped or ends the connection.

        Raises ReconnectWebSocket or UnusableSession, for which discord.py reconnects.
        """
        sequence = self.sequence
        try:
            await super().received_message(msg)
        except _CONNECTION_ERRORS:
            raise
        except Exception as error:
            await self._recover(error)
        finally:
            self._text = None
            if self.sequence is not None and type(self.sequence) is not int:
                self.sequence = sequence

    async def _recover(self, error: Exception) -> None:
        readable, message = self._parse_text()
        event = cast(dict[str, Any], message).get("t") if isinstance(message, dict) else None
        if self._keep_alive is None:
            # It did not begin with a valid HELLO.
            await self.close()
            raise error
        if not readable:
            await self._reconnect(f"an unreadable frame ({describe(error)})")
        elif event in _SESSION_EVENTS:
            await self._end_session(f"a malformed {event} ({describe(error)})")
        else:
            name = f"{reprlib.repr(event)} event" if event else "frame"
            _log.warning("dropped a malformed %s (%s)", name, describe(error))

    def _parse_text(self) -> tuple[bool, Any]:
        """Return whether the current frame can be read, and what it says."""
        try:
            return (self._text is not None), json.loads(self._text or "null")
        except (ValueError, RecursionError):
            return False, None

    async def _reconnect(self, reason: str) -> None:
        """Resume the session, unless that led here without any event in between."""
        if self.sequence == self._resumed_at:
            await self._end_session(reason)
        _log.warning("received %s, reconnecting shard %s", reason, self.shard_id)
        await self.close()
        raise ReconnectWebSocket(self.shard_id)

    async def _end_session(self, reason: str) -> None:
        self.sequence = self.session_id = None
        await self.close(code=1000)
        raise UnusableSession(reason)
