"""How good and how fast the search is, compared with other ways to look up names."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.search.name_index import NameEntry, NameIndex
from bot.search.search_keys import make_search_keys
from tools.bench import baselines
from tools.bench.baselines import Search
from tools.bench.generated_catalog import Query, people, queries
from tools.bench.plot import plot_search
from tools.bench.report import median_and_p99, ms, table

SIZES = (1_000, 10_000, 100_000, 350_000)
"""Numbers of names, two per person."""

OURS = "Bonbang"
_ASKED = 25  # people, each in every way
_FIVE = 5


@dataclass(slots=True)
class Outcome:
    """The results of some queries."""

    asked: int = 0
    first: int = 0
    five: int = 0
    seconds: list[float] = field(default_factory=list[float])

    def add(self, query: Query, found: Sequence[str], seconds: float) -> None:
        """Count one result."""
        self.asked += 1
        self.first += bool(query.expected & set(found[:1]))
        self.five += bool(query.expected & set(found[:_FIVE]))
        self.seconds.append(seconds)

    @property
    def share_first(self) -> float:
        """The share of queries whose right result came first."""
        return self.first / self.asked


Outcomes = dict[str, Outcome]
"""Results of queries by their kind."""


def section(picture: Path) -> str:
    """Measure, draw the picture, and return the section of the report."""
    measured = {size: _at_size(size) for size in SIZES}
    plot_search(measured, picture)
    return f"""## Search

People with a name in Hangul and one in Latin letters, all equally well known, asked for in every
way there is to type a name ({_ASKED} people a way). The more names there are, the more of them are
spelled alike: a name with a slip, or in another romanisation, is often somebody else's name, and
no search can know. `First`: the one meant comes first; `five`: within the first five. LIKE, FTS5
(words by their beginnings) and RapidFuzz's WRatio (over everything) search the same names.

![Search: share of right answers and time]({picture.parent.name}/{picture.name})

{_by_size(measured)}

By the way the name was typed, at {SIZES[1]:,} name forms (first / within five):

{_by_kind(measured[SIZES[1]])}"""


def measure(search: Search, queries_to_run: Iterable[Query], into: Outcomes) -> None:
    """Run every query, and count its result by its kind and as one of `all`."""
    for query in queries_to_run:
        start = time.perf_counter()
        found = search(query.text)
        seconds = time.perf_counter() - start
        for kind in (query.kind, "all"):
            into.setdefault(kind, Outcome()).add(query, found, seconds)


def ours(index: NameIndex) -> Search:
    """The index as a search function like the baselines."""
    return lambda query: [hit.ref for hit in index.search(query, _FIVE)]


def _at_size(size: int) -> dict[str, Outcomes]:
    everybody = people(size // 2)
    names = [(one.ref, name) for one in everybody for name in (one.latin, one.hangul)]
    queries_to_run = queries(everybody, _ASKED)
    index = NameIndex([NameEntry(ref, make_search_keys(name), 0.0) for ref, name in names])
    searches = {
        OURS: ours(index),
        "LIKE": baselines.like(names),
        "FTS5": baselines.fts5(names),
        "WRatio": baselines.wratio(names),
    }
    measured: dict[str, Outcomes] = {name: {} for name in searches}
    for name, search in searches.items():
        measure(search, queries_to_run, measured[name])
    return measured


def _by_size(measured: Mapping[int, Mapping[str, Outcomes]]) -> str:
    rows = [
        [f"{size:,}", name, *_figures(outcomes["all"])]
        for size, searches in measured.items()
        for name, outcomes in searches.items()
    ]
    return table(("Name forms", "Search", "First", "Five", "p50 ms", "p99 ms"), rows)


def _figures(outcome: Outcome) -> list[str]:
    p50, p99 = median_and_p99(outcome.seconds)
    shares = [f"{100 * part / outcome.asked:.1f} %" for part in (outcome.first, outcome.five)]
    return [*shares, ms(p50), ms(p99)]


def _by_kind(searches: Mapping[str, Outcomes]) -> str:
    kinds = [kind for kind in searches[OURS] if kind != "all"]
    rows = [[kind, *(_shares(outcomes[kind]) for outcomes in searches.values())] for kind in kinds]
    return table(("Typed", *searches), rows)


def _shares(outcome: Outcome) -> str:
    return " / ".join(f"{100 * p / outcome.asked:.0f} %" for p in (outcome.first, outcome.five))


def own_section(searches: Mapping[str, Search], asked: Path) -> str:
    """The same for queries of one's own; `searches` by the command that is meant."""
    rows = [line.split("\t") for line in asked.read_text(encoding="utf-8").splitlines()[1:]]
    total: Outcomes = {}
    for text, command, kind, expected in rows:
        query = Query(text, f"/{command}, {kind}", frozenset(expected.split()))
        measure(searches[command], [query], total)
    lines = [
        [kind, str(total[kind].asked), *_figures(total[kind])]
        for kind in sorted(total, key=lambda kind: (kind == "all", kind))
    ]
    return table(("Typed", "Queries", "First", "Five", "p50 ms", "p99 ms"), lines)
