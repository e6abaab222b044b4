"""Everything there is to measure, written to BENCHMARKS.md: `make bench`.

On a catalog made up for the purpose, or on one of your own: `--catalog FILE.jsonl`, and `--queries
FILE.tsv` with a head line and `query, command (show or whois), kind, references` a line.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from bot.app import open_database, read_catalog
from bot.clock import system_clock
from bot.library import Library
from bot.store.catalog import CatalogStore
from bot.store.imports import CatalogImporter
from tests.bench import announcing, answering, searching, starting, ticks
from tests.bench.generated import PEOPLE, TITLES, write_catalog
from tests.bench.report import machine
from tests.process import ROOT

_REPORT = ROOT / "BENCHMARKS.md"
_PICTURE = ROOT / "docs" / "search.png"
_HISTORY = Path(__file__).parent / "history.md"


def bench(
    catalog: Annotated[Path | None, typer.Option(help="Records, as JSON Lines.")] = None,
    queries: Annotated[Path | None, typer.Option(help="What to ask of them.")] = None,
    only: Annotated[str | None, typer.Option(help="One section, printed and not written.")] = None,
) -> None:
    """Measure, and write down what came of it."""
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as place:
        found = asyncio.run(_measure(Path(place), catalog, queries, only))
    if only:
        typer.echo("\n\n".join(found))
    else:
        history = _HISTORY.read_text(encoding="utf-8")
        _REPORT.write_text("\n\n".join([_head(catalog), *found, history]), encoding="utf-8")


def _head(catalog: Path | None) -> str:
    records = "a catalog of one's own" if catalog else "a made-up catalog"
    return f"""# Benchmarks

`make bench` wrote this on {datetime.now(UTC):%Y-%m-%d}, on {records} (of {TITLES:,} titles and
{PEOPLE:,} people, unless said otherwise). Times differ from machine to machine, and from hour to
hour on a shared one: what counts are the ratios, whose two sides were measured in turns.

{machine()}"""


async def _measure(
    place: Path, catalog: Path | None, queries: Path | None, only: str | None
) -> list[str]:
    full = await _database(place / "full.db", catalog or write_catalog(place / "catalog.jsonl"))
    store: dict[str, Callable[[], Coroutine[Any, Any, str]]] = {
        "answers": lambda: _answers(full, place),
        "search": lambda: asyncio.to_thread(searching.section, _PICTURE),
        "announcements": lambda: announcing.section(place),
        "ticks": lambda: ticks.section(place),
        "starts": lambda: _starts(full, place),
    }
    if queries is not None:
        store["own"] = lambda: _own_queries(full, queries)
    return [await measure() for name, measure in store.items() if only in (None, name)]


async def _answers(full: Path, place: Path) -> str:
    async with await open_database(f"sqlite:///{full}", system_clock) as database:
        records = [record async for record in CatalogStore(database).records()]
    return await answering.section(full, records, place)


async def _starts(full: Path, place: Path) -> str:
    nothing = place / "nothing"
    nothing.mkdir()
    shipped = ROOT / "data" / "catalog"
    empty, little = place / "empty.db", place / "shipped.db"
    async with await open_database(f"sqlite:///{empty}", system_clock):
        pass
    async with await open_database(f"sqlite:///{little}", system_clock) as database:
        await read_catalog(database, shipped, system_clock)
    bots: dict[str, dict[str, Any]] = {
        "the bare bot, without one": {"command": answering.BARE_BOT},
        "empty": {"database": empty, "CATALOG_PATH": str(nothing)},
        "as shipped": {"database": little, "CATALOG_PATH": str(shipped)},
        "large": {"database": full, "CATALOG_PATH": str(nothing)},
    }
    return await starting.section(bots, place)


async def _own_queries(full: Path, queries: Path) -> str:
    async with await open_database(f"sqlite:///{full}", system_clock) as database:
        library = await Library.open(CatalogStore(database))
    searches: dict[str, searching.Search] = {
        "show": lambda text: [hit.ref for hit in library.shows.search(text, 5)],
        "whois": lambda text: [hit.ref for hit in library.people.search(text, 5)],
    }
    return f"## Search, by queries of one's own\n\n{searching.own_section(searches, queries)}"


async def _database(file: Path, catalog: Path) -> Path:
    async with await open_database(f"sqlite:///{file}", system_clock) as database:
        await CatalogImporter(database, system_clock).import_path(catalog)
    return file


if __name__ == "__main__":
    typer.run(bench)
