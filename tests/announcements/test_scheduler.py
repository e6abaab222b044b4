"""The scheduler sleeps until a tick is due, and only cancelling ends it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.announcements.scheduler import Scheduler, Tick
from bot.errors import OperatorError
from tests.announcements.builders import at
from tests.announcements.fakes import FakeClock

START = at("2026-05-01T09:00")
Result = Callable[[], datetime | None]


class FakeSleep:
    """Replaces asyncio.sleep: returns at once and moves the clock forward."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.real_sleep = asyncio.sleep
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        await self.real_sleep(0)
        if seconds:
            self.slept.append(seconds)
            self.clock.forward(seconds=seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def fake_sleep(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> FakeSleep:
    fake_sleep = FakeSleep(clock)
    monkeypatch.setattr("bot.announcements.scheduler.asyncio.sleep", fake_sleep)
    return fake_sleep


class ScriptedTick:
    """A tick that returns each of the results in turn, and then cancels the scheduler."""

    def __init__(self, clock: FakeClock, *results: Result) -> None:
        self.clock = clock
        self.results = list(results)
        self.called_at: list[str] = []

    async def __call__(self) -> datetime | None:
        self.called_at.append(f"{self.clock.now:%H:%M:%S}")
        if not self.results:
            raise asyncio.CancelledError
        return self.results.pop(0)()


def fails() -> datetime | None:
    raise RuntimeError("a bug")


def cannot_write() -> datetime | None:
    raise OperatorError("the database is locked")


async def run_until_cancelled(scheduler: Scheduler, tick: Tick) -> None:
    with pytest.raises(asyncio.CancelledError):
        await scheduler.run(tick)


@pytest.mark.usefixtures("fake_sleep")
async def test_scheduler_sleeps_until_the_instant_that_a_tick_returns(clock: FakeClock) -> None:
    tick = ScriptedTick(clock, lambda: at("2026-05-01T09:00:20"), lambda: at("2026-05-01T09:00:21"))
    await run_until_cancelled(Scheduler("test", clock), tick)
    assert tick.called_at == ["09:00:00", "09:00:20", "09:00:21"]


@pytest.mark.usefixtures("fake_sleep")
async def test_scheduler_never_sleeps_longer_than_the_recheck_interval(clock: FakeClock) -> None:
    tick = ScriptedTick(clock, lambda: None, lambda: at("2026-06-01"), lambda: None)
    scheduler = Scheduler("test", clock, recheck=timedelta(minutes=2))
    await run_until_cancelled(scheduler, tick)
    assert tick.called_at == ["09:00:00", "09:02:00", "09:04:00", "09:06:00"]


async def test_scheduler_does_not_sleep_if_the_next_tick_is_due_already(
    clock: FakeClock, fake_sleep: FakeSleep
) -> None:
    tick = ScriptedTick(clock, lambda: START, lambda: START - timedelta(days=1))
    await run_until_cancelled(Scheduler("test", clock), tick)
    assert (tick.called_at, fake_sleep.slept) == (["09:00:00"] * 3, [])


@pytest.mark.usefixtures("fake_sleep")
async def test_failed_tick_is_logged_with_a_traceback_and_retried(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    tick = ScriptedTick(clock, fails, fails, lambda: at("2026-05-01T09:00:30"))
    await run_until_cancelled(Scheduler("retention", clock), tick)
    assert tick.called_at == ["09:00:00", "09:00:05", "09:00:10", "09:00:30"]
    assert [record.getMessage() for record in caplog.records] == [
        "retention: tick failed, retrying in 5 s"
    ] * 2
    assert all(record.exc_info for record in caplog.records)


@pytest.mark.usefixtures("fake_sleep")
async def test_operator_error_is_logged_with_the_name_of_the_scheduler(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    tick = ScriptedTick(clock, cannot_write, lambda: None)
    await run_until_cancelled(Scheduler("catalog refresh", clock), tick)
    assert tick.called_at == ["09:00:00", "09:00:05", "09:01:05"]
    [record] = caplog.records
    message = record.getMessage()
    assert message.startswith("catalog refresh: ")
    assert "the database is locked" in message
    assert "announcements" not in message
    assert not record.exc_info


@pytest.mark.usefixtures("fake_sleep")
async def test_wake_during_a_tick_runs_the_next_at_once(clock: FakeClock) -> None:
    def wakes() -> datetime | None:
        scheduler.wake()
        return at("2026-06-01")

    scheduler = Scheduler("test", clock)
    tick = ScriptedTick(clock, wakes, lambda: None)
    await run_until_cancelled(scheduler, tick)
    assert tick.called_at == ["09:00:00", "09:00:00", "09:01:00"]


@pytest.mark.usefixtures("fake_sleep")
async def test_clock_set_back_during_a_tick_delays_the_next_no_longer_than_the_recheck(
    clock: FakeClock, fake_sleep: FakeSleep
) -> None:
    def set_back() -> datetime | None:
        wanted = clock.now + timedelta(seconds=30)
        clock.forward(hours=-1)
        return wanted

    tick = ScriptedTick(clock, lambda: None, set_back)
    await run_until_cancelled(Scheduler("test", clock), tick)
    assert tick.called_at[0:2] == ["09:00:00", "09:01:00"]
    assert len(tick.called_at) == 3


@asynccontextmanager
async def running(scheduler: Scheduler, tick: Tick) -> AsyncGenerator[None]:
    task = asyncio.create_task(scheduler.run(tick))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()


class CountingTick:
    """A tick that counts its calls and has no next instant."""

    def __init__(self) -> None:
        self.calls = 0
        self.called = asyncio.Event()

    async def __call__(self) -> datetime | None:
        self.calls += 1
        self.called.set()
        return None


async def test_wake_ends_the_sleep(clock: FakeClock) -> None:
    tick = CountingTick()
    scheduler = Scheduler("test", clock, recheck=timedelta(days=1))
    async with running(scheduler, tick):
        for count in (1, 2, 3):
            await asyncio.wait_for(tick.called.wait(), 5)
            assert tick.calls == count
            tick.called.clear()
            await asyncio.sleep(0.01)
            assert tick.calls == count
            scheduler.wake()


async def test_scheduler_cancelled_while_asleep_leaves_no_task_behind(clock: FakeClock) -> None:
    tick = CountingTick()
    before = asyncio.all_tasks()
    async with running(Scheduler("test", clock, recheck=timedelta(days=1)), tick):
        await asyncio.wait_for(tick.called.wait(), 5)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_wake_before_the_start_or_after_the_end_is_harmless(clock: FakeClock) -> None:
    tick = CountingTick()
    scheduler = Scheduler("test", clock, recheck=timedelta(days=1))
    scheduler.wake()
    async with running(scheduler, tick):
        await asyncio.wait_for(tick.called.wait(), 5)
    scheduler.wake()
    assert tick.calls == 1
