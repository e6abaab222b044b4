"""Backups of a live database, and restoring one."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import catalog_importer
from bot.errors import OperatorError
from bot.store.backup import BackupSummary, create_backup, restore_backup
from bot.store.countdowns import CountdownStore
from bot.store.database import COMMANDS_DIGEST, Database
from bot.store.deliveries import SqlDeliveryStore
from tests.announcements.builders import a_countdown
from tests.conftest import NOW, clock
from tests.store.builders import LATER, decision, delivery
from tests.support import records
from tests.support.db_faults import locked


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where to write the backup: in an empty folder."""
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder / "copy.db"


@pytest.fixture
async def one_countdown(countdowns: CountdownStore) -> None:
    """A database with two titles and one countdown."""
    await countdowns.add(a_countdown(next_at=LATER, cursor=NOW))


def query_one(file: Path, query: str) -> Any:
    """The first column of the first row that a query finds."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchone()[0]


def files_beside(file: Path) -> list[str]:
    """The names of all files in the folder of a file."""
    return sorted(one.name for one in file.parent.iterdir())


# Creating a backup


async def test_backup_is_one_intact_file_and_is_summarized(
    file: Path, one_countdown: None, copy: Path
) -> None:
    contents = create_backup(file, copy)
    assert contents == BackupSummary(records=2, countdowns=1, size=copy.stat().st_size)
    assert query_one(copy, "PRAGMA integrity_check") == "ok"
    assert query_one(copy, "PRAGMA journal_mode") == "delete"
    assert files_beside(copy) == ["copy.db"]


async def test_backups_created_during_writes_are_consistent(
    file: Path, countdowns: CountdownStore, database: Database, copy: Path
) -> None:
    """Each import changes all of its records or none; each claim adds one delivery."""
    claims: set[int] = set()
    generations: set[int] = set()
    async with _writing(file, copy.with_suffix(".jsonl")), asyncio.timeout(60):
        while len(claims) < 8 or len(generations) < 5:
            await asyncio.to_thread(create_backup, file, copy, replace=copy.exists())
            assert query_one(copy, "PRAGMA integrity_check") == "ok"
            claimed = query_one(copy, "SELECT coalesce(sum(version - 1), 0) FROM countdowns")
            assert claimed == query_one(copy, "SELECT count(*) FROM deliveries")
            assert query_one(copy, "SELECT count(DISTINCT popularity) FROM people") <= 1
            claims.add(claimed)
            generations.add(query_one(copy, "SELECT coalesce(max(popularity), 0) FROM people"))


@asynccontextmanager
async def _writing(file: Path, lines: Path) -> AsyncGenerator[None]:
    """Two more connections write all the time: one imports, one claims."""
    url = f"sqlite:///{file}"
    async with await Database.open(url) as imports, await Database.open(url) as claims:
        tasks = [
            asyncio.create_task(_import_endlessly(imports, lines)),
            asyncio.create_task(_claim_endlessly(claims)),
        ]
        yield
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(end) for end in ended} == {asyncio.CancelledError}, ended


async def _import_endlessly(database: Database, lines: Path) -> None:
    importer = catalog_importer(database, clock)
    for generation in count(1):
        people = [records.person(f"p{n}", popularity=generation) for n in range(60)]
        await importer.import_path(records.write_lines(lines, *people))
        # SQLite does not give other writers their turn.
        await asyncio.sleep(0.02)


async def _claim_endlessly(database: Database) -> None:
    countdowns, deliveries = CountdownStore(database), SqlDeliveryStore(database)
    for number in count():
        added = await countdowns.add(a_countdown(guild_id=number))
        assert await deliveries.claim(added, decision(), delivery(added, f"d{number}"), LATER)


async def test_backup_can_be_created_while_another_process_holds_the_write_lock(
    file: Path, one_countdown: None, copy: Path
) -> None:
    with locked(file):
        assert create_backup(file, copy).countdowns == 1


async def test_existing_file_is_never_overwritten_unless_it_is_a_backup(
    file: Path, one_countdown: None, copy: Path
) -> None:
    copy.write_text("a diary")
    with pytest.raises(OperatorError, match="already exists"):
        create_backup(file, copy)
    with pytest.raises(OperatorError, match="is not a backup"):
        create_backup(file, copy, replace=True)
    assert copy.read_text() == "a diary"
    copy.unlink()
    with closing(sqlite3.connect(copy)) as other, other:
        other.execute("CREATE TABLE bookmarks (url)")
    with pytest.raises(OperatorError, match="is not a Bonbang database"):
        create_backup(file, copy, replace=True)


async def test_earlier_backup_is_replaced_on_request(
    file: Path, countdowns: CountdownStore, copy: Path
) -> None:
    assert create_backup(file, copy).countdowns == 0
    await countdowns.add(a_countdown(next_at=LATER))
    with pytest.raises(OperatorError, match="use --replace"):
        create_backup(file, copy)
    assert query_one(copy, "SELECT count(*) FROM countdowns") == 0
    assert create_backup(file, copy, replace=True).countdowns == 1
    assert query_one(copy, "SELECT count(*) FROM countdowns") == 1
    assert files_beside(copy) == ["copy.db"]


@pytest.mark.parametrize("name", ["test.db", "test.db-wal", "test.db-journal", "link.db"])
async def test_backup_over_the_database_itself_is_refused(
    file: Path, one_countdown: None, name: str
) -> None:
    file.with_name("link.db").symlink_to(file)
    for replace in (False, True):
        with pytest.raises(OperatorError, match="is the database itself"):
            create_backup(file, file.with_name(name), replace=replace)


async def test_unwritable_target_is_named(file: Path, one_countdown: None, copy: Path) -> None:
    with pytest.raises(OperatorError, match="is a folder"):
        create_backup(file, copy.parent)
    with pytest.raises(OperatorError, match=r"nowhere/copy.db: No such file or dir"):
        create_backup(file, copy.parent / "nowhere" / "copy.db")
    with pytest.raises(OperatorError, match=": Not a directory"):
        create_backup(file, file / "copy.db")


def test_backup_of_a_missing_database_creates_nothing(file: Path, copy: Path) -> None:
    with pytest.raises(OperatorError, match="Database not found"):
        create_backup(file, copy)
    assert not file.exists()
    assert not copy.exists()


async def test_damaged_database_does_not_replace_a_backup(file: Path, copy: Path) -> None:
    await _create(file)
    create_backup(file, copy)
    before = copy.read_bytes()
    # Some rows of some table: copying alone would not notice.
    _damage(file, len(before) - 5000)
    with pytest.raises(OperatorError, match="is damaged: "):
        create_backup(file, copy, replace=True)
    assert copy.read_bytes() == before
    assert files_beside(copy) == ["copy.db"]


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
async def test_backup_gets_the_permissions_of_the_database(
    file: Path, copy: Path, mode: int
) -> None:
    await _create(file)
    file.chmod(mode)
    create_backup(file, copy)
    assert _mode(copy) == mode


@pytest.mark.parametrize("is_damaged", [False, True])
async def test_restored_and_previous_database_keep_their_permissions(
    file: Path, copy: Path, is_damaged: bool
) -> None:
    await _create(file)
    create_backup(file, copy)
    copy.chmod(0o644)
    file.chmod(0o600)
    if is_damaged:
        _damage(file, 0)
    _contents, kept = await restore_backup(copy, file, NOW)
    assert kept is not None
    assert (_mode(file), _mode(kept)) == (0o600, 0o600)


async def test_database_created_by_a_restore_gets_the_permissions_of_the_backup(
    file: Path, copy: Path
) -> None:
    await _create(file)
    create_backup(file, copy)
    copy.chmod(0o600)
    elsewhere = file.parent / "new" / "bonbang.db"
    await restore_backup(copy, elsewhere, NOW)
    assert _mode(elsewhere) == 0o600


# Restoring a backup


async def _create(file: Path, *people: str) -> None:
    """A closed database with people of these ids in it."""
    async with await Database.open(f"sqlite:///{file}") as database:
        lines = [records.person(one) for one in people]
        written = records.write_lines(file.with_suffix(".jsonl"), *lines)
        await catalog_importer(database, clock).import_path(written)


def _damage(file: Path, offset: int = 4096) -> None:
    """Overwrite a file from an offset to its end."""
    intact = file.read_bytes()
    file.write_bytes(intact[:offset] + b"\xff" * (len(intact) - offset))


async def _people(file: Path) -> list[str]:
    async with await Database.open(f"sqlite:///{file}") as database, database.read() as connection:
        return list(await connection.scalars(text("SELECT id FROM people ORDER BY id")))


async def test_restore_keeps_the_previous_database(file: Path, copy: Path) -> None:
    await _create(file, "her")
    create_backup(file, copy)
    await _create(file, "him", "them")
    contents, kept = await restore_backup(copy, file, NOW)
    assert contents == BackupSummary(1, 0, copy.stat().st_size)
    assert kept == file.with_name("test-before-20260501T090000Z.db")
    assert await _people(file) == ["her"]
    assert await _people(kept) == ["her", "him", "them"]
    assert files_beside(copy) == ["copy.db"]


async def test_restore_ignores_the_write_ahead_log_of_a_killed_bot(file: Path, copy: Path) -> None:
    await _create(file, "her")
    create_backup(file, copy)
    await _create(file, "him")
    with closing(sqlite3.connect(file)) as open_:
        open_.execute("UPDATE people SET id = 'other' WHERE id = 'him'")
        open_.commit()
        killed = file.parent / "killed"
        killed.mkdir()
        for part in ("", "-wal", "-shm"):
            (killed / f"k.db{part}").write_bytes(file.with_name(f"test.db{part}").read_bytes())
    _contents, kept = await restore_backup(copy, killed / "k.db", NOW)
    assert kept is not None
    assert await _people(killed / "k.db") == ["her"]
    assert await _people(kept) == ["her", "other"]


async def test_restore_without_a_previous_database_creates_it(file: Path, copy: Path) -> None:
    await _create(file, "her")
    create_backup(file, copy)
    elsewhere = file.parent / "new" / "bonbang.db"
    assert (await restore_backup(copy, elsewhere, NOW))[1] is None
    assert await _people(elsewhere) == ["her"]


@pytest.mark.parametrize("offset", [0, 20, 100, 4096])
async def test_restore_replaces_a_damaged_database_and_keeps_it(
    file: Path, copy: Path, offset: int
) -> None:
    await _create(file, "her")
    create_backup(file, copy)
    _damage(file, offset)
    damaged = file.read_bytes()
    _contents, kept = await restore_backup(copy, file, NOW)
    assert await _people(file) == ["her"]
    assert kept is not None
    assert kept.read_bytes()[100:] == damaged[100:]


async def test_restore_forgets_which_commands_were_synced(file: Path, copy: Path) -> None:
    """Discord may have newer commands than those of the backup."""
    async with await Database.open(f"sqlite:///{file}") as database:
        await database.set_meta(COMMANDS_DIGEST, "as they were")
    create_backup(file, copy)
    await restore_backup(copy, file, NOW)
    async with await Database.open(f"sqlite:///{file}") as database:
        assert not await database.get_meta(COMMANDS_DIGEST)


async def test_restore_over_a_database_in_use_is_refused(file: Path, copy: Path) -> None:
    await _create(file, "her")
    create_backup(file, copy)
    async with await Database.open(f"sqlite:///{file}") as in_use:
        with pytest.raises(OperatorError, match=r"is in use\. Stop the bot"):
            await restore_backup(copy, file, NOW)
        await in_use.set_meta("still", "there")
    async with await Database.open(f"sqlite:///{file}") as opened:
        assert await opened.get_meta("still") == "there"


async def test_restore_of_anything_but_a_backup_is_refused(file: Path, copy: Path) -> None:
    await _create(file, "her")
    create_backup(file, copy)
    damaged, newer, diary = (copy.with_name(name) for name in ("damaged", "newer", "diary"))
    for one in (damaged, newer):
        one.write_bytes(copy.read_bytes())
    _damage(damaged)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    diary.write_text("once upon a time " * 500)
    refused = {
        damaged: "damaged|malformed",
        newer: "newer version of Bonbang",
        diary: "not a database",
        copy.parent / "nothing": "Database not found",
        file: "the database itself",
    }
    before = files_beside(file)
    for backup, reason in refused.items():
        with pytest.raises(OperatorError, match=reason):
            await restore_backup(backup, file, NOW)
    assert files_beside(file) == before
    assert await _people(file) == ["her"]
