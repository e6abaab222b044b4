"""Announcements: claim → send → settle.

A claim is written, with its nonce, before anything is sent, and settled after. One that is found
unsettled (the process was killed, the reply was lost, Discord was down) is sent again with the same
nonce while Discord still knows it, and drops the second; when it is older, the channel is searched
for it first. So each announcement is posted once, and none is lost.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.clock import Clock
from bot.countdown.deciding import decide, is_news
from bot.countdown.model import Delivery
from bot.countdown.occasions import Kind, Occasion, occasions
from bot.countdown.ports import Due, LastingError, Ledger, PassingError, Poster
from bot.errors import HostError

_log = logging.getLogger(__name__)

# How long a claim is one's own: longer than a send may take.
_LEASE = timedelta(seconds=15)

# Discord knows a nonce for "a few minutes". Within this it surely does.
_NONCE_FRESH = timedelta(seconds=60)

_LONGEST_BACKOFF = 300.0

# How long an orderly end waits for what is on its way, in seconds.
_LAST_WORDS = 5.0
_AFTER_A_FAULT = timedelta(minutes=5)

# How long nothing is begun once the ledger could not be used.
_STANDSTILL = timedelta(seconds=5)
_BATCH = 100
# So many announcements may wait for slow channels at once before new ones are held back.
_IN_FLIGHT = 1000

# How soon to look again while something is on its way.
_MOMENT = timedelta(seconds=0.5)

Pace = Callable[[], Coroutine[Any, Any, None]]
"""Waits until another request may be made."""

Work = Callable[[], Coroutine[Any, Any, None]]
Act = Callable[[Due, Delivery], Coroutine[Any, Any, int | None]]


class Announcer:
    """Posts what is due. Several may share one ledger."""

    def __init__(self, ledger: Ledger, poster: Poster, clock: Clock, pace: Pace) -> None:
        self._ledger = ledger
        self._poster = poster
        self._clock = clock
        self._pace = pace
        self._wake: Callable[[], None] = lambda: None
        self._busy: dict[object, asyncio.Task[None]] = {}
        self._under_way: set[str] = set()
        self._standstill: datetime | None = None

    def on_change(self, wake: Callable[[], None]) -> None:
        """Have `wake` called when something is to be taken up sooner than a tick has said."""
        self._wake = wake

    async def tick(self) -> datetime | None:
        """Set off everything that is due, and return when something will be next.

        Announcements are on their way when this returns; a slow one holds no other up.
        """
        seen: set[object] = set()
        while deliveries := await self._unsettled(seen):
            for delivery in deliveries:
                seen.add(delivery.id)
                await self._set_off(delivery.id, partial(self._deliver_again, delivery))
        while countdown_ids := await self._due(seen):
            for countdown_id in countdown_ids:
                seen.add(countdown_id)
                await self._set_off(countdown_id, partial(self._announce, countdown_id))
        return await self._next()

    async def settle_down(self) -> None:
        """Wait for what is on its way, though not for long; the rest is taken up after a start."""
        tasks = list(self._busy.values())
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=_LAST_WORDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _next(self) -> datetime | None:
        if self._stands_still():
            return self._standstill
        wake, now = await self._ledger.next_wake(), self._clock()
        # What is on its way and has not come to its claim yet still counts as due.
        if wake is not None and wake <= now and self._busy:
            return now + _MOMENT
        return wake

    def _stands_still(self) -> bool:
        return self._standstill is not None and self._clock() < self._standstill

    async def _unsettled(self, seen: set[object]) -> list[Delivery]:
        if self._stands_still():
            return []
        known = seen | self._busy.keys() | self._under_way
        found = await self._ledger.unsettled(self._clock(), _BATCH + len(known))
        return [one for one in found if one.id not in known]

    async def _due(self, seen: set[object]) -> list[int]:
        if self._stands_still():
            return []
        # What was set off and has not come to its claim yet is still due.
        found = await self._ledger.due(self._clock(), _BATCH + len(self._busy))
        return [one for one in found if one not in seen and one not in self._busy]

    async def _set_off(self, key: object, work: Work) -> None:
        while len(self._busy) >= _IN_FLIGHT:
            await asyncio.wait(self._busy.values(), return_when=asyncio.FIRST_COMPLETED)
        await self._pace()
        task = asyncio.create_task(self._guarded(key, work), name=f"announce-{key}")
        self._busy[key] = task
        task.add_done_callback(lambda _: self._busy.pop(key, None))

    async def _guarded(self, key: object, work: Work) -> None:
        """Whatever goes wrong with one is logged, and put off so that it does not go on at once."""
        try:
            await work()
        except HostError as error:
            self._stand_still(error)
        except Exception as error:
            _log.exception("announcement %s failed unexpectedly", key)
            try:
                await self._put_off(key, f"{type(error).__name__}: {error}")
            except Exception:
                _log.exception("announcement %s could not be put off", key)

    def _stand_still(self, error: HostError) -> None:
        """The ledger cannot be used: what is due stays due, what was sent stays to be settled."""
        if not self._stands_still():
            _log.warning("announcements wait: %s", error)
            self._standstill = self._clock() + _STANDSTILL

    async def _put_off(self, key: object, error: str) -> None:
        until = self._clock() + _AFTER_A_FAULT
        if isinstance(key, int):
            await self._ledger.put_off(key, until)
        else:
            await self._ledger.postpone(str(key), until, error)

    async def _announce(self, countdown_id: int) -> None:
        due = await self._ledger.load(countdown_id)
        if due is None:
            return
        now, countdown = self._clock(), due.countdown
        decision = decide(countdown, countdown.release_of(due.title), now)
        delivery = None
        if decision.post is not None:
            delivery_id = secrets.token_hex(8)
            delivery = Delivery(delivery_id, countdown.id, decision.post, countdown.seen, now, 1)
        if not await self._ledger.claim(countdown, decision, delivery, now + _LEASE):
            return
        for occasion in decision.skipped:
            _log_outcome(due, occasion, "skipped", now)
        if delivery is not None:
            await self._attempt(due, delivery, self._poster.post)

    async def _deliver_again(self, delivery: Delivery) -> None:
        now = self._clock()
        if not await self._ledger.renew(delivery, now, now + _LEASE):
            return
        due = await self._ledger.load(delivery.countdown_id)
        if due is None:
            await self._ledger.settle(delivery, "skipped", None)
        elif now - delivery.claimed < _NONCE_FRESH and _is_true(due, delivery, now):
            await self._attempt(due, delivery, self._poster.post)
        else:
            await self._attempt(due, delivery, self._find_or_post)

    async def _find_or_post(self, due: Due, delivery: Delivery) -> int | None:
        found = await self._poster.find(due, delivery)
        if found is not None or not _is_true(due, delivery, self._clock()):
            return found
        return await self._poster.post(due, delivery)

    async def _attempt(self, due: Due, delivery: Delivery, act: Act) -> None:
        self._under_way.add(delivery.id)
        try:
            outcome = await self._outcome(due, delivery, act)
        finally:
            self._under_way.discard(delivery.id)
        _log_outcome(due, delivery.occasion, outcome, self._clock(), delivery)

    async def _outcome(self, due: Due, delivery: Delivery, act: Act) -> str:
        try:
            message_id = await act(due, delivery)
        except PassingError as error:
            until = self._clock() + _backoff(delivery)
            await self._ledger.postpone(delivery.id, until, str(error))
            self._wake()
            return f"to be retried ({error})"
        except LastingError as error:
            await self._ledger.settle(delivery, "failed", None)
            await self._ledger.pause(due.countdown.id, error.reason)
            await self._poster.tell_server(due, error.reason)
            return f"failed ({error.reason}), countdown paused"
        outcome = "skipped" if message_id is None else "sent"
        await self._ledger.settle(delivery, outcome, message_id)
        return outcome if message_id is None else f"{outcome} message={message_id}"


def _is_true(due: Due, delivery: Delivery, now: datetime) -> bool:
    """Whether an announcement still holds: its time is not over, and it is still planned."""
    if now >= delivery.occasion.until:
        return False
    release = due.countdown.release_of(due.title)
    if delivery.occasion.kind is Kind.CHANGED:
        return release is not None and is_news(delivery.before, release)
    return delivery.occasion in occasions(release, due.countdown.schedule)


def _backoff(delivery: Delivery) -> timedelta:
    """Twice as long after each attempt, and never the same for all who wait."""
    longest = min(_LONGEST_BACKOFF, 2.0 ** min(delivery.attempts, 10))
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311


def _log_outcome(
    due: Due, occasion: Occasion, outcome: str, now: datetime, delivery: Delivery | None = None
) -> None:
    countdown = due.countdown
    _log.info(
        "countdown=%d guild=%d channel=%d title=%s occasion=%s delivery=%s attempt=%d "
        "delay=%.1fs outcome=%s",
        countdown.id,
        countdown.guild_id,
        countdown.channel_id,
        countdown.title_id,
        occasion.key,
        delivery.id if delivery else "-",
        delivery.attempts if delivery else 0,
        (now - occasion.at).total_seconds(),
        outcome,
    )
