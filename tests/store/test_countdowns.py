"""Storing countdowns."""

import asyncio
from dataclasses import fields, replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.announcements.errors import CountdownLimitError, DuplicateCountdownError
from bot.announcements.milestones import Schedule
from bot.announcements.model import NewCountdown, PauseReason, ReleaseState
from bot.store.countdowns import MAX_COUNTDOWNS, CountdownStore
from tests.announcements.builders import a_countdown, at, state


async def test_countdown_is_stored_and_read_back(countdowns: CountdownStore) -> None:
    schedule = Schedule((100, 7, 0), time(21, 30), ZoneInfo("Asia/Seoul"))
    countdown = a_countdown(
        guild_id=2**63 - 1,
        channel_id=2**62,
        schedule=schedule,
        language="pt-BR",
        role_id=2**61,
        publish=True,
        picture=True,
        release_key="premiere · Netflix · worldwide",
        known_release=state("2026-05-14", "announced"),
    )
    added = await countdowns.add(countdown)
    assert added == replace(countdown, id=added.id)
    assert await countdowns.get(countdown.guild_id, added.id) == added
    assert await countdowns.list_for_guild(countdown.guild_id) == [added]


@pytest.mark.parametrize(
    "known",
    [
        # Not certain, nothing known, no status, no window, all kinds of windows.
        None,
        state(),
        state("2026"),
        state(status="announced"),
        state("2026-H2", "rumoured"),
        state("2026-01/2026-03", "postponed"),
        state("2026-05-14", "announced"),
        state("2026-05-14T16:00+09:00", "confirmed"),
    ],
)
async def test_known_release_is_stored_and_read_back(
    countdowns: CountdownStore, known: ReleaseState | None
) -> None:
    added = await countdowns.add(a_countdown(known_release=known))
    assert added.known_release == known
    assert await countdowns.get(10, added.id) == added


@pytest.mark.parametrize("reason", [None, *PauseReason])
async def test_pause_reason_is_stored_and_read_back(
    countdowns: CountdownStore, reason: PauseReason | None
) -> None:
    added = await countdowns.add(a_countdown(paused=reason, next_at=None))
    assert await countdowns.list_for_guild(10) == [added]


async def test_countdown_is_accessible_only_within_its_own_guild(
    countdowns: CountdownStore,
) -> None:
    added = await countdowns.add(a_countdown())
    assert await countdowns.get(11, added.id) is None
    await countdowns.remove(11, added.id)
    await countdowns.update(replace(added, guild_id=11, channel_id=5))
    assert await countdowns.list_for_guild(10) == [added]
    await countdowns.remove(10, added.id)
    assert await countdowns.list_for_guild(10) == []


async def test_duplicate_countdown_is_refused_and_the_existing_one_is_named(
    countdowns: CountdownStore,
) -> None:
    first = await countdowns.add(a_countdown())
    with pytest.raises(DuplicateCountdownError) as caught:
        await countdowns.add(a_countdown(language="ko", role_id=7))
    assert caught.value.existing == first
    for other in (
        {"channel_id": 101},
        {"release_key": "finale"},
        {"title_id": "other"},
        {"guild_id": 11},
    ):
        await countdowns.add(a_countdown(**other))
    assert len(await countdowns.list_for_guild(10)) == 4


async def test_update_to_a_duplicate_is_refused_and_the_existing_one_is_named(
    countdowns: CountdownStore,
) -> None:
    first = await countdowns.add(a_countdown())
    second = await countdowns.add(a_countdown(channel_id=101))
    with pytest.raises(DuplicateCountdownError) as caught:
        await countdowns.update(replace(second, channel_id=100))
    assert caught.value.existing == first
    assert await countdowns.get(10, second.id) == second


