"""Keeps one member, or one server, from slowing the bot for everyone else."""

import time
from collections.abc import Callable
from dataclasses import dataclass

# A fast typist causes about 8 autocompletions per second, a large server at a premiere about 100.
# A burst takes less than a second, even if every search is a slow one.
MEMBER_RATE, MEMBER_BURST = 10.0, 20
GUILD_RATE, GUILD_BURST = 120.0, 120

# How many interactions of a member over a limit are answered at a time. One is not enough: after
# Discord has an answer, and the member asks again, the bot still waits for Discord's response.
MAX_ACTIVE_OVER_LIMIT = 3

# How often a member is told that they are over a limit, in seconds.
NOTICE_INTERVAL = 3.0

# A bucket that was not used for so many seconds is full again and can be forgotten.
FORGET_AFTER = 10.0


@dataclass(slots=True)
class _Bucket:
    """The tokens of a member or a server. `active` is how many interactions of a member are being
    answered, `noticed_at` when the member was last told that they are over a limit."""

    tokens: float
    used_at: float
    active: int = 0
    noticed_at: float | None = None


class _Buckets:
    """Token buckets by id, the most recently used last."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._by_id: dict[int, _Bucket] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def refilled(self, key: int, now: float) -> _Bucket:
        """Return a bucket, with the tokens of the time since it was last used."""
        self._forget_unused(now)
        bucket = self._by_id.pop(key, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.used_at) * self._rate)
        bucket.used_at = now
        self._by_id[key] = bucket
        return bucket

    def _forget_unused(self, now: float) -> None:
        while self._by_id:
            oldest = next(iter(self._by_id))
            if now - self._by_id[oldest].used_at < FORGET_AFTER:
                return
            del self._by_id[oldest]


class MemberLimits:
    """A token bucket for each member and each server.

    A member over a limit is still answered, but only `MAX_ACTIVE_OVER_LIMIT` interactions at a
    time, so nobody who waits for each answer is ever refused. `monotonic` returns the seconds of
    a clock that never goes back.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._members = _Buckets(MEMBER_RATE, MEMBER_BURST)
        self._guilds = _Buckets(GUILD_RATE, GUILD_BURST)

    def __len__(self) -> int:
        return len(self._members) + len(self._guilds)

    def start(self, user_id: int, guild_id: int | None) -> Callable[[], None] | None:
        """Count an interaction of a member. `guild_id` is None in a direct message.

        Returns a function to call once it has been answered, or None if it is over a limit.
        """
        now = self._monotonic()
        member = self._members.refilled(user_id, now)
        buckets = [member]
        if guild_id is not None:
            buckets.append(self._guilds.refilled(guild_id, now))
        # A member over their own limit takes no tokens from the others in the server.
        if all(bucket.tokens >= 1 for bucket in buckets):
            for bucket in buckets:
                bucket.tokens -= 1
        elif member.active >= MAX_ACTIVE_OVER_LIMIT:
            return None
        member.active += 1

        def finish() -> None:
            member.active -= 1

        return finish

    def notice_due(self, user_id: int) -> bool:
        """Return whether to tell a member over a limit, at most once in `NOTICE_INTERVAL`."""
        now = self._monotonic()
        member = self._members.refilled(user_id, now)
        if member.noticed_at is not None and now - member.noticed_at < NOTICE_INTERVAL:
            return False
        member.noticed_at = now
        return True
