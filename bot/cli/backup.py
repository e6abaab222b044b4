"""`bonbang backup` and `bonbang restore`: a copy of the database, and putting it back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.runner import print_line, run_async

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.backup import BackupSummary


def backup(
    path: Annotated[Path, typer.Argument(help="Backup file to write.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite an existing backup.")
    ] = False,
) -> None:
    """Back up the database while the bot runs."""

    async def work(settings: "Settings") -> None:
        from bot.store.backup import create_backup

        database = _database_file(settings, "pg_dump")
        contents = create_backup(database, path, replace=replace)
        print_line(f"Backed up {database} to {path}: {_summary_text(contents)}.")

    run_async(work, log_level="WARNING")


def restore(path: Annotated[Path, typer.Argument(help="Backup file to restore.")]) -> None:
    """Restore a backup. Stop the bot first. The current database is saved alongside it."""

    async def work(settings: "Settings") -> None:
        from bot.clock import system_clock
        from bot.store.backup import restore_backup

        database = _database_file(settings, "pg_restore")
        contents, kept = await restore_backup(path, database, system_clock())
        aside = f" The previous database was saved as {kept}." if kept else ""
        print_line(f"Restored {database} from {path}: {_summary_text(contents)}.{aside}")
        print_line(
            "To avoid duplicates, announcements due before the bot starts again are skipped, and "
            "date changes are applied without an announcement."
        )

    run_async(work, log_level="WARNING")


def _database_file(settings: "Settings", instead: str) -> Path:
    """Return the database's file. Raises OperatorError, which says what to use if there is none."""
    from bot.errors import OperatorError
    from bot.store.database_url import parse_url, sqlite_file

    url = parse_url(settings.database_url)
    file = sqlite_file(url)
    if file is None:
        tool = f". For PostgreSQL, use {instead}" if url.get_backend_name() == "postgresql" else ""
        raise OperatorError(
            "This command only works with a SQLite database file, and DATABASE_URL doesn't "
            f"point to one{tool}."
        )
    return file


def _summary_text(contents: "BackupSummary") -> str:
    size = f"{contents.size / 1_000_000:.1f} MB"
    return f"{contents.records} records, {contents.countdowns} countdowns, {size}"
