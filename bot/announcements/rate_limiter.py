"""Limits the rate at which announcements are sent."""

import asyncio


class RateLimiter:
    """Allows `rate` requests per second, evenly spaced, with a burst of `burst` after idle time.

    Each caller is assigned a slot and sleeps until then. A caller that wakes up late does not
    delay the ones after it.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._interval = 1 / rate
        self._burst_allowance = (burst - 1) * self._interval
        self._next = 0.0

    async def acquire(self) -> None:
        """Wait until another request may be sent."""
        now = asyncio.get_running_loop().time()
        slot = max(self._next, now)
        self._next = slot + self._interval
        if (wait := slot - self._burst_allowance - now) > 0:
            await asyncio.sleep(wait)
