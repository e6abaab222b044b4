"""Posts one announcement: claim → send → settle.

A claim with a nonce is stored before the message is sent, and settled afterwards. A claim stays
unsettled if the process is killed, the response is lost or Discord is down. A recent one is sent
again with the same nonce, and Discord drops the duplicate. For an older one, the channel is first
searched for the message. No announcement is lost or posted twice.

CONTRIBUTING.md has a table of the states of a delivery and the transitions between them.
"""

import logging
import random
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.announcements.milestones import Milestone
from bot.announcements.model import Delivery
from bot.announcements.planning import decide, is_current
from bot.announcements.ports import (
    AnnouncementSender,
    DeliveryStore,
    DueCountdown,
    NotAttemptedError,
    PermanentError,
    TransientError,
    UnverifiableError,
)
from bot.clock import Clock
from bot.errors import OperatorError

_log = logging.getLogger(__name__)

# How long a claim is exclusive unless it is extended.
LEASE = timedelta(seconds=15)

# How long a nonce is relied on. Discord deduplicates nonces for "a few minutes".
NONCE_WINDOW = timedelta(seconds=60)

MIN_BACKOFF = timedelta(seconds=1)
FAULT_BACKOFF = timedelta(minutes=1)

# Short enough that everything is posted within a minute after an outage.
MAX_BACKOFF_SECONDS = 45.0

# How long after a failed notice the next one is sent.
NOTICE_BACKOFF = timedelta(minutes=1)

SendAction = Callable[[DueCountdown, Delivery], Coroutine[Any, Any, int | None]]
Hold = Callable[[timedelta], None]


class DeliveryWorker:
    """Runs single deliveries.

    `hold` is called when Discord allows no requests for some time, and `wake` when a retry or a
    follow-up was scheduled. `held` are the ids of the deliveries whose leases have to be extended.
    """

    def __init__(
        self,
        store: DeliveryStore,
        sender: AnnouncementSender,
        clock: Clock,
        hold: Hold,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._hold = hold
        self._wake = wake
        self.held: set[str] = set()

    async def announce(self, countdown_id: int) -> None:
        """Claim and post what is due in a countdown."""
        due = await self._store.load(countdown_id)
        if due is None:
            return
        now, countdown = self._clock(), due.countdown
        decision = decide(countdown, countdown.find_release(due.title), now)
        delivery = None
        if decision.post is not None:
            delivery = Delivery(
                secrets.token_hex(8),
                countdown.id,
                countdown.channel_id,
                decision.post,
                countdown.known_release,
                decision.announced_release,
                now,
            )
        if not await self._store.claim(countdown, decision, delivery, now + LEASE):
            return
        for milestone in decision.skipped:
            _log_outcome(due, milestone, "skipped", now)
        if delivery is not None:
            await self._attempt(due, delivery, self._sender.send)

    async def redeliver(self, delivery: Delivery) -> None:
        """Continue an unsettled delivery whose lease has expired."""
        now = self._clock()
        renewed = await self._store.renew_claim(delivery.id, now, now + LEASE)
        if renewed is None:
            return
        due = await self._store.load(renewed.countdown_id)
        if due is None:
            # Its countdown was paused.
            await self._store.settle(renewed, "unknown" if renewed.maybe_posted else "skipped")
        elif _can_send_again(due, renewed, now) and is_current(due, renewed, now):
            await self._attempt(due, renewed, self._sender.send)
        else:
            await self._attempt(due, renewed, self._find_or_send)

    async def notify(self, due: DueCountdown) -> None:
        """Notify a server of a paused countdown."""
        countdown, now = due.countdown, self._clock()
        if not await self._store.claim_notice(countdown.id, now, now + NOTICE_BACKOFF):
            return
        try:
            await self._sender.notify_guild(due)
        except TransientError as error:
            _log.info("could not notify server %d, will retry: %s", countdown.guild_id, error)
            return
        except PermanentError as error:
            _log.info("could not notify server %d: %s", countdown.guild_id, error)
        await self._store.settle_notice(countdown.id)

    async def _find_or_send(self, due: DueCountdown, delivery: Delivery) -> int | None:
        message_id = None
        if delivery.maybe_posted:
            message_id = await self._sender.find_sent(due, delivery)
        if message_id is not None or not is_current(due, delivery, self._clock()):
            return message_id
        if delivery.channel_id != due.countdown.channel_id:
            delivery = replace(delivery, channel_id=due.countdown.channel_id)
            await self._store.move(delivery)
        return await self._sender.send(due, delivery)

    async def _attempt(self, due: DueCountdown, delivery: Delivery, act: SendAction) -> None:
        self.held.add(delivery.id)
        try:
            outcome = await self._outcome(due, delivery, act)
        finally:
            self.held.discard(delivery.id)
        # A retry, a notice or, after a change, the countdown may be due.
        self._wake()
        _log_outcome(due, delivery.milestone, outcome, self._clock(), delivery)

    async def _outcome(self, due: DueCountdown, delivery: Delivery, act: SendAction) -> str:
        try:
            message_id = await act(due, delivery)
        except TransientError as error:
            await self._retry_later(delivery, error)
            return f"will retry ({error})"
        except UnverifiableError as error:
            await self._store.settle(delivery, "unknown", error=str(error))
            return f"unknown ({error}), not posted again"
        except PermanentError as error:
            return await self._fail(due, delivery, error)
        except OperatorError:
            raise
        except Exception as error:
            _log.exception("announcement %s failed unexpectedly", delivery.id)
            delivery = replace(delivery, maybe_posted=True)
            until = self._clock() + FAULT_BACKOFF
            await self._store.schedule_retry(delivery, until, f"{type(error).__name__}: {error}")
            return "will retry (unexpected error)"
        if message_id is None:
            await self._store.settle(delivery, "skipped")
            return "skipped"
        await self._store.settle(delivery, "sent", message_id)
        return f"sent message={message_id}"

    async def _retry_later(self, delivery: Delivery, error: TransientError) -> None:
        delivery = replace(delivery, maybe_posted=delivery.maybe_posted or error.maybe_posted)
        if isinstance(error, NotAttemptedError):
            wait = max(error.retry_after, MIN_BACKOFF)
            if error.everywhere:
                self._hold(wait)
        else:
            delivery = replace(delivery, attempts=delivery.attempts + 1)
            wait = _backoff(delivery.attempts)
        await self._store.schedule_retry(delivery, self._clock() + wait, str(error))

    async def _fail(self, due: DueCountdown, delivery: Delivery, error: PermanentError) -> str:
        if error.reason is None:
            await self._store.settle(delivery, "failed", error=str(error))
            return f"failed ({error})"
        await self._store.fail(delivery, error.reason, str(error), self._clock())
        return f"failed ({error}), countdown {due.countdown.id} paused"


def _can_send_again(due: DueCountdown, delivery: Delivery, now: datetime) -> bool:
    """Return whether Discord would drop a duplicate by its nonce."""
    same_channel = delivery.channel_id == due.countdown.channel_id
    # A time in the future comes from a clock that was wrong.
    return same_channel and timedelta() <= now - delivery.claimed_at < NONCE_WINDOW


def _backoff(attempts: int) -> timedelta:
    """Return the delay before the next attempt: exponential backoff with jitter."""
    longest = min(MAX_BACKOFF_SECONDS, 2.0 ** min(attempts, 10))
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
        delivery.attempts + 1 if delivery else 0,
        (now - milestone.at).total_seconds(),
        outcome,
    )
