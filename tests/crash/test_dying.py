"""Killed in the middle of its work on the database, a command has done all of it or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests import records
from tests.crash.dying import deaths, rows
from tests.store.test_migrations import migrate

MOMENTS = 6
TABLES = "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
COUNTDOWNS = "SELECT count(*) FROM sqlite_master WHERE name = 'countdowns'"
KNOWN = "SELECT (SELECT count(*) FROM titles), (SELECT count(*) FROM people)"


@pytest.fixture
def start(tmp_path: Path) -> Path:
    folder = tmp_path / "start"
    folder.mkdir()
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Records that take an import several writes: each chunk is one, of each kind."""
    people = [records.person(f"p{n}") for n in range(600)]
    show = records.title("show", cast=[{"person": "p1"}])
    return records.write_lines(tmp_path / "r.jsonl", *people, show)


def test_killed_while_it_imports_into_a_new_database(start: Path, catalog: Path) -> None:
    left: set[str] = set()
    for killed, again in deaths(start, MOMENTS, "catalog", "import", str(catalog)):
        assert rows(again, KNOWN) == [(1, 600)]
        tables = rows(again, TABLES)
        assert rows(killed, TABLES) in ([(0,)], tables)
        left.add(str(rows(killed, KNOWN)[0] if rows(killed, TABLES) == tables else "nothing"))
    assert left == {"nothing", "(0, 0)"}


def test_killed_while_it_brings_an_older_database_up_to_date(start: Path) -> None:
    engine = create_engine(f"sqlite:///{start / 'bonbang.db'}")
    migrate(engine, "0001")
    engine.dispose()
    [before] = rows(start, TABLES)
    left: set[int] = set()
    for killed, again in deaths(start, MOMENTS, "catalog", "search", "x"):
        [after], [found] = rows(again, TABLES), rows(killed, TABLES)
        assert rows(again, COUNTDOWNS) == [(1,)]
        assert found in (before, after)
        left.add(found)
    assert left == {before, after}
