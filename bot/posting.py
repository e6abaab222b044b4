"""Announcements on their way to Discord (`bot.countdown.ports.Poster`)."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import aiohttp
import discord
from discord import AllowedMentions, HTTPException, Message, PartialMessageable

from bot.clock import Clock
from bot.countdown.announcer import Pace
from bot.countdown.model import Delivery, PauseReason
from bot.countdown.ports import Due, LastingError, PassingError
from bot.text import texts_for
from bot.ui.announcements import announcement
from bot.ui.notices import paused_notice
from bot.ui.reader import Reader

_log = logging.getLogger(__name__)

# How long one attempt may take, in seconds: less than the lease of a claim.
_PATIENCE = 10.0

# The clocks of the two ends may differ by so much.
_CLOCKS_APART = timedelta(minutes=5)
_SEARCHED = 2000

# So often a refusal that may not be Discord's own is taken for a passing one.
_UNCODED_ATTEMPTS = 8

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_THREAD_ARCHIVED = 50083


class DiscordPoster:
    """Posts into channels by their ids alone: what is not in the cache may be there all the same.

    `pace` is waited for before each request that the announcer does not know of.
    """

    def __init__(self, client: discord.Client, clock: Clock, pace: Pace) -> None:
        self._client = client
        self._clock = clock
        self._pace = pace

    async def post(self, due: Due, delivery: Delivery) -> int:
        """Post an announcement, and publish it onward where that was asked for."""
        countdown = due.countdown
        reader = Reader(texts_for(countdown.language), self._clock())
        what = announcement(
            due.title, countdown, delivery.occasion, delivery.before, reader, delivery.id
        )
        async with _Failing(delivery.attempts):
            message = await self._channel(due).send(
                what.content,
                embed=what.embed,
                view=what.view,
                nonce=delivery.nonce,
                allowed_mentions=what.mentions,
            )
        if countdown.publish:
            await self._publish(message)
        return message.id

    async def find(self, due: Due, delivery: Delivery) -> int | None:
        """Look in the channel for the announcement's mark, from when it was claimed on."""
        await self._pace()
        since = delivery.claimed - _CLOCKS_APART
        async with _Failing(delivery.attempts):
            async for message in self._channel(due).history(
                limit=_SEARCHED, after=since, oldest_first=True
            ):
                if delivery.id in str([part.to_dict() for part in message.components]):
                    return message.id
        return None

    async def tell_server(self, due: Due, reason: PauseReason) -> None:
        """Tell a server in its system channel, if the bot may post there. Never raises."""
        guild = self._client.get_guild(due.countdown.guild_id)
        channel = guild.system_channel if guild else None
        if channel is None or channel.id == due.countdown.channel_id:
            return
        reader = Reader(texts_for(due.countdown.language), self._clock())
        notice = paused_notice(due.title, due.countdown, reason, reader)
        await self._pace()
        try:
            async with _Failing(1):
                await channel.send(notice, allowed_mentions=AllowedMentions.none())
        except (PassingError, LastingError) as error:
            _log.info("server %d could not be told: %s", due.countdown.guild_id, error)

    def _channel(self, due: Due) -> PartialMessageable:
        return self._client.get_partial_messageable(
            due.countdown.channel_id, guild_id=due.countdown.guild_id
        )

    async def _publish(self, message: Message) -> None:
        await self._pace()
        try:
            async with asyncio.timeout(_PATIENCE):
                await message.publish()
        except (TimeoutError, HTTPException) as error:
            # The announcement stands in its channel; that it goes no further is no reason to
            # post it again.
            _log.warning("message %d could not be published: %s", message.id, error)


class _Failing:
    """Turns what can go wrong with a request into what the announcer knows."""

    def __init__(self, attempts: int) -> None:
        self._attempts = attempts
        self._timeout = asyncio.timeout(_PATIENCE)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            raise PassingError("no answer in time") from None
        if isinstance(error, HTTPException):
            raise _meaning_of(error, self._attempts) from error
        if isinstance(error, (aiohttp.ClientError, OSError)):
            raise PassingError(f"{type(error).__name__}: {error}") from error


def _meaning_of(error: HTTPException, attempts: int) -> PassingError | LastingError:
    if error.code == _THREAD_ARCHIVED:
        return LastingError(PauseReason.ARCHIVED)
    if error.code == 0 and attempts < _UNCODED_ATTEMPTS:
        # Discord gives each of its errors a code: this may be something that stands before it.
        return PassingError(f"HTTP {error.status} without a code")
    if error.status == 403:
        return LastingError(PauseReason.FORBIDDEN)
    if error.status == 404:
        return LastingError(PauseReason.MISSING)
    return PassingError(f"HTTP {error.status}, code {error.code}")
