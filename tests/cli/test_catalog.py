"""`bonbang catalog` as an operator runs it."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot.store import tables
from bot.store.database import Database
from bot.store.layer_tables import source_records
from tests.conftest import SAMPLE
from tests.support import records
from tests.support.db_faults import locked
from tests.support.process import bonbang, limit_file_size, only_error_line

TOKEN = "MTIz.secret.token-of-a-bot"  # noqa: S105
MIGRATIONS = Path(tables.__file__).parent / "migrations"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for the database, and nothing else."""
    made = tmp_path / "database"
    made.mkdir()
    return made


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, with all its bytes."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def check(tmp_path: Path, database: Path, path: Path = SAMPLE) -> str:
    """Run `bonbang catalog check` on records. Returns what it prints."""
    run = bonbang(tmp_path, "catalog", "check", str(path), DATABASE_URL=f"sqlite:///{database}")
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


def database_at(file: Path, revision: str, shipped: Path) -> None:
    """Make a database of an earlier version, with the records of the sample catalog."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ATTACH DATABASE ? AS shipped", [str(shipped)])
        for table in ("people", "titles"):
            connection.execute(
                f"INSERT INTO {table} (id, record, digest, popularity)"  # noqa: S608
                f" SELECT id, {table}.record, digest, popularity FROM shipped.{table} AS {table}"
                " JOIN shipped.source_records ON record_id = id"
            )
        connection.commit()
        # As Bonbang leaves it.
        connection.execute("DETACH DATABASE shipped")
        connection.execute("PRAGMA journal_mode = WAL")


def test_check_without_a_database_creates_nothing(tmp_path: Path, folder: Path) -> None:
    for database in (folder / "bonbang.db", folder / "not" / "there" / "bonbang.db"):
        assert check(tmp_path, database) == "OK: 12 new or changed, 0 unchanged.\n"
    assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == [folder]


def test_check_leaves_the_database_as_it_was(
    tmp_path: Path, folder: Path, sample_database: Path
) -> None:
    database = Path(shutil.copy(sample_database, folder / "bonbang.db"))
    before = contents(folder)
    assert check(tmp_path, database) == "OK: 0 new or changed, 12 unchanged.\n"
    changed = records.write(tmp_path / "records", records.title("new", "New"))
    assert check(tmp_path, database, changed) == "OK: 1 new or changed, 0 unchanged.\n"
    assert contents(folder) == before


@pytest.mark.parametrize("revision", ["0001", "0002", "0005"])
def test_check_leaves_a_database_of_an_earlier_version_as_it_was(
    tmp_path: Path, folder: Path, sample_database: Path, revision: str
) -> None:
    database = folder / "bonbang.db"
    database_at(database, revision, sample_database)
    before = contents(folder)
    assert list(before) == ["bonbang.db"]
    assert check(tmp_path, database) == "OK: 0 new or changed, 12 unchanged.\n"
    assert contents(folder) == before


async def test_check_beside_a_running_bot_sees_what_it_wrote(
    tmp_path: Path, folder: Path, sample_database: Path
) -> None:
    database = Path(shutil.copy(sample_database, folder / "bonbang.db"))
    async with await Database.open(f"sqlite:///{database}") as running:
        async with running.write() as connection:
            of_titles = source_records.update().where(source_records.c.entity == "title")
            await connection.execute(of_titles.values(digest="changed since"))
        before = contents(folder)
        assert "bonbang.db-wal" in before
        assert check(tmp_path, database) == "OK: 8 new or changed, 4 unchanged.\n"
        after = contents(folder)
        assert list(after) == list(before)
        for name in ("bonbang.db", "bonbang.db-wal"):
            assert after[name] == before[name]


def test_check_lists_every_problem_and_creates_nothing(tmp_path: Path, folder: Path) -> None:
    invalid = records.write(
        tmp_path / "records", records.title("a", kind="serial"), records.person("b", names=[])
    )
    url = f"sqlite:///{folder / 'bonbang.db'}"
    run = bonbang(tmp_path, "catalog", "check", str(invalid), DATABASE_URL=url)
    assert (run.returncode, run.stdout) == (1, "")
    assert "a.toml" in run.stderr
    assert "b.toml" in run.stderr
    assert "Traceback" not in run.stderr
    assert list(folder.iterdir()) == []


def test_exported_records_are_imported_unchanged(tmp_path: Path, sample_database: Path) -> None:
    shutil.copy(sample_database, tmp_path / "bonbang.db")
    exported = tmp_path / "exported"
    run = bonbang(tmp_path, "catalog", "export", str(exported))
    assert (run.returncode, run.stderr) == (0, "")
    assert len(list(exported.rglob("*.toml"))) == 12
    other = f"sqlite:///{tmp_path / 'other.db'}"
    run = bonbang(tmp_path, "catalog", "import", str(exported), DATABASE_URL=other)
    assert run.stdout.startswith("Imported 12 ")


def test_search_prints_one_json_object_per_query(tmp_path: Path, sample_database: Path) -> None:
    shutil.copy(sample_database, tmp_path / "bonbang.db")
    queries = "Taecyeon\nnobody at all\n"
    run = bonbang(tmp_path, "catalog", "search", "-", "--json", typed=queries)
    assert (run.returncode, run.stderr) == (0, "")
    found, missing = map(json.loads, run.stdout.splitlines())
    assert found["query"] == "Taecyeon"
    first = found["results"][0]
    assert (first["id"], first["name"]) == ("person:ok-taec-yeon", "Ok Taec-yeon")
    assert missing["query"] == "nobody at all"


def test_import_that_cannot_be_written_is_retried_later(tmp_path: Path) -> None:
    """A locked database, no room at the start, no room during the import; then it succeeds."""
    import_records = ["catalog", "import", str(SAMPLE)]
    with locked(tmp_path / "bonbang.db"):
        for command in (["run"], import_records):
            line = only_error_line(bonbang(tmp_path, *command, DISCORD_TOKEN=TOKEN))
            assert "database is locked. Another process is writing to it" in line
    for room in (10_000, 150_000):
        line = only_error_line(bonbang(tmp_path, *import_records, before=limit_file_size(room)))
        assert "that the disk is not full" in line
    assert "Imported 12" in bonbang(tmp_path, *import_records).stdout


HOSTILE = "x\n\x1b[2K\x9b\u202e:heart: [b]"
SHOWN = r"x\n\u001b[2K\u009b\u202e:heart: [b]"


def test_problem_is_one_line_without_control_characters(tmp_path: Path) -> None:
    titles = tmp_path / "r" / "titles"
    titles.mkdir(parents=True)
    (titles / f"{HOSTILE}.toml").write_text('id = "a"\n"k\\n\\u001b[2K" = 1')
    (titles / "caf\udce9.toml").write_text("?")
    run = bonbang(tmp_path, "catalog", "check", str(tmp_path / "r"))
    assert (run.returncode, run.stdout) == (1, "")
    lines = run.stderr.splitlines()
    assert all(line.startswith((str(titles), "Errors:")) for line in lines)
    assert f"{titles}/caf\\udce9.toml: can't be read" in lines[0]
    assert any(f"{SHOWN}.toml, k\\n\\u001b[2K: Extra inputs" in line for line in lines)


def test_found_names_are_printed_without_control_characters(tmp_path: Path) -> None:
    shows = records.write_lines(tmp_path / "r.jsonl", records.title("show", f"Moon {HOSTILE}"))
    assert bonbang(tmp_path, "catalog", "import", str(shows)).returncode == 0
    search = ("catalog", "search", "Moon", "--for", "show")
    [line] = bonbang(tmp_path, *search).stdout.splitlines()
    assert f"Moon {SHOWN}" in line
    [line] = bonbang(tmp_path, *search, "--json").stdout.splitlines()
    assert not {"\x9b", "\u202e"} & set(line)
    assert json.loads(line)["results"][0]["name"] == f"Moon {HOSTILE}"


def test_file_whose_name_is_not_utf_8_is_imported(tmp_path: Path) -> None:
    folder = records.write(tmp_path / "r", records.person("her"))
    (folder / "people" / "her.toml").rename(folder / "people" / "caf\udce9.toml")
    assert "Imported 1 " in bonbang(tmp_path, "catalog", "import", str(folder)).stdout
    run = bonbang(tmp_path, "demo", "/about", CATALOG_PATH=str(folder))
    assert (run.returncode, run.stderr) == (0, "")


def test_export_overwrites_a_curated_file_only_on_request(
    tmp_path: Path, sample_database: Path
) -> None:
    shutil.copy(sample_database, tmp_path / "bonbang.db")
    exported = tmp_path / "exported"
    curated = exported / "titles" / "soul-mate.toml"
    curated.parent.mkdir(parents=True)
    curated.write_text("by hand")
    line = only_error_line(bonbang(tmp_path, "catalog", "export", str(exported)))
    assert str(curated) in line
    assert curated.read_text() == "by hand"
    run = bonbang(tmp_path, "catalog", "export", str(exported), "--replace")
    assert (run.returncode, run.stderr) == (0, "")
    assert "Soul Mate" in curated.read_text()


def test_export_that_cannot_be_written_is_one_line(tmp_path: Path, sample_database: Path) -> None:
    shutil.copy(sample_database, tmp_path / "bonbang.db")
    (tmp_path / "file").touch()
    run = bonbang(tmp_path, "catalog", "export", str(tmp_path / "file" / "out.jsonl"))
    assert "Not a directory" in only_error_line(run)


def test_suggestions_of_a_member_are_erased(tmp_path: Path, database_url: str) -> None:
    file = database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        connection.executemany(
            "INSERT INTO suggestions"
            " (entity, record_id, text, user_id, user_name, language, made_at)"
            " VALUES ('title', 'soul-mate', 'X', ?, 'mina', 'ko', 0)",
            [[5], [5], [6]],
        )
        connection.commit()
    run = bonbang(tmp_path, "catalog", "erase-member", "5", DATABASE_URL=database_url)
    assert (run.stdout, run.returncode) == ("Erased 2 suggestions.\n", 0)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT user_id FROM suggestions").fetchall() == [(6,)]
