"""Posts each announcement exactly once: claim → send → settle.

A claim with a nonce is stored before the message is sent, and settled afterwards. A claim stays
unsettled if the process is killed, the response is lost or Discord is down. A recent one is sent
again with the same nonce, and Discord drops the duplicate. For an older one, the announcer first
searches the channel for the message. No announcement is lost or posted twice.
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

# How long a claim is exclusive. Longer than the timeout of a send.
LEASE = timedelta(seconds=15)

# How long a nonce is relied on. Discord deduplicates nonces for "a few minutes".
NONCE_WINDOW = timedelta(seconds=60)

MAX_BACKOFF_SECONDS = 300.0

# How long a shutdown waits for requests in flight, in seconds.
SHUTDOWN_TIMEOUT = 5.0
FAULT_BACKOFF = timedelta(minutes=5)

# How long no delivery is started after the store failed.
OUTAGE_BACKOFF = timedelta(seconds=5)
BATCH_SIZE = 100
# How many deliveries may run at once. A new one waits until another finishes.
MAX_IN_FLIGHT = 1000

# Polling interval while deliveries are in flight.
BUSY_POLL_INTERVAL = timedelta(seconds=0.5)

DeliveryJob = Callable[[], Coroutine[Any, Any, None]]
SendAction = Callable[[DueCountdown, Delivery], Coroutine[Any, Any, int | None]]


class Announcer:
    """Posts due announcements. Several processes may share one store.

    `rate_limit` is awaited before each request. `wake` is called when a retry is due earlier than
    the time that the last tick returned.
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
        """Start every due delivery. Returns when the next one is due.

        Deliveries run in the background, so a slow one does not delay the others.
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
        """Wait up to `SHUTDOWN_TIMEOUT` for requests in flight, then cancel the rest.

        Canceled deliveries are retried after the next start.
        """
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
        # A started delivery counts as due until it is claimed.
        if wake is not None and wake <= now and self._running:
            return now + BUSY_POLL_INTERVAL
        return wake

    def _in_outage(self) -> bool:
        return self._outage_until is not None and self._clock() < self._outage_until

    async def _expired_claims(self, seen: set[object]) -> list[Delivery]:
        if self._in_outage():
            return []
        known = seen | self._running.keys() | self._sending
        expired = await self._store.expired_claims(self._clock(), BATCH_SIZE + len(known))
        return [delivery for delivery in expired if delivery.id not in known]

    async def _due_countdowns(self, seen: set[object]) -> list[int]:
        if self._in_outage():
            return []
        # A started countdown is still listed as due until it is claimed.
        due_ids = await self._store.due_ids(self._clock(), BATCH_SIZE + len(self._running))
        return [id_ for id_ in due_ids if id_ not in seen and id_ not in self._running]

    async def _start_delivery(self, key: object, work: DeliveryJob) -> None:
        while len(self._running) >= MAX_IN_FLIGHT:
            await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
        await self._rate_limit()
        task = asyncio.create_task(self._run_guarded(key, work), name=f"announce-{key}")
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def _run_guarded(self, key: object, work: DeliveryJob) -> None:
        """Run one delivery. Log any error and defer the delivery, to avoid a retry loop."""
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
        """Pause all deliveries: the store is unavailable.

        Due countdowns stay due, and claims stay unsettled.
        """
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
        elif now - delivery.claimed_at < NONCE_WINDOW and _is_current(due, delivery, now):
            await self._attempt(due, delivery, self._sender.send)
        else:
            await self._attempt(due, delivery, self._find_or_send)

    async def _find_or_send(self, due: DueCountdown, delivery: Delivery) -> int | None:
        message_id = await self._sender.find_sent(due, delivery)
        if message_id is not None or not _is_current(due, delivery, self._clock()):
            return message_id
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


def _is_current(due: DueCountdown, delivery: Delivery, now: datetime) -> bool:
    """Return whether an announcement has not expired and is still planned."""
    if now >= delivery.milestone.expires_at:
        return False
    release = due.countdown.find_release(due.title)
    if delivery.milestone.kind is MilestoneKind.CHANGED:
        return release is not None and is_change(delivery.previous_release, release)
    return delivery.milestone in plan_milestones(release, due.countdown.schedule)


def _backoff(delivery: Delivery) -> timedelta:
    """Return the delay before the next attempt: exponential backoff with jitter."""
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
