"""Limits how fast announcements are sent."""

import asyncio


class RateLimiter:
    """Allows `rate` requests a second, evenly spaced, `burst` of them at once after a pause.

    Each caller is given an instant and sleeps until it once: one that oversleeps does not slow
    down those behind it.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._interval = 1 / rate
        self._ahead = (burst - 1) * self._interval
        self._next = 0.0

    async def acquire(self) -> None:
        """Wait until another request may be sent."""
        now = asyncio.get_running_loop().time()
        turn = max(self._next, now)
        self._next = turn + self._interval
        if (wait := turn - self._ahead - now) > 0:
            await asyncio.sleep(wait)
