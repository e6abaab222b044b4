"""`bonbang catalog …`: check records, take them in, write them out, search their names."""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.runner import print_line, run_async
from bot.control_characters import escape_control_characters

if TYPE_CHECKING:
    from bot.search.name_index import Hit
    from bot.services.catalog import CatalogEntry, CatalogService
    from bot.settings import Settings

catalog = typer.Typer(no_args_is_help=True, help="Manage the catalog of shows and people.")

RecordsPath = Annotated[
    Path, typer.Argument(help="Folder of TOML files, .toml file, or .jsonl file.")
]


class Wanted(StrEnum):
    """What a search is for, by the command that asks."""

    SHOW = "show"
    WHOIS = "whois"


@catalog.command()
def check(path: RecordsPath) -> None:
    """Check records for errors without importing them."""

    async def work(settings: "Settings") -> None:
        from bot.store.catalog_import import check_records
        from bot.store.database import Database

        # Opened as it is: a check neither creates nor migrates a database.
        async with Database.open_existing(settings.database_url) as database:
            found = await check_records(database, path)
        print_line(f"OK: {found.written} new or changed, {found.unchanged} unchanged.")

    run_async(work, log_level="WARNING")


@catalog.command("import")
def import_records(path: RecordsPath) -> None:
    """Import new and changed records. If one record is invalid, nothing is imported."""

    async def work(settings: "Settings") -> None:
        from rich.console import Console
        from rich.progress import Progress

        from bot.app import catalog_importer, open_database
        from bot.catalog.transfer import read_transfer
        from bot.clock import system_clock
        from bot.store.countdowns import CountdownStore
        from bot.store.transfer import TransferStore

        console = Console(stderr=True)
        # Where nobody watches it would still leave an empty line.
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Reading", total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, description="Writing", completed=done, total=total)

            transfer = read_transfer(path)
            async with await open_database(settings.database_url, system_clock) as database:
                importer = catalog_importer(database, system_clock)
                found = await importer.import_path(path, progress)
                requeue = CountdownStore(database).requeue
                others = await TransferStore(database, system_clock, requeue).import_(transfer)
        print_line(f"Imported {found.written} records, {found.unchanged} unchanged.")
        if transfer.lines:
            print_line(f"Imported {others} records of sources, joins and edits.")

    run_async(work, log_level="WARNING")


@catalog.command()
def export(
    path: Annotated[Path, typer.Argument(help="Folder for TOML files, or .jsonl file, to write.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite existing files with other contents.")
    ] = False,
    merged: Annotated[
        bool, typer.Option("--merged", help="Write the records as members see them.")
    ] = False,
) -> None:
    """Export all records in the format that import reads.

    Records by hand, what sources say, and edits are kept apart, so that another installation
    merges them in the same way. With --merged, the records that members see are written instead.
    """

    async def work(settings: "Settings") -> None:
        from bot.app import open_database
        from bot.catalog.interchange import write_records
        from bot.clock import system_clock
        from bot.store.catalog import CatalogStore
        from bot.store.countdowns import CountdownStore
        from bot.store.transfer import TransferStore

        async with await open_database(settings.database_url, system_clock) as database:
            store = TransferStore(database, system_clock, CountdownStore(database).requeue)
            if merged:
                records = [record async for record in CatalogStore(database).records()]
                transfer = None
            else:
                records, transfer = await store.records_by_hand(), await store.export()
        count = write_records(path, records, transfer, replace=replace)
        print_line(f"Exported {count} records to {path}.")
        if transfer and transfer.lines:
            print_line(
                f"Also {len(transfer.layers)} records of sources and {len(transfer.edits)} edits. "
                "Data of TVmaze is under CC BY-SA 4.0; TMDB's terms do not allow to export theirs."
            )

    run_async(work, log_level="WARNING")


@catalog.command()
def search(
    query: Annotated[
        str,
        typer.Argument(help="Name to search for; - reads one name per line from standard input."),
    ],
    wanted: Annotated[
        Wanted,
        typer.Option(
            "--for", help="What to search: shows (show), or people and characters (whois)."
        ),
    ] = Wanted.WHOIS,
    limit: Annotated[int, typer.Option(min=1, max=25, help="Maximum number of results.")] = 5,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per query.")
    ] = False,
) -> None:
    """Search shows, or people and characters, by any of their names."""

    async def work(settings: "Settings") -> None:
        from bot.app import open_database
        from bot.clock import system_clock
        from bot.services.catalog import CatalogService
        from bot.store.catalog import CatalogStore

        async with await open_database(settings.database_url, system_clock) as database:
            catalog = await CatalogService.open(CatalogStore(database))
            for text in _queries(query):
                found = _search(catalog, wanted, text, limit)
                _print_found(found, as_json=as_json)

    run_async(work, log_level="WARNING")


@catalog.command("erase-member")
def erase_member(
    user_id: Annotated[int, typer.Argument(metavar="ID", help="Discord's id of the member.")],
) -> None:
    """Erase what a member has suggested. Posts of it in a channel remain."""

    async def work(settings: "Settings") -> None:
        from bot.clock import system_clock
        from bot.store.database import Database
        from bot.store.suggestions import SuggestionStore

        async with await Database.open(settings.database_url) as database:
            erased = await SuggestionStore(database, system_clock).erase_member(user_id)
        print_line(f"Erased {erased} suggestions.")

    run_async(work, log_level="WARNING")


def _queries(query: str) -> Iterable[str]:
    return (line.rstrip("\r\n") for line in sys.stdin) if query == "-" else [query]


def _search(catalog: "CatalogService", wanted: Wanted, text: str, limit: int) -> dict[str, Any]:
    find = catalog.title_names.search if wanted is Wanted.SHOW else catalog.person_names.search
    start = time.perf_counter()
    hits = find(text, limit)
    ms = (time.perf_counter() - start) * 1000
    found = catalog.entries(hit.ref for hit in hits)
    return {"query": text, "results": _results(hits, found), "ms": round(ms, 3)}


def _results(hits: Sequence["Hit"], found: dict[str, "CatalogEntry"]) -> list[dict[str, Any]]:
    return [
        {
            "id": hit.ref,
            "kind": hit.ref.partition(":")[0],
            "name": _name(found[hit.ref]),
            "score": round(hit.score, 4),
        }
        for hit in hits
        if hit.ref in found
    ]


def _name(entry: "CatalogEntry") -> str:
    from bot.catalog.display_names import best_name
    from bot.services.catalog import Character

    names = entry.credits[0].names if isinstance(entry, Character) else entry.names
    return best_name(names, "en")


def _print_found(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        line = escape_control_characters(json.dumps(found, ensure_ascii=False))
        print(line, flush=True)
        return
    for result in found["results"]:
        print_line(f"{result['score']:.2f}  {result['name']}  ({result['id']})")
    if not found["results"]:
        print_line(f"No matches for {found['query']!r}.")
