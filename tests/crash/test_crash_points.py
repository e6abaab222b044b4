"""A command killed while it writes to the database has written everything or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.catalog.model import Title
from tests.crash.crash_points import kill_and_rerun, rows
from tests.store.test_migrations import (
    TABLES,
    insert,
    insert_countdown,
    insert_delivery,
    migrate,
)
from tests.support import records

POINTS = 6
SCHEMA = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
HEAD = "SELECT version_num FROM alembic_version"
RECORDS = "SELECT (SELECT count(*) FROM titles), (SELECT count(*) FROM people)"
OLD_DATA = """
    SELECT countdowns.id FROM countdowns JOIN deliveries ON countdown_id = countdowns.id
    WHERE seen = '2025|announced' AND kind = 'out' AND before = '2025|announced'
"""
NEW_DATA = """
    SELECT countdowns.id, known_release, kind, previous_release
    FROM countdowns JOIN deliveries ON countdown_id = countdowns.id
"""
STATE = '{"window": "2025", "status": "announced"}'


@pytest.fixture
def start(tmp_path: Path) -> Path:
    folder = tmp_path / "start"
    folder.mkdir()
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Records that are imported in several chunks, of both kinds."""
    people = [records.person(f"p{n}") for n in range(600)]
    show = records.title("show", cast=[{"person": "p1"}])
    return records.write_lines(tmp_path / "r.jsonl", *people, show)


def test_import_into_a_new_database_is_all_or_nothing(start: Path, catalog: Path) -> None:
    found: set[str] = set()
    for killed, rerun in kill_and_rerun(start, POINTS, "catalog", "import", str(catalog)):
        assert rows(rerun, RECORDS) == [(1, 600)]
        schema = rows(rerun, SCHEMA)
        assert rows(killed, SCHEMA) in ([], schema)
        found.add(str(rows(killed, RECORDS)[0] if rows(killed, SCHEMA) == schema else "nothing"))
    # What is tidied up after the import may be killed, too.
    assert {"nothing", "(0, 0)"} <= found <= {"nothing", "(0, 0)", "(1, 600)"}


def old_database(folder: Path, revision: str) -> None:
    """A database of an earlier revision; one of 0002 has a countdown with a delivery."""
    engine = create_engine(f"sqlite:///{folder / 'bonbang.db'}")
    migrate(engine, revision)
    if revision == "0002":
        record = Title.model_validate(records.title("show")).model_dump_json()
        with engine.begin() as connection:
            insert(connection, "titles", id="show", record=record, digest="d", popularity=1.5)
            insert_countdown(connection, 3, seen="2025|announced")
            insert_delivery(connection, "aaaa", kind="out", before="2025|announced", lease=1.0)
    engine.dispose()


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_migration_of_an_older_database_is_all_or_nothing(start: Path, revision: str) -> None:
    old_database(start, revision)
    before = rows(start, SCHEMA)
    migrated: set[bool] = set()
    for killed, rerun in kill_and_rerun(start, POINTS, "catalog", "search", "x"):
        after = rows(rerun, SCHEMA)
        assert rows(rerun, HEAD) == [(max(TABLES),)]
        assert rows(killed, SCHEMA) in (before, after)
        is_migrated = rows(killed, SCHEMA) == after
        migrated.add(is_migrated)
        if revision == "0002":
            assert rows(rerun, NEW_DATA) == [(3, STATE, "released", STATE)]
            expected = NEW_DATA if is_migrated else OLD_DATA
            assert len(rows(killed, expected)) == 1
    assert migrated == {False, True}
