"""`bonbang backup` and `bonbang restore` as an operator, or a cron job, runs them."""

import shutil
from pathlib import Path

import pytest

from tests.support.process import bonbang, limit_file_size, only_error_line


@pytest.fixture
def file(tmp_path: Path, sample_database: Path) -> Path:
    """The database that `bonbang` uses in that folder."""
    return Path(shutil.copy(sample_database, tmp_path / "bonbang.db"))


def test_database_is_backed_up_and_restored(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "copy.db"
    run = bonbang(tmp_path, "backup", str(copy))
    assert (run.returncode, run.stderr) == (0, "")
    [line] = run.stdout.splitlines()
    assert line.startswith(f"Backed up {file} to {copy}: 12 records, 0 countdowns, 0.")
    run = bonbang(tmp_path, "restore", str(copy))
    assert (run.returncode, run.stderr) == (0, "")
    [kept] = tmp_path.glob("bonbang-before-*.db")
    restored, due = run.stdout.splitlines()
    assert restored.startswith(f"Restored {file} from {copy}: 12 records")
    assert restored.endswith(f"The previous database was saved as {kept}.")
    assert due.startswith("To avoid duplicates, announcements due before the bot starts again are")


def test_backup_on_a_full_disk_leaves_no_file(tmp_path: Path, file: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    run = bonbang(tmp_path, "backup", str(copies / "copy.db"), before=limit_file_size(50_000))
    line = only_error_line(run)
    assert f"Can't copy the database {file}" in line
    assert "disk is not full" in line
    assert list(copies.iterdir()) == []


def test_postgresql_is_referred_to_its_own_tools(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "backup", "copy.sql", DATABASE_URL="postgresql://localhost/bonbang")
    assert "use pg_dump" in only_error_line(run)
