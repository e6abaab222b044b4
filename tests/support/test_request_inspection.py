"""The requests of every bot are inspected, whichever process it runs in."""

import aiohttp
import pytest

from tests.conftest import Server
from tests.support import request_inspection as inspection
from tests.wire import faults
from tests.wire.caller import Caller
from tests.wire.fake_discord import WireDiscord


async def test_requests_of_a_bot_in_another_process_are_inspected() -> None:
    named = aiohttp.ClientSession(headers={"User-Agent": "DiscordBot (of a test)"})
    async with WireDiscord() as discord, named as session:
        channel = discord.create_text_channel(discord.create_guild("Drama Club"), "general")
        discord.faults.add("POST", "/channels/*", faults.status(503))
        await Caller(discord, session).send(channel, content="Hello")
    [found] = inspection.refused
    inspection.refused.clear()
    assert "allowed_mentions are not given" in found


async def test_requests_of_a_bot_in_this_process_are_inspected(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ui.cards.prompts.join_lines", lambda *_: "\ud800")
    await server.slash("about")
    [found] = inspection.refused
    inspection.refused.clear()
    assert "no character to send" in found
