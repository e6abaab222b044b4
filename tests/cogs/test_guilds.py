"""What the bot posts when it is added to a server."""

import logging
from typing import Any

import discord
import pytest
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.conftest import Server
from tests.support.countdowns import add, mod


class Arrival:
    """A server with a system channel that the bot joins."""

    def __init__(self, server: Server) -> None:
        self.server, self.env = server, server.env
        self.channel = server.guild.create_text_channel("welcome")
        self.guild = server.env.backend.get_guild(server.guild.id)
        self.guild.system_channel_id = self.channel.id

    def deny(self, permission: str) -> None:
        """Deny the bot a permission in the system channel."""
        bot = self.env.backend.bot_user.id
        denied = discord.Permissions(**{permission: True}).value
        overwrite = Overwrite(bot, OverwriteType.MEMBER, deny=denied)
        self.env.backend.set_overwrite(self.channel.id, overwrite)

    async def join(self, **fields: Any) -> list[str]:
        """Let Discord say that the bot was added. Returns what is in the system channel."""
        payload = {**serializers.guild_create_payload(self.env.backend, self.guild), **fields}
        # In an outage or after a reconnect, Discord sends it with a value.
        if "unavailable" not in fields:
            payload.pop("unavailable", None)
        self.env.backend.emit("GUILD_CREATE", payload)
        await self.env.settle()
        return [str(one.components) for one in self.channel.history()]

    async def leave(self) -> None:
        """Let Discord say that the bot was removed."""
        cog = self.env.bot.get_cog("GuildsCog")
        await cog.on_guild_remove(self.env.bot.get_guild(self.guild.id))


@pytest.fixture
def arrival(server: Server) -> Arrival:
    return Arrival(server)


def texts(arrival: Arrival) -> str:
    """The texts of the only message in the system channel."""
    [message] = arrival.channel.history()
    [container] = message.components
    return "\n".join(part.content for part in container.children if hasattr(part, "content"))


async def test_new_server_is_told_what_moderators_do_next(arrival: Arrival) -> None:
    await arrival.join()
    ids = arrival.env.bot.services.command_ids
    shown = texts(arrival)
    for command in ("settings", "countdown add", "countdown preview", "help"):
        assert f"</{command}:{ids[command.split()[0]]}>" in shown
    [message] = arrival.channel.history()
    show = await arrival.server.member.click(message, label="/show Soul Mate")
    assert show.ephemeral


async def test_welcome_is_in_the_language_of_the_server(arrival: Arrival) -> None:
    await arrival.join(preferred_locale="ko")
    assert "소울 메이트" in str(arrival.channel.history()[0].components)


async def test_server_that_is_available_again_is_not_welcomed(arrival: Arrival) -> None:
    assert await arrival.join(unavailable=False) == []


async def test_processes_that_learn_of_the_same_join_use_one_nonce(arrival: Arrival) -> None:
    await arrival.join()
    await arrival.join()
    path = f"/channels/{arrival.channel.id}/messages"
    sent = [one.json for one in arrival.env.http_requests if one.path == path]
    assert [body["enforce_nonce"] for body in sent] == [True, True]
    assert len({body["nonce"] for body in sent}) == 1
    assert all(len(body["nonce"]) <= 25 for body in sent)


@pytest.mark.parametrize("permission", ["view_channel", "send_messages"])
async def test_nothing_is_sent_where_the_bot_may_not_write(
    arrival: Arrival, permission: str
) -> None:
    arrival.deny(permission)
    assert await arrival.join() == []
    path = f"/channels/{arrival.channel.id}/messages"
    assert [one for one in arrival.env.http_requests if one.path == path] == []


async def test_server_without_a_system_channel_is_not_welcomed(
    arrival: Arrival, caplog: pytest.LogCaptureFixture
) -> None:
    arrival.guild.system_channel_id = None
    assert await arrival.join() == []
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_refused_welcome_is_no_error_in_the_log(
    arrival: Arrival, caplog: pytest.LogCaptureFixture
) -> None:
    # The channel is gone before the bot learns of it.
    fields = serializers.guild_create_payload(arrival.env.backend, arrival.guild)
    arrival.env.backend.delete_channel(arrival.channel.id)
    arrival.env.backend.emit("GUILD_CREATE", {**fields, "unavailable": None})
    await arrival.env.settle()
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_server_that_is_back_learns_of_its_paused_countdowns(arrival: Arrival) -> None:
    server = arrival.server
    elsewhere = [server.guild.create_text_channel(name) for name in ("one", "two")]
    for channel in (server.channel, *elsewhere):
        await add(server, channel=channel)
    await mod(server, "countdown pause", countdown="3")
    await arrival.leave()
    await arrival.join()
    shown = texts(arrival)
    resume = f"</countdown resume:{arrival.env.bot.services.command_ids['countdown']}>"
    # The third was paused by a moderator.
    assert "2 countdowns were kept" in shown
    assert resume in shown
    assert "settings" not in shown
