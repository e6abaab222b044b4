"""Discord's clock: real time plus what tests add; it never goes back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# simcord offers no public way to give its backend another clock.
from simcord._clock import Clock


def real_time() -> datetime:
    """The current time."""
    return datetime.now(UTC)


class WireClock(Clock):
    """The time of `source` plus what `advance` added; ids and timestamps come from it."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        super().__init__()
        self._source = source
        self._latest = source()

    def now(self) -> datetime:
        """The time. If the source is set back, it stops, since ids must only grow."""
        self._latest = max(self._latest, self._source() + timedelta(seconds=self.elapsed))
        return self._latest
