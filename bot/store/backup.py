"""Consistent copies of a live SQLite database, and putting one back."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import OperatorError
from bot.store.countdowns import CountdownStore
from bot.store.database import (
    COMMANDS_DIGEST,
    Database,
    advice,
    create_parent_folder,
    known_revisions,
)

# How long a copy waits for another process that keeps the database to itself, in seconds.
LOCK_TIMEOUT = 2.0

# What SQLite keeps beside a database, by the ends of its names.
_SQLITE_SUFFIXES = ("", "-wal", "-shm", "-journal")

_UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_COUNTED = {"titles", "people", "countdowns"}


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a database holds, and in how many bytes."""

    records: int
    countdowns: int
    size: int


def create_backup(database: Path, target: Path, *, replace: bool = False) -> BackupSummary:
    """Copy a database, as it stands at one instant, to a file that is complete or not there.

    With `replace` the copy takes the place of an earlier one. Raises HostError, naming what to
    change, where that cannot be done.
    """
    _require_file(database)
    _require_writable_target(target, database, replace=replace)
    with _temporary_folder_next_to(target) as folder:
        copy = folder / target.name
        copy_sqlite(database, copy)
        contents = inspect_database(copy)
        _move_into_place(copy, target)
    return contents


async def restore_backup(
    backup: Path, database: Path, now: datetime
) -> tuple[BackupSummary, Path | None]:
    """Write a backup over a database that nobody uses. What it holds, and where what was there
    is kept.

    What came due until `now` will not be announced: it may have been, since the backup was made.
    Raises HostError, naming what to change, where it cannot be done; the database is then as it
    was.
    """
    _require_file(backup)
    if _is_database_file(database, backup):
        raise OperatorError(f"{backup} is the database itself. Choose a backup file.")
    contents = inspect_database(backup)
    create_parent_folder(database)
    with _temporary_folder_next_to(database) as folder:
        ready = folder / database.name
        copy_sqlite(backup, ready)
        async with await Database.open(f"sqlite:///{ready}") as opened:
            await CountdownStore(opened).reset_after_restore(now)
            # Discord may know later commands than those of the backup.
            await opened.set_meta(COMMANDS_DIGEST, "")
        return contents, _replace_database(ready, database, now)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database as it stands at one instant, while others go on using it.

    Raises HostError where either file cannot be used.
    """
    try:
        with closing(_open(source, "ro")) as live, closing(_open(target, "rwc")) as copy:
            _copy(live, copy)
            # So that the copy is one file, wherever it is opened.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise OperatorError(
            f"Can't copy the database {source}: {error}. {advice(error)}"
        ) from error


def erase_guild_data(file: Path) -> None:
    """Erase what a copy holds of servers, so that nothing is done in their name."""
    with closing(_open(file, "rw")) as copy:
        for table in _tables(copy) & {"deliveries", "countdowns", "guild_settings", "servers"}:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608


def inspect_database(file: Path) -> BackupSummary:
    """What a database holds. Raises HostError where it is damaged, none of Bonbang's, or newer."""
    try:
        with closing(_open(file, "ro")) as connection:
            tables = _require_bonbang_tables(file, connection)
            _require_known_revision(file, connection)
            _require_integrity(file, connection)
            counts = {table: _count(connection, table) for table in tables & _COUNTED}
    except sqlite3.Error as error:
        raise OperatorError(f"Can't read {file}: {error}.") from error
    records = counts.get("titles", 0) + counts.get("people", 0)
    return BackupSummary(records, counts.get("countdowns", 0), file.stat().st_size)


def _require_known_revision(file: Path, connection: sqlite3.Connection) -> None:
    [version] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if version not in known_revisions():
        raise OperatorError(
            f"{file} was created by a newer version of Bonbang (schema version {version}). "
            "Upgrade Bonbang first."
        )


