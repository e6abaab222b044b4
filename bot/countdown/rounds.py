"""The scheduled task: sleeps until something is due, sees to it, and cannot die."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import HostError

_log = logging.getLogger(__name__)

_AFTER_A_FAULT = timedelta(seconds=5)


class Rounds:
    """Calls `tick`, again and again, when it is due.

    `tick` returns when it wants to be called next, None for not of itself. Once in `recheck` it is
    called all the same: another process may have changed something, or the clock was set.
    """

    def __init__(
        self,
        tick: Callable[[], Awaitable[datetime | None]],
        clock: Clock,
        recheck: timedelta = timedelta(minutes=1),
    ) -> None:
        self._tick = tick
        self._clock = clock
        self._recheck = recheck
        self._woken = False
        self._nap: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Have the next round made at once, or right after the one under way."""
        self._woken = True
        if self._nap is not None:
            self._nap.cancel()

    async def run(self) -> None:
        """Make rounds until cancelled."""
        while True:
            self._woken = False
            await self._sleep_until(await self._round())

    async def _round(self) -> datetime:
        latest = self._clock() + self._recheck
        try:
            wanted = await self._tick()
        except HostError as error:
            _log.warning("announcements wait: %s", error)
            return self._clock() + _AFTER_A_FAULT
        except Exception:
            _log.exception("a round failed; the next one follows")
            return self._clock() + _AFTER_A_FAULT
        return latest if wanted is None else min(wanted, latest)

    async def _sleep_until(self, instant: datetime) -> None:
        seconds = (instant - self._clock()).total_seconds()
        if self._woken or seconds <= 0:
            await asyncio.sleep(0)
            return
        self._nap = asyncio.create_task(asyncio.sleep(seconds), name="nap")
        try:
            await asyncio.wait([self._nap])
        finally:
            self._nap.cancel()
            self._nap = None
