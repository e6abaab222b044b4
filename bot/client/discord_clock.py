"""The time by Discord's clock, from the `Date` header of its responses.

What is due and what was announced is judged by this clock, since the host's clock may be wrong or
may be set while the bot runs.
"""

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

from bot.clock import Clock, describe_offset

_log = logging.getLogger(__name__)

# A `Date` header has whole seconds, and a response takes some time to arrive.
_TRUNCATED = timedelta(seconds=1)
_LATENCY = timedelta(seconds=0.25)

# Other years come from a broken clock.
_PLAUSIBLE_YEARS = range(2020, 2200)

# A larger difference has to be confirmed by a second response.
_TOLERANCE = timedelta(seconds=3)

# A difference to the host's clock that the operator should know of.
_WARNING_THRESHOLD = timedelta(minutes=1)

# How far the host's clock and the uptime may drift apart until the time is measured again.
_MAX_DRIFT = timedelta(seconds=5)


class DiscordClock:
    """Returns the current time in UTC.

    Before the first response from Discord, this is the time of the host's clock. From then on, the
    clock runs by `monotonic`, in seconds, which cannot be set.
    """

    def __init__(self, host: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._host = host
        self._monotonic = monotonic
        # Discord's time, monotonic seconds and the host's time at one moment.
        self._anchor: tuple[datetime, float, datetime] | None = None
        self._is_doubtful = False
        self._is_measuring = False
        self._unconfirmed: tuple[datetime, float] | None = None
        self._reported = timedelta()

    def __call__(self) -> datetime:
        """Return the current time."""
        if self._anchor is None:
            return self._host()
        instant, uptime, _host = self._anchor
        return instant + timedelta(seconds=self._monotonic() - uptime)

    @property
    def offset(self) -> timedelta | None:
        """How far the host's clock is ahead of Discord's, or None if that is unknown."""
        return None if self._anchor is None else self._host() - self()

    @property
    def is_uncertain(self) -> bool:
        """Whether the time has to be measured again.

        This is so after the host's clock was set, the machine was suspended, or a response had
        another time than expected.
        """
        if self._is_doubtful:
            return True
        if self._anchor is None:
            return False
        _instant, uptime, host = self._anchor
        by_uptime = timedelta(seconds=self._monotonic() - uptime)
        return abs((self._host() - host) - by_uptime) > _MAX_DRIFT

    def observe(self, date_header: str | None) -> None:
        """Set the clock by the `Date` header of a response (RFC 9110).

        Invalid ones are ignored. A time that neither this clock nor the host's agrees with has to
        be confirmed by a measurement.
        """
        seen = _parse(date_header)
        if seen is None:
            return
        if abs(seen - self()) <= _TOLERANCE:
            # The running clock is more precise than a header, and headers set its bounds.
            self._set(min(max(self(), seen), seen + _TRUNCATED + _LATENCY))
        elif abs(seen - self._host()) <= _TOLERANCE or self._is_confirmed(seen):
            self._set(seen + _TRUNCATED / 2)
        else:
            # It may come from a proxy whose clock is wrong.
            self._is_doubtful = True
            self._unconfirmed = (seen, self._monotonic())

    @contextmanager
    def measurement(self) -> Generator[None]:
        """Within the context, two responses that agree with each other set the clock."""
        self._is_measuring, self._unconfirmed = True, None
        try:
            yield
        finally:
            self._is_measuring = False

    def _set(self, instant: datetime) -> None:
        self._anchor = (instant, self._monotonic(), self._host())
        self._is_doubtful, self._unconfirmed = False, None
        self._report()

    def _is_confirmed(self, seen: datetime) -> bool:
        if not self._is_measuring or self._unconfirmed is None:
            return False
        instant, uptime = self._unconfirmed
        expected = instant + timedelta(seconds=self._monotonic() - uptime)
        return abs(seen - expected) <= _TOLERANCE

    def observe_responses(self, config: aiohttp.TraceConfig) -> None:
        """Set the clock by every successful response of the REST API.

        Errors may come from a proxy.
        """

        async def on_end(
            _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            if end.response.ok and end.response.status >= HTTPStatus.OK:
                self.observe(end.response.headers.get("Date"))

        config.on_request_end.append(on_end)

    def _report(self) -> None:
        offset = self.offset or timedelta()
        if abs(offset - self._reported) < _WARNING_THRESHOLD:
            return
        self._reported = offset
        if abs(offset) < _WARNING_THRESHOLD:
            _log.info("the clock of this machine agrees with Discord's again")
        else:
            _log.warning(
                "the clock of this machine is %s Discord's. Announcements follow Discord's clock. "
                "Set this machine's clock, for example with NTP.",
                describe_offset(offset),
            )


def _parse(date_header: str | None) -> datetime | None:
    """Return the time in a `Date` header, or None if it is invalid."""
    try:
        seen = parsedate_to_datetime(date_header or "")
    except (TypeError, ValueError, OverflowError):
        return None
    if seen.tzinfo is None or seen.year not in _PLAUSIBLE_YEARS:
        return None
    return seen.astimezone(UTC)
