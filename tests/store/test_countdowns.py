"""Countdowns and servers' choices as they are kept."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.countdown.model import Countdown, Decision, PauseReason
from bot.countdown.occasions import Kind, Occasion, Schedule
from bot.store.countdowns import (
    LIMIT,
    AlreadyThereError,
    CountdownStore,
    ServerChoices,
    TooManyError,
)
from bot.store.database import Database
from bot.store.ledger import DatabaseLedger
from bot.store.upkeep import Upkeep
from tests.conftest import NOW
from tests.countdown.fakes import FakeClock
from tests.countdown.making import a_countdown, at

DAYS = timedelta(days=1)


async def count(database: Database, table: str) -> int:
    async with database.read() as connection:
        return (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608


async def test_a_countdown_is_kept_as_it_is(store: CountdownStore) -> None:
    schedule = Schedule((100, 7, 0), time(21, 30), ZoneInfo("Asia/Seoul"))
    countdown = a_countdown(
        guild_id=2**63 - 1,
        channel_id=2**62,
        schedule=schedule,
        language="pt-BR",
        role_id=2**61,
        publish=True,
        slot="premiere · Netflix · worldwide",
        seen="2026-05-14|announced",
    )
    added = await store.add(countdown)
    assert added == replace(countdown, id=added.id)
    assert await store.get(countdown.guild_id, added.id) == added
    assert await store.of_server(countdown.guild_id) == [added]


@pytest.mark.parametrize("reason", [None, *PauseReason])
async def test_every_state_of_one_is_kept(
    store: CountdownStore, reason: PauseReason | None
) -> None:
    added = await store.add(a_countdown(paused=reason, due=None))
    assert await store.of_server(10) == [added]


async def test_one_is_found_in_its_own_server_only(store: CountdownStore) -> None:
    added = await store.add(a_countdown())
    assert await store.get(11, added.id) is None
    await store.remove(11, added.id)
    await store.change(replace(added, guild_id=11, channel_id=5))
    assert await store.of_server(10) == [added]
    await store.remove(10, added.id)
    assert await store.of_server(10) == []


async def test_the_same_show_event_and_channel_are_refused_and_named(
    store: CountdownStore,
) -> None:
    first = await store.add(a_countdown())
    with pytest.raises(AlreadyThereError) as caught:
        await store.add(a_countdown(language="ko", role_id=7))
    assert caught.value.existing == first
    for other in ({"channel_id": 101}, {"slot": "finale"}, {"title_id": "other"}, {"guild_id": 11}):
        await store.add(a_countdown(**other))
    assert len(await store.of_server(10)) == 4


async def test_changing_one_into_another_is_refused_and_named(store: CountdownStore) -> None:
    first = await store.add(a_countdown())
    second = await store.add(a_countdown(channel_id=101))
    with pytest.raises(AlreadyThereError) as caught:
        await store.change(replace(second, channel_id=100))
    assert caught.value.existing == first
    assert await store.get(10, second.id) == second


async def test_a_server_has_no_more_than_it_may(store: CountdownStore) -> None:
    for number in range(LIMIT):
        await store.add(a_countdown(channel_id=number))
    with pytest.raises(TooManyError):
        await store.add(a_countdown(channel_id=LIMIT))
    # Each server for itself, and one removed makes room.
    await store.add(a_countdown(guild_id=11, channel_id=LIMIT))
    [oldest, *_rest] = await store.of_server(10)
    await store.remove(10, oldest.id)
    await store.add(a_countdown(channel_id=LIMIT))
    assert len(await store.of_server(10)) == LIMIT == 100


async def test_many_at_once_are_no_more_than_it_may(store: CountdownStore) -> None:
    adding = (store.add(a_countdown(channel_id=number)) for number in range(LIMIT + 20))
    outcomes = await asyncio.gather(*adding, return_exceptions=True)
    assert sum(isinstance(one, TooManyError) for one in outcomes) == 20
    assert len(await store.of_server(10)) == LIMIT


async def test_a_change_is_later_than_what_was_decided_before(store: CountdownStore) -> None:
    added = await store.add(a_countdown())
    await store.change(replace(added, role_id=7))
    changed = await store.get(10, added.id)
    assert changed == replace(added, role_id=7, version=added.version + 1)


async def test_what_a_server_chose(store: CountdownStore) -> None:
    assert await store.choices(10) == ServerChoices()
    chosen = ServerChoices("ko", "Asia/Seoul", time(21, 30))
    await store.choose(10, chosen)
    await store.choose(11, ServerChoices(zone="UTC"))
    assert await store.choices(10) == chosen
    await store.choose(10, ServerChoices(at=time()))
    assert await store.choices(10) == ServerChoices(at=time())
    assert await store.choices(11) == ServerChoices(zone="UTC")


async def test_removed_from_a_server_all_of_its_countdowns_rest(store: CountdownStore) -> None:
    running = await store.add(a_countdown())
    by_hand = await store.add(a_countdown(channel_id=101, paused=PauseReason.BY_HAND, due=None))
    elsewhere = await store.add(a_countdown(guild_id=11))
    await store.left(10, NOW)
    [rests, as_before] = await store.of_server(10)
    left = replace(running, paused=PauseReason.LEFT, due=None, version=running.version + 1)
    assert (rests, as_before) == (left, by_hand)
    assert await store.of_server(11) == [elsewhere]


async def left_then(store: CountdownStore, after: timedelta) -> list[Countdown]:
    """A server that was left with a countdown and a choice; what it has so long after."""
    await store.add(a_countdown())
    await store.choose(10, ServerChoices(zone="Asia/Seoul"))
    await store.left(10, NOW)
    await store.forget_left(NOW + after)
    return await store.of_server(10)


@pytest.mark.parametrize("after", [DAYS, 30 * DAYS])
async def test_a_return_within_thirty_days_finds_them_paused(
    store: CountdownStore, after: timedelta
) -> None:
    [kept] = await left_then(store, after)
    assert kept.paused is PauseReason.LEFT
    assert await store.choices(10) == ServerChoices(zone="Asia/Seoul")
    await store.returned(10)
    await store.forget_left(NOW + 365 * DAYS)
    assert await store.of_server(10) == [kept]


async def test_after_that_everything_of_the_server_is_erased(
    store: CountdownStore, database: Database
) -> None:
    await store.add(a_countdown(guild_id=11))
    added = await store.add(a_countdown(channel_id=7))
    skipped = [Occasion(Kind.HALF, NOW, NOW)]
    ledger = DatabaseLedger(database)
    assert await ledger.claim(added, Decision(None, skipped, NOW, "|", NOW), None, NOW)
    assert await left_then(store, 30 * DAYS + timedelta(seconds=1)) == []
    assert await store.choices(10) == ServerChoices()
    assert [await count(database, table) for table in ("servers", "deliveries")] == [0, 0]
    assert len(await store.of_server(11)) == 1
    assert await store.forget_left(NOW + 365 * DAYS) == 0


async def test_a_server_that_chose_nothing_is_left_as_well(store: CountdownStore) -> None:
    await store.left(10, NOW)
    await store.left(10, NOW + 20 * DAYS)
    assert await store.forget_left(NOW + 31 * DAYS) == 0
    assert await store.forget_left(NOW + 51 * DAYS) == 1


async def test_upkeep_is_done_once_a_day_before_what_the_tick_is_for(
    store: CountdownStore, database: Database
) -> None:
    await store.add(a_countdown())
    await store.left(10, NOW - 40 * DAYS)
    passing, seen = FakeClock(NOW), list[int]()

    async def tick() -> Any:
        seen.append(len(await store.of_server(10)))
        return at("2027-01-01")

    upkeep = Upkeep(tick, DatabaseLedger(database), store, passing)
    assert await upkeep() == at("2027-01-01")
    await store.add(a_countdown())
    await store.left(10, NOW - 40 * DAYS)
    passing.forward(hours=23)
    await upkeep()
    passing.forward(hours=1)
    await upkeep()
    assert seen == [0, 1, 0]


async def test_what_is_next_and_what_rests_for_the_host(store: CountdownStore) -> None:
    third = await store.add(a_countdown(due=at("2026-05-03")))
    first = await store.add(a_countdown(channel_id=101, due=at("2026-05-01")))
    await store.add(a_countdown(channel_id=102, due=None))
    lost = await store.add(a_countdown(channel_id=103, due=None, paused=PauseReason.MISSING))
    await store.add(a_countdown(channel_id=104, due=None, paused=PauseReason.BY_HAND))
    away = await store.add(a_countdown(guild_id=11, due=None, paused=PauseReason.LEFT))
    assert list(await store.next_due(10)) == [first, third]
    assert list(await store.next_due(1)) == [first]
    assert list(await store.paused(10)) == [away, lost]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    hour=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    milestones=st.lists(st.integers(0, 1000), min_size=1, max_size=30, unique=True),
    slot=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    minutes=st.integers(0, 10**8),
)
async def test_any_choice_is_kept(
    store: CountdownStore, hour: time, milestones: list[int], slot: str, minutes: int
) -> None:
    schedule = Schedule(tuple(milestones), hour, ZoneInfo("Europe/Berlin"))
    due = at("1971-01-01") + timedelta(minutes=minutes)
    added = await store.add(a_countdown(schedule=schedule, slot=slot, due=due))
    assert await store.get(10, added.id) == added
    await store.remove(10, added.id)
