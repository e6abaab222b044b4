"""Revision 0005: announcements may carry a picture."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine

from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from tests.announcements.builders import a_countdown
from tests.store.test_migrations import migrate


async def test_countdowns_that_exist_stay_without_pictures(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    migrate(engine, "0004")
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO titles VALUES ('show', '{}', 'd', 1.0)")
        connection.execute(
            "INSERT INTO countdowns VALUES (1, 10, 100, 'show', 'premiere', '7', '09:00', 'UTC', "
            "'en-US', NULL, 0, NULL, 0, NULL, 99999, 4, NULL)"
        )
        connection.commit()
    async with await Database.open(f"sqlite:///{file}") as database:
        countdowns = CountdownStore(database)
        [kept] = await countdowns.list_for_guild(10)
        assert (kept.picture, kept.version) == (False, 4)
        added = await countdowns.add(a_countdown(channel_id=200, picture=True))
        assert await countdowns.get(10, added.id) == added
