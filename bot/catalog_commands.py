"""`bonbang catalog …`: check records, take them in, write them out, search their names."""

import json
import sys
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.app import open_database
from bot.catalog.files import write_records
from bot.catalog.naming import best_name
from bot.catalog.search import Hit
from bot.cli import conduct
from bot.clock import system_clock
from bot.library import Character, Found, Library
from bot.settings import Settings
from bot.store.catalog import CatalogStore
from bot.store.database import Database
from bot.store.imports import CatalogImporter

catalog = typer.Typer(no_args_is_help=True, help="Look after the records of shows and people.")

RecordsPath = Annotated[
    Path, typer.Argument(help="A folder of TOML files, a .toml file or a .jsonl file.")
]


class Wanted(StrEnum):
    """What a search is for, by the command that asks."""

    SHOW = "show"
    WHOIS = "whois"


@catalog.command()
def check(path: RecordsPath) -> None:
    """Tell what is wrong with records, and write nothing."""

    async def work(settings: Settings) -> None:
        async with _database(settings) as database:
            found = await CatalogImporter(database, system_clock).check(path)
        _say(f"All is well: {found.written} new or changed, {found.unchanged} as they were.")

    conduct(work, log_level="WARNING")


@catalog.command("import")
def import_records(path: RecordsPath) -> None:
    """Take in records that are new or changed: all of them, or none where one is wrong."""

    async def work(settings: Settings) -> None:
        console = Console(stderr=True)
        # Where nobody watches it would still leave an empty line.
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Reading", total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, description="Writing", completed=done, total=total)

            async with _database(settings) as database:
                found = await CatalogImporter(database, system_clock).import_path(path, progress)
        _say(f"Took in {found.written} records; {found.unchanged} were as before.")

    conduct(work, log_level="WARNING")


@catalog.command()
def export(
    path: Annotated[Path, typer.Argument(help="A folder for TOML files, or a .jsonl file.")],
) -> None:
    """Write all records out, in the form they are taken in."""

    async def work(settings: Settings) -> None:
        async with _database(settings) as database:
            records = [record async for record in CatalogStore(database).records()]
        _say(f"Wrote {write_records(path, records)} records to {path}.")

    conduct(work, log_level="WARNING")


@catalog.command()
def search(
    query: Annotated[str, typer.Argument(help="A name; - reads one a line.")],
    wanted: Annotated[
        Wanted, typer.Option("--for", help="Shows, or people and characters.")
    ] = Wanted.WHOIS,
    limit: Annotated[int, typer.Option(min=1, max=25, help="How many to list at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a query.")] = False,
) -> None:
    """Find shows, or people and characters, by any of their names."""

    async def work(settings: Settings) -> None:
        async with _database(settings) as database:
            library = await Library.open(CatalogStore(database))
            for text in _queries(query):
                found = _search(library, wanted, text, limit)
                _print_found(found, as_json=as_json)

    conduct(work, log_level="WARNING")


@asynccontextmanager
async def _database(settings: Settings) -> AsyncGenerator[Database]:
    async with await open_database(settings.database_url, system_clock) as database:
        yield database


def _queries(query: str) -> Iterable[str]:
    return (line.rstrip("\r\n") for line in sys.stdin) if query == "-" else [query]


def _search(library: Library, wanted: Wanted, text: str, limit: int) -> dict[str, Any]:
    find = library.shows.search if wanted is Wanted.SHOW else library.people.search
    start = time.perf_counter()
    hits = find(text, limit)
    ms = (time.perf_counter() - start) * 1000
    found = library.records(hit.ref for hit in hits)
    return {"query": text, "results": _results(hits, found), "ms": round(ms, 3)}


def _results(hits: Sequence[Hit], found: dict[str, Found]) -> list[dict[str, Any]]:
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


def _name(found: Found) -> str:
    names = found.credits[0].names if isinstance(found, Character) else found.names
    return best_name(names, "en")


def _print_found(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False), flush=True)
        return
    for result in found["results"]:
        _say(f"{result['score']:.2f}  {result['name']}  ({result['id']})")
    if not found["results"]:
        _say(f"Nothing comes near {found['query']!r}.")


def _say(text: str) -> None:
    Console(soft_wrap=True).print(text, markup=False, highlight=False)
