"""Compares the servers that have data with the servers that the bot is in."""

import logging
from collections.abc import Callable

from bot.clock import Clock
from bot.store.guilds import GuildStore

_log = logging.getLogger(__name__)

IsMember = Callable[[int], bool | None]
"""Returns whether the bot is in a server, or None if that is not known."""


class GuildMembership:
    """Records which servers the bot has left or joined, also while it was not running."""

    def __init__(self, guilds: GuildStore, clock: Clock) -> None:
        self._guilds = guilds
        self._clock = clock

    async def left(self, guild_id: int) -> None:
        """Pause the countdowns of a server after the bot was removed from it."""
        await self._guilds.mark_left(guild_id, self._clock())

    async def joined(self, guild_id: int) -> None:
        """Keep the data of a server after the bot was added to it again."""
        await self._guilds.mark_joined(guild_id)

    async def reconcile(self, is_member: IsMember) -> None:
        """Record the servers that the bot has left or joined in the meantime."""
        for guild_id, marked_as_left in (await self._guilds.list_ids()).items():
            member = is_member(guild_id)
            if member is False and not marked_as_left:
                _log.info("the bot is no longer in server %d", guild_id)
                await self._guilds.mark_missing(guild_id, self._clock())
            elif member and marked_as_left:
                _log.info("the bot is in server %d again", guild_id)
                await self.joined(guild_id)
