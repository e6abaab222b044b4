"""An interaction that Discord no longer takes an answer to costs one request and one log line."""

import asyncio
import logging
import os
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Server
from tests.wire.answers import Unanswered
from tests.wire.fake_discord import WireDiscord
from tests.wire.faults import Fault
from tests.wire.polling import until
from tests.wire.process import BotProcess
from tests.wire.replies import error

CODES = [(404, 10062), (400, 40060)]


class LateServer:
    """A process of the bot in a server, and the message of a command that it answered in time."""

    def __init__(self, discord: WireDiscord, process: BotProcess) -> None:
        self.discord = discord
        self.process = process
        self.guild = discord.create_guild("Drama Club")
        self.channel = discord.create_text_channel(self.guild, "general")
        self.member = discord.add_member(self.guild, "mina")

    async def shown(self) -> dict[str, Any]:
        """Ask for a show, and return its card."""
        answer = await self.discord.slash(self.member, self.channel, "show", title="Soul Mate")
        return answer.body

    def responses(self) -> Counter[str]:
        """How often each interaction was answered, by the path of its callback."""
        return Counter(one.path for one in self.discord.requests if "/callback" in one.path)

    def lines(self, since: int) -> list[str]:
        """The lines of the log after so many of them."""
        return self.process.log().splitlines()[since:]


@pytest.fixture
async def late(tmp_path: Path) -> AsyncGenerator[LateServer]:
    async with WireDiscord() as discord, BotProcess(discord, tmp_path) as process:
        server = LateServer(discord, process)
        await process.connected()
        await until(lambda: "logged in" in process.log())
        yield server


async def unanswered(*asked: Awaitable[Any]) -> None:
    """Wait until all have been given up."""
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in results] == [Unanswered] * len(asked)


@pytest.mark.parametrize(("status", "code"), CODES)
async def test_answer_that_comes_too_late_is_one_request_and_one_line(
    late: LateServer, status: int, code: int
) -> None:
    discord, member, channel = late.discord, late.member, late.channel
    shown = await late.shown()
    before, lines = set(late.responses()), len(late.lines(0))
    rejected = Fault(executed=False, reply=error(status, "too late", code))
    discord.faults.add("POST", "/interactions/*/callback", rejected)
    await unanswered(
        discord.slash(member, channel, "show", title="Soul Mate"),
        discord.slash(member, channel, "show", title="no such show"),
        discord.autocomplete(member, channel, "show", "title", "soul"),
        discord.click(member, shown, label="Cast"),
    )
    times = [count for path, count in late.responses().items() if path not in before]
    assert times == [1, 1, 1, 1]
    written = late.lines(lines)
    assert len(written) == 4, "\n".join(written)
    assert all("no longer accepts" in line for line in written)


async def test_autocomplete_that_has_waited_too_long_is_dropped(late: LateServer) -> None:
    discord, member, channel = late.discord, late.member, late.channel
    os.kill(late.process.pid, signal.SIGSTOP)
    waiting = asyncio.gather(
        unanswered(discord.autocomplete(member, channel, "show", "title", "soul")),
        discord.slash(member, channel, "show", title="Soul Mate"),
    )
    # Longer than Discord waits for choices; commands are still answered.
    await asyncio.sleep(2.7)
    os.kill(late.process.pid, signal.SIGCONT)
    await waiting
    assert len(late.responses()) == 1
    assert await discord.autocomplete(member, channel, "show", "title", "soul")


@pytest.mark.parametrize(("status", "code"), CODES)
async def test_deferral_that_comes_too_late_is_one_request_and_one_line(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
) -> None:
    countdowns = server.env.bot.services.countdowns
    get_settings = countdowns.get_settings

    async def slow(*arguments: Any) -> Any:
        await asyncio.sleep(1.8)
        return await get_settings(*arguments)

    monkeypatch.setattr(countdowns, "get_settings", slow)
    server.env.errors_are_expected = True
    server.env.inject_error("POST", "/interactions/*", status=status, code=code, times=None)
    before = len(server.env.http_requests)
    await server.moderator.slash(server.channel, "settings")
    assert len(server.env.http_requests) - before == 1
    [record] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert "no longer accepts" in record.getMessage()
    assert record.exc_info is None
