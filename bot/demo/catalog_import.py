"""Imports the records of `--catalog` into the demo's database."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.app import catalog_importer, open_database
from bot.clock import Clock
from bot.errors import OperatorError


async def import_catalog(database_url: str, path: Path, clock: Clock) -> None:
    """Import the records of a folder, a `.toml` file or a `.jsonl` file, and show the progress.

    Raises CatalogError if a record is invalid, OperatorError if there is none.
    """
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, description="Importing", completed=done, total=total)

        async with await open_database(database_url, clock) as database:
            imported = await catalog_importer(database, clock).import_path(path, progress)
    if not imported.written:
        raise OperatorError(f"{path} has no records. Use a folder of TOML files or a .jsonl file.")
