"""Deletes expired data once a day."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store.deliveries import SqlDeliveryStore
from bot.store.guilds import GuildStore

_INTERVAL = timedelta(days=1)


class RetentionJob:
    """Deletes old deliveries, and the data of servers that the bot left long ago."""

    def __init__(self, deliveries: SqlDeliveryStore, guilds: GuildStore, clock: Clock) -> None:
        self._deliveries = deliveries
        self._guilds = guilds
        self._clock = clock
        self._next_at: datetime | None = None

    async def tick(self) -> datetime:
        """Delete expired data if the job is due. Returns when to run again."""
        now = self._clock()
        if self._next_at is None or now >= self._next_at:
            await self._deliveries.purge_old(now)
            await self._guilds.purge_left(now)
            self._next_at = now + _INTERVAL
        return self._next_at
