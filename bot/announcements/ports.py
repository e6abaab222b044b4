"""The announcer's interfaces (ports): a delivery store and a sender."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.announcements.model import Countdown, Decision, Delivery, PauseReason
from bot.catalog.model import Title
from bot.errors import BonbangError


class TransientError(BonbangError):
    """The announcement could not be sent. A retry may succeed."""


class PermanentError(BonbangError):
    """The announcement cannot be sent. A retry would fail, too."""

    def __init__(self, reason: PauseReason) -> None:
        super().__init__(str(reason))
        self.reason = reason


RateLimit = Callable[[], Coroutine[Any, Any, None]]
"""Waits until another request may be sent."""


@dataclass(frozen=True, slots=True)
class DueCountdown:
    """A countdown with its title."""

    countdown: Countdown
    title: Title


class DeliveryStore(Protocol):
    """Stores countdowns and deliveries. Several announcers may use it concurrently."""

    async def due_ids(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the ids of due countdowns, longest due first."""
        ...

    async def load(self, countdown_id: int) -> DueCountdown | None:
        """Return a countdown with its title, or None if it is paused or no longer exists."""
        ...

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        """Store a decision, and its delivery with a lease until `until`.

        Returns False, and stores nothing, if the countdown has changed since it was loaded.
        """
        ...

    async def expired_claims(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Return unsettled deliveries whose lease has expired, after a crash or for a retry."""
        ...

    async def renew_claim(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Renew an expired lease for another attempt.

        Returns False if another process renewed it first.
        """
        ...

    async def schedule_retry(self, delivery_id: str, until: datetime, error: str) -> None:
        """Schedule a delivery to be retried at `until`."""
        ...

    async def settle(self, delivery: Delivery, outcome: str, message_id: int | None) -> None:
        """Settle a delivery as `sent`, `skipped` or `failed`."""
        ...

    async def defer_countdown(self, countdown_id: int, until: datetime) -> None:
        """Do not handle a countdown before `until`."""
        ...

    async def pause_countdown(self, countdown_id: int, reason: PauseReason) -> None:
        """Pause a running countdown."""
        ...

    async def next_wake_at(self) -> datetime | None:
        """Return when the next countdown or retry is due."""
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

        Raises TransientError, PermanentError.
        """
        ...

    async def notify_guild(self, due: DueCountdown, reason: PauseReason) -> None:
        """Notify a server once that one of its countdowns was paused. Never raises."""
        ...
