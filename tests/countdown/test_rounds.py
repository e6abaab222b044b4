"""The scheduled task: it sleeps until something is due, and nothing ends it but being told to."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.countdown.rounds import Rounds
from tests.countdown.fakes import FakeClock
from tests.countdown.making import at

START = at("2026-05-01T09:00")
Tick = Callable[[], datetime | None]


class Sleeper:
    """In place of asyncio.sleep: time passes at once, until the rounds were to go on too long."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.real = asyncio.sleep
        self.naps: list[float] = []

    async def __call__(self, seconds: float) -> None:
        await self.real(0)
        if seconds:
            self.naps.append(seconds)
            self.clock.forward(seconds=seconds)


@pytest.fixture
def time_passes() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def sleeper(time_passes: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Sleeper:
    sleeper = Sleeper(time_passes)
    monkeypatch.setattr("bot.countdown.rounds.asyncio.sleep", sleeper)
    return sleeper


class Ticks:
    """A tick that answers each call in turn, and ends the rounds when it has no more answers."""

    def __init__(self, clock: FakeClock, *answers: Tick) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.at: list[str] = []

    async def __call__(self) -> datetime | None:
        self.at.append(f"{self.clock.now:%H:%M:%S}")
        if not self.answers:
            raise asyncio.CancelledError
        return self.answers.pop(0)()


def fails() -> datetime | None:
    raise RuntimeError("the database is locked")


async def made(rounds: Rounds) -> None:
    """Make rounds until the ticks end them."""
    with pytest.raises(asyncio.CancelledError):
        await rounds.run()


@pytest.mark.usefixtures("sleeper")
async def test_it_sleeps_until_something_is_due(time_passes: FakeClock) -> None:
    ticks = Ticks(time_passes, lambda: at("2026-05-01T09:00:20"), lambda: at("2026-05-01T09:00:21"))
    await made(Rounds(ticks, time_passes))
    assert ticks.at == ["09:00:00", "09:00:20", "09:00:21"]


@pytest.mark.usefixtures("sleeper")
async def test_it_looks_again_once_in_a_while_whatever_is_known(time_passes: FakeClock) -> None:
    ticks = Ticks(time_passes, lambda: None, lambda: at("2026-06-01"), lambda: None)
    await made(Rounds(ticks, time_passes, recheck=timedelta(minutes=2)))
    assert ticks.at == ["09:00:00", "09:02:00", "09:04:00", "09:06:00"]


async def test_what_is_due_already_is_not_slept_for(
    time_passes: FakeClock, sleeper: Sleeper
) -> None:
    ticks = Ticks(time_passes, lambda: START, lambda: START - timedelta(days=1))
    await made(Rounds(ticks, time_passes))
    assert (ticks.at, sleeper.naps) == (["09:00:00"] * 3, [])


@pytest.mark.usefixtures("sleeper")
async def test_a_tick_that_fails_is_logged_and_the_next_follows(
    time_passes: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    ticks = Ticks(time_passes, fails, fails, lambda: at("2026-05-01T09:00:30"))
    await made(Rounds(ticks, time_passes))
    assert ticks.at == ["09:00:00", "09:00:05", "09:00:10", "09:00:30"]
    assert caplog.text.count("a round failed") == 2


@pytest.mark.usefixtures("sleeper")
async def test_woken_while_a_round_is_made_the_next_follows_at_once(time_passes: FakeClock) -> None:
    def wakes() -> datetime | None:
        rounds.wake()
        return at("2026-06-01")

    ticks = Ticks(time_passes, wakes, lambda: None)
    rounds = Rounds(ticks, time_passes)
    await made(rounds)
    assert ticks.at == ["09:00:00", "09:00:00", "09:01:00"]


@pytest.mark.usefixtures("sleeper")
async def test_a_clock_set_back_holds_nothing_up_for_long(time_passes: FakeClock) -> None:
    def set_back() -> datetime | None:
        wanted = time_passes.now + timedelta(seconds=30)
        time_passes.forward(hours=-1)
        return wanted

    ticks = Ticks(time_passes, lambda: None, set_back)
    await made(Rounds(ticks, time_passes))
    assert ticks.at[0:2] == ["09:00:00", "09:01:00"]
    assert len(ticks.at) == 3


@asynccontextmanager
async def running(rounds: Rounds) -> AsyncGenerator[asyncio.Task[None]]:
    task = asyncio.create_task(rounds.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()


def counting() -> tuple[Callable[[], "asyncio.Future[datetime | None]"], list[int], asyncio.Event]:
    calls: list[int] = []
    called = asyncio.Event()

    def tick() -> "asyncio.Future[datetime | None]":
        calls.append(len(calls))
        called.set()
        answer: asyncio.Future[datetime | None] = asyncio.get_running_loop().create_future()
        answer.set_result(None)
        return answer

    return tick, calls, called


async def test_woken_from_its_sleep_it_makes_a_round_at_once(time_passes: FakeClock) -> None:
    tick, calls, called = counting()
    rounds = Rounds(tick, time_passes, recheck=timedelta(days=1))
    async with running(rounds):
        for count in (1, 2, 3):
            await asyncio.wait_for(called.wait(), 5)
            assert len(calls) == count
            called.clear()
            await asyncio.sleep(0.01)
            assert len(calls) == count
            rounds.wake()


async def test_cancelled_in_its_sleep_it_leaves_nothing_behind(time_passes: FakeClock) -> None:
    tick, _calls, called = counting()
    before = asyncio.all_tasks()
    async with running(Rounds(tick, time_passes, recheck=timedelta(days=1))):
        await asyncio.wait_for(called.wait(), 5)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_woken_before_it_runs_or_after_is_no_error(time_passes: FakeClock) -> None:
    tick, calls, called = counting()
    rounds = Rounds(tick, time_passes, recheck=timedelta(days=1))
    rounds.wake()
    async with running(rounds):
        await asyncio.wait_for(called.wait(), 5)
    rounds.wake()
    assert len(calls) == 1
