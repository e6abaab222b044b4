"""Discord's time is measured again before anything is decided on an uncertain clock."""

from datetime import timedelta

import aiohttp
import pytest

from bot.client.clock_check import ClockCheck
from bot.client.discord_clock import DiscordClock
from bot.errors import OperatorError
from bot.store.clock_offset import ClockOffset, ClockOffsetStore
from bot.store.database import Database
from tests.client.test_discord_clock import HEADER, SEEN, Machine

HOUR = timedelta(hours=1)


class Check:
    """A check whose measurements succeed or fail."""

    def __init__(self, clock: DiscordClock, database: Database) -> None:
        self.store = ClockOffsetStore(database)
        self.measured = 0
        self.error: Exception | None = None
        self._clock = clock
        self.measure = self._measure
        self.check = ClockCheck(clock, self.store, lambda: self.measure())

    async def _measure(self) -> None:
        self.measured += 1
        if self.error is not None:
            raise self.error
        self._clock.observe(HEADER)


async def test_certain_clock_needs_no_request(database: Database) -> None:
    machine = Machine(HOUR)
    machine.measure()
    checked = Check(machine.clock, database)
    await checked.check.run()
    assert checked.measured == 0
    assert await checked.store.get() == ClockOffset(HOUR, SEEN)


async def test_clock_that_was_set_is_measured_again(database: Database) -> None:
    machine = Machine()
    machine.clock.observe(HEADER)
    checked = Check(machine.clock, database)
    await checked.check.run()
    machine.time += HOUR
    await checked.check.run()
    await checked.check.run()
    assert checked.measured == 2
    assert await checked.store.get() == ClockOffset(HOUR, SEEN)


async def test_nothing_is_decided_while_the_time_cannot_be_measured(database: Database) -> None:
    machine = Machine()
    machine.clock.observe(HEADER)
    checked = Check(machine.clock, database)
    machine.time += HOUR
    checked.error = aiohttp.ClientError("unreachable")
    with pytest.raises(OperatorError, match="can't compare the clock with Discord's: unreachable"):
        await checked.check.run()
    checked.error = None
    await checked.check.run()
    assert checked.measured == 3


async def test_offset_is_stored_only_when_it_changes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine()
    machine.clock.observe(HEADER)
    checked = Check(machine.clock, database)
    recorded: list[timedelta] = []
    record = checked.store.record

    async def count(offset: timedelta, *arguments: object) -> None:
        recorded.append(offset)
        await record(offset, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(checked.store, "record", count)
    for seconds in (0, 3, 3, 600, 602):
        machine.time = SEEN + timedelta(seconds=seconds)
        machine.clock.observe(HEADER)
        await checked.check.run()
    assert recorded == [timedelta(), timedelta(seconds=600)]


async def test_without_a_measurement_nothing_is_stored(database: Database) -> None:
    checked = Check(Machine().clock, database)
    await checked.check.run()
    assert (checked.measured, await checked.store.get()) == (0, None)


async def test_nothing_is_decided_while_responses_differ(database: Database) -> None:
    machine = Machine()
    machine.clock.observe(HEADER)
    checked = Check(machine.clock, database)
    machine.time += HOUR
    hours = iter(range(10, 20))

    async def measure() -> None:
        machine.clock.observe(f"Fri, 01 May 2026 {next(hours)}:00:00 GMT")

    checked.measure = measure
    with pytest.raises(OperatorError, match="its responses differ"):
        await checked.check.run()