async def test_guild_has_at_most_max_countdowns(countdowns: CountdownStore) -> None:
    for number in range(MAX_COUNTDOWNS):
        await countdowns.add(a_countdown(channel_id=number))
    with pytest.raises(CountdownLimitError):
        await countdowns.add(a_countdown(channel_id=MAX_COUNTDOWNS))
    # The limit is per guild, and removing one makes room.
    await countdowns.add(a_countdown(guild_id=11, channel_id=MAX_COUNTDOWNS))
    [oldest, *_rest] = await countdowns.list_for_guild(10)
    await countdowns.remove(10, oldest.id)
    await countdowns.add(a_countdown(channel_id=MAX_COUNTDOWNS))
    assert len(await countdowns.list_for_guild(10)) == MAX_COUNTDOWNS == 100


async def test_concurrent_additions_do_not_exceed_the_limit(countdowns: CountdownStore) -> None:
    adding = (
        countdowns.add(a_countdown(channel_id=number)) for number in range(MAX_COUNTDOWNS + 20)
    )
    results = await asyncio.gather(*adding, return_exceptions=True)
    assert sum(isinstance(one, CountdownLimitError) for one in results) == 20
    assert len(await countdowns.list_for_guild(10)) == MAX_COUNTDOWNS


async def test_new_countdown_gets_an_id_and_the_first_version(countdowns: CountdownStore) -> None:
    stored = a_countdown(id=999, version=999)
    given = {field.name: getattr(stored, field.name) for field in fields(NewCountdown)}
    added = await countdowns.add(NewCountdown(**given))
    assert (added.id, added.version) == (1, 1)
    # A stored countdown is accepted too: its id and version are ignored.
    again = await countdowns.add(replace(stored, channel_id=101))
    assert again == replace(stored, channel_id=101, id=2, version=1)


async def test_update_keeps_the_known_release(countdowns: CountdownStore) -> None:
    """Only the announcer knows what the channel has been told."""
    added = await countdowns.add(a_countdown(known_release=state("2026")))
    await countdowns.update(replace(added, known_release=state("2027")))
    [kept] = await countdowns.list_for_guild(10)
    assert kept.known_release == state("2026")


async def test_update_increments_the_version(countdowns: CountdownStore) -> None:
    added = await countdowns.add(a_countdown())
    await countdowns.update(replace(added, role_id=7))
    changed = await countdowns.get(10, added.id)
    assert changed == replace(added, role_id=7, version=added.version + 1)


async def test_next_and_paused_countdowns_are_listed_for_the_operator(
    countdowns: CountdownStore,
) -> None:
    third = await countdowns.add(a_countdown(next_at=at("2026-05-03")))
    first = await countdowns.add(a_countdown(channel_id=101, next_at=at("2026-05-01")))
    await countdowns.add(a_countdown(channel_id=102, next_at=None))
    missing = await countdowns.add(
        a_countdown(channel_id=103, next_at=None, paused=PauseReason.CHANNEL_MISSING)
    )
    await countdowns.add(a_countdown(channel_id=104, next_at=None, paused=PauseReason.MANUAL))
    left = await countdowns.add(
        a_countdown(guild_id=11, next_at=None, paused=PauseReason.GUILD_LEFT)
    )
    assert list(await countdowns.list_next(10)) == [first, third]
    assert list(await countdowns.list_next(1)) == [first]
    assert list(await countdowns.list_paused(10)) == [left, missing]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    post_time=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    milestone_days=st.lists(st.integers(0, 1000), min_size=1, max_size=30, unique=True),
    release_key=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    minutes=st.integers(0, 10**8),
)
async def test_any_options_are_stored_and_read_back(
    countdowns: CountdownStore,
    post_time: time,
    milestone_days: list[int],
    release_key: str,
    minutes: int,
) -> None:
    schedule = Schedule(tuple(milestone_days), post_time, ZoneInfo("Europe/Berlin"))
    next_at = at("1971-01-01") + timedelta(minutes=minutes)
    added = await countdowns.add(
        a_countdown(schedule=schedule, release_key=release_key, next_at=next_at)
    )
    assert await countdowns.get(10, added.id) == added
    await countdowns.remove(10, added.id)
