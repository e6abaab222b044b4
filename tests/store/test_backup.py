"""Copies of a live database, and a copy put back."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.errors import HostError
from bot.store.backup import Contents, back_up, restore
from bot.store.countdowns import CountdownStore
from bot.store.database import COMMANDS_DIGEST, Database
from bot.store.imports import CatalogImporter
from bot.store.ledger import DatabaseLedger
from tests import records
from tests.conftest import NOW, clock
from tests.countdown.making import a_countdown
from tests.store.test_ledger import LATER, decision, delivery
from tests.trouble import locked


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where to copy to: a folder with nothing else in it."""
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder / "copy.db"


@pytest.fixture
async def one(store: CountdownStore) -> None:
    """One countdown in the database, to one of the two shows."""
    await store.add(a_countdown(due=LATER, cursor=NOW))


def ask(file: Path, query: str) -> Any:
    """The first column of the first row that a query finds."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchone()[0]


def names(file: Path) -> list[str]:
    """What lies in the folder of a file."""
    return sorted(one.name for one in file.parent.iterdir())


# Taking a backup


async def test_a_backup_is_one_whole_file_that_says_what_it_holds(
    file: Path, one: None, copy: Path
) -> None:
    contents = back_up(file, copy)
    assert contents == Contents(records=2, countdowns=1, size=copy.stat().st_size)
    assert ask(copy, "PRAGMA integrity_check") == "ok"
    assert ask(copy, "PRAGMA journal_mode") == "delete"
    assert names(copy) == ["copy.db"]


async def test_backups_taken_while_others_write_are_each_of_one_instant(
    file: Path, store: CountdownStore, database: Database, copy: Path
) -> None:
    """Each import changes all of its records or none, and with each claim goes a delivery."""
    claims: set[int] = set()
    generations: set[int] = set()
    async with _writing(file, copy.with_suffix(".jsonl")), asyncio.timeout(60):
        while len(claims) < 8 or len(generations) < 5:
            await asyncio.to_thread(back_up, file, copy, replace=copy.exists())
            assert ask(copy, "PRAGMA integrity_check") == "ok"
            claimed = ask(copy, "SELECT coalesce(sum(version - 1), 0) FROM countdowns")
            assert claimed == ask(copy, "SELECT count(*) FROM deliveries")
            assert ask(copy, "SELECT count(DISTINCT popularity) FROM people") <= 1
            claims.add(claimed)
            generations.add(ask(copy, "SELECT coalesce(max(popularity), 0) FROM people"))


@asynccontextmanager
async def _writing(file: Path, lines: Path) -> AsyncGenerator[None]:
    """Two more processes, as it were, write all the time: one imports, one claims."""
    url = f"sqlite:///{file}"
    async with await Database.open(url) as imports, await Database.open(url) as claims:
        tasks = [
            asyncio.create_task(_import_all_the_time(imports, lines)),
            asyncio.create_task(_claim_all_the_time(claims)),
        ]
        yield
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(end) for end in ended} == {asyncio.CancelledError}, ended


async def _import_all_the_time(database: Database, lines: Path) -> None:
    importer = CatalogImporter(database, clock)
    for generation in count(1):
        people = [records.person(f"p{n}", popularity=generation) for n in range(60)]
        await importer.import_path(records.write_lines(lines, *people))
        # SQLite does not see to it that others have their turn.
        await asyncio.sleep(0.02)


async def _claim_all_the_time(database: Database) -> None:
    store, ledger = CountdownStore(database), DatabaseLedger(database)
    for number in count():
        added = await store.add(a_countdown(guild_id=number))
        assert await ledger.claim(added, decision(), delivery(added, f"d{number}"), LATER)


async def test_a_backup_can_be_taken_while_another_process_locks(
    file: Path, one: None, copy: Path
) -> None:
    with locked(file):
        assert back_up(file, copy).countdowns == 1


async def test_what_is_there_is_not_overwritten_by_mistake(
    file: Path, one: None, copy: Path
) -> None:
    copy.write_text("a diary")
    with pytest.raises(HostError, match="is there already"):
        back_up(file, copy)
    with pytest.raises(HostError, match="is no backup"):
        back_up(file, copy, replace=True)
    assert copy.read_text() == "a diary"
    copy.unlink()
    with closing(sqlite3.connect(copy)) as other, other:
        other.execute("CREATE TABLE bookmarks (url)")
    with pytest.raises(HostError, match="no database of Bonbang's"):
        back_up(file, copy, replace=True)


async def test_an_earlier_backup_is_replaced_when_asked_to(
    file: Path, store: CountdownStore, copy: Path
) -> None:
    assert back_up(file, copy).countdowns == 0
    await store.add(a_countdown(due=LATER))
    with pytest.raises(HostError, match="add --replace"):
        back_up(file, copy)
    assert ask(copy, "SELECT count(*) FROM countdowns") == 0
    assert back_up(file, copy, replace=True).countdowns == 1
    assert ask(copy, "SELECT count(*) FROM countdowns") == 1
    assert names(copy) == ["copy.db"]


@pytest.mark.parametrize("name", ["test.db", "test.db-wal", "test.db-journal", "link.db"])
async def test_the_database_itself_is_no_place_for_a_backup(
    file: Path, one: None, name: str
) -> None:
    file.with_name("link.db").symlink_to(file)
    for replace in (False, True):
        with pytest.raises(HostError, match="is the database itself"):
            back_up(file, file.with_name(name), replace=replace)


async def test_a_place_that_cannot_be_written_is_named(file: Path, one: None, copy: Path) -> None:
    with pytest.raises(HostError, match="is a folder; name a file in it"):
        back_up(file, copy.parent)
    with pytest.raises(HostError, match=r"nowhere/copy.db cannot be written: No such file or dir"):
        back_up(file, copy.parent / "nowhere" / "copy.db")
    with pytest.raises(HostError, match="cannot be written: Not a directory"):
        back_up(file, file / "copy.db")


def test_where_there_is_no_database_none_is_made(file: Path, copy: Path) -> None:
    with pytest.raises(HostError, match="There is no database"):
        back_up(file, copy)
    assert not file.exists()
    assert not copy.exists()


async def test_a_damaged_database_takes_no_backups_place(file: Path, copy: Path) -> None:
    await _make(file)
    back_up(file, copy)
    before = copy.read_bytes()
    # Some rows of some table: nothing that would be noticed on the way.
    _damage(file, len(before) - 5000)
    with pytest.raises(HostError, match="is damaged: "):
        back_up(file, copy, replace=True)
    assert copy.read_bytes() == before
    assert names(copy) == ["copy.db"]


# Putting one back


async def _make(file: Path, *people: str) -> None:
    """A database that nobody has open, with so many people in it."""
    async with await Database.open(f"sqlite:///{file}") as database:
        lines = [records.person(one) for one in people]
        written = records.write_lines(file.with_suffix(".jsonl"), *lines)
        await CatalogImporter(database, clock).import_path(written)


def _damage(file: Path, since: int = 4096) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:since] + b"\xff" * (len(whole) - since))


async def _people(file: Path) -> list[str]:
    async with await Database.open(f"sqlite:///{file}") as database, database.read() as connection:
        return list(await connection.scalars(text("SELECT id FROM people ORDER BY id")))


async def test_a_backup_is_put_back_and_what_was_there_is_kept(file: Path, copy: Path) -> None:
    await _make(file, "her")
    back_up(file, copy)
    await _make(file, "him", "them")
    contents, kept = await restore(copy, file, NOW)
    assert contents == Contents(1, 0, copy.stat().st_size)
    assert kept == file.with_name("test-before-20260501T090000Z.db")
    assert await _people(file) == ["her"]
    assert await _people(kept) == ["her", "him", "them"]
    assert names(copy) == ["copy.db"]


async def test_what_a_killed_bot_left_beside_the_database_does_not_get_into_the_restored_one(
    file: Path, copy: Path
) -> None:
    await _make(file, "her")
    back_up(file, copy)
    await _make(file, "him")
    with closing(sqlite3.connect(file)) as open_:
        open_.execute("UPDATE people SET id = 'other' WHERE id = 'him'")
        open_.commit()
        killed = file.parent / "killed"
        killed.mkdir()
        for part in ("", "-wal", "-shm"):
            (killed / f"k.db{part}").write_bytes(file.with_name(f"test.db{part}").read_bytes())
    _contents, kept = await restore(copy, killed / "k.db", NOW)
    assert kept is not None
    assert await _people(killed / "k.db") == ["her"]
    assert await _people(kept) == ["her", "other"]


async def test_where_there_is_no_database_a_backup_becomes_it(file: Path, copy: Path) -> None:
    await _make(file, "her")
    back_up(file, copy)
    elsewhere = file.parent / "new" / "bonbang.db"
    assert (await restore(copy, elsewhere, NOW))[1] is None
    assert await _people(elsewhere) == ["her"]


@pytest.mark.parametrize("since", [0, 20, 100, 4096])
async def test_a_damaged_database_is_what_a_backup_is_for(
    file: Path, copy: Path, since: int
) -> None:
    await _make(file, "her")
    back_up(file, copy)
    _damage(file, since)
    damaged = file.read_bytes()
    _contents, kept = await restore(copy, file, NOW)
    assert await _people(file) == ["her"]
    assert kept is not None
    assert kept.read_bytes()[100:] == damaged[100:]


async def test_after_a_restore_discord_is_told_the_commands_anew(file: Path, copy: Path) -> None:
    """It may have been told later ones since the backup was made."""
    async with await Database.open(f"sqlite:///{file}") as database:
        await database.remember(COMMANDS_DIGEST, "as they were")
    back_up(file, copy)
    await restore(copy, file, NOW)
    async with await Database.open(f"sqlite:///{file}") as database:
        assert not await database.fact(COMMANDS_DIGEST)


async def test_a_database_in_use_is_left_alone(file: Path, copy: Path) -> None:
    await _make(file, "her")
    back_up(file, copy)
    async with await Database.open(f"sqlite:///{file}") as used:
        with pytest.raises(HostError, match=r"is in use\. Stop the bot"):
            await restore(copy, file, NOW)
        await used.remember("still", "there")
    async with await Database.open(f"sqlite:///{file}") as opened:
        assert await opened.fact("still") == "there"


async def test_what_is_no_backup_is_not_put_in_a_databases_place(file: Path, copy: Path) -> None:
    await _make(file, "her")
    back_up(file, copy)
    damaged, newer, diary = (copy.with_name(name) for name in ("damaged", "newer", "diary"))
    for one in (damaged, newer):
        one.write_bytes(copy.read_bytes())
    _damage(damaged)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    diary.write_text("once upon a time " * 500)
    wrong = {
        damaged: "damaged|malformed",
        newer: "newer Bonbang",
        diary: "not a database",
        copy.parent / "nothing": "There is no database",
        file: "the database itself",
    }
    before = names(file)
    for backup, reason in wrong.items():
        with pytest.raises(HostError, match=reason):
            await restore(backup, file, NOW)
    assert names(file) == before
    assert await _people(file) == ["her"]
