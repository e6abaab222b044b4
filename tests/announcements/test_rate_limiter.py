"""The rate limiter spaces announcements evenly."""

import asyncio

import pytest

from bot.announcements.rate_limiter import RateLimiter


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The durations passed to asyncio.sleep, which returns at once."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr("bot.announcements.rate_limiter.asyncio.sleep", sleep)
    return found


@pytest.fixture
def loop_time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The event loop's time, which tests set."""
    now = [1000.0]

    class Loop:
        def time(self) -> float:
            return now[0]

    monkeypatch.setattr(asyncio, "get_running_loop", Loop)
    return now


def acquire(limiter: RateLimiter, times: int) -> None:
    for _ in range(times):
        with pytest.raises(StopIteration):
            limiter.acquire().send(None)


def test_burst_passes_at_once_and_the_rest_are_evenly_spaced(
    slept: list[float], loop_time: list[float]
) -> None:
    acquire(RateLimiter(10, 3), 6)
    assert slept == pytest.approx([0.1, 0.2, 0.3])


def test_caller_that_oversleeps_does_not_delay_the_next(
    slept: list[float], loop_time: list[float]
) -> None:
    limiter = RateLimiter(10, 1)
    acquire(limiter, 2)
    loop_time[0] += 0.15
    acquire(limiter, 1)
    assert slept == pytest.approx([0.1, 0.05])


def test_unused_time_allows_no_more_than_the_burst(
    slept: list[float], loop_time: list[float]
) -> None:
    limiter = RateLimiter(10, 2)
    acquire(limiter, 1)
    loop_time[0] += 60
    acquire(limiter, 4)
    assert slept == pytest.approx([0.1, 0.2])


def test_no_second_has_more_requests_than_rate_plus_burst(
    slept: list[float], loop_time: list[float]
) -> None:
    acquire(RateLimiter(46, 3), 500)
    turns = [0.0] * 3 + slept
    assert max(sum(start <= turn < start + 1 for turn in turns) for start in turns) <= 49
