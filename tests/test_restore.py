"""A bot on a database from before: what its channels were told since is not told again."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_bot
from bot.store.backup import create_backup, restore_backup
from tests.announcements.builders import at
from tests.cogs.test_countdowns import add, import_records, mod, posted, until
from tests.conftest import NEVER, MovingClock, Server, connected
from tests.support import records

ANNOUNCED = {"window": "2026-05-20", "status": "announced"}
MOVED = {"window": "2026-05-14", "status": "announced"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bonbang.db"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The records of one show."""
    return record(tmp_path / "catalog", ANNOUNCED)


def record(folder: Path, *releases: dict[str, str]) -> Path:
    return records.write(folder, records.title("show", "A Show", releases=releases))


@asynccontextmanager
async def serving(file: Path, catalog: Path, moving: MovingClock) -> AsyncGenerator[Server]:
    """A bot on a database, in a server that is the same each time (but for what is made in it
    later), its channel empty again."""
    async with (
        open_bot(f"sqlite:///{file}", catalog, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        yield Server(env)


@pytest.fixture
async def backup(tmp_path: Path, file: Path, catalog: Path, moving: MovingClock) -> Path:
    """A backup from before two announcements and a change, put back in the afternoon of D-3."""
    copy = tmp_path / "copy.db"
    async with serving(file, catalog, moving) as server:
        elsewhere = resting(server)
        await add(server, title="A Show", milestones="13 7 3 1")
        await add(server, title="A Show", channel=elsewhere, milestones="3 1")
        await mod(server, "countdown pause", countdown="2")
        await until(server, "2026-05-07T10:00+00:00")
        create_backup(file, copy)
        await import_records(server, record(catalog, ANNOUNCED, MOVED))
        await until(server, "2026-05-11T10:00+00:00")
        assert heads(server) == [
            "D-13",
            "Premiere: moved from May 20, 2026 to May 14, 2026.",
            "D-3",
        ]
    return copy


def resting(server: Server) -> Any:
    """A channel whose countdown is paused while the backup is taken."""
    return server.guild.create_text_channel("resting")


def heads(server: Server) -> list[str]:
    """What was announced, each in a word or two."""
    lines = [line.removeprefix("**A Show** ").removeprefix("· ") for line in posted(server)]
    return [line.split(" · ")[0] for line in lines]


async def test_what_was_announced_since_is_not_announced_again(
    backup: Path, file: Path, catalog: Path, moving: MovingClock
) -> None:
    await restore_backup(backup, file, at("2026-05-11T15:00"))
    async with serving(file, catalog, moving) as server:
        await until(server, "2026-05-13T08:00+00:00")
        assert heads(server) == []
        await until(server, "2026-05-14T08:00+00:00")
        assert heads(server) == ["D-1"]


async def test_what_changes_from_then_on_is_told(
    backup: Path, file: Path, catalog: Path, moving: MovingClock
) -> None:
    await restore_backup(backup, file, at("2026-05-11T15:00"))
    async with serving(file, catalog, moving) as server:
        elsewhere = resting(server)
        # The simulation begins anew; on the bot's calendar, restoring is still ahead.
        await until(server, "2026-05-11T16:00+00:00")
        await mod(server, "countdown resume", countdown="2")
        await server.env.advance_time(1)
        later = {"window": "2026-06", "status": "announced"}
        await import_records(server, record(catalog, ANNOUNCED, MOVED, later))
        told = "**A Show** · Premiere: moved from May 14, 2026 to June 2026."
        assert posted(server) == [told]
        assert [one.content for one in elsewhere.history()] == [told]
