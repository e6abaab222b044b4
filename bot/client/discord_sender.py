"""Sends announcements to Discord. Implements `bot.announcements.ports.AnnouncementSender`."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import discord
from discord import AllowedMentions, HTTPException, Message, PartialMessageable, TextChannel

from bot.announcements.model import Delivery, PauseReason
from bot.announcements.ports import (
    AnnouncementSender,
    DueCountdown,
    PermanentError,
    RateLimit,
    TransientError,
)
from bot.clock import Clock
from bot.i18n import get_translations
from bot.ui.announcements import build_announcement
from bot.ui.notices import pause_notice
from bot.ui.render_context import RenderContext

_log = logging.getLogger(__name__)

# Timeout of one attempt, in seconds. Shorter than the lease of a claim.
SEND_TIMEOUT = 10.0

# The maximum assumed difference between the bot's clock and Discord's.
MAX_CLOCK_SKEW = timedelta(minutes=5)
HISTORY_LIMIT = 2000

# Retries for an error without a Discord error code, which may come from a proxy.
MAX_UNCODED_RETRIES = 8

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_THREAD_ARCHIVED = 50083


class DiscordSender(AnnouncementSender):
    """Sends announcements to channels by id, whether or not the channels are cached.

    `rate_limit` is awaited before each request, except the first request of `send`, for which the
    announcer has already awaited it.
    """

    def __init__(self, client: discord.Client, clock: Clock, rate_limit: RateLimit) -> None:
        self._client = client
        self._clock = clock
        self._rate_limit = rate_limit

    async def send(self, due: DueCountdown, delivery: Delivery) -> int:
        """Send an announcement, and publish it to followers if the countdown is set to publish.

        Returns the message id. Raises TransientError, PermanentError.
        """
        countdown = due.countdown
        announcement = build_announcement(
            due.title,
            countdown,
            delivery.milestone,
            delivery.previous_release,
            self._context(due),
            delivery.id,
        )
        async with _translate_errors(delivery.attempts):
            message = await self._channel(due).send(
                announcement.content,
                embed=announcement.embed,
                view=announcement.view,
                nonce=delivery.nonce,
                allowed_mentions=announcement.mentions,
            )
        if countdown.publish:
            await self._publish(message)
        return message.id

    async def find_sent(self, due: DueCountdown, delivery: Delivery) -> int | None:
        """Search the channel for the delivery id, in messages since the claim.

        Returns the message id, or None. Raises TransientError, PermanentError.
        """
        await self._rate_limit()
        since = delivery.claimed_at - MAX_CLOCK_SKEW
        async with _translate_errors(delivery.attempts):
            async for message in self._channel(due).history(
                limit=HISTORY_LIMIT, after=since, oldest_first=True
            ):
                if delivery.id in str([part.to_dict() for part in message.components]):
                    return message.id
        return None

    async def notify_guild(self, due: DueCountdown, reason: PauseReason) -> None:
        """Notify a server in its system channel, if the bot can post there. Never raises."""
        guild_id = due.countdown.guild_id
        notice = pause_notice(due.title, due.countdown, reason, self._context(due))
        try:
            async with _translate_errors(1):
                channel = await self._system_channel(guild_id)
                if channel is None or channel.id == due.countdown.channel_id:
                    return
                await self._rate_limit()
                await channel.send(notice, allowed_mentions=AllowedMentions.none())
        except (TransientError, PermanentError) as error:
            _log.info("could not notify server %d: %s", guild_id, error)

    async def _system_channel(self, guild_id: int) -> TextChannel | PartialMessageable | None:
        if guild := self._client.get_guild(guild_id):
            return guild.system_channel
        # Guilds are not cached before the gateway is ready.
        await self._rate_limit()
        guild = await self._client.fetch_guild(guild_id, with_counts=False)
        channel_id = guild._system_channel_id  # pyright: ignore[reportPrivateUsage]
        if channel_id is None:
            return None
        return self._client.get_partial_messageable(channel_id, guild_id=guild_id)

    def _context(self, due: DueCountdown) -> RenderContext:
        return RenderContext(get_translations(due.countdown.language), self._clock())

    def _channel(self, due: DueCountdown) -> PartialMessageable:
        return self._client.get_partial_messageable(
            due.countdown.channel_id, guild_id=due.countdown.guild_id
        )

    async def _publish(self, message: Message) -> None:
        await self._rate_limit()
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await message.publish()
        except (TimeoutError, HTTPException) as error:
            # The message is already in the channel, so do not fail: a retry would post it twice.
            _log.warning("could not publish message %d: %s", message.id, error)


@asynccontextmanager
async def _translate_errors(attempts: int) -> AsyncGenerator[None]:
    """Convert errors of a request to TransientError or PermanentError."""
    try:
        async with asyncio.timeout(SEND_TIMEOUT):
            yield
    except TimeoutError:
        raise TransientError("request timed out") from None
    except HTTPException as error:
        raise _classify(error, attempts) from error
    except (aiohttp.ClientError, OSError) as error:
        raise TransientError(f"{type(error).__name__}: {error}") from error


def _classify(error: HTTPException, attempts: int) -> TransientError | PermanentError:
    if error.code == _THREAD_ARCHIVED:
        return PermanentError(PauseReason.THREAD_ARCHIVED)
    if error.code == 0 and attempts < MAX_UNCODED_RETRIES:
        # Discord's own errors have a code, so this one may come from a proxy.
        return TransientError(f"HTTP {error.status} without an error code")
    if error.status == 403:
        return PermanentError(PauseReason.FORBIDDEN)
    if error.status == 404:
        return PermanentError(PauseReason.CHANNEL_MISSING)
    return TransientError(f"HTTP {error.status}, code {error.code}")
