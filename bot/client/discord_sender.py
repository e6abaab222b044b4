"""Sends announcements to Discord. Implements `bot.announcements.ports.AnnouncementSender`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast

import discord
from discord import (
    AllowedMentions,
    File,
    Forbidden,
    Guild,
    Message,
    PartialMessage,
    PartialMessageable,
)
from discord.utils import MISSING, time_snowflake

from bot.announcements.model import Delivery
from bot.announcements.ports import (
    AnnouncementSender,
    DueCountdown,
    RateLimit,
    TransientError,
    UnverifiableError,
)
from bot.client.send_errors import MAX_REJECTIONS, SEND_TIMEOUT, translate_send_errors
from bot.clock import Clock
from bot.i18n import get_translations
from bot.pictures.renderer import PictureRenderer
from bot.ui.announcement_pictures import announcement_picture
from bot.ui.announcements import Announcement, build_announcement
from bot.ui.notices import pause_notice
from bot.ui.permissions import can_attach_files
from bot.ui.render_context import RenderContext

_log = logging.getLogger(__name__)

# How long all requests of a search may wait for rate limits, in seconds. Its result does not become
# outdated.
MAX_SEARCH_WAIT = 600.0

# The maximum assumed difference between the bot's clock and Discord's.
MAX_CLOCK_SKEW = timedelta(minutes=5)
MAX_HISTORY_PAGES = 20
_PAGE_SIZE = 100

# After so many failed attempts, an announcement is sent without its picture.
MAX_PICTURE_ATTEMPTS = 2

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_MISSING_PERMISSIONS = 50013


class DiscordSender(AnnouncementSender):
    """Sends announcements to channels by id, whether or not the channels are cached.

    `rate_limit` is awaited before each request, except the first request of `send`, for which the
    announcer has already awaited it; a picture is drawn in between. `guild_language` returns the
    language of a server with this id, as set in the bot, or the given one, as set in Discord.
    """

    def __init__(
        self,
        client: discord.Client,
        clock: Clock,
        rate_limit: RateLimit,
        pictures: PictureRenderer,
        guild_language: Callable[[int, str], Awaitable[str]],
    ) -> None:
        self._client = client
        self._clock = clock
        self._rate_limit = rate_limit
        self._pictures = pictures
        self._guild_language = guild_language

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
        picture = await self._picture(due, delivery)
        async with translate_send_errors(delivery.attempts):
            try:
                message = await self._post(due, delivery, announcement, picture)
            except Forbidden as error:
                # Perhaps only the picture is forbidden.
                if picture is None or error.code != _MISSING_PERMISSIONS:
                    raise
                await self._rate_limit()
                message = await self._post(due, delivery, announcement, None)
        if countdown.publish:
            await self._publish(message)
        return message.id

    async def _post(
        self, due: DueCountdown, delivery: Delivery, announcement: Announcement, file: File | None
    ) -> Message:
        return await self._channel(due, delivery).send(
            announcement.content,
            embed=announcement.embed,
            view=announcement.view,
            nonce=delivery.nonce,
            allowed_mentions=announcement.mentions,
            file=file or MISSING,
        )

    async def _picture(self, due: DueCountdown, delivery: Delivery) -> File | None:
        """Return the picture of an announcement, if it is to have one and the bot can attach it."""
        countdown = due.countdown
        if delivery.attempts >= MAX_PICTURE_ATTEMPTS:
            return None
        guild = self._client.get_guild(countdown.guild_id)
        channel = guild and guild.get_channel_or_thread(delivery.channel_id)
        # What is not cached may be possible.
        if guild and channel and not can_attach_files(guild, channel):
            return None
        context, milestone = self._context(due), delivery.milestone
        return await announcement_picture(self._pictures, due.title, countdown, milestone, context)

    async def find_sent(self, due: DueCountdown, delivery: Delivery) -> int | None:
        """Search the channel for the delivery id, in messages since it may have been sent.

        Returns the message id, or None. Raises TransientError, PermanentError, UnverifiableError.
        """
        await self._rate_limit()
        since = min(delivery.claimed_at, self._clock()) - MAX_CLOCK_SKEW
        async with translate_send_errors(delivery.attempts, MAX_SEARCH_WAIT):
            message_id = await self._search(delivery, since)
            if message_id is None:
                await self._require_history(due, delivery)
        if message_id is not None and due.countdown.publish:
            await self._publish(self._channel(due, delivery).get_partial_message(message_id))
        return message_id

    async def _search(self, delivery: Delivery, since: datetime) -> int | None:
        """Return the id of the message of a delivery. Raises TransientError, UnverifiableError."""
        after = time_snowflake(since)
        for _ in range(MAX_HISTORY_PAGES):
            response: Any = await self._client.http.logs_from(
                delivery.channel_id, _PAGE_SIZE, after=after
            )
            # An empty response is not an empty history.
            if not isinstance(response, list):
                raise TransientError("the history is unreadable")
            page = cast(list[dict[str, Any]], response)
            for message in page:
                if delivery.id in str(message["components"]):
                    return int(message["id"])
            if len(page) < _PAGE_SIZE:
                return None
            after = max(int(message["id"]) for message in page)
        raise UnverifiableError("not among the latest messages since it may have been posted")

    async def notify_guild(self, due: DueCountdown) -> None:
        """Notify a server in its system channel, if the bot can post there.

        Raises TransientError, PermanentError.
        """
        countdown = due.countdown
        if countdown.paused is None:
            return
        async with translate_send_errors(MAX_REJECTIONS):
            guild = await self._find_guild(countdown.guild_id)
            channel = self._system_channel(guild)
            if channel is None or channel.id == countdown.channel_id:
                return
            language = await self._guild_language(guild.id, str(guild.preferred_locale))
            context = RenderContext(get_translations(language), self._clock())
            notice = pause_notice(due.title, countdown, countdown.paused, context)
            await self._rate_limit()
            await channel.send(
                notice,
                nonce=f"pause-{countdown.id}-{countdown.version}",
                allowed_mentions=AllowedMentions.none(),
            )

    async def _require_history(self, due: DueCountdown, delivery: Delivery) -> None:
        """Check that the bot may read the messages of a channel: if not, Discord sends none.

        Raises TransientError, UnverifiableError.
        """
        guild = self._client.get_guild(due.countdown.guild_id)
        if guild is None or guild.unavailable:
            raise TransientError("permissions are unknown until the server is available")
        channel_id = delivery.channel_id
        channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
        if not channel.permissions_for(guild.me).read_message_history:
            raise UnverifiableError("can't read the channel's history")

    async def _find_guild(self, guild_id: int) -> Guild:
        guild = self._client.get_guild(guild_id)
        if guild is not None and not guild.unavailable:
            return guild
        # Guilds are not cached before the gateway is ready.
        await self._rate_limit()
        return await self._client.fetch_guild(guild_id, with_counts=False)

    def _system_channel(self, guild: Guild) -> PartialMessageable | None:
        # A guild that was fetched has no channels.
        channel_id = guild._system_channel_id  # pyright: ignore[reportPrivateUsage]
        if channel_id is None:
            return None
        return self._client.get_partial_messageable(channel_id, guild_id=guild.id)

    def _context(self, due: DueCountdown) -> RenderContext:
        return RenderContext(get_translations(due.countdown.language), self._clock())

    def _channel(self, due: DueCountdown, delivery: Delivery) -> PartialMessageable:
        return self._client.get_partial_messageable(
            delivery.channel_id, guild_id=due.countdown.guild_id
        )

    async def _publish(self, message: Message | PartialMessage) -> None:
        await self._rate_limit()
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await message.publish()
        except Exception as error:
            # The message is already in the channel, so do not fail: a retry would post it twice.
            _log.warning("could not publish message %d: %s", message.id, error)
