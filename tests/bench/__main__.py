"""How good and how fast the search is: `make bench`.

Measures on a catalog made up for the purpose, or on one of your own, given as JSON Lines, with the
queries to try on it as tab-separated `query, command, kind, expected references`.
"""

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.app import open_database
from bot.catalog.names import keys_of
from bot.catalog.search import Form, Hit, NameIndex
from bot.clock import system_clock
from bot.library import Library
from bot.store.catalog import CatalogStore
from bot.store.imports import CatalogImporter
from tests.bench.generated import Query, people, queries

Search = Callable[[str, int], list[Hit]]
_FEW = 5


def bench(
    catalog: Annotated[Path | None, typer.Option(help="Records, as JSON Lines.")] = None,
    asked: Annotated[Path | None, typer.Option("--queries", help="What to ask of them.")] = None,
) -> None:
    """Measure the search and print a table, a row for each kind of query."""
    table = Table("Kind", "Queries", "First", "First five", "p50 ms", "p99 ms")
    for label, search, todo in _subjects(catalog, asked):
        kinds: dict[str, list[Query]] = defaultdict(list)
        for query in todo:
            kinds[query.kind].append(query)
        for kind, same in [*sorted(kinds.items()), (f"all {label}", todo)]:
            table.add_row(kind, *_measure(search, same), end_section=same is todo)
    Console().print(table)


def _subjects(
    catalog: Path | None, asked: Path | None
) -> Iterable[tuple[str, Search, list[Query]]]:
    if catalog is None or asked is None:
        everybody = people(10_000)
        forms = [
            Form(one.ref, keys_of(text), 0.0)
            for one in everybody
            for text in (one.latin, one.hangul)
        ]
        yield "of 10,000 made-up people", NameIndex(forms).search, queries(everybody, 200)
        return
    library = asyncio.run(_library(catalog))
    rows = [line.split("\t") for line in asked.read_text(encoding="utf-8").splitlines()[1:]]
    for command, search in (("show", library.shows.search), ("whois", library.people.search)):
        own = [Query(q, kind, frozenset(e.split())) for q, c, kind, e in rows if c == command]
        yield f"/{command}", search, own


async def _library(catalog: Path) -> Library:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        async with await open_database(url, system_clock) as database:
            await CatalogImporter(database, system_clock).import_path(catalog)
            return await Library.open(CatalogStore(database))


def _measure(search: Search, todo: list[Query]) -> list[str]:
    first = few = 0
    times: list[float] = []
    for query in todo:
        start = time.perf_counter()
        found = [hit.ref for hit in search(query.text, _FEW)]
        times.append((time.perf_counter() - start) * 1000)
        first += bool(query.expected & set(found[:1]))
        few += bool(query.expected & set(found))
    p99 = statistics.quantiles(times, n=100, method="inclusive")[98] if len(times) > 1 else times[0]
    shares = [f"{100 * part / len(todo):.1f} %" for part in (first, few)]
    return [str(len(todo)), *shares, f"{statistics.median(times):.1f}", f"{p99:.1f}"]


if __name__ == "__main__":
    typer.run(bench)
