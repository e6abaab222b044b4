"""Revision 0004: what a channel was told is recorded when a delivery is settled."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.announcements.milestones import Milestone, MilestoneKind
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.deliveries import SqlDeliveryStore
from tests.announcements.builders import at, state
from tests.store.test_migrations import migrate

LEASE_UNTIL = at("2026-05-01T00:00:14")
EXPIRES_AT = at("2026-06-01")


def encoded(window: str) -> str:
    return json.dumps({"window": window, "status": None})


@dataclass
class OldDatabase:
    """A database of revision 0003 with one countdown, whose known release is 2026-05-24."""

    connection: sqlite3.Connection

    def insert_change(self, delivery_id: str, claimed: str, before: str, *, open: bool) -> None:
        self.connection.execute(
            "INSERT INTO deliveries (id, countdown_id, kind, due_at, expires_at, previous_release, "
            "claimed_at, attempts, lease_until, outcome) VALUES (?, 1, 'changed', ?, ?, ?, ?, 3, "
            "?, ?)",
            (
                delivery_id,
                at(claimed).timestamp(),
                EXPIRES_AT.timestamp(),
                encoded(before),
                at(claimed).timestamp(),
                LEASE_UNTIL.timestamp() if open else None,
                None if open else "sent",
            ),
        )
        self.connection.commit()


@pytest.fixture
def old(file: Path) -> Iterator[OldDatabase]:
    engine = create_engine(f"sqlite:///{file}")
    migrate(engine, "0003")
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO titles VALUES ('show', '{}', 'd', 1.0)")
        connection.execute(
            "INSERT INTO countdowns VALUES (1, 10, 100, 'show', 'premiere', '7', '09:00', 'UTC', "
            "'en-US', NULL, 0, NULL, 0, ?, 99999, 4)",
            (encoded("2026-05-24"),),
        )
        connection.commit()
        yield OldDatabase(connection)


async def test_unsettled_change_is_not_yet_known_to_its_channel(
    old: OldDatabase, file: Path
) -> None:
    old.insert_change("aaaa", "2026-05-01", "2026-05-20", open=True)
    async with await Database.open(f"sqlite:///{file}") as database:
        [countdown] = await CountdownStore(database).list_for_guild(10)
        assert (countdown.known_release, countdown.next_at) == (state("2026-05-20"), None)
        [found] = await SqlDeliveryStore(database).expired_claims(LEASE_UNTIL, 10)
    assert (found.previous_release, found.announced_release) == (
        state("2026-05-20"),
        state("2026-05-24"),
    )
    assert (found.milestone, found.maybe_posted, found.attempts) == (
        Milestone(MilestoneKind.CHANGED, at("2026-05-01"), EXPIRES_AT),
        True,
        2,
    )


async def test_of_several_unsettled_changes_the_latest_is_kept(
    old: OldDatabase, file: Path
) -> None:
    old.insert_change("bbbb", "2026-05-02", "2026-05-22", open=True)
    old.insert_change("aaaa", "2026-05-01", "2026-05-20", open=True)
    async with await Database.open(f"sqlite:///{file}") as database:
        [countdown] = await CountdownStore(database).list_for_guild(10)
        [found] = await SqlDeliveryStore(database).expired_claims(LEASE_UNTIL, 10)
    assert countdown.known_release == state("2026-05-20")
    assert (found.id, found.previous_release) == ("bbbb", state("2026-05-20"))
    assert found.announced_release == state("2026-05-24")


async def test_settled_change_stays_known(old: OldDatabase, file: Path) -> None:
    old.insert_change("aaaa", "2026-05-01", "2026-05-20", open=False)
    async with await Database.open(f"sqlite:///{file}") as database:
        [countdown] = await CountdownStore(database).list_for_guild(10)
        assert countdown.known_release == state("2026-05-24")
        assert countdown.next_at is not None
        assert await SqlDeliveryStore(database).expired_claims(LEASE_UNTIL, 10) == []
