"""Deletes expired data once a day."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.services.guild_membership import IsMember
from bot.store.deliveries import SqlDeliveryStore
from bot.store.guilds import GuildStore
from bot.store.suggestions import SuggestionStore

_INTERVAL = timedelta(days=1)


class RetentionJob:
    """Deletes old deliveries and suggestions, and the data of servers that the bot left long ago.

    Whatever the database says, the data of a server is deleted only if the bot is not in it.
    """

    def __init__(
        self,
        deliveries: SqlDeliveryStore,
        suggestions: SuggestionStore,
        guilds: GuildStore,
        clock: Clock,
        is_member: IsMember,
    ) -> None:
        self._deliveries = deliveries
        self._suggestions = suggestions
        self._guilds = guilds
        self._clock = clock
        self._is_member = is_member
        self._next_at: datetime | None = None

    async def tick(self) -> datetime:
        """Delete expired data if the job is due. Returns when to run again."""
        now = self._clock()
        if self._next_at is None or now >= self._next_at:
            await self._deliveries.purge_old(now)
            await self._suggestions.purge_old(now)
            if expired := await self._guilds.list_expired(now):
                await self._guilds.purge([one for one in expired if self._is_member(one) is False])
            self._next_at = now + _INTERVAL
        return self._next_at
