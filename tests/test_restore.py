"""A bot with a restored database announces nothing again that was announced since the backup."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_bot
from bot.store.backup import create_backup, restore_backup
from tests.announcements.builders import at
from tests.conftest import NEVER, NOW, MovingClock, Server, connected
from tests.support import records
from tests.support.countdowns import add, import_records, mod, posted, until

RESTORED_AT = at("2026-05-11T15:00")
ANNOUNCED = {"window": "2026-05-20", "status": "announced"}
MOVED = {"window": "2026-05-14", "status": "announced"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bonbang.db"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog with one title."""
    return write_title(tmp_path / "catalog", ANNOUNCED)


def write_title(folder: Path, *releases: dict[str, str]) -> Path:
    return records.write(folder, records.title("show", "A Show", releases=releases))


@asynccontextmanager
async def run_bot(
    file: Path, catalog: Path, moving: MovingClock, start: datetime = NOW
) -> AsyncGenerator[Server]:
    """A bot with a database, in a simulated server that is created anew each time."""
    async with (
        open_bot(f"sqlite:///{file}", catalog, moving, recheck=NEVER) as bot,
        connected(bot, moving, start) as env,
    ):
        # The simulation always begins at the same instant: ids depend on it.
        yield Server(env)


@pytest.fixture
async def backup(tmp_path: Path, file: Path, catalog: Path, moving: MovingClock) -> Path:
    """A backup created before a change and two more announcements."""
    copy = tmp_path / "copy.db"
    async with run_bot(file, catalog, moving) as server:
        other = create_other_channel(server)
        await add(server, title="A Show", milestones="13 7 3 1")
        await add(server, title="A Show", channel=other, milestones="3 1")
        await mod(server, "countdown pause", countdown="2")
        await until(server, "2026-05-07T10:00+00:00")
        create_backup(file, copy)
        await import_records(server, write_title(catalog, ANNOUNCED, MOVED))
        await until(server, "2026-05-11T10:00+00:00")
        assert headlines(server) == [
            "D-13",
            "Premiere: moved from May 20, 2026 to May 14, 2026.",
            "D-3",
        ]
    return copy


def create_other_channel(server: Server) -> Any:
    """A channel whose countdown is paused when the backup is created."""
    return server.guild.create_text_channel("other")


def headlines(server: Server) -> list[str]:
    """The first words of each announcement."""
    lines = [line.removeprefix("**A Show** ").removeprefix("· ") for line in posted(server)]
    return [line.split(" · ")[0] for line in lines]


async def test_announcements_since_the_backup_are_not_posted_again(
    backup: Path, file: Path, catalog: Path, moving: MovingClock
) -> None:
    await restore_backup(backup, file, RESTORED_AT)
    async with run_bot(file, catalog, moving, RESTORED_AT) as server:
        await until(server, "2026-05-13T08:00+00:00")
        assert headlines(server) == []
        await until(server, "2026-05-14T08:00+00:00")
        assert headlines(server) == ["D-1"]


async def test_changes_after_the_restore_are_announced(
    backup: Path, file: Path, catalog: Path, moving: MovingClock
) -> None:
    await restore_backup(backup, file, RESTORED_AT)
    async with run_bot(file, catalog, moving, RESTORED_AT) as server:
        other = create_other_channel(server)
        await until(server, "2026-05-11T16:00+00:00")
        await mod(server, "countdown resume", countdown="2")
        await server.env.advance_time(1)
        later = {"window": "2026-06", "status": "announced"}
        await import_records(server, write_title(catalog, ANNOUNCED, MOVED, later))
        change = "**A Show** · Premiere: moved from May 14, 2026 to June 2026."
        assert posted(server) == [change]
        assert [one.content for one in other.history()] == [change]
