"""Nothing of a server is shown to or changed from another, whatever its managers send."""

import json
import logging
from typing import Any

import pytest
import simcord
from discord import Permissions
from simcord.builders import ChannelHandle

from bot.ui.countdown_buttons import CountdownAction
from tests.conftest import Server, text
from tests.support.raw_interactions import asker, command, rows_of, use_component
from tests.support.threads import uncached_thread

COUNTDOWN_NOT_FOUND = "I couldn't find that countdown. Pick one from the suggestions."
CHANNEL_NOT_FOUND = "I can't see that channel or role in this server. Choose a different one."
SUBCOMMANDS_WITH_A_COUNTDOWN = ["edit", "pause", "resume", "remove", "preview"]


class TwoServers:
    """A server with a countdown, and a manager of another server who tries to reach it."""

    def __init__(self, server: Server, database_url: str) -> None:
        self.env = server.env
        self.first = server
        self.plans = server.guild.create_text_channel("secret-plans")
        self.fans = server.guild.create_role("secret-fans")
        self.env.backend.edit_role(server.guild.id, self.fans.id, {"mentionable": True})
        self.second = server.env.create_guild("Elsewhere")
        self.own = self.second.create_text_channel("general")
        managers = self.second.create_role("m", permissions=Permissions(manage_guild=True))
        rival = self.second.add_member(server.env.create_user("rival"), roles=[managers])
        self.rival = asker(rival, self.own)
        self._database_url = database_url

    async def add_countdown(self) -> None:
        """Add a countdown to the first server, with options of its own."""
        who = asker(self.first.moderator, self.first.channel)
        options = {"channel": self.plans, "role": self.fans, "milestones": "9 7", "language": "ko"}
        await command(self.env, who, "countdown add", {"title": "Soul Mate", **options})
        await command(self.env, who, "settings", {"timezone": "Asia/Seoul", "time": "21:34"})
        typed = await command(
            self.env, who, "countdown edit", {"countdown": ""}, typing="countdown"
        )
        [choice] = typed.autocomplete_choices or []
        self.countdown_id, self.label = choice["value"], choice["name"]
        self.rows = self.rows_of(self.first.guild)
        assert len(self.rows) == 2

    def rows_of(self, guild: Any) -> list[tuple[Any, ...]]:
        return rows_of(self._database_url, guild.id)

    def reveals(self, result: simcord.InteractionResult) -> list[str]:
        """What a reply contains that belongs to the first server."""
        shown = result.response.components if result.response else result.autocomplete_choices
        said = json.dumps(shown, ensure_ascii=False)
        secrets = (self.plans.id, self.fans.id, self.first.guild.id, "secret", "9:34", "Seoul")
        return [str(secret) for secret in secrets if str(secret) in said]


@pytest.fixture
async def two(server: Server, database_url: str) -> TwoServers:
    made = TwoServers(server, database_url)
    await made.add_countdown()
    return made


@pytest.mark.parametrize("name", SUBCOMMANDS_WITH_A_COUNTDOWN)
async def test_countdown_of_another_server_looks_like_one_that_does_not_exist(
    two: TwoServers, name: str
) -> None:
    for countdown in (two.countdown_id, two.label, "Soul Mate", f"00{two.countdown_id}", "999"):
        result = await command(two.env, two.rival, f"countdown {name}", {"countdown": countdown})
        assert result.ephemeral
        assert text(result) == COUNTDOWN_NOT_FOUND
    for typed in ("", two.countdown_id, "Soul", "secret"):
        options = {"countdown": typed}
        offered = await command(
            two.env, two.rival, f"countdown {name}", options, typing="countdown"
        )
        assert offered.autocomplete_choices == []
    assert two.rows_of(two.first.guild) == two.rows
    assert two.rows_of(two.second) == []


@pytest.mark.parametrize("name", [*CountdownAction, "CountdownMenu", "ScheduleModal"])
async def test_component_reaches_no_countdown_of_another_server(two: TwoServers, name: str) -> None:
    replies = set()
    for countdown_id in (two.countdown_id, "999"):
        result = await use_component(two.env, two.rival, name, countdown_id)
        assert result.ephemeral
        assert two.reveals(result) == []
        replies.add(text(result))
    # `list` has the number of a page.
    expected = "No countdowns yet" if name == CountdownAction.LIST else "no longer exists"
    assert [expected in reply for reply in replies] == [True]
    assert two.rows_of(two.first.guild) == two.rows
    assert two.rows_of(two.second) == []


async def test_list_and_settings_belong_to_the_server_of_the_command(two: TwoServers) -> None:
    listed = await command(two.env, two.rival, "countdown list", {})
    assert "No countdowns yet" in text(listed)
    settings = await command(two.env, two.rival, "settings", {})
    changed = await command(two.env, two.rival, "settings", {"time": "05:06", "language": "de"})
    assert "9:00" in text(settings)
    assert [two.reveals(one) for one in (listed, settings, changed)] == [[], [], []]
    assert two.rows_of(two.first.guild) == two.rows
    assert len(two.rows_of(two.second)) == 1


async def test_same_countdown_in_two_servers_is_stored_twice(two: TwoServers) -> None:
    options = {"title": "Soul Mate", "channel": two.own}
    added = await command(two.env, two.rival, "countdown add", options)
    assert "Countdown created" in text(added)
    listed = await command(two.env, two.rival, "countdown list", {})
    # Text that matches one countdown of each server selects the one of this server.
    removed = await command(two.env, two.rival, "countdown remove", {"countdown": "Soul"})
    assert "removed" in text(removed)
    assert [two.reveals(one) for one in (added, listed, removed)] == [[], [], []]
    assert two.rows_of(two.first.guild) == two.rows
    # Nothing is left of the second server.
    assert two.rows_of(two.second) == []


async def test_channels_and_roles_of_another_server_look_like_ones_that_do_not_exist(
    two: TwoServers, caplog: pytest.LogCaptureFixture
) -> None:
    await command(two.env, two.rival, "countdown add", {"title": "Soul Mate", "channel": two.own})
    [own] = await two.env.bot.services.countdowns.list_for_guild(two.second.id)
    before = two.rows_of(two.second)
    deleted = two.second.create_text_channel("gone")
    two.env.backend.delete_channel(deleted.id)
    for given in (
        *({"channel": one} for one in (two.plans, _uncached_thread(two, two.plans), deleted)),
        *({"role": one, "channel": two.own} for one in (two.fans, two.first.guild.default_role)),
    ):
        for name, of in (("add", {"title": "The Moon"}), ("edit", {"countdown": str(own.id)})):
            result = await command(two.env, two.rival, f"countdown {name}", {**of, **given})
            assert result.ephemeral
            assert text(result) == CHANNEL_NOT_FOUND, (name, given)
    assert two.rows_of(two.first.guild) == two.rows
    assert two.rows_of(two.second) == before
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_thread_of_the_server_need_not_be_cached(two: TwoServers) -> None:
    thread = _uncached_thread(two, two.own)
    options = {"title": "Soul Mate", "channel": thread}
    assert "Countdown created" in text(await command(two.env, two.rival, "countdown add", options))


def _uncached_thread(two: TwoServers, parent: ChannelHandle) -> ChannelHandle:
    return uncached_thread(two.env, parent, two.rival.id)
