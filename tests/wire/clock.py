"""Discord's clock: real time, moved by as much as a test likes, and never going back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# simcord offers no public way to give its backend another clock.
from simcord._clock import Clock


def real_time() -> datetime:
    """The present."""
    return datetime.now(UTC)


class WireClock(Clock):
    """What `source` says, plus what was added by `advance`; ids and timestamps come from it."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        super().__init__()
        self._source = source
        self._latest = source()

    def now(self) -> datetime:
        """The time. A source that is set back makes it stand, since ids must only grow."""
        self._latest = max(self._latest, self._source() + timedelta(seconds=self.elapsed))
        return self._latest
