"""The fixtures of tests with a bot in a process of its own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.wire.fake_discord import WireDiscord
from tests.wire.process import BotProcess
from tests.wire.running_bot import RunningBot


@pytest.fixture
async def running(tmp_path: Path, database_url: str) -> AsyncGenerator[RunningBot]:
    async with (
        WireDiscord() as discord,
        BotProcess(discord, tmp_path, database=database_url) as bot,
    ):
        await bot.connected()
        yield RunningBot(discord, bot)
