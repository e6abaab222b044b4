"""Shared fixtures: the bot with the sample catalog, inside a simulated Discord."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import simcord
from discord import Permissions
from discord.app_commands import CheckFailure
from simcord.components import walk_components

from bot.app import import_catalog, open_bot, open_database
from bot.client.bot import Bonbang
from bot.demo.plain_text import render_plain_text
from bot.errors import BonbangError
from bot.ui.name_options import AmbiguousName
from tests.support import request_inspection as inspection

SHIPPED = Path(__file__).parent.parent / "data" / "catalog"
SAMPLE = Path(__file__).parent / "sample_catalog"
NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
NEVER = timedelta(days=10_000)

# `pytest --hypothesis-profile=thorough` runs many more examples of each property test.
hypothesis.settings.register_profile("thorough", max_examples=5000, deadline=None)


def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are cores: tests with a bot process mostly wait."""
    return (os.cpu_count() or 1) + 1


def clock() -> datetime:
    return NOW


class MovingClock:
    """A clock that stays at NOW until `now` is set to a simulation's."""

    now = staticmethod(clock)

    def __call__(self) -> datetime:
        return self.now()


@pytest.fixture
def moving() -> MovingClock:
    return MovingClock()


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample catalog imported. Copy it; never write to it."""
    file = tmp_path_factory.mktemp("sample") / "bonbang.db"

    async def prepare() -> None:
        async with await open_database(f"sqlite:///{file}", clock) as database:
            await import_catalog(database, SAMPLE, clock)

    asyncio.run(prepare())
    return file


@pytest.fixture
def database_url(tmp_path: Path, sample_database: Path) -> str:
    """The URL of the test's own database, with the sample catalog in it."""
    file = tmp_path / "bonbang.db"
    shutil.copy(sample_database, file)
    return f"sqlite:///{file}"


@pytest.fixture(autouse=True)
def _every_request_is_valid() -> Iterator[None]:
    """Check every request body that a bot sends in any test against Discord's limits."""
    inspection.refused.clear()
    with inspection.inspecting():
        yield
    assert inspection.refused == []


class Discord(simcord.Env):
    """A simulated Discord. A test in which the bot should fail sets `errors_are_expected`."""

    errors_are_expected = False


class Server:
    """A simulated Discord server with the bot, a member and a moderator in it."""

    def __init__(self, env: Discord) -> None:
        self.env = env
        self.guild = env.create_guild("Drama Club")
        self.channel = self.guild.create_text_channel("general")
        moderators = self.guild.create_role(
            "Moderators", permissions=Permissions(manage_guild=True)
        )
        self.member = self.guild.add_member(env.create_user("mina"))
        self.other = self.guild.add_member(env.create_user("joon"))
        self.moderator = self.guild.add_member(env.create_user("moon"), roles=[moderators])

    async def slash(self, name: str, /, **options: Any) -> simcord.InteractionResult:
        """Run a command as the member, in the channel."""
        return await self.member.slash(self.channel, name, **options)

    async def press(self, message: Any, label: str) -> simcord.InteractionResult:
        """Press a button as the member."""
        return await self.member.click(message, label=label)


def is_user_error(error: BaseException) -> bool:
    """Whether an error only tells the member that something is ambiguous or not possible."""
    expected = (AmbiguousName, CheckFailure, BonbangError)
    return isinstance(error, expected) or isinstance(error.__cause__, expected)


@asynccontextmanager
async def connected(
    bot: Bonbang, moving: "MovingClock", not_before: datetime = NOW
) -> AsyncGenerator[Discord]:
    """The bot in a simulated Discord whose clock starts at NOW.

    `moving` then follows it, from `not_before` on.
    """
    env = Discord(bot, shard_count=1)
    env.backend.clock._epoch = NOW
    moving.now = lambda: max(env.now(), not_before)
    await env.start()
    try:
        yield env
        unexpected = [error for error in env.errors_since(0) if not is_user_error(error)]
        assert env.errors_are_expected or not unexpected, unexpected
    finally:
        await env.shutdown()


@pytest.fixture
async def server(database_url: str, moving: MovingClock) -> AsyncGenerator[Server]:
    """The bot with the sample catalog, in a server."""
    async with (
        open_bot(database_url, SAMPLE, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        yield Server(env)


OpenServer = Callable[[Path], Any]


@pytest.fixture
async def open_server(tmp_path: Path, moving: MovingClock) -> AsyncGenerator[OpenServer]:
    """Opens a server whose bot has the records of a folder as its whole catalog."""
    async with AsyncExitStack() as stack:

        async def open_(folder: Path) -> Server:
            url = f"sqlite:///{tmp_path / 'own.db'}"
            bot = await stack.enter_async_context(open_bot(url, folder, moving, recheck=NEVER))
            return Server(await stack.enter_async_context(connected(bot, moving)))

        yield open_


def body(result: simcord.InteractionResult) -> dict[str, Any]:
    """The body of the reply."""
    assert result.response is not None, "there was no reply"
    return {"content": result.response.content, "components": result.response.components}


def text(result: simcord.InteractionResult) -> str:
    """All readable text of the reply."""
    return render_plain_text(body(result))


def components(result: simcord.InteractionResult, kind: int) -> Iterator[dict[str, Any]]:
    """The reply's components of one type: 2 is a button, 3 a select menu, 10 a text display."""
    return (part for part in walk_components(body(result)["components"]) if part["type"] == kind)


def labels(result: simcord.InteractionResult) -> list[str]:
    """The labels of the reply's buttons."""
    return [button["label"] for button in components(result, 2)]
