"""Runs a periodic task: sleeps until the next tick is due, then runs it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.errors import OperatorError

_log = logging.getLogger(__name__)

FAULT_BACKOFF = timedelta(seconds=5)

Tick = Callable[[], Awaitable[datetime | None]]
"""Does the due work. Returns when to run next, or None for the default interval."""


class Scheduler:
    """Runs a tick whenever it is due. Errors are logged and do not stop the scheduler.

    The tick runs at least once per `recheck`, in case another process changed the data or the
    clock was adjusted. `name` identifies the scheduler in the log.
    """

    def __init__(self, name: str, clock: Clock, recheck: timedelta = timedelta(minutes=1)) -> None:
        self._name = name
        self._clock = clock
        self._recheck = recheck
        self._woken = False
        self._sleep_task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Run the next tick immediately, or right after the current one."""
        self._woken = True
        if self._sleep_task is not None:
            self._sleep_task.cancel()

    async def run(self, tick: Tick) -> None:
        """Run ticks until cancelled."""
        while True:
            self._woken = False
            await self._sleep_until(await self._run_tick(tick))

    async def _run_tick(self, tick: Tick) -> datetime:
        try:
            next_at = await tick()
        except OperatorError as error:
            _log.warning("%s: retrying in %.0f s: %s", self._name, _backoff_seconds(), error)
            return self._clock() + FAULT_BACKOFF
        except Exception:
            _log.exception("%s: tick failed, retrying in %.0f s", self._name, _backoff_seconds())
            return self._clock() + FAULT_BACKOFF
        return next_at or self._clock() + self._recheck

    async def _sleep_until(self, instant: datetime) -> None:
        # Not longer, even if the clock was set back during the tick.
        seconds = min(instant - self._clock(), self._recheck).total_seconds()
        if self._woken or seconds <= 0:
            await asyncio.sleep(0)
            return
        self._sleep_task = asyncio.create_task(asyncio.sleep(seconds), name=f"{self._name}-sleep")
        try:
            await asyncio.wait([self._sleep_task])
        finally:
            self._sleep_task.cancel()
            self._sleep_task = None


@asynccontextmanager
async def background_task(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Run a coroutine in the background. Cancel it on exit."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _backoff_seconds() -> float:
    return FAULT_BACKOFF.total_seconds()
