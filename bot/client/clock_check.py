"""Measures Discord's time before announcements are decided, and records the difference."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import discord

from bot.client.discord_clock import DiscordClock
from bot.errors import OperatorError
from bot.store.clock_offset import ClockOffsetStore

# Smaller changes of the offset are not recorded.
_SIGNIFICANT = timedelta(seconds=5)

# Of a measurement, in seconds.
_TIMEOUT = 10.0

# Two have to agree.
_MEASUREMENTS = 2


class ClockCheck:
    """Keeps Discord's clock certain. `measure` sends any request to Discord."""

    def __init__(
        self,
        clock: DiscordClock,
        store: ClockOffsetStore,
        measure: Callable[[], Awaitable[object]],
    ) -> None:
        self._clock = clock
        self._store = store
        self._measure = measure
        self._recorded: timedelta | None = None

    async def run(self) -> None:
        """Measure the time if it is uncertain.

        Raises OperatorError if it stays uncertain: nothing should be decided then.
        """
        if self._clock.is_uncertain:
            with self._clock.measurement():
                for _ in range(_MEASUREMENTS):
                    await self._measure_time()
        if self._clock.is_uncertain:
            raise OperatorError("Discord's time is uncertain: its responses differ")
        await self._record()

    async def _measure_time(self) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._measure()
        except (aiohttp.ClientError, discord.DiscordException, OSError) as error:
            raise OperatorError(f"can't compare the clock with Discord's: {error}") from error

    async def _record(self) -> None:
        offset = self._clock.offset
        if offset is None:
            return
        if self._recorded is None or abs(offset - self._recorded) > _SIGNIFICANT:
            await self._store.record(offset, self._clock())
            self._recorded = offset
