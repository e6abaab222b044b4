"""What the announcer depends on: a store of deliveries and a sender (ports)."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.announcements.model import Countdown, Decision, Delivery, PauseReason
from bot.catalog.model import Title
from bot.errors import BonbangError


class TransientError(BonbangError):
    """The announcement could not be sent now; a retry may succeed."""


class PermanentError(BonbangError):
    """The announcement cannot be sent until somebody changes something."""

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
    """Stores countdowns and deliveries, for any number of announcers at once."""

    async def due_ids(self, now: datetime, limit: int) -> Sequence[int]:
        """The ids of countdowns to look at, longest due first."""
        ...

    async def load(self, countdown_id: int) -> DueCountdown | None:
        """A countdown that is not paused, with its title; None if it no longer exists."""
        ...

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        """Write a decision, and the delivery with a lease, unless the countdown has changed.

        Returns whether it was written.
        """
        ...

    async def expired_claims(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Unsettled deliveries whose lease has expired: after a crash, or for a retry."""
        ...

    async def renew_claim(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Take over such a delivery for another attempt. Returns whether this was first."""
        ...

    async def schedule_retry(self, delivery_id: str, until: datetime, error: str) -> None:
        """Have a delivery retried at an instant."""
        ...

    async def settle(self, delivery: Delivery, outcome: str, message_id: int | None) -> None:
        """Close a delivery: `sent`, `skipped` or `failed`."""
        ...

    async def defer_countdown(self, countdown_id: int, until: datetime) -> None:
        """Handle a countdown no sooner than an instant."""
        ...

    async def pause_countdown(self, countdown_id: int, reason: PauseReason) -> None:
        """Pause a running countdown."""
        ...

    async def next_wake_at(self) -> datetime | None:
        """The next instant at which something is due or to be retried."""
        ...


class AnnouncementSender(Protocol):
    """Sends announcements to channels."""

    async def send(self, due: DueCountdown, delivery: Delivery) -> int:
        """Post an announcement. Returns the message's id. Raises PassingError, LastingError."""
        ...

    async def find_sent(self, due: DueCountdown, delivery: Delivery) -> int | None:
        """Search the channel for an announcement that may have been sent already.

        Raises PassingError, LastingError.
        """
        ...

    async def notify_guild(self, due: DueCountdown, reason: PauseReason) -> None:
        """Notify a server, once, that a countdown of theirs was paused. Never raises."""
        ...
