"""Announcements follow one another at a pace."""

import asyncio

import pytest

from bot.countdown.pace import Pace


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each sleep was to be; none is slept."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr("bot.countdown.pace.asyncio.sleep", sleep)
    return found


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The loop's time, to be set."""
    now = [1000.0]

    class Loop:
        def time(self) -> float:
            return now[0]

    monkeypatch.setattr(asyncio, "get_running_loop", Loop)
    return now


def run(pace: Pace, times: int) -> None:
    for _ in range(times):
        with pytest.raises(StopIteration):
            pace().send(None)


def test_a_few_pass_at_once_and_the_rest_one_after_another(
    slept: list[float], at: list[float]
) -> None:
    run(Pace(10, 3), 6)
    assert slept == pytest.approx([0.1, 0.2, 0.3])


def test_who_oversleeps_slows_nobody_down(slept: list[float], at: list[float]) -> None:
    pace = Pace(10, 1)
    run(pace, 2)
    at[0] += 0.15
    run(pace, 1)
    assert slept == pytest.approx([0.1, 0.05])


def test_a_rest_is_not_saved_up(slept: list[float], at: list[float]) -> None:
    pace = Pace(10, 2)
    run(pace, 1)
    at[0] += 60
    run(pace, 4)
    assert slept == pytest.approx([0.1, 0.2])


def test_no_second_holds_more_than_the_rate_and_the_burst(
    slept: list[float], at: list[float]
) -> None:
    run(Pace(46, 3), 500)
    turns = [0.0] * 3 + slept
    assert max(sum(start <= turn < start + 1 for turn in turns) for start in turns) <= 49
