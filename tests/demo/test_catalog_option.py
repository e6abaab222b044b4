"""`bonbang demo --catalog`: the demo on records of the visitor's own."""

from pathlib import Path

import pytest

from tests.support import records
from tests.support.process import bonbang, only_error_line

SUZY = records.person("suzy", "Bae Suzy", popularity=2)
PREMIERE = {"event": "premiere", "window": "2026-06-01"}
DOONA = records.title(
    "doona", "Doona!", popularity=2, releases=[PREMIERE], cast=[{"person": "suzy"}]
)


def commands_to_try(output: str) -> list[str]:
    """The commands that the demo names after its address."""
    return [line.strip() for line in output.splitlines() if line.startswith("  /")]


def test_catalog_can_be_a_folder_or_a_file(tmp_path: Path) -> None:
    folder = records.write(tmp_path / "own", SUZY, DOONA)
    lines = records.write_lines(tmp_path / "own.jsonl", SUZY, DOONA)
    for path in (folder, lines, folder / "people" / "suzy.toml"):
        run = bonbang(tmp_path, "demo", "--catalog", str(path), "/whois Suzy")
        assert (run.returncode, run.stderr) == (0, "")
        assert "Bae Suzy" in run.stdout


def test_catalog_replaces_the_records_of_the_bot(tmp_path: Path) -> None:
    """Those that ship, and those in the database, which is neither read nor changed."""
    own = records.write_lines(tmp_path / "own.jsonl", SUZY)
    known = records.write_lines(tmp_path / "known.jsonl", records.person("iu", "Lee Ji-eun"))
    assert bonbang(tmp_path, "catalog", "import", str(known)).returncode == 0
    before = (tmp_path / "bonbang.db").read_bytes()
    run = bonbang(
        tmp_path, "demo", "--catalog", str(own), "/about", "/whois Lee Ji-eun", "/whois Taecyeon"
    )
    assert "1 person" in run.stdout
    assert "couldn't find anything for Lee Ji-eun" in run.stdout
    assert "couldn't find anything for Taecyeon" in run.stdout
    assert (tmp_path / "bonbang.db").read_bytes() == before


def test_demo_with_a_catalog_creates_no_database(tmp_path: Path) -> None:
    own = records.write_lines(tmp_path / "own.jsonl", SUZY)
    assert bonbang(tmp_path, "demo", "--catalog", str(own), "/about").returncode == 0
    assert list(tmp_path.iterdir()) == [own]


def test_progress_is_shown_on_a_terminal(tmp_path: Path) -> None:
    own = records.write_lines(tmp_path / "own.jsonl", SUZY)
    run = bonbang(tmp_path, "demo", "--catalog", str(own), "/whois Suzy", FORCE_COLOR="1")
    assert run.returncode == 0
    assert "Importing" in run.stderr


@pytest.mark.parametrize("path", ["missing", "missing.jsonl"])
def test_missing_catalog_is_an_error(tmp_path: Path, path: str) -> None:
    run = bonbang(tmp_path, "demo", "--catalog", path, "/about")
    assert (run.returncode, run.stdout) == (2, "")
    assert f"'{path}' does not exist" in run.stderr


def test_invalid_records_are_listed(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"entity": "person", "id": "suzy"}\n')
    run = bonbang(tmp_path, "demo", "--catalog", str(own), "/about")
    assert (run.returncode, run.stdout) == (1, "")
    assert f"{own}:1" in run.stderr
    assert "Traceback" not in run.stderr


def test_folder_without_records_is_an_error(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "demo", "--catalog", str(tmp_path), "/about")
    assert "has no records" in only_error_line(run)


def test_commands_to_try_and_the_countdown_are_of_the_catalog(tmp_path: Path) -> None:
    unknown = [records.person(f"p{n}", f"Park Minji {n}") for n in range(12)]
    own = records.write_lines(tmp_path / "own.jsonl", SUZY, DOONA, *unknown)
    run = bonbang(tmp_path, "demo", "--catalog", str(own), typed="as moderator\n/countdown list\n")
    assert run.stdout.splitlines()[0] == "/whois Bae Suzy"
    assert commands_to_try(run.stdout) == ["/whois Bae Suzy", "/cast Doona!", "/countdown list"]
    assert "Doona! · premiere · #countdown" in run.stdout.replace("Premiere", "premiere")


def test_commands_to_try_work_with_namesakes_and_without_an_upcoming_title(tmp_path: Path) -> None:
    """A name to try finds one entry. Without one, commands that need no name are suggested."""
    past = records.title("doona", "Doona!", releases=[{"event": "premiere", "window": "2023"}])
    namesakes = [records.person(f"hyun-bin-{n}", "Hyun Bin", popularity=n) for n in (1, 2)]
    own = records.write_lines(tmp_path / "own.jsonl", past, *namesakes)
    run = bonbang(tmp_path, "demo", "--catalog", str(own), typed="as moderator\n/countdown list\n")
    assert (run.returncode, run.stderr) == (0, "")
    assert commands_to_try(run.stdout) == ["/cast Doona!", "/about", "/countdown list"]
    assert "No countdowns yet" in run.stdout
