"""Runs all benchmarks and writes BENCHMARKS.md: `make bench`.

Uses a generated catalog, or your own: `--catalog FILE.jsonl`, and `--queries FILE.tsv` with a
header line and `query, command (show or whois), kind, references` on each line.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from bot.app import catalog_importer, import_catalog, open_database
from bot.clock import system_clock
from bot.services.catalog import CatalogService
from bot.store.catalog import CatalogStore
from tests.support.process import ROOT
from tools.bench import announcements, fairness, replies, search, startup, ticks
from tools.bench.generated_catalog import PEOPLE, TITLES, write_catalog
from tools.bench.report import machine

_REPORT = ROOT / "BENCHMARKS.md"
_PICTURE = ROOT / "docs" / "search.png"
_HISTORY = Path(__file__).parent / "history.md"


def bench(
    catalog: Annotated[Path | None, typer.Option(help="Records, as JSON Lines.")] = None,
    queries: Annotated[Path | None, typer.Option(help="Queries to run, as TSV.")] = None,
    only: Annotated[str | None, typer.Option(help="One section, to print only.")] = None,
) -> None:
    """Run the benchmarks and write the report."""
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as folder:
        found = asyncio.run(_measure(Path(folder), catalog, queries, only))
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
    folder: Path, catalog: Path | None, queries: Path | None, only: str | None
) -> list[str]:
    full = await _database(folder / "full.db", catalog or write_catalog(folder / "catalog.jsonl"))
    sections: dict[str, Callable[[], Coroutine[Any, Any, str]]] = {
        "replies": lambda: _replies(full, folder),
        "fairness": lambda: fairness.section(full, folder),
        "search": lambda: asyncio.to_thread(search.section, _PICTURE),
        "announcements": lambda: announcements.section(folder),
        "ticks": lambda: ticks.section(folder),
        "startup": lambda: _startup(full, folder),
    }
    if queries is not None:
        sections["own"] = lambda: _own_queries(full, queries)
    return [await measure() for name, measure in sections.items() if only in (None, name)]


async def _replies(full: Path, folder: Path) -> str:
    async with await open_database(f"sqlite:///{full}", system_clock) as database:
        records = [record async for record in CatalogStore(database).records()]
    return await replies.section(full, records, folder)


async def _startup(full: Path, folder: Path) -> str:
    nothing = folder / "nothing"
    nothing.mkdir()
    shipped = ROOT / "data" / "catalog"
    empty, little = folder / "empty.db", folder / "shipped.db"
    async with await open_database(f"sqlite:///{empty}", system_clock):
        pass
    async with await open_database(f"sqlite:///{little}", system_clock) as database:
        await import_catalog(database, shipped, system_clock)
    bots: dict[str, dict[str, Any]] = {
        "the bare bot, without one": {"command": replies.BARE_BOT},
        "empty": {"database": empty, "CATALOG_PATH": str(nothing)},
        "as shipped": {"database": little, "CATALOG_PATH": str(shipped)},
        "large": {"database": full, "CATALOG_PATH": str(nothing)},
    }
    return await startup.section(bots, folder)


async def _own_queries(full: Path, queries: Path) -> str:
    async with await open_database(f"sqlite:///{full}", system_clock) as database:
        catalog = await CatalogService.open(CatalogStore(database))
    searches: dict[str, search.Search] = {
        "show": lambda text: [hit.ref for hit in catalog.title_names.search(text, 5)],
        "whois": lambda text: [hit.ref for hit in catalog.person_names.search(text, 5)],
    }
    return f"## Search, by queries of one's own\n\n{search.own_section(searches, queries)}"


async def _database(file: Path, catalog: Path) -> Path:
    async with await open_database(f"sqlite:///{file}", system_clock) as database:
        await catalog_importer(database, system_clock).import_path(catalog)
    return file


if __name__ == "__main__":
    typer.run(bench)
