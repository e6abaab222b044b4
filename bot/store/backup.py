"""Backs up a live SQLite database and restores a backup."""

import os
import sqlite3
import stat
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
    known_revisions,
)
from bot.store.database_url import create_parent_folder

# How long to wait for another process to release its lock, in seconds.
LOCK_TIMEOUT = 2.0

# The suffixes of a database's files: the database, and SQLite's files next to it.
_SQLITE_SUFFIXES = ("", "-wal", "-shm", "-journal")

_UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_COUNTED_TABLES = {"titles", "people", "countdowns"}


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """The number of records and countdowns in a database, and its size in bytes."""

    records: int
    countdowns: int
    size: int


def create_backup(database: Path, target: Path, *, replace: bool = False) -> BackupSummary:
    """Write a consistent copy of a database to `target`, atomically.

    The backup gets the permissions of the database. `replace` allows overwriting an existing
    backup. Raises OperatorError if the backup fails.
    """
    _require_file(database)
    _require_writable_target(target, database, replace=replace)
    with _temporary_folder_next_to(target) as folder:
        copy = folder / target.name
        copy_sqlite(database, copy)
        summary = inspect_database(copy)
        copy.chmod(_permissions(database))
        _move_into_place(copy, target)
    return summary


async def restore_backup(
    backup: Path, database: Path, now: datetime
) -> tuple[BackupSummary, Path | None]:
    """Overwrite a database with a backup. No other process may use the database.

    Milestones due before the next start are not announced, since they may have been announced after
    the backup was made. `now` names the copy of the previous database. Returns a summary of the
    backup, and the path of that copy, if there was a previous database. Raises OperatorError if the
    restore fails; the database is then unchanged.
    """
    _require_file(backup)
    if _is_database_file(database, backup):
        raise OperatorError(f"{backup} is the database itself. Choose a backup file.")
    summary = inspect_database(backup)
    create_parent_folder(database)
    with _temporary_folder_next_to(database) as folder:
        prepared = folder / database.name
        copy_sqlite(backup, prepared)
        async with await Database.open(f"sqlite:///{prepared}") as opened:
            await CountdownStore(opened).reset_after_restore()
            # The commands may have been synced after the backup, so force a new sync.
            await opened.set_meta(COMMANDS_DIGEST, "")
        prepared.chmod(_permissions(database, backup))
        return summary, _replace_database(prepared, database, now)


def copy_sqlite(source: Path, target: Path) -> None:
    """Write a consistent copy of a database that may be in use.

    Raises OperatorError if either file cannot be used.
    """
    try:
        with closing(_open(source, "ro")) as live, closing(_open(target, "rwc")) as copy:
            _copy(live, copy)
            # Without WAL mode, the copy is a single file.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise OperatorError(
            f"Can't copy the database {source}: {error}. {advice(error)}"
        ) from error


def erase_guild_data(file: Path) -> None:
    """Delete all server data from a copy of a database."""
    with closing(_open(file, "rw")) as copy:
        for table in _tables(copy) & {"deliveries", "countdowns", "guild_settings", "servers"}:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608


def inspect_database(file: Path) -> BackupSummary:
    """Return a summary of a database.

    Raises OperatorError if it is damaged, not a Bonbang database, or of a newer version.
    """
    try:
        with closing(_open(file, "ro")) as connection:
            tables = _require_bonbang_tables(file, connection)
            _require_known_revision(file, connection)
            _require_integrity(file, connection)
            counts = {table: _count(connection, table) for table in tables & _COUNTED_TABLES}
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
    [result] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if result != "ok":
        raise OperatorError(f"{file} is damaged: {result}.")


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
    def raise_if_busy(status: int, _remaining: int, _total: int) -> None:
        # `Connection.backup` retries forever while the database is locked.
        if status in _BUSY:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, progress=raise_if_busy)


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


def _permissions(*files: Path) -> int:
    """Return the permissions of the first file that exists."""
    file = next(file for file in files if file.exists())
    return stat.S_IMODE(file.stat().st_mode)


def _create_if_absent(file: Path, permissions: int) -> None:
    """Create an empty file. SQLite would create it readable by everyone."""
    if not file.exists():
        file.touch(0o600)
        file.chmod(permissions)


def _is_database_file(database: Path, file: Path) -> bool:
    files = [database.with_name(database.name + suffix).resolve() for suffix in _SQLITE_SUFFIXES]
    return file.resolve() in files


@contextmanager
def _temporary_folder_next_to(file: Path) -> Generator[Path]:
    """Create a temporary folder on the same file system as `file`, and delete it on exit."""
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
    """Flush a file or a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace_database(prepared: Path, database: Path, now: datetime) -> Path | None:
    """Overwrite a database. Returns the path to which its old contents were saved, if any."""
    saved = None
    if database.exists():
        saved = database.with_name(f"{database.stem}-before-{now:%Y%m%dT%H%M%SZ}{database.suffix}")
    try:
        try:
            _overwrite(prepared, database, saved)
        except sqlite3.DatabaseError as error:
            if saved is None or _error_code(error) not in _UNREADABLE:
                raise
            # A file that is not a database cannot be overwritten in place.
            _move(database, saved)
            _overwrite(prepared, database, None)
    except sqlite3.Error as error:
        if _error_code(error) in _BUSY:
            raise OperatorError(
                f"The database {database} is in use. Stop the bot, then try again."
            ) from error
        raise OperatorError(
            f"Can't write to the database {database}: {error}. {advice(error)}"
        ) from error
    return saved


def _error_code(error: sqlite3.Error) -> int:
    # The low byte is the primary result code: https://sqlite.org/rescode.html
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _overwrite(prepared: Path, database: Path, saved: Path | None) -> None:
    """Overwrite a database in one transaction. If it fails, the database is unchanged.

    Files that are created get the permissions of `prepared`.
    """
    permissions = _permissions(prepared)
    _create_if_absent(database, permissions)
    with closing(_open(database, "rwc")) as live, closing(_open(prepared, "ro")) as source:
        # Leaving WAL mode fails while another connection is open. It also checkpoints the WAL.
        # The exclusive lock then keeps other processes out.
        live.execute("PRAGMA journal_mode = DELETE")
        live.execute("PRAGMA locking_mode = EXCLUSIVE")
        live.execute("BEGIN EXCLUSIVE")
        live.execute("COMMIT")
        if saved is not None:
            _create_if_absent(saved, permissions)
            with closing(_open(saved, "rwc")) as copy:
                _copy(live, copy)
        _copy(source, live)


def _move(database: Path, target: Path) -> None:
    for suffix in _SQLITE_SUFFIXES:
        file = database.with_name(database.name + suffix)
        if file.exists():
            file.replace(target.with_name(target.name + suffix))
