"""Posts announcements once each: claim → send → settle.

A claim is written, with its nonce, before anything is sent, and settled afterwards. A claim found
unsettled (the process was killed, the reply was lost, Discord was down) is sent again with the same
nonce while Discord still recognizes it and drops the second message; an older one is first searched
for in the channel. So each announcement is posted once, and none is lost.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.announcements.milestones import Milestone, MilestoneKind, plan_milestones
from bot.announcements.model import Delivery
from bot.announcements.planning import decide, is_change
from bot.announcements.ports import (
    AnnouncementSender,
    DeliveryStore,
    DueCountdown,
    PermanentError,
    RateLimit,
    TransientError,
)
from bot.clock import Clock
from bot.errors import OperatorError

_log = logging.getLogger(__name__)

# How long a claim is exclusive: longer than a send may take.
LEASE = timedelta(seconds=15)

# Discord recognizes a nonce for "a few minutes", so certainly within this.
NONCE_WINDOW = timedelta(seconds=60)

MAX_BACKOFF_SECONDS = 300.0

# How long a shutdown waits for requests in flight, in seconds.
SHUTDOWN_TIMEOUT = 5.0
FAULT_BACKOFF = timedelta(minutes=5)

# How long nothing is started once the store could not be used.
OUTAGE_BACKOFF = timedelta(seconds=5)
BATCH_SIZE = 100
# Announcements that may wait for slow channels before new ones are held back.
MAX_IN_FLIGHT = 1000

# How soon to look again while something is in flight.
BUSY_POLL_INTERVAL = timedelta(seconds=0.5)

DeliveryJob = Callable[[], Coroutine[Any, Any, None]]
SendAction = Callable[[DueCountdown, Delivery], Coroutine[Any, Any, int | None]]


class Announcer:
    """Posts what is due. Several processes may share one store.

    `rate_limit` is awaited before each request. `wake` is called when a retry is due sooner than
    the last tick returned.
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
        self._sender = sender
        self._clock = clock
        self._rate_limit = rate_limit
        self._wake = wake
        self._running: dict[object, asyncio.Task[None]] = {}
        self._sending: set[str] = set()
        self._outage_until: datetime | None = None

    async def tick(self) -> datetime | None:
        """Start everything that is due. Returns when something is due next.

        Announcements are in flight when this returns; a slow one delays no other.
        """
        seen: set[object] = set()
        while deliveries := await self._expired_claims(seen):
            for delivery in deliveries:
                seen.add(delivery.id)
                await self._start_delivery(delivery.id, partial(self._redeliver, delivery))
        while countdown_ids := await self._due_countdowns(seen):
            for countdown_id in countdown_ids:
                seen.add(countdown_id)
                await self._start_delivery(countdown_id, partial(self._announce, countdown_id))
        return await self._next()

    async def drain(self) -> None:
        """Wait briefly for requests in flight; the rest is delivered after the next start."""
        tasks = list(self._running.values())
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=SHUTDOWN_TIMEOUT)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _next(self) -> datetime | None:
        if self._in_outage():
            return self._outage_until
        wake, now = await self._store.next_wake_at(), self._clock()
        # What was started and is not claimed yet still counts as due.
        if wake is not None and wake <= now and self._running:
            return now + BUSY_POLL_INTERVAL
        return wake

    def _in_outage(self) -> bool:
        return self._outage_until is not None and self._clock() < self._outage_until

    async def _expired_claims(self, seen: set[object]) -> list[Delivery]:
        if self._in_outage():
            return []
        known = seen | self._running.keys() | self._sending
        found = await self._store.expired_claims(self._clock(), BATCH_SIZE + len(known))
        return [one for one in found if one.id not in known]

    async def _due_countdowns(self, seen: set[object]) -> list[int]:
        if self._in_outage():
            return []
        # What was started and is not claimed yet is still due.
        found = await self._store.due_ids(self._clock(), BATCH_SIZE + len(self._running))
        return [one for one in found if one not in seen and one not in self._running]

    async def _start_delivery(self, key: object, work: DeliveryJob) -> None:
        while len(self._running) >= MAX_IN_FLIGHT:
            await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
        await self._rate_limit()
        task = asyncio.create_task(self._run_guarded(key, work), name=f"announce-{key}")
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def _run_guarded(self, key: object, work: DeliveryJob) -> None:
        """Log any error of one delivery, and defer it so that it is not retried at once."""
        try:
            await work()
        except OperatorError as error:
            self._enter_outage(error)
        except Exception as error:
            _log.exception("announcement %s failed unexpectedly", key)
            try:
                await self._defer(key, f"{type(error).__name__}: {error}")
            except Exception:
                _log.exception("could not reschedule announcement %s", key)

    def _enter_outage(self, error: OperatorError) -> None:
        """The store cannot be used: what is due stays due, claims stay unsettled."""
        if not self._in_outage():
            _log.warning("announcements on hold: %s", error)
            self._outage_until = self._clock() + OUTAGE_BACKOFF

    async def _defer(self, key: object, error: str) -> None:
        until = self._clock() + FAULT_BACKOFF
        if isinstance(key, int):
            await self._store.defer_countdown(key, until)
        else:
            await self._store.schedule_retry(str(key), until, error)

    async def _announce(self, countdown_id: int) -> None:
        due = await self._store.load(countdown_id)
        if due is None:
            return
        now, countdown = self._clock(), due.countdown
        decision = decide(countdown, countdown.find_release(due.title), now)
        delivery = None
        if decision.post is not None:
            delivery_id = secrets.token_hex(8)
            delivery = Delivery(
                delivery_id, countdown.id, decision.post, countdown.known_release, now, 1
            )
        if not await self._store.claim(countdown, decision, delivery, now + LEASE):
            return
        for milestone in decision.skipped:
            _log_outcome(due, milestone, "skipped", now)
        if delivery is not None:
            await self._attempt(due, delivery, self._sender.send)

    async def _redeliver(self, delivery: Delivery) -> None:
        now = self._clock()
        if not await self._store.renew_claim(delivery, now, now + LEASE):
            return
        due = await self._store.load(delivery.countdown_id)
        if due is None:
            await self._store.settle(delivery, "skipped", None)
        elif now - delivery.claimed_at < NONCE_WINDOW and _still_true(due, delivery, now):
            await self._attempt(due, delivery, self._sender.send)
        else:
            await self._attempt(due, delivery, self._find_or_send)

    async def _find_or_send(self, due: DueCountdown, delivery: Delivery) -> int | None:
        found = await self._sender.find_sent(due, delivery)
        if found is not None or not _still_true(due, delivery, self._clock()):
            return found
        return await self._sender.send(due, delivery)

    async def _attempt(self, due: DueCountdown, delivery: Delivery, act: SendAction) -> None:
        self._sending.add(delivery.id)
        try:
            outcome = await self._outcome(due, delivery, act)
        finally:
            self._sending.discard(delivery.id)
        _log_outcome(due, delivery.milestone, outcome, self._clock(), delivery)

    async def _outcome(self, due: DueCountdown, delivery: Delivery, act: SendAction) -> str:
        try:
            message_id = await act(due, delivery)
        except TransientError as error:
            until = self._clock() + _backoff(delivery)
            await self._store.schedule_retry(delivery.id, until, str(error))
            self._wake()
            return f"will retry ({error})"
        except PermanentError as error:
            await self._store.settle(delivery, "failed", None)
            await self._store.pause_countdown(due.countdown.id, error.reason)
            await self._sender.notify_guild(due, error.reason)
            return f"failed ({error.reason}), countdown paused"
        outcome = "skipped" if message_id is None else "sent"
        await self._store.settle(delivery, outcome, message_id)
        return outcome if message_id is None else f"{outcome} message={message_id}"


