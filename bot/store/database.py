"""The database: opened, migrated, and its transactions."""

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
from sqlalchemy import Connection, Select, event, false, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import HostError
from bot.store.tables import facts

COMMANDS_DIGEST = "commands_digest"
"""The fact that tells which commands Discord was told of."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_MIGRATIONS = Path(__file__).parent / "migrations"

# How long a write waits for another process to finish, and as long for others in this one, in
# seconds. A member who waits is answered that it did not work, and need not wonder.
_PATIENCE = 2.0


class Database:
    """An open database. Close it when done, or use it with `async with`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite lets one write at a time; to wait here is fair, and to wait there is not.
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the database at `url`, make it where there is none, and bring its tables up to date.

        Raises HostError, naming what to change, where that cannot be done.
        """
        parsed = parse_url(url)
        if file := sqlite_file(parsed):
            make_folder(file)
        database = cls(_engine(parsed))
        try:
            async with database.write() as connection:
                await connection.run_sync(_migrate)
                # A file that may only be read is found out by a write, be it of nothing.
                await connection.execute(facts.delete().where(false()))
        except CommandError as error:
            await database.close()
            raise HostError(
                f"The database {_shown(parsed)} was made by a newer Bonbang ({error}). "
                "Install the newest Bonbang, or set DATABASE_URL to another database."
            ) from error
        except BaseException:
            await database.close()
            raise
        return database

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back. Safe to call twice."""
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that sees one state of everything and writes nothing.

        Raises HostError where the database cannot be used now.
        """
        async with self._explained(), self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that is committed whole at the end, or, on any error, not at all.

        Raises HostError where the database cannot be written now.
        """
        async with self._explained(), self._turn(), self._engine.connect() as connection:
            # Taking SQLite's write lock at once is what keeps two writers from both reading first
            # and one of them failing at its first write.
            await connection.execution_options(sqlite_begin="IMMEDIATE")
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        # While another process writes for long, those who wait here would else wait one after
        # another, each for as long as the first.
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._writing.acquire()
        except TimeoutError:
            raise TimeoutError("other writes take too long") from None
        try:
            yield
        finally:
            self._writing.release()

    @asynccontextmanager
    async def _explained(self) -> AsyncGenerator[None]:
        try:
            yield
        except IntegrityError:
            # That is about what was to be written, and for whoever wrote it to understand.
            raise
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            raise HostError(_explain(self._engine.url, error)) from error

    async def fetch(self, query: Select[*tuple[Any, ...]]) -> list[Any]:
        """The rows of one query, in a transaction of its own."""
        async with self.read() as connection:
            return list((await connection.execute(query)).all())

    async def fact(self, name: str) -> str | None:
        """A single value the bot remembers."""
        rows = await self.fetch(facts.select().where(facts.c.name == name))
        return rows[0].value if rows else None

    async def remember(self, name: str, value: str) -> None:
        """Remember a single value, in place of the one before."""
        async with self.write() as connection:
            await remember(connection, name, value)


async def remember(connection: AsyncConnection, name: str, value: str) -> None:
    """Remember a single value within a transaction."""
    await connection.execute(facts.delete().where(facts.c.name == name))
    await connection.execute(facts.insert().values(name=name, value=value))


def parse_url(url: str) -> URL:
    """Read DATABASE_URL, putting in the driver that is used. Raises HostError for what it isn't."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise HostError(
            "DATABASE_URL is no database address; write sqlite:///data/bonbang.db or "
            "postgresql://user:password@host/name."
        ) from None
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise HostError(f"DATABASE_URL names {backend!r}; use sqlite or postgresql.")
    return parsed.set(drivername=_DRIVERS[backend])


def sqlite_file(url: URL) -> Path | None:
    """The file that a database address names, if it names one."""
    named = url.get_backend_name() == "sqlite" and "uri" not in url.query
    if not named or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def make_folder(file: Path) -> None:
    """Make the folder of a database's file where there is none. Raises HostError."""
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HostError(
            f"The folder {folder} of DATABASE_URL cannot be made: {error.strerror}. "
            "Make it yourself, or set DATABASE_URL to a folder that can be written."
        ) from error


def _engine(url: URL) -> AsyncEngine:
    try:
        engine = create_async_engine(url)
    except ImportError as error:
        raise HostError(
            f"DATABASE_URL needs the package {error.name}: install it beside Bonbang."
        ) from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _: object) -> None:
    # The driver's own BEGIN comes too late for what is read before the first write; see
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {round(_PATIENCE * 1000)}",
        "journal_mode = WAL",
        # With WAL this loses nothing that was committed unless the machine itself loses power.
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


def known_versions() -> set[str]:
    """The versions of the tables that this Bonbang knows: its own, and those before."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    return {script.revision for script in scripts.walk_revisions()}


def _shown(url: URL) -> str:
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string()


def _explain(url: URL, error: Exception) -> str:
    """One line on why a database cannot be used, and what to change."""
    reason = error.orig if isinstance(error, DBAPIError) else error
    return f"The database {_shown(url)} cannot be used: {str(reason).strip()}. {advice(reason)}"


def advice(reason: BaseException | None) -> str:
    """What to do about what a database answered."""
    text = str(reason)
    if isinstance(reason, TimeoutError) or "locked" in text:
        return "Another process is writing to it: let it end, then try again."
    if "full" in text:
        return "Make room on its disk, then try again."
    if "disk I/O" in text:
        return "See whether its disk is full or failing and its folder can be written."
    if isinstance(reason, sqlite3.DatabaseError) and not isinstance(
        reason, sqlite3.OperationalError
    ):
        return "Put a backup in its place (bonbang restore), or set DATABASE_URL to another file."
    return "Check DATABASE_URL and that the file and its folder can be written."
