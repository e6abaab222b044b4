"""Storing what guilds chose, and erasing guilds that the bot left."""

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text

from bot.announcements.milestones import Milestone, MilestoneKind
from bot.announcements.model import Countdown, PauseReason
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from bot.store.guilds import GuildPreferences, GuildStore
from tests.announcements.builders import a_countdown
from tests.conftest import NOW
from tests.store.builders import decision

DAY = timedelta(days=1)


async def count(database: Database, table: str) -> int:
    async with database.read() as connection:
        return (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608


async def test_preferences_are_stored_per_guild(guilds: GuildStore) -> None:
    assert await guilds.get_preferences(10) == GuildPreferences()
    chosen = GuildPreferences("ko", "Asia/Seoul", time(21, 30))
    await guilds.update_preferences(10, chosen)
    await guilds.update_preferences(11, GuildPreferences(timezone="UTC"))
    assert await guilds.get_preferences(10) == chosen
    assert await guilds.get_preferences(11) == GuildPreferences(timezone="UTC")


async def test_update_changes_only_the_given_preferences(guilds: GuildStore) -> None:
    await guilds.update_preferences(10, GuildPreferences("ko", "Asia/Seoul", time(21, 30)))
    # Midnight is a given value too.
    await guilds.update_preferences(10, GuildPreferences(post_time=time()))
    assert await guilds.get_preferences(10) == GuildPreferences("ko", "Asia/Seoul", time())
    await guilds.update_preferences(10, GuildPreferences("de", "Europe/Berlin"))
    assert await guilds.get_preferences(10) == GuildPreferences("de", "Europe/Berlin", time())


async def test_concurrent_updates_of_different_preferences_all_survive(guilds: GuildStore) -> None:
    await asyncio.gather(
        guilds.update_preferences(10, GuildPreferences(language="ko")),
        guilds.update_preferences(10, GuildPreferences(timezone="Asia/Seoul")),
        guilds.update_preferences(10, GuildPreferences(post_time=time(21))),
    )
    assert await guilds.get_preferences(10) == GuildPreferences("ko", "Asia/Seoul", time(21))


async def test_leaving_a_guild_pauses_its_running_countdowns(
    guilds: GuildStore, countdowns: CountdownStore
) -> None:
    running = await countdowns.add(a_countdown())
    manual = await countdowns.add(
        a_countdown(channel_id=101, paused=PauseReason.MANUAL, next_at=None)
    )
    elsewhere = await countdowns.add(a_countdown(guild_id=11))
    await guilds.mark_left(10, NOW)
    paused = replace(
        running, paused=PauseReason.GUILD_LEFT, next_at=None, version=running.version + 1
    )
    assert await countdowns.list_for_guild(10) == [paused, manual]
    assert await countdowns.list_for_guild(11) == [elsewhere]


async def purge_left(guilds: GuildStore, now: datetime) -> int:
    """Purge the guilds whose time has passed; how many those were."""
    expired = await guilds.list_expired(now)
    await guilds.purge(expired)
    return len(expired)


async def leave_and_purge(
    guilds: GuildStore, countdowns: CountdownStore, after: timedelta
) -> list[Countdown]:
    """Leave a guild with a countdown and a preference, and purge so long after.

    Returns the countdowns that are left of it.
    """
    await countdowns.add(a_countdown())
    await guilds.update_preferences(10, GuildPreferences(timezone="Asia/Seoul"))
    await guilds.mark_left(10, NOW)
    await purge_left(guilds, NOW + after)
    return await countdowns.list_for_guild(10)


@pytest.mark.parametrize("after", [DAY, 30 * DAY])
async def test_guild_joined_again_within_thirty_days_keeps_everything(
    guilds: GuildStore, countdowns: CountdownStore, after: timedelta
) -> None:
    [kept] = await leave_and_purge(guilds, countdowns, after)
    assert kept.paused is PauseReason.GUILD_LEFT
    assert await guilds.get_preferences(10) == GuildPreferences(timezone="Asia/Seoul")
    await guilds.mark_joined(10)
    await purge_left(guilds, NOW + 365 * DAY)
    assert await countdowns.list_for_guild(10) == [kept]
    assert await guilds.get_preferences(10) == GuildPreferences(timezone="Asia/Seoul")


async def test_guild_left_more_than_thirty_days_ago_is_erased(
    guilds: GuildStore,
    countdowns: CountdownStore,
    deliveries: SqlDeliveryStore,
    database: Database,
) -> None:
    await countdowns.add(a_countdown(guild_id=11))
    added = await countdowns.add(a_countdown(channel_id=7))
    skipped = Milestone(MilestoneKind.HALFWAY, NOW, NOW)
    assert await deliveries.claim(added, decision(None, skipped), None, NOW)
    assert await leave_and_purge(guilds, countdowns, 30 * DAY + timedelta(seconds=1)) == []
    assert await guilds.get_preferences(10) == GuildPreferences()
    assert [await count(database, table) for table in ("guild_settings", "deliveries")] == [0, 0]
    assert len(await countdowns.list_for_guild(11)) == 1
    assert await purge_left(guilds, NOW + 365 * DAY) == 0


async def test_guild_without_preferences_is_marked_left_from_the_latest_instant(
    guilds: GuildStore,
) -> None:
    await guilds.mark_left(10, NOW)
    await guilds.mark_left(10, NOW + 20 * DAY)
    assert await purge_left(guilds, NOW + 31 * DAY) == 0
    assert await purge_left(guilds, NOW + 51 * DAY) == 1


async def test_a_guild_is_not_marked_left_if_its_countdowns_cannot_be_paused(
    guilds: GuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marking and pausing are one transaction: its purge must not come before its pause."""

    def fail(*_: object) -> None:
        raise RuntimeError("cannot pause")

    monkeypatch.setattr("bot.store.guilds.update", fail)
    with pytest.raises(RuntimeError, match="cannot pause"):
        await guilds.mark_left(10, NOW)
    monkeypatch.undo()
    assert await purge_left(guilds, NOW + 365 * DAY) == 0
