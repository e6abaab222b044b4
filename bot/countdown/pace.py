"""How fast announcements may follow one another."""

import asyncio


class Pace:
    """Lets `rate` pass a second, evenly, `burst` of them at once after a rest.

    A turn is given out for its instant, and slept until once: what oversleeps does not slow those
    behind it down.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._interval = 1 / rate
        self._ahead = (burst - 1) * self._interval
        self._next = 0.0

    async def __call__(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        turn = max(self._next, now)
        self._next = turn + self._interval
        if (wait := turn - self._ahead - now) > 0:
            await asyncio.sleep(wait)
