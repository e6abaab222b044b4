"""Discord's rate limits: global, and per channel."""

import time
from collections import Counter
from collections.abc import Mapping

from tests.wire.replies import Reply, too_many_requests

NO_HEADERS: Mapping[str, str] = {}

# Sending and editing are counted separately, per channel.
_BUCKETS = {("POST", 4): "send", ("PATCH", 5): "edit"}


class Window:
    """So many requests in so many seconds, from the first request on."""

    __slots__ = ("_ends", "_used", "limit", "seconds")

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._ends = 0.0
        self._used = 0

    def take(self, now: float) -> bool:
        """Count a request; False if none was left."""
        if now >= self._ends:
            self._ends, self._used = now + self.seconds, 0
        if self._used >= self.limit:
            return False
        self._used += 1
        return True

    @property
    def remaining(self) -> int:
        """How many requests are left."""
        return self.limit - self._used

    def reset_after(self, now: float) -> float:
        """The seconds until the count restarts."""
        return max(0.0, self._ends - now)


class Limits:
    """Counts requests and refuses those over a limit. `refused` counts 429s by scope."""

    def __init__(
        self,
        *,
        global_limit: int | None,
        channel_limit: int | None,
        channel_seconds: float = 5.0,
    ) -> None:
        self.refused: Counter[str] = Counter()
        self._global = None if global_limit is None else Window(global_limit, 1.0)
        self._channel_limit = channel_limit
        self._channel_seconds = channel_seconds
        self._channels: dict[tuple[str, str], Window] = {}

    def refuse_globally(self, now: float) -> Reply | None:
        """Count a request to any route; a 429 if it exceeds the limit."""
        if self._global is None or self._global.take(now):
            return None
        self.refused["global"] += 1
        return too_many_requests(self._global.reset_after(now), "global", NO_HEADERS)

    def count(self, method: str, path: str, now: float) -> tuple[Reply | None, Mapping[str, str]]:
        """Count a request to its route. Returns a 429 if it exceeds the limit, and headers."""
        parts = path.split("/")
        name = _BUCKETS.get((method, len(parts)))
        if self._channel_limit is None or name is None or not _is_about_messages(parts):
            return None, NO_HEADERS
        window = self._window(name, parts[2])
        passed = window.take(now)
        headers = _headers(name, window, now)
        if passed:
            return None, headers
        self.refused["channel"] += 1
        return too_many_requests(window.reset_after(now), "user", headers), headers

    def _window(self, name: str, channel_id: str) -> Window:
        assert self._channel_limit is not None
        key = (name, channel_id)
        if key not in self._channels:
            self._channels[key] = Window(self._channel_limit, self._channel_seconds)
        return self._channels[key]


def _is_about_messages(parts: list[str]) -> bool:
    return parts[1] == "channels" and parts[3] == "messages"


def _headers(name: str, window: Window, now: float) -> dict[str, str]:
    # All five or none: if one is there, discord.py reads all.
    reset_after = window.reset_after(now)
    return {
        "X-RateLimit-Limit": str(window.limit),
        "X-RateLimit-Remaining": str(window.remaining),
        "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
        "X-RateLimit-Reset-After": f"{reset_after:.3f}",
        # The same for every channel: clients add the channel in the path.
        "X-RateLimit-Bucket": f"bucket-of-{name}",
    }
