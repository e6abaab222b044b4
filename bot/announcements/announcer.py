"""Starts due deliveries in the background, and keeps their leases while they run."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.announcements.delivery_worker import FAULT_BACKOFF, LEASE, DeliveryWorker
from bot.announcements.model import Delivery
from bot.announcements.ports import AnnouncementSender, DeliveryStore, DueCountdown, RateLimit
from bot.clock import Clock
from bot.errors import OperatorError

_log = logging.getLogger(__name__)

# How often leases are extended. Two extensions in a row may fail before a lease expires.
LEASE_EXTENSION_INTERVAL = LEASE / 3

# How long a shutdown waits for requests in flight, in seconds.
SHUTDOWN_TIMEOUT = 5.0
# How long no delivery is started after the store failed.
OUTAGE_BACKOFF = timedelta(seconds=5)
BATCH_SIZE = 100
# How many deliveries may run at once. A new one waits until another finishes.
MAX_IN_FLIGHT = 1000

# Polling interval while deliveries are in flight.
BUSY_POLL_INTERVAL = timedelta(seconds=0.5)

Key = tuple[str, object]
Job = Callable[[], Coroutine[Any, Any, None]]
Defer = Callable[[datetime], Awaitable[None]]
"""Defers work that failed unexpectedly until a time."""


class Announcer:
    """Posts due announcements. Several processes may share one store.

    `rate_limit` is awaited before each delivery. `wake` is called when something is due earlier
    than the time that the last tick returned.
    """

    def __init__(
        self,
        store: DeliveryStore,
        sender: AnnouncementSender,
        clock: Clock,
        rate_limit: RateLimit,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._rate_limit = rate_limit
        self._worker = DeliveryWorker(store, sender, clock, self._hold, wake)
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._lease_keeper: asyncio.Task[None] | None = None
        self._on_hold_until: datetime | None = None

    async def tick(self) -> datetime | None:
        """Start every due delivery. Returns when the next one is due.

        Deliveries run in the background, so a slow one does not delay the others.
        """
        seen: set[Key] = set()
        while deliveries := await self._expired_claims(seen):
            for delivery in deliveries:
                await self._start_redelivery(delivery, seen)
        while countdown_ids := await self._due_countdowns(seen):
            for countdown_id in countdown_ids:
                await self._start_announcement(countdown_id, seen)
        while notices := await self._due_notices(seen):
            for due in notices:
                await self._start_notice(due, seen)
        return await self._next()

    async def drain(self) -> None:
        """Wait up to `SHUTDOWN_TIMEOUT` for requests in flight, then cancel the rest.

        Canceled deliveries are retried after the next start.
        """
        tasks = list(self._running.values())
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=SHUTDOWN_TIMEOUT)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._lease_keeper is not None:
            self._lease_keeper.cancel()

    async def _next(self) -> datetime | None:
        if self._on_hold():
            return self._on_hold_until
        wake, now = await self._store.next_wake_at(), self._clock()
        # A started delivery counts as due until it is claimed.
        if wake is not None and wake <= now and self._running:
            return now + BUSY_POLL_INTERVAL
        return wake

    def _on_hold(self) -> bool:
        return self._on_hold_until is not None and self._clock() < self._on_hold_until

    def _hold(self, wait: timedelta) -> None:
        """Start no deliveries for some time. Due ones stay due."""
        until = self._clock() + wait
        self._on_hold_until = max(until, self._on_hold_until or until)

    async def _expired_claims(self, seen: set[Key]) -> list[Delivery]:
        if self._on_hold():
            return []
        held = self._worker.held
        expired = await self._store.expired_claims(self._clock(), self._limit(seen) + len(held))
        return [one for one in expired if self._is_new(_key(one), seen) and one.id not in held]

    async def _due_countdowns(self, seen: set[Key]) -> list[int]:
        if self._on_hold():
            return []
        # A started countdown is still listed as due until it is claimed.
        due_ids = await self._store.due_ids(self._clock(), self._limit(seen))
        return [id_ for id_ in due_ids if self._is_new(("countdown", id_), seen)]

    async def _due_notices(self, seen: set[Key]) -> list[DueCountdown]:
        if self._on_hold():
            return []
        due = await self._store.due_notices(self._clock(), self._limit(seen))
        return [one for one in due if self._is_new(("notice", one.countdown.id), seen)]

    def _limit(self, seen: set[Key]) -> int:
        """Return a limit for queries that also find what was started before."""
        return BATCH_SIZE + len(seen) + len(self._running)

    def _is_new(self, key: Key, seen: set[Key]) -> bool:
        return key not in seen and key not in self._running

    async def _start_redelivery(self, delivery: Delivery, seen: set[Key]) -> None:
        await self._start(_key(delivery), seen, partial(self._worker.redeliver, delivery))

    async def _start_announcement(self, countdown_id: int, seen: set[Key]) -> None:
        job = partial(self._worker.announce, countdown_id)
        defer = partial(self._store.defer_countdown, countdown_id)
        await self._start(("countdown", countdown_id), seen, job, defer)

    async def _start_notice(self, due: DueCountdown, seen: set[Key]) -> None:
        key = ("notice", due.countdown.id)
        await self._start(key, seen, partial(self._worker.notify, due))

    async def _start(self, key: Key, seen: set[Key], job: Job, defer: Defer | None = None) -> None:
        seen.add(key)
        while len(self._running) >= MAX_IN_FLIGHT:
            await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
        await self._rate_limit()
        if self._on_hold():
            return
        task = asyncio.create_task(self._run_guarded(key, job, defer), name=f"announce-{key}")
        self._running[key] = task
        if self._lease_keeper is None or self._lease_keeper.done():
            self._lease_keeper = asyncio.create_task(self._keep_leases(), name="lease-keeper")
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def _keep_leases(self) -> None:
        """Extend the leases of deliveries as long as any run."""
        while self._running:
            await asyncio.sleep(LEASE_EXTENSION_INTERVAL.total_seconds())
            held = frozenset(self._worker.held)
            try:
                if held:
                    await self._store.extend_leases(held, self._clock() + LEASE)
            except Exception as error:
                _log.warning("could not extend the leases of announcements: %s", error)

    async def _run_guarded(self, key: Key, job: Job, defer: Defer | None) -> None:
        """Run one delivery. Log any error and defer the delivery, to avoid a retry loop."""
        try:
            await job()
        except OperatorError as error:
            if not self._on_hold():
                _log.warning("announcements on hold: %s", error)
                self._hold(OUTAGE_BACKOFF)
        except Exception:
            _log.exception("announcement %s failed unexpectedly", key)
            await self._defer(key, defer)

    async def _defer(self, key: Key, defer: Defer | None) -> None:
        # A delivery and a notice are due again by themselves, when their claims expire.
        if defer is None:
            return
        try:
            await defer(self._clock() + FAULT_BACKOFF)
        except Exception:
            _log.exception("could not defer announcement %s", key)


def _key(delivery: Delivery) -> Key:
    return "delivery", delivery.id
