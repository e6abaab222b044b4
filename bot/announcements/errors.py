"""Errors raised when a countdown is created or changed."""

from bot.announcements.model import Countdown
from bot.errors import BonbangError


class DuplicateCountdownError(BonbangError):
    """The channel already has a countdown to this release."""

    def __init__(self, existing: Countdown) -> None:
        super().__init__(f"countdown {existing.id} is the same")
        self.existing = existing


class CountdownNotFoundError(BonbangError):
    """The countdown has been removed."""

    def __init__(self, countdown_id: int) -> None:
        super().__init__(f"countdown {countdown_id} was removed")


class CountdownLimitError(BonbangError):
    """The server has reached its countdown limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"a server may have {limit} countdowns")
        self.limit = limit


class ReleaseNotFoundError(BonbangError):
    """The title has no release for this event."""
