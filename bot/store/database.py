"""Opens and migrates the database, and provides transactions."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Select, Table, event, false, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import OperatorError
from bot.store.database_url import (
    create_parent_folder,
    display_url,
    parse_url,
    read_only_url,
    sqlite_file,
)
from bot.store.tables import key_values

COMMANDS_DIGEST = "commands_digest"
"""The key for the digest of the commands last synced to Discord."""

COMMAND_IDS = "command_ids"
"""The key for the ids that Discord gave these commands, by name, as JSON."""

_MIGRATIONS = Path(__file__).parent / "migrations"

# Write timeout, in seconds: for writes of other processes, and again for writes of this process.
# The user then gets an error reply. Longer than an import of tens of thousands of records.
WRITE_TIMEOUT = 5.0


class Database:
    """An open database. Call `close` when done, or use it as an async context manager."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite allows one writer at a time. Unlike SQLite's lock, this one is fair.
        self._write_lock = asyncio.Lock()

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the database at `url`. Create it if necessary, and migrate it.

        Raises OperatorError if that fails.
        """
        parsed = parse_url(url)
        if file := sqlite_file(parsed):
            create_parent_folder(file)
        database = cls(_engine(parsed))
        try:
            async with database.write() as connection:
                await connection.run_sync(_migrate)
                # An empty write fails if the file is read-only.
                await connection.execute(key_values.delete().where(false()))
        except CommandError as error:
            await database.close()
            raise OperatorError(
                f"The database {display_url(parsed)} was created by a newer version of "
                f"Bonbang ({error}). Upgrade Bonbang, or set DATABASE_URL to another "
                "database."
            ) from error
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    @asynccontextmanager
    async def open_existing(cls, url: str) -> AsyncGenerator[Self | None]:
        """Open the database at `url` read-only, without creating or migrating it.

        Yields None if there is no database yet.
        """
        parsed = parse_url(url)
        file = sqlite_file(parsed)
        if file and not file.exists():
            yield None
            return
        async with cls(_engine(read_only_url(parsed, file) if file else parsed)) as database:
            yield database if await database.has_table("titles") else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections. It is safe to call this twice."""
        await self._engine.dispose()

    async def has_table(self, name: str) -> bool:
        """Return whether the database has a table, which earlier versions may not."""
        async with self.read() as connection:
            return await connection.run_sync(lambda sync: inspect(sync).has_table(name))

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """Open a read-only transaction with a consistent snapshot.

        Raises OperatorError if the database cannot be used.
        """
        async with self._translate_errors(), self._engine.connect() as connection:
            # PostgreSQL's default, READ COMMITTED, sees commits made between two statements.
            if connection.dialect.name == "postgresql":
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction. It is committed on exit, or rolled back on any error.

        Raises OperatorError if the database cannot be written.
        """
        async with (
            self._translate_errors(),
            self._acquire_write_lock(),
            self._engine.connect() as connection,
        ):
            # BEGIN IMMEDIATE takes SQLite's write lock at once. Otherwise two transactions could
            # both read, and one would fail at its first write.
            await connection.execution_options(sqlite_begin="IMMEDIATE")
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def _acquire_write_lock(self) -> AsyncGenerator[None]:
        # Without a timeout, waiting writers would time out one after another during a long write
        # of another process.
        try:
            async with asyncio.timeout(WRITE_TIMEOUT):
                await self._write_lock.acquire()
        except TimeoutError:
            raise TimeoutError("timed out waiting for other writes") from None
        try:
            yield
        finally:
            self._write_lock.release()

    @asynccontextmanager
    async def _translate_errors(self) -> AsyncGenerator[None]:
        try:
            yield
        except IntegrityError:
            # Caused by the data, not the database: callers handle it.
            raise
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            raise OperatorError(_unusable(self._engine.url, error)) from error

    async def fetch(self, query: Select[*tuple[Any, ...]]) -> list[Any]:
        """Return the rows of a query, run in its own transaction."""
        async with self.read() as connection:
            return list((await connection.execute(query)).all())

    async def get_meta(self, name: str) -> str | None:
        """Return the stored value with this name, or None."""
        rows = await self.fetch(key_values.select().where(key_values.c.name == name))
        return rows[0].value if rows else None

    async def set_meta(self, name: str, value: str) -> None:
        """Store a value, replacing any previous one."""
        async with self.write() as connection:
            await set_meta(connection, name, value)


async def set_meta(connection: AsyncConnection, name: str, value: str) -> None:
    """Store a value within a transaction, replacing any previous one."""
    await upsert(connection, key_values, {"name": name}, {"value": value})


async def upsert(
    connection: AsyncConnection, table: Table, key: dict[str, Any], values: dict[str, Any]
) -> None:
    """Insert a row, or update the row with this primary key, in one statement."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values({**key, **values})
    await connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


async def upsert_all(
    connection: AsyncConnection, table: Table, key: list[str], rows: list[dict[str, Any]]
) -> None:
    """Insert rows with the same columns, or update those whose `key` columns exist."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    values = {name: statement.excluded[name] for name in rows[0] if name not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=values)
    await connection.execute(statement, rows)


def _engine(url: URL) -> AsyncEngine:
    try:
        engine = create_async_engine(url)
    except ImportError as error:
        raise OperatorError(
            f"DATABASE_URL needs the {error.name} package. Install it in the same "
            "environment as Bonbang."
        ) from error
    if url.get_backend_name() == "sqlite":
        read_only = url.query.get("mode") == "ro"
        configure = _configure_sqlite_reader if read_only else _configure_sqlite
        event.listen(engine.sync_engine, "connect", configure)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite_reader(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {round(WRITE_TIMEOUT * 1000)}")


def _configure_sqlite(connection: Any, _: object) -> None:
    # The driver's own BEGIN is sent too late, only before the first write; see
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {round(WRITE_TIMEOUT * 1000)}",
        "journal_mode = WAL",
        # In WAL mode, only a power failure or an operating system crash can lose commits.
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def known_revisions() -> set[str]:
    """Return the schema versions that this version of Bonbang knows: current and earlier ones."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    return {script.revision for script in scripts.walk_revisions()}


def _unusable(url: URL, error: Exception) -> str:
    """Return one line that says why a database cannot be used and what to do."""
    reason = error.orig if isinstance(error, DBAPIError) else error
    return f"Can't use the database {display_url(url)}: {str(reason).strip()}. {advice(reason)}"


def advice(reason: BaseException | None) -> str:
    """Return advice for a database error."""
    text = str(reason)
    if isinstance(reason, TimeoutError) or "locked" in text:
        return "Another process is writing to it. Wait for it to finish, then try again."
    if "full" in text:
        return "Free up disk space, then try again."
    if "disk I/O" in text:
        return "Check that the disk is not full or failing, and that the folder is writable."
    if isinstance(reason, sqlite3.DatabaseError) and not isinstance(
        reason, sqlite3.OperationalError
    ):
        return "Restore a backup (bonbang restore), or set DATABASE_URL to another file."
    return "Check DATABASE_URL, and that the file and its folder are writable."
