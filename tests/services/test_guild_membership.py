"""Servers that the bot left or joined while it was not running."""

from datetime import timedelta

import pytest

from bot.services.guild_membership import GuildMembership
from bot.store.countdowns import CountdownStore
from bot.store.guilds import LEFT_GUILD_RETENTION, GuildPreferences, GuildStore
from tests.announcements.builders import a_countdown
from tests.conftest import NOW, clock

DAY = timedelta(days=1)


@pytest.fixture
def membership(guilds: GuildStore) -> GuildMembership:
    return GuildMembership(guilds, clock)


async def test_server_that_took_the_bot_back_meanwhile_is_kept(
    membership: GuildMembership, guilds: GuildStore
) -> None:
    await guilds.mark_left(10, NOW - LEFT_GUILD_RETENTION - DAY)
    assert await guilds.list_expired(NOW) == [10]
    await membership.reconcile({10: True}.get)
    assert await guilds.list_expired(NOW + 365 * DAY) == []


@pytest.mark.parametrize("with_settings", [False, True])
async def test_server_that_removed_the_bot_meanwhile_is_erased_from_then_on(
    membership: GuildMembership,
    guilds: GuildStore,
    countdowns: CountdownStore,
    with_settings: bool,
) -> None:
    added = await countdowns.add(a_countdown())
    if with_settings:
        await guilds.update_preferences(10, GuildPreferences(language="ko"))
    await membership.reconcile({10: False}.get)
    assert await guilds.list_expired(NOW + LEFT_GUILD_RETENTION) == []
    assert await guilds.list_expired(NOW + LEFT_GUILD_RETENTION + DAY) == [10]
    # Should the list of servers have been wrong, its countdowns go on.
    assert await countdowns.list_for_guild(10) == [added]
    assert await guilds.get_preferences(10) == GuildPreferences("ko" if with_settings else None)


async def test_days_since_the_removal_count_from_the_first_time_it_is_noticed(
    guilds: GuildStore, countdowns: CountdownStore
) -> None:
    await countdowns.add(a_countdown())
    for day in range(3):
        membership = GuildMembership(guilds, lambda day=day: NOW + day * DAY)
        await membership.reconcile({10: False}.get)
    assert await guilds.list_expired(NOW + LEFT_GUILD_RETENTION + DAY) == [10]


async def test_unknown_membership_changes_nothing(
    membership: GuildMembership, guilds: GuildStore, countdowns: CountdownStore
) -> None:
    await countdowns.add(a_countdown())
    await guilds.mark_left(11, NOW)
    before = await guilds.list_ids()
    await membership.reconcile({}.get)
    assert await guilds.list_ids() == before == {10: False, 11: True}


async def test_current_server_is_written_to_only_when_something_changed(
    membership: GuildMembership,
    guilds: GuildStore,
    countdowns: CountdownStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bot in ten thousand servers does not write ten thousand times when it is ready."""
    await countdowns.add(a_countdown())

    async def fails(*_: object) -> None:
        raise AssertionError

    for name in ("mark_left", "mark_missing", "mark_joined"):
        monkeypatch.setattr(guilds, name, fails)
    await membership.reconcile({10: True}.get)
