"""Faults of a database: another process locks it, or its disk is full."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.store.database import Database

_WRITTEN = ("countdowns", "deliveries", "key_values")
_BALLAST = """
    CREATE TRIGGER ballast_{change}_{table} AFTER {change} ON {table}
    BEGIN INSERT INTO ballast VALUES (zeroblob(10000)); END
"""


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another process holds the write lock of a database."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


class Disk:
    """The disk of an open database. While it is full, SQLite finds no room for another page."""

    def __init__(self, database: Database, file: Path) -> None:
        self.is_full = False
        event.listen(database._engine.sync_engine, "checkout", self._limit)
        # On a full disk no write succeeds, not even one that needs no new page.
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("CREATE TABLE ballast (ballast BLOB)")
            for table in _WRITTEN:
                for change in ("INSERT", "UPDATE", "DELETE"):
                    connection.execute(_BALLAST.format(change=change, table=table))

    @contextmanager
    def full(self) -> Iterator[None]:
        """Fill the disk."""
        self.is_full = True
        yield
        self.is_full = False

    def _limit(self, connection: Any, *_: Any) -> None:
        cursor = connection.cursor()
        # SQLite raises a lower limit to the current number of pages.
        cursor.execute(f"PRAGMA max_page_count = {1 if self.is_full else 1 << 30}")
        cursor.close()


DatabaseFault = Callable[[], AbstractContextManager[None]]
