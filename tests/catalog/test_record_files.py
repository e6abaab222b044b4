"""What lies in a catalog folder besides records, and records that are too large to read."""

import os
from pathlib import Path

import pytest

from bot.catalog.interchange import RecordBatch, read_records
from bot.catalog.validation import Problem
from tests.support import records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog folder with one valid record."""
    return records.write(tmp_path / "catalog", records.title("show"))


def read(path: Path) -> RecordBatch:
    return read_records(path, {})


def ids(batch: RecordBatch) -> list[str]:
    return [one.record.id for one in batch.parsed]


def the_problem(path: Path) -> Problem:
    [problem] = read(path).problems
    return problem


def test_only_regular_visible_files_of_a_folder_are_read(folder: Path, tmp_path: Path) -> None:
    titles = folder / "titles"
    (titles / ".#show.toml").symlink_to("host.4711:1")
    (titles / ".hidden.toml").write_text("not a record")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.toml").write_text("not a record")
    (titles / "folder.toml").mkdir()
    (titles / "outside.toml").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(titles / "pipe.toml")
    (titles / "zero.toml").symlink_to("/dev/zero")
    (titles / "show.toml~").write_text("not a record")
    batch = read(folder)
    assert (ids(batch), batch.problems) == (["show"], [])


def test_link_to_a_regular_file_is_read(folder: Path, tmp_path: Path) -> None:
    """As in a mounted Kubernetes ConfigMap."""
    (folder / "titles" / "show.toml").rename(tmp_path / "elsewhere")
    (folder / "titles" / "show.toml").symlink_to(tmp_path / "elsewhere")
    assert ids(read(folder)) == ["show"]


@pytest.mark.parametrize("target", ["nothing", "loop.toml"])
def test_broken_link_is_a_problem_and_other_files_are_still_read(folder: Path, target: str) -> None:
    broken = folder / "titles" / "loop.toml"
    broken.symlink_to(target)
    batch = read(folder)
    assert ids(batch) == ["show"]
    [problem] = batch.problems
    assert problem.file == str(broken)
    assert "remove it" in problem.hint


@pytest.mark.parametrize("name", ["pipe.toml", "pipe.jsonl"])
def test_pipe_as_the_path_is_a_problem(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert the_problem(tmp_path / name).message == "not a regular file"


def test_file_replaced_by_a_pipe_after_it_was_found_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = folder / "titles" / "pipe.toml"
    os.mkfifo(pipe)
    monkeypatch.setattr("bot.catalog.record_files.find_record_files", lambda *_: [pipe])
    assert (the_problem(folder).file, the_problem(folder).message) == (
        str(pipe),
        "not a regular file",
    )


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
def test_device_as_the_path_is_a_problem(path: str) -> None:
    assert the_problem(Path(path)).message == "not a regular file"


def test_record_that_is_too_large_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (folder / "titles" / "show.toml").stat().st_size
    monkeypatch.setattr("bot.catalog.record_files.MAX_RECORD_SIZE", size)
    assert ids(read(folder)) == ["show"]
    monkeypatch.setattr("bot.catalog.record_files.MAX_RECORD_SIZE", size - 1)
    assert "larger than" in the_problem(folder).message


def test_line_that_is_too_long_is_a_problem_with_its_number(tmp_path: Path) -> None:
    file = records.write_lines(tmp_path / "r.jsonl", records.person("her"))
    with file.open("a") as lines:
        lines.write("\n" + "x" * 1_000_001)
    batch = read(file)
    assert ids(batch) == ["her"]
    [problem] = batch.problems
    assert (problem.line, "larger than 1 MB" in problem.message) == (2, True)


@pytest.mark.parametrize(("limit", "value"), [("MAX_RECORDS", 3), ("MAX_TOTAL_SIZE", 300)])
def test_reading_ends_at_the_limit_of_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    folder = records.write(tmp_path, *(records.person(f"p{n}") for n in range(9)))
    monkeypatch.setattr(f"bot.catalog.record_files.{limit}", value)
    batch = read(folder)
    assert 1 < len(batch.parsed) <= 3
    [problem] = batch.problems
    assert "in several parts" in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 50_000 + " = 1",
        "[a" + ".a" * 50_000 + "]",
        "a = {'a'" + " . 'a'" * 50_000 + " = 1}",
        'a = """x""" # "\n' + '"a\\"."' + '."#"' * 50_000 + " = 1",
    ],
)
def test_deep_dotted_key_is_a_problem_and_never_parsed(
    folder: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "titles" / "show.toml").write_text(text)
    monkeypatch.setattr("bot.catalog.interchange.tomli", None)
    assert "more than 32 parts" in the_problem(folder).message


def test_dots_in_texts_are_no_dotted_key(folder: Path) -> None:
    dots = "w" + ".w" * 100
    texts = f"""
        [premise] # {dots}
        en = "\\" {dots}"
        de = '{dots}'
        ko = \"\"\"" {dots}\n{dots}\n\"\"\"
        ja = '''' {dots}\n{dots}\n'''
    """
    with (folder / "titles" / "show.toml").open("a") as file:
        file.write(texts)
    assert (ids(read(folder)), read(folder).problems) == (["show"], [])


@pytest.mark.parametrize("field", ["id", "entity"])
def test_number_too_large_to_print_is_a_problem(tmp_path: Path, field: str) -> None:
    file = tmp_path / "x.toml"
    others = {"id": 'entity = "title"', "entity": 'id = "x"'}[field]
    file.write_text(f"{others}\n{field} = 0x{'f' * 10_000}")
    assert field in {problem.field for problem in read(file).problems}


def test_reading_ends_once_it_is_cancelled(tmp_path: Path) -> None:
    folder = records.write(tmp_path, *(records.person(f"p{n}") for n in range(9)))
    cancelled = iter([False, False, True])
    assert len(read_records(folder, {}, lambda: next(cancelled)).parsed) == 2
