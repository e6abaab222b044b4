"""What is one server's is never shown to, or changed from, another: whatever its managers send."""

import json
import logging
from typing import Any

import pytest
import simcord
from discord import Permissions
from simcord.builders import ChannelHandle

from tests.conftest import Server, text
from tests.raw import asker, command, rows_of

NO_COUNTDOWN = "There is no such countdown here. Choose one from the list as you type."
NOT_HERE = "I can see no such channel or role in this server. Choose another."
TAKEN_BY_ID = ["edit", "pause", "resume", "remove", "preview"]


class Two:
    """A server with a countdown, and a manager of another one who is after it."""

    def __init__(self, server: Server, database_url: str) -> None:
        self.env = server.env
        self.owner = server
        self.plans = server.guild.create_text_channel("secret-plans")
        self.fans = server.guild.create_role("secret-fans")
        self.elsewhere = server.env.create_guild("Elsewhere")
        self.own = self.elsewhere.create_text_channel("general")
        managers = self.elsewhere.create_role("m", permissions=Permissions(manage_guild=True))
        rival = self.elsewhere.add_member(server.env.create_user("rival"), roles=[managers])
        self.rival = asker(rival, self.own)
        self._database_url = database_url

    async def begin(self) -> None:
        """Have the first server count down, in terms of its own."""
        who = asker(self.owner.moderator, self.owner.channel)
        terms = {"channel": self.plans, "role": self.fans, "milestones": "9 7", "language": "ko"}
        await command(self.env, who, "countdown add", {"title": "Soul Mate", **terms})
        await command(self.env, who, "settings", {"timezone": "Asia/Seoul", "time": "21:34"})
        typed = await command(
            self.env, who, "countdown edit", {"countdown": ""}, typing="countdown"
        )
        [choice] = typed.autocomplete_choices or []
        self.countdown_id, self.label = choice["value"], choice["name"]
        self.rows = self.rows_of(self.owner.guild)
        assert len(self.rows) == 2

    def rows_of(self, guild: Any) -> list[tuple[Any, ...]]:
        return rows_of(self._database_url, guild.id)

    def reveals(self, result: simcord.InteractionResult) -> list[str]:
        """What an answer holds that is the first server's."""
        shown = result.response.components if result.response else result.autocomplete_choices
        said = json.dumps(shown, ensure_ascii=False)
        secrets = (self.plans.id, self.fans.id, self.owner.guild.id, "secret", "21:34", "Seoul")
        return [str(secret) for secret in secrets if str(secret) in said]


@pytest.fixture
async def two(server: Server, database_url: str) -> Two:
    made = Two(server, database_url)
    await made.begin()
    return made


@pytest.mark.parametrize("name", TAKEN_BY_ID)
async def test_a_countdown_of_another_server_is_as_one_that_never_was(two: Two, name: str) -> None:
    for countdown in (two.countdown_id, two.label, "Soul Mate", f"00{two.countdown_id}", "999"):
        result = await command(two.env, two.rival, f"countdown {name}", {"countdown": countdown})
        assert result.ephemeral
        assert text(result) == NO_COUNTDOWN
    for typed in ("", two.countdown_id, "Soul", "secret"):
        options = {"countdown": typed}
        offered = await command(
            two.env, two.rival, f"countdown {name}", options, typing="countdown"
        )
        assert offered.autocomplete_choices == []
    assert two.rows_of(two.owner.guild) == two.rows
    assert two.rows_of(two.elsewhere) == []


async def test_lists_and_settings_are_of_the_server_asked_in(two: Two) -> None:
    listed = await command(two.env, two.rival, "countdown list", {})
    assert "Nothing is counted down to here yet" in text(listed)
    settings = await command(two.env, two.rival, "settings", {})
    changed = await command(two.env, two.rival, "settings", {"time": "05:06", "language": "de"})
    assert "09:00" in text(settings)
    assert [two.reveals(one) for one in (listed, settings, changed)] == [[], [], []]
    assert two.rows_of(two.owner.guild) == two.rows
    assert len(two.rows_of(two.elsewhere)) == 1


async def test_the_same_countdown_in_two_servers_is_two(two: Two) -> None:
    options = {"title": "Soul Mate", "channel": two.own}
    added = await command(two.env, two.rival, "countdown add", options)
    assert "The countdown is set" in text(added)
    listed = await command(two.env, two.rival, "countdown list", {})
    # A text that fits one countdown of each server means the one here.
    removed = await command(two.env, two.rival, "countdown remove", {"countdown": "Soul"})
    assert "is removed" in text(removed)
    assert [two.reveals(one) for one in (added, listed, removed)] == [[], [], []]
    assert two.rows_of(two.owner.guild) == two.rows
    # The first server's settings are all that is left beside its countdown.
    assert two.rows_of(two.elsewhere) == []


async def test_channels_and_roles_of_another_server_are_as_ones_that_never_were(
    two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    await command(two.env, two.rival, "countdown add", {"title": "Soul Mate", "channel": two.own})
    [own] = await two.env.bot.desk.store.of_server(two.elsewhere.id)
    before = two.rows_of(two.elsewhere)
    never_was = two.elsewhere.create_text_channel("gone")
    two.env.backend.delete_channel(never_was.id)
    for given in (
        *({"channel": one} for one in (two.plans, uncached(two, two.plans), never_was)),
        *({"role": one, "channel": two.own} for one in (two.fans, two.owner.guild.default_role)),
    ):
        for name, of in (("add", {"title": "The Moon"}), ("edit", {"countdown": str(own.id)})):
            result = await command(two.env, two.rival, f"countdown {name}", {**of, **given})
            assert result.ephemeral
            assert text(result) == NOT_HERE, (name, given)
    assert two.rows_of(two.owner.guild) == two.rows
    assert two.rows_of(two.elsewhere) == before
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_a_thread_of_the_server_need_not_be_in_the_cache(two: Two) -> None:
    thread = uncached(two, two.own)
    options = {"title": "Soul Mate", "channel": thread}
    assert "is set" in text(await command(two.env, two.rival, "countdown add", options))


def uncached(two: Two, parent: ChannelHandle) -> ChannelHandle:
    """A thread that the bot does not have in its cache, as one that was archived."""
    made = two.env.backend.create_thread(parent.id, "secret talk", owner_id=two.rival.id)
    two.env.bot.get_guild(parent.guild.id)._threads.pop(made.id, None)
    return ChannelHandle(two.env, parent.guild, made)
