"""`bonbang backup` and `bonbang restore`: a copy of the database, and putting it back."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli import conduct
from bot.clock import system_clock
from bot.errors import HostError
from bot.settings import Settings
from bot.store import backup as copies
from bot.store.backup import Contents
from bot.store.database import parse_url, sqlite_file


def backup(
    path: Annotated[Path, typer.Argument(help="The file to copy to.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of an earlier backup.")
    ] = False,
) -> None:
    """Copy the database, whole and consistent, while the bot goes on."""

    async def work(settings: Settings) -> None:
        database = _file(settings, "pg_dump")
        contents = copies.back_up(database, path, replace=replace)
        _say(f"Copied {database} to {path}: {_told(contents)}.")

    conduct(work, log_level="WARNING")


def restore(path: Annotated[Path, typer.Argument(help="A backup.")]) -> None:
    """Put a backup in the database's place, which is kept aside. Stop the bot first."""

    async def work(settings: Settings) -> None:
        database = _file(settings, "pg_restore")
        contents, kept = await copies.restore(path, database, system_clock())
        aside = f" What was there is kept as {kept}." if kept else ""
        _say(f"Restored {database} from {path}: {_told(contents)}.{aside}")
        _say("What came due before now will not be announced.")

    conduct(work, log_level="WARNING")


def _file(settings: Settings, instead: str) -> Path:
    """The database's file. Raises HostError, naming what to use instead, where it has none."""
    url = parse_url(settings.database_url)
    file = sqlite_file(url)
    if file is None:
        tool = f"; use {instead}" if url.get_backend_name() == "postgresql" else ""
        raise HostError(f"DATABASE_URL names no file, and this is for one of SQLite{tool}.")
    return file


def _told(contents: Contents) -> str:
    size = f"{contents.size / 1_000_000:.1f} MB"
    return f"{contents.records} records, {contents.countdowns} countdowns, {size}"


def _say(text: str) -> None:
    Console(soft_wrap=True).print(text, markup=False, highlight=False)
