"""What members do reaches a bot as Discord tells it, and its answers come back."""

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
from tests.wire.discord import WireDiscord

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


class Scene:
    """A server, and a bot that answers everything in the same way."""

    def __init__(self, caller: Caller) -> None:
        self.discord = caller.discord
        self.caller = caller
        self.heard: dict[str, Any] = {}
        self.guild = self.discord.create_guild("Drama Club")
        self.channel = self.discord.create_text_channel(self.guild, "general")
        self.moderator = self.discord.add_member(
            self.guild, "moon", permissions=Permissions(manage_guild=True), locale="ko"
        )
        self._answers: list[tuple[str, str, Any]] = []
        self._answering: asyncio.Task[None] | None = None
        self.discord.backend.subscribers.append(self._hear)

    def will(self, *callbacks: dict[str, Any], edit: dict[str, Any] | None = None) -> None:
        """How the bot answers."""
        self._answers = [("POST", "/interactions/{id}/{token}/callback", c) for c in callbacks]
        if edit:
            path = "/webhooks/{application_id}/{token}/messages/@original"
            self._answers.append(("PATCH", path, edit))

    async def register(self, *commands: dict[str, Any]) -> None:
        """The bot's commands."""
        path = f"/applications/{self.discord.backend.application_id}/commands"
        assert (await self.caller.call("PUT", path, list(commands)))[0] == 200

    async def remind(self, channel: Channel, **options: Any) -> Answer:
        """A command by somebody who may."""
        return await self.discord.slash(self.moderator, channel, "remind", **options)

    async def end(self) -> None:
        """Let the bot finish."""
        if self._answering is not None:
            await self._answering

    def _hear(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            self.heard = dict(payload)
            self._answering = asyncio.create_task(self._answer(payload))

    async def _answer(self, payload: Mapping[str, Any]) -> None:
        for method, path, body in self._answers:
            await self.caller.call(method, path.format(**payload), body)


@pytest.fixture
async def scene() -> AsyncGenerator[Scene]:
    async with WireDiscord() as discord, aiohttp.ClientSession() as session:
        scene = Scene(Caller(discord, session))
        await scene.register(REMIND)
        yield scene
        await scene.end()


async def test_what_is_chosen_is_described(scene: Scene) -> None:
    scene.will({"type": 4, "data": {"content": "done", "flags": 64}})
    answer = await scene.remind(scene.channel, where=scene.channel, who=scene.moderator)
    assert (answer.kind, answer.ephemeral, answer.body["content"]) == ("message", True, "done")
    resolved = scene.heard["data"]["resolved"]
    assert resolved["channels"][str(scene.channel.id)]["name"] == "general"
    assert resolved["users"][str(scene.moderator.id)]["username"] == "moon"
    assert scene.heard["locale"] == "ko"


async def test_an_answer_may_be_promised_first(scene: Scene) -> None:
    scene.will({"type": 5}, edit={"content": "done"})
    answer = await scene.remind(scene.channel, where=scene.channel)
    assert answer.body["content"] == "done"
    assert answer.acknowledged < answer.seconds


async def test_a_choice_from_a_menu(scene: Scene) -> None:
    row = {"type": 1, "components": [MENU]}
    await scene.caller.send(scene.channel, content="choose", components=[row])
    [message] = scene.discord.messages(scene.channel)
    scene.will({"type": 6}, edit={"content": "chosen"})
    answer = await scene.discord.select(scene.moderator, message, ["1"])
    assert (answer.kind, answer.body["content"]) == ("deferred_update", "chosen")
    assert scene.heard["data"]["values"] == ["1"]
    with pytest.raises(SetupError):
        await scene.discord.select(scene.moderator, message, ["2"])


async def test_a_modal(scene: Scene) -> None:
    field = {"type": 4, "custom_id": "x", "style": 1, "label": "Name"}
    modal = {"custom_id": "m", "title": "T", "components": [{"type": 1, "components": [field]}]}
    scene.will({"type": 9, "data": modal})
    assert (await scene.remind(scene.channel, where=scene.channel)).body["title"] == "T"


async def test_what_a_member_cannot_do(scene: Scene) -> None:
    somebody = scene.discord.add_member(scene.guild, "mina")
    with pytest.raises(SetupError, match="may not use"):
        await scene.discord.slash(somebody, scene.channel, "remind", where=scene.channel)
    with pytest.raises(SetupError, match="needs where"):
        await scene.remind(scene.channel)
    with pytest.raises(SetupError, match="no option when"):
        await scene.remind(scene.channel, where=scene.channel, when="now")


async def test_threads(scene: Scene) -> None:
    thread = scene.discord.create_thread(scene.channel, "talk")
    scene.will({"type": 4, "data": {"content": "here"}})
    assert (await scene.remind(thread, where=thread)).kind == "message"
    [message] = scene.discord.messages(thread)
    assert message["content"] == "here"