def _still_true(due: DueCountdown, delivery: Delivery, now: datetime) -> bool:
    """Whether an announcement still holds: it has not expired, and it is still planned."""
    if now >= delivery.milestone.expires_at:
        return False
    release = due.countdown.find_release(due.title)
    if delivery.milestone.kind is MilestoneKind.CHANGED:
        return release is not None and is_change(delivery.previous_release, release)
    return delivery.milestone in plan_milestones(release, due.countdown.schedule)


def _backoff(delivery: Delivery) -> timedelta:
    """Exponential backoff with jitter."""
    longest = min(MAX_BACKOFF_SECONDS, 2.0 ** min(delivery.attempts, 10))
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311


def _log_outcome(
    due: DueCountdown,
    milestone: Milestone,
    outcome: str,
    now: datetime,
    delivery: Delivery | None = None,
) -> None:
    countdown = due.countdown
    _log.info(
        "countdown=%d guild=%d channel=%d title=%s occasion=%s delivery=%s attempt=%d "
        "delay=%.1fs outcome=%s",
        countdown.id,
        countdown.guild_id,
        countdown.channel_id,
        countdown.title_id,
        milestone.key,
        delivery.id if delivery else "-",
        delivery.attempts if delivery else 0,
        (now - milestone.at).total_seconds(),
        outcome,
    )
