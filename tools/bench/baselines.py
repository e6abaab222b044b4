"""Other ways to look up names, for comparison: SQL LIKE, FTS5, and RapidFuzz over all names."""

import sqlite3
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process, utils

Search = Callable[[str], list[str]]
"""The references of the five best for a query."""

_FIVE = 5


def like(names: Sequence[tuple[str, str]]) -> Search:
    """`LIKE '%…%'`, of (reference, name) pairs."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE names (ref, name)")
    connection.executemany("INSERT INTO names VALUES (?, ?)", names)

    def search(query: str) -> list[str]:
        pattern = "%" + query.replace("%", "").replace("_", "") + "%"
        found = "SELECT DISTINCT ref FROM names WHERE name LIKE ? LIMIT ?"
        return [ref for (ref,) in connection.execute(found, (pattern, _FIVE))]

    return search


def fts5(names: Sequence[tuple[str, str]]) -> Search:
    """SQLite's full-text index: every word of the query begins a word of the name."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE names USING fts5"
        "(ref UNINDEXED, name, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )
    connection.executemany("INSERT INTO names VALUES (?, ?)", names)

    def search(query: str) -> list[str]:
        words = query.replace('"', " ").replace("-", " ").split()
        asked = " ".join(f'"{word}"*' for word in words)
        found = "SELECT DISTINCT ref FROM names WHERE name MATCH ? ORDER BY rank LIMIT ?"
        return [ref for (ref,) in connection.execute(found, (asked, _FIVE))] if asked else []

    return search


def wratio(names: Sequence[tuple[str, str]]) -> Search:
    """RapidFuzz's WRatio of the query and every single name."""
    refs = [ref for ref, _name in names]
    choices = [utils.default_process(name) for _ref, name in names]

    def search(query: str) -> list[str]:
        asked = utils.default_process(query)
        best = process.extract(asked, choices, scorer=fuzz.WRatio, limit=_FIVE)
        return [refs[place] for _choice, _score, place in best]

    return search
