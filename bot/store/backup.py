"""A consistent copy of a live SQLite database."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import HostError


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database as it stands at one instant, while others go on using it.

    Raises HostError where either file cannot be used.
    """
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
    except sqlite3.Error as error:
        raise HostError(f"The database {source} cannot be copied to {target}: {error}.") from error


def forget_servers(file: Path) -> None:
    """Erase what a copy holds of servers, so that nothing is done in their name."""
    with closing(sqlite3.connect(file)) as copy:
        known = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        for table in known & {"deliveries", "countdowns", "servers"}:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608
        copy.commit()