def _require_integrity(file: Path, connection: sqlite3.Connection) -> None:
    [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise OperatorError(f"{file} is damaged: {found}.")


def _require_bonbang_tables(file: Path, connection: sqlite3.Connection) -> set[str]:
    tables = _tables(connection)
    if not {"alembic_version", "titles"} <= tables:
        raise OperatorError(f"{file} is not a Bonbang database.")
    return tables


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def _count(connection: sqlite3.Connection, table: str) -> int:
    [count] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return count


def _open(file: Path, mode: str) -> sqlite3.Connection:
    url = f"{file.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(url, uri=True, timeout=LOCK_TIMEOUT, isolation_level=None)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    def lose_patience(status: int, _left: int, _total: int) -> None:
        # It would be tried again without end.
        if status in _BUSY:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, progress=lose_patience)


def _require_file(file: Path) -> None:
    if not file.is_file():
        raise OperatorError(f"Database not found: {file}.")


def _require_writable_target(target: Path, database: Path, *, replace: bool) -> None:
    if target.is_dir():
        raise OperatorError(f"{target} is a folder. Choose a file name.")
    if _is_database_file(database, target):
        raise OperatorError(f"{target} is the database itself. Choose another file.")
    if not target.exists():
        return
    if not replace:
        raise OperatorError(
            f"{target} already exists. Choose another file, or use --replace to overwrite an "
            "old backup."
        )
    try:
        with closing(_open(target, "ro")) as connection:
            _require_bonbang_tables(target, connection)
    except sqlite3.Error as error:
        raise OperatorError(
            f"{target} is not a backup ({error}), so it was not replaced."
        ) from error


def _is_database_file(database: Path, file: Path) -> bool:
    parts = [database.with_name(database.name + part).resolve() for part in _SQLITE_SUFFIXES]
    return file.resolve() in parts


@contextmanager
def _temporary_folder_next_to(file: Path) -> Generator[Path]:
    """A folder in which to make a file ready; it goes, with all that SQLite leaves in it."""
    try:
        with TemporaryDirectory(prefix=".bonbang-", dir=file.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise OperatorError(f"Can't write to {file}: {error.strerror or error}.") from error


def _move_into_place(copy: Path, target: Path) -> None:
    _fsync(copy)
    copy.replace(target)
    _fsync(target.parent)


def _fsync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _replace_database(ready: Path, database: Path, now: datetime) -> Path | None:
    """Write a database over another; where what was there is kept."""
    kept = None
    if database.exists():
        kept = database.with_name(f"{database.stem}-before-{now:%Y%m%dT%H%M%SZ}{database.suffix}")
    try:
        try:
            _overwrite(ready, database, kept)
        except sqlite3.DatabaseError as error:
            if kept is None or _code(error) not in _UNREADABLE:
                raise
            # Nothing can be written over what is no database (any more).
            _move(database, kept)
            _overwrite(ready, database, None)
    except sqlite3.Error as error:
        if _code(error) in _BUSY:
            raise OperatorError(
                f"The database {database} is in use. Stop the bot, then try again."
            ) from error
        raise OperatorError(
            f"Can't write to the database {database}: {error}. {advice(error)}"
        ) from error
    return kept


def _code(error: sqlite3.Error) -> int:
    # The upper bits only tell more of the same.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _overwrite(ready: Path, database: Path, kept: Path | None) -> None:
    """In one transaction: what goes wrong on the way leaves what was there."""
    with closing(_open(database, "rwc")) as live, closing(_open(ready, "ro")) as source:
        # This is granted to the last who has the database open; what was written lately is then
        # in the file itself, and whoever comes now has to wait.
        live.execute("PRAGMA journal_mode = DELETE")
        live.execute("PRAGMA locking_mode = EXCLUSIVE")
        live.execute("BEGIN EXCLUSIVE")
        live.execute("COMMIT")
        if kept is not None:
            with closing(_open(kept, "rwc")) as copy:
                _copy(live, copy)
        _copy(source, live)


def _move(database: Path, kept: Path) -> None:
    for part in _SQLITE_SUFFIXES:
        file = database.with_name(database.name + part)
        if file.exists():
            file.replace(kept.with_name(kept.name + part))
