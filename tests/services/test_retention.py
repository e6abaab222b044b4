"""The retention job erases old deliveries and left guilds, once a day."""

from datetime import timedelta

import pytest

from bot.catalog.curation import Curator, SuggestionOutcome
from bot.services.retention import RetentionJob
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import DELIVERY_RETENTION, SqlDeliveryStore
from bot.store.guilds import LEFT_GUILD_RETENTION, GuildStore
from bot.store.joined_records import Ref
from bot.store.suggestions import SUGGESTION_RETENTION, SuggestionStore
from tests.announcements.builders import a_countdown
from tests.announcements.fakes import FakeClock
from tests.conftest import NOW
from tests.store.builders import claimed, delivery_rows

DAY = timedelta(days=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def membership() -> dict[int, bool]:
    """Whether the bot is in each server, as far as it knows."""
    return {10: False}


@pytest.fixture
def suggestions(database: Database, clock: FakeClock) -> SuggestionStore:
    return SuggestionStore(database, clock)


@pytest.fixture
def job(
    deliveries: SqlDeliveryStore,
    guilds: GuildStore,
    clock: FakeClock,
    membership: dict[int, bool],
    suggestions: SuggestionStore,
) -> RetentionJob:
    return RetentionJob(deliveries, suggestions, guilds, clock, membership.get)


async def leave_a_guild(countdowns: CountdownStore, guilds: GuildStore) -> None:
    """Leave a guild with one countdown, long before the retention period began."""
    await countdowns.add(a_countdown())
    await guilds.mark_left(10, NOW - LEFT_GUILD_RETENTION - 10 * DAY)


async def test_left_guild_is_erased_with_its_deliveries_after_the_retention_period(
    job: RetentionJob,
    clock: FakeClock,
    countdowns: CountdownStore,
    guilds: GuildStore,
    deliveries: SqlDeliveryStore,
    database: Database,
) -> None:
    _, settled = await claimed(deliveries, countdowns)
    await deliveries.settle(settled, "sent", 1)
    await guilds.mark_left(10, NOW)
    clock.now = NOW + LEFT_GUILD_RETENTION
    await job.tick()
    assert len(await countdowns.list_for_guild(10)) == 1
    clock.forward(days=1)
    await job.tick()
    assert await countdowns.list_for_guild(10) == []
    assert await delivery_rows(database) == []


async def test_old_settled_deliveries_of_a_current_guild_are_erased(
    job: RetentionJob,
    clock: FakeClock,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
    database: Database,
) -> None:
    countdown, settled = await claimed(deliveries, countdowns)
    await deliveries.settle(settled, "sent", 1)
    clock.now = NOW + DELIVERY_RETENTION
    await job.tick()
    assert len(await delivery_rows(database)) == 1
    clock.forward(days=1)
    await job.tick()
    assert await delivery_rows(database) == []
    assert await countdowns.get(10, countdown.id) is not None


async def test_decided_suggestions_are_erased_after_the_retention_period(
    job: RetentionJob, clock: FakeClock, suggestions: SuggestionStore
) -> None:
    member, ref = Curator(5, "mina"), Ref("title", "soul-mate")
    for text in ("decided", "open"):
        await suggestions.add(ref, text, None, member, "en-US")
    await suggestions.decide(1, SuggestionOutcome.ACCEPTED, Curator(6, "moon"))
    clock.now = NOW + SUGGESTION_RETENTION
    await job.tick()
    assert await suggestions.get(1) is not None
    clock.forward(days=1)
    await job.tick()
    assert await suggestions.get(1) is None
    assert await suggestions.get(2) is not None


async def test_job_runs_once_a_day_however_often_it_ticks(
    job: RetentionJob, clock: FakeClock, countdowns: CountdownStore, guilds: GuildStore
) -> None:
    await leave_a_guild(countdowns, guilds)
    assert await job.tick() == NOW + DAY
    assert await countdowns.list_for_guild(10) == []
    await leave_a_guild(countdowns, guilds)
    clock.forward(hours=23)
    assert await job.tick() == NOW + DAY
    assert len(await countdowns.list_for_guild(10)) == 1
    clock.forward(hours=1)
    assert await job.tick() == NOW + 2 * DAY
    assert await countdowns.list_for_guild(10) == []


async def test_failed_job_is_repeated_by_the_next_tick(
    job: RetentionJob,
    countdowns: CountdownStore,
    guilds: GuildStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await leave_a_guild(countdowns, guilds)

    async def fails(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(guilds, "purge", fails)
        with pytest.raises(RuntimeError):
            await job.tick()
    assert len(await countdowns.list_for_guild(10)) == 1
    assert await job.tick() == NOW + DAY
    assert await countdowns.list_for_guild(10) == []


async def test_guild_that_the_bot_is_in_is_never_erased_whatever_is_stored(
    job: RetentionJob,
    countdowns: CountdownStore,
    guilds: GuildStore,
    membership: dict[int, bool],
) -> None:
    await leave_a_guild(countdowns, guilds)
    membership[10] = True
    await job.tick()
    assert len(await countdowns.list_for_guild(10)) == 1


async def test_guild_of_another_process_is_left_to_it(
    job: RetentionJob,
    clock: FakeClock,
    countdowns: CountdownStore,
    guilds: GuildStore,
    membership: dict[int, bool],
) -> None:
    await leave_a_guild(countdowns, guilds)
    await countdowns.add(a_countdown(guild_id=11))
    await guilds.mark_left(11, NOW - LEFT_GUILD_RETENTION - DAY)
    membership.clear()
    membership[11] = False
    assert await job.tick() == NOW + DAY
    assert len(await countdowns.list_for_guild(10)) == 1
    assert await countdowns.list_for_guild(11) == []


async def test_guild_joined_between_the_two_queries_is_kept(
    countdowns: CountdownStore, guilds: GuildStore
) -> None:
    await leave_a_guild(countdowns, guilds)
    expired = await guilds.list_expired(NOW)
    await guilds.mark_joined(10)
    await guilds.purge(expired)
    assert (expired, len(await countdowns.list_for_guild(10))) == ([10], 1)
