"""The announcer's interfaces (ports): a delivery store and a sender."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from bot.announcements.model import Countdown, Decision, Delivery, PauseReason
from bot.catalog.model import Title
from bot.errors import BonbangError


class TransientError(BonbangError):
    """The announcement could not be sent. A retry may succeed.

    `maybe_posted` is False if the message was certainly not posted.
    """

    def __init__(self, message: str, *, maybe_posted: bool = True) -> None:
        super().__init__(message)
        self.maybe_posted = maybe_posted


class NotAttemptedError(TransientError):
    """The announcement was not sent, because a rate limit did not allow it in time.

    `retry_after` is how long to wait. `everywhere` is True if no other request is allowed either.
    """

    def __init__(
        self,
        message: str,
        retry_after: timedelta,
        *,
        maybe_posted: bool = False,
        everywhere: bool = False,
    ) -> None:
        super().__init__(message, maybe_posted=maybe_posted)
        self.retry_after = retry_after
        self.everywhere = everywhere


class PermanentError(BonbangError):
    """The announcement cannot be sent. A retry would fail, too.

    `reason` is why the countdown has to be paused, or None if only this announcement fails.
    """

    def __init__(self, message: str, reason: PauseReason | None) -> None:
        super().__init__(message)
        self.reason = reason


class UnverifiableError(BonbangError):
    """Whether the announcement was posted cannot be found out."""


Outcome = Literal["sent", "skipped", "failed", "unknown"]
"""How a delivery was settled. `unknown` means that it may or may not have been posted."""

RateLimit = Callable[[], Coroutine[Any, Any, None]]
"""Waits until another request may be sent. Raises OperatorError if none should be."""


@dataclass(frozen=True, slots=True)
class DueCountdown:
    """A countdown with its title."""

    countdown: Countdown
    title: Title


class DeliveryStore(Protocol):
    """Stores countdowns and deliveries. Several announcers may use it concurrently."""

    async def due_ids(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the ids of due countdowns, longest due first.

        A countdown with an unsettled change is not due.
        """
        ...

    async def load(self, countdown_id: int) -> DueCountdown | None:
        """Return a countdown with its title, or None if it is paused or no longer exists."""
        ...

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        """Store a decision, and its delivery with a lease until `until`.

        Returns False, and stores nothing, if the countdown has changed since it was loaded, or has
        an unsettled change. Returns False, too, if another countdown in the same channel, to a
        title that was joined with this one, announces the same; the delivery is then skipped.
        """
        ...

    async def expired_claims(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Return unsettled deliveries whose lease has expired, after a crash or for a retry."""
        ...

    async def renew_claim(
        self, delivery_id: str, now: datetime, until: datetime
    ) -> Delivery | None:
        """Renew an expired lease for another attempt, which may post the message from now on.

        Returns the delivery, with `claimed_at` as the time of this attempt if no other may have
        posted it, or None if another process renewed it first.
        """
        ...

    async def extend_leases(self, delivery_ids: Collection[str], until: datetime) -> None:
        """Extend the leases of deliveries that are being sent."""
        ...

    async def schedule_retry(self, delivery: Delivery, until: datetime, error: str) -> None:
        """Store a failed attempt: `attempts`, `maybe_posted`, the error, and when to retry."""
        ...

    async def move(self, delivery: Delivery) -> None:
        """Store the channel of a delivery that was certainly not posted in another one."""
        ...

    async def settle(
        self,
        delivery: Delivery,
        outcome: Outcome,
        message_id: int | None = None,
        error: str | None = None,
    ) -> None:
        """Settle a delivery.

        A change that was announced becomes the known release of its countdown, which is then due.
        """
        ...

    async def fail(
        self, delivery: Delivery, reason: PauseReason, error: str, now: datetime
    ) -> None:
        """Settle a delivery as failed, and pause its countdown with a notice that is due `now`.

        The countdown is not paused if it has been moved to another channel.
        """
        ...

    async def defer_countdown(self, countdown_id: int, until: datetime) -> None:
        """Do not handle a countdown before `until`."""
        ...

    async def due_notices(self, now: datetime, limit: int) -> Sequence[DueCountdown]:
        """Return the paused countdowns whose servers have to be notified."""
        ...

    async def claim_notice(self, countdown_id: int, now: datetime, until: datetime) -> bool:
        """Claim a due notice. It is due again at `until`, unless it is settled.

        Returns False if another process claimed it first.
        """
        ...

    async def settle_notice(self, countdown_id: int) -> None:
        """Store that a server was notified, or cannot be."""
        ...

    async def next_wake_at(self) -> datetime | None:
        """Return when the next countdown, retry or notice is due."""
        ...


class AnnouncementSender(Protocol):
    """Sends announcements to channels."""

    async def send(self, due: DueCountdown, delivery: Delivery) -> int:
        """Post an announcement. Returns the message id.

        Raises TransientError, PermanentError.
        """
        ...

    async def find_sent(self, due: DueCountdown, delivery: Delivery) -> int | None:
        """Search the channel for an announcement that may already have been sent.

        Raises TransientError, PermanentError, UnverifiableError.
        """
        ...

    async def notify_guild(self, due: DueCountdown) -> None:
        """Notify a server that one of its countdowns was paused.

        Raises TransientError, PermanentError.
        """
        ...
