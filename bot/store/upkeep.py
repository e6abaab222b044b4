"""What is done once a day beside a round's own work: forgetting."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store.countdowns import CountdownStore
from bot.store.ledger import DatabaseLedger

_DAY = timedelta(days=1)


class Upkeep:
    """A tick that once a day erases what is kept no longer, before it does what it is for."""

    def __init__(
        self,
        tick: Callable[[], Awaitable[datetime | None]],
        ledger: DatabaseLedger,
        countdowns: CountdownStore,
        clock: Clock,
    ) -> None:
        self._tick = tick
        self._ledger = ledger
        self._countdowns = countdowns
        self._clock = clock
        self._next: datetime | None = None

    async def __call__(self) -> datetime | None:
        """Tick, having forgotten what is due to be."""
        now = self._clock()
        if self._next is None or now >= self._next:
            self._next = now + _DAY
            await self._ledger.forget_old(now)
            await self._countdowns.forget_left(now)
        return await self._tick()
