"""What the announcer needs of the world: where countdowns are kept, and where they are posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.catalog.model import Title
from bot.countdown.model import Countdown, Decision, Delivery, PauseReason
from bot.errors import BonbangError


class PassingError(BonbangError):
    """The announcement did not get through now; the same may succeed later."""


class LastingError(BonbangError):
    """The announcement cannot get through until somebody changes something."""

    def __init__(self, reason: PauseReason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Due:
    """A countdown with the title that it counts down to."""

    countdown: Countdown
    title: Title


class Ledger(Protocol):
    """Keeps countdowns and deliveries, for any number of announcers at once."""

    async def due(self, now: datetime, limit: int) -> Sequence[int]:
        """The ids of countdowns to look at, longest due first."""
        ...

    async def load(self, countdown_id: int) -> Due | None:
        """A countdown that is not paused, with its title; None where there is none (any more)."""
        ...

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        """Write a decision down, and the delivery with a lease, unless somebody was quicker.

        Tells whether this was first. Nothing is written where it was not.
        """
        ...

    async def unsettled(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Deliveries claimed and not settled whose lease has run out: a crash, or to be retried."""
        ...

    async def renew(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Take such a delivery over for another attempt. Tells whether this was first."""
        ...

    async def postpone(self, delivery_id: str, until: datetime, error: str) -> None:
        """Leave a delivery to be taken up again at an instant."""
        ...

    async def settle(self, delivery: Delivery, outcome: str, message_id: int | None) -> None:
        """Close a delivery: `sent`, `skipped` or `failed`."""
        ...

    async def put_off(self, countdown_id: int, until: datetime) -> None:
        """Look at a countdown no sooner than an instant."""
        ...

    async def pause(self, countdown_id: int, reason: PauseReason) -> None:
        """Let a countdown rest."""
        ...

    async def next_wake(self) -> datetime | None:
        """The next instant at which something is due or to be retried."""
        ...


class Poster(Protocol):
    """Posts announcements. Each call is one request or more of a channel's server."""

    async def post(self, due: Due, delivery: Delivery) -> int:
        """Post an announcement. Returns the message's id. Raises PassingError, LastingError."""
        ...

    async def find(self, due: Due, delivery: Delivery) -> int | None:
        """Look in the channel for an announcement that may have been posted already.

        Raises PassingError, LastingError.
        """
        ...

    async def tell_server(self, due: Due, reason: PauseReason) -> None:
        """Tell a server, once, that a countdown of theirs was paused. Never raises."""
        ...
