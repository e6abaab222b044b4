"""`bonbang backup` and `bonbang restore` as a host, or a host's cron, runs them."""

import shutil
from pathlib import Path

import pytest

from tests.process import bonbang
from tests.test_startup import no_room, the_one_line


@pytest.fixture
def file(tmp_path: Path, shipped_database: Path) -> Path:
    """The database that `bonbang` finds there."""
    return Path(shutil.copy(shipped_database, tmp_path / "bonbang.db"))


def test_a_database_is_copied_and_put_back(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "copy.db"
    run = bonbang(tmp_path, "backup", str(copy))
    assert (run.returncode, run.stderr) == (0, "")
    [line] = run.stdout.splitlines()
    assert line.startswith(f"Copied {file} to {copy}: 12 records, 0 countdowns, 0.1 MB")
    run = bonbang(tmp_path, "restore", str(copy))
    assert (run.returncode, run.stderr) == (0, "")
    [kept] = tmp_path.glob("bonbang-before-*.db")
    restored, due = run.stdout.splitlines()
    assert restored.startswith(f"Restored {file} from {copy}: 12 records")
    assert restored.endswith(f"What was there is kept as {kept}.")
    assert due == "What came due before now will not be announced."


def test_a_disk_without_room_for_a_backup_leaves_none(tmp_path: Path, file: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    run = bonbang(tmp_path, "backup", str(copies / "copy.db"), before=no_room(50_000))
    line = the_one_line(run)
    assert f"{file} cannot be copied" in line
    assert "disk is full" in line
    assert list(copies.iterdir()) == []


def test_postgresql_has_tools_of_its_own(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "backup", "copy.sql", DATABASE_URL="postgresql://localhost/bonbang")
    assert "use pg_dump" in the_one_line(run)
