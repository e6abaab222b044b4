"""Interactions reach a bot as Discord sends them, and its answers come back."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import aiohttp
import pytest
from discord import Permissions
from simcord.backend.errors import SetupError
from simcord.backend.models import Channel

from tests.wire.answers import Answer
from tests.wire.caller import Caller
from tests.wire.fake_discord import WireDiscord

REMIND = {
    "name": "remind",
    "description": "…",
    "default_member_permissions": str(Permissions(manage_guild=True).value),
    "options": [
        {"name": "where", "description": "…", "type": 7, "required": True},
        {"name": "who", "description": "…", "type": 6},
    ],
}
MENU = {"type": 3, "custom_id": "menu", "options": [{"label": "One", "value": "1"}]}


class ScriptedBot:
    """A guild with a bot that responds to every interaction in the same way."""

    def __init__(self, caller: Caller) -> None:
        self.discord = caller.discord
        self.caller = caller
        self.received: dict[str, Any] = {}
        self.guild = self.discord.create_guild("Drama Club")
        self.channel = self.discord.create_text_channel(self.guild, "general")
        self.moderator = self.discord.add_member(
            self.guild, "moon", permissions=Permissions(manage_guild=True), locale="ko"
        )
        self._responses: list[tuple[str, str, Any]] = []
        self._responding: asyncio.Task[None] | None = None
        self.discord.backend.subscribers.append(self._receive)

    def respond_with(self, *callbacks: dict[str, Any], edit: dict[str, Any] | None = None) -> None:
        """Set how the bot responds."""
        self._responses = [("POST", "/interactions/{id}/{token}/callback", c) for c in callbacks]
        if edit:
            path = "/webhooks/{application_id}/{token}/messages/@original"
            self._responses.append(("PATCH", path, edit))

    async def register(self, *commands: dict[str, Any]) -> None:
        """Register the bot's commands."""
        path = f"/applications/{self.discord.backend.application_id}/commands"
        assert (await self.caller.call("PUT", path, list(commands)))[0] == 200

    async def remind(self, channel: Channel, **options: Any) -> Answer:
        """Send /remind as a moderator."""
        return await self.discord.slash(self.moderator, channel, "remind", **options)

    async def finish(self) -> None:
        """Wait until the bot has responded."""
        if self._responding is not None:
            await self._responding

    def _receive(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            self.received = dict(payload)
            self._responding = asyncio.create_task(self._respond(payload))

    async def _respond(self, payload: Mapping[str, Any]) -> None:
        for method, path, body in self._responses:
            await self.caller.call(method, path.format(**payload), body)


@pytest.fixture
async def bot() -> AsyncGenerator[ScriptedBot]:
    async with WireDiscord() as discord, aiohttp.ClientSession() as session:
        bot = ScriptedBot(Caller(discord, session))
        await bot.register(REMIND)
        yield bot
        await bot.finish()


async def test_chosen_objects_are_resolved(bot: ScriptedBot) -> None:
    bot.respond_with({"type": 4, "data": {"content": "done", "flags": 64}})
    answer = await bot.remind(bot.channel, where=bot.channel, who=bot.moderator)
    assert (answer.kind, answer.ephemeral, answer.body["content"]) == ("message", True, "done")
    resolved = bot.received["data"]["resolved"]
    assert resolved["channels"][str(bot.channel.id)]["name"] == "general"
    assert resolved["users"][str(bot.moderator.id)]["username"] == "moon"
    assert bot.received["locale"] == "ko"


async def test_deferred_answer_is_complete_after_the_edit(bot: ScriptedBot) -> None:
    bot.respond_with({"type": 5}, edit={"content": "done"})
    answer = await bot.remind(bot.channel, where=bot.channel)
    assert answer.body["content"] == "done"
    assert answer.acknowledged < answer.seconds


async def test_menu_values_are_sent_and_must_be_offered(bot: ScriptedBot) -> None:
    row = {"type": 1, "components": [MENU]}
    await bot.caller.send(bot.channel, content="choose", components=[row])
    [message] = bot.discord.messages(bot.channel)
    bot.respond_with({"type": 6}, edit={"content": "chosen"})
    answer = await bot.discord.select(bot.moderator, message, ["1"])
    assert (answer.kind, answer.body["content"]) == ("deferred_update", "chosen")
    assert bot.received["data"]["values"] == ["1"]
    with pytest.raises(SetupError):
        await bot.discord.select(bot.moderator, message, ["2"])


async def test_modal_answer(bot: ScriptedBot) -> None:
    field = {"type": 4, "custom_id": "x", "style": 1, "label": "Name"}
    modal = {"custom_id": "m", "title": "T", "components": [{"type": 1, "components": [field]}]}
    bot.respond_with({"type": 9, "data": modal})
    assert (await bot.remind(bot.channel, where=bot.channel)).body["title"] == "T"


async def test_commands_that_a_member_could_not_send_are_refused(bot: ScriptedBot) -> None:
    somebody = bot.discord.add_member(bot.guild, "mina")
    with pytest.raises(SetupError, match="may not use"):
        await bot.discord.slash(somebody, bot.channel, "remind", where=bot.channel)
    with pytest.raises(SetupError, match="needs where"):
        await bot.remind(bot.channel)
    with pytest.raises(SetupError, match="no option when"):
        await bot.remind(bot.channel, where=bot.channel, when="now")


async def test_command_in_a_thread_is_answered_there(bot: ScriptedBot) -> None:
    thread = bot.discord.create_thread(bot.channel, "talk")
    bot.respond_with({"type": 4, "data": {"content": "here"}})
    assert (await bot.remind(thread, where=thread)).kind == "message"
    [message] = bot.discord.messages(thread)
    assert message["content"] == "here"
