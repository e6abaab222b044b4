"""Consistent copies of a live SQLite database, and putting one back."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import HostError
from bot.store.countdowns import CountdownStore
from bot.store.database import COMMANDS_DIGEST, Database, advice, known_versions, make_folder

# How long a copy waits for another process that keeps the database to itself, in seconds.
_PATIENCE = 2.0

# What SQLite keeps beside a database, by the ends of its names.
_PARTS = ("", "-wal", "-shm", "-journal")

_UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_COUNTED = {"titles", "people", "countdowns"}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, and in how many bytes."""

    records: int
    countdowns: int
    size: int


def back_up(database: Path, target: Path, *, replace: bool = False) -> Contents:
    """Copy a database, as it stands at one instant, to a file that is complete or not there.

    With `replace` the copy takes the place of an earlier one. Raises HostError, naming what to
    change, where that cannot be done.
    """
    _must_be_there(database)
    _may_be_written(target, database, replace=replace)
    with _beside(target) as folder:
        copy = folder / target.name
        copy_sqlite(database, copy)
        contents = examine(copy)
        _put_in_place(copy, target)
    return contents


async def restore(backup: Path, database: Path, now: datetime) -> tuple[Contents, Path | None]:
    """Write a backup over a database that nobody uses. What it holds, and where what was there
    is kept.

    What came due until `now` will not be announced: it may have been, since the backup was made.
    Raises HostError, naming what to change, where it cannot be done; the database is then as it
    was.
    """
    _must_be_there(backup)
    if _is_part_of(database, backup):
        raise HostError(f"{backup} is the database itself; name a backup of it.")
    contents = examine(backup)
    make_folder(database)
    with _beside(database) as folder:
        ready = folder / database.name
        copy_sqlite(backup, ready)
        async with await Database.open(f"sqlite:///{ready}") as opened:
            await CountdownStore(opened).take_up_again(now)
            # Discord may know later commands than those of the backup.
            await opened.remember(COMMANDS_DIGEST, "")
        return contents, _exchange(ready, database, now)


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
        raise HostError(
            f"The database {source} cannot be copied: {error}. {advice(error)}"
        ) from error


def forget_servers(file: Path) -> None:
    """Erase what a copy holds of servers, so that nothing is done in their name."""
    with closing(_open(file, "rw")) as copy:
        for table in _tables(copy) & {"deliveries", "countdowns", "servers"}:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608


def examine(file: Path) -> Contents:
    """What a database holds. Raises HostError where it is damaged, none of Bonbang's, or newer."""
    try:
        with closing(_open(file, "ro")) as connection:
            tables = _tables_of_bonbang(file, connection)
            _must_be_known(file, connection)
            _must_be_whole(file, connection)
            counts = {table: _count(connection, table) for table in tables & _COUNTED}
    except sqlite3.Error as error:
        raise HostError(f"{file} cannot be read: {error}.") from error
    records = counts.get("titles", 0) + counts.get("people", 0)
    return Contents(records, counts.get("countdowns", 0), file.stat().st_size)


def _must_be_known(file: Path, connection: sqlite3.Connection) -> None:
    [version] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if version not in known_versions():
        raise HostError(
            f"{file} was made by a newer Bonbang (version {version} of its tables). "
            "Install the newest Bonbang first."
        )


def _must_be_whole(file: Path, connection: sqlite3.Connection) -> None:
    [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise HostError(f"{file} is damaged: {found}.")


def _tables_of_bonbang(file: Path, connection: sqlite3.Connection) -> set[str]:
    tables = _tables(connection)
    if not {"alembic_version", "titles"} <= tables:
        raise HostError(f"{file} is no database of Bonbang's.")
    return tables


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def _count(connection: sqlite3.Connection, table: str) -> int:
    [count] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return count


def _open(file: Path, mode: str) -> sqlite3.Connection:
    url = f"{file.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(url, uri=True, timeout=_PATIENCE, isolation_level=None)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    def lose_patience(status: int, _left: int, _total: int) -> None:
        # It would be tried again without end.
        if status in _BUSY:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, progress=lose_patience)


def _must_be_there(file: Path) -> None:
    if not file.is_file():
        raise HostError(f"There is no database {file}.")


def _may_be_written(target: Path, database: Path, *, replace: bool) -> None:
    if target.is_dir():
        raise HostError(f"{target} is a folder; name a file in it.")
    if _is_part_of(database, target):
        raise HostError(f"{target} is the database itself; name another file.")
    if not target.exists():
        return
    if not replace:
        raise HostError(
            f"{target} is there already. Name another file, or add --replace if it is an earlier "
            "backup that is wanted no more."
        )
    try:
        with closing(_open(target, "ro")) as connection:
            _tables_of_bonbang(target, connection)
    except sqlite3.Error as error:
        raise HostError(f"{target} is no backup ({error}), so it is not replaced.") from error


def _is_part_of(database: Path, file: Path) -> bool:
    parts = [database.with_name(database.name + part).resolve() for part in _PARTS]
    return file.resolve() in parts


@contextmanager
def _beside(file: Path) -> Generator[Path]:
    """A folder in which to make a file ready; it goes, with all that SQLite leaves in it."""
    try:
        with TemporaryDirectory(prefix=".bonbang-", dir=file.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise HostError(f"{file} cannot be written: {error.strerror or error}.") from error


def _put_in_place(copy: Path, target: Path) -> None:
    _sync(copy)
    copy.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _exchange(ready: Path, database: Path, now: datetime) -> Path | None:
    """Write a database over another; where what was there is kept."""
    kept = None
    if database.exists():
        kept = database.with_name(f"{database.stem}-before-{now:%Y%m%dT%H%M%SZ}{database.suffix}")
    try:
        try:
            _write_over(ready, database, kept)
        except sqlite3.DatabaseError as error:
            if kept is None or _code(error) not in _UNREADABLE:
                raise
            # Nothing can be written over what is no database (any more).
            _move(database, kept)
            _write_over(ready, database, None)
    except sqlite3.Error as error:
        if _code(error) in _BUSY:
            raise HostError(
                f"The database {database} is in use. Stop the bot, then restore again."
            ) from error
        raise HostError(
            f"The database {database} cannot be written: {error}. {advice(error)}"
        ) from error
    return kept


def _code(error: sqlite3.Error) -> int:
    # The upper bits only tell more of the same.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _write_over(ready: Path, database: Path, kept: Path | None) -> None:
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
    for part in _PARTS:
        file = database.with_name(database.name + part)
        if file.exists():
            file.replace(kept.with_name(kept.name + part))
