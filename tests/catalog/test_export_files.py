"""Exporting overwrites nothing unasked and stays within its folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalog.interchange import write_records
from bot.catalog.model import Person, Title
from bot.errors import OperatorError
from tests.support import records

SHOW = Title.model_validate(records.title("show", "Moon"))
HER = Person.model_validate(records.person("her", "Bae Suzy"))


def export(path: Path, *, replace: bool = False) -> int:
    return write_records(path, [HER, SHOW], replace=replace)


def contents(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): f.read_text() for f in folder.rglob("*") if f.is_file()}


def test_unchanged_files_may_be_exported_again(tmp_path: Path) -> None:
    assert export(tmp_path) == export(tmp_path) == 2
    assert set(contents(tmp_path)) == {"titles/show.toml", "people/her.toml"}


@pytest.mark.parametrize("name", ["out", "out.jsonl"])
def test_files_with_other_contents_are_only_overwritten_on_request(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    export(path)
    exported = contents(tmp_path)
    curated = path / "titles" / "show.toml" if path.is_dir() else path
    curated.write_text("by hand")
    for other in tmp_path.rglob("her.toml"):
        other.unlink()
    before = contents(tmp_path)
    with pytest.raises(OperatorError, match=f"{curated} would be overwritten.* --replace"):
        export(path)
    assert contents(tmp_path) == before
    assert export(path, replace=True) == 2
    assert contents(tmp_path) == exported


def test_number_of_files_that_would_be_overwritten_is_told(tmp_path: Path) -> None:
    export(tmp_path)
    for file in tmp_path.rglob("*.toml"):
        file.write_text("by hand")
    with pytest.raises(OperatorError, match=r"her\.toml and 1 more would be overwritten"):
        export(tmp_path)


@pytest.mark.parametrize("replace", [False, True])
def test_file_that_is_a_link_is_never_followed(tmp_path: Path, replace: bool) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside"
    outside.write_text("precious")
    (folder / "titles").mkdir(parents=True)
    for name in ("show.toml", ".show.toml.part"):
        (folder / "titles" / name).symlink_to(outside)
    if replace:
        export(folder, replace=True)
        assert not (folder / "titles" / "show.toml").is_symlink()
    else:
        with pytest.raises(OperatorError, match="would be overwritten"):
            export(folder)
    assert outside.read_text() == "precious"


@pytest.mark.parametrize("replace", [False, True])
def test_folder_that_is_a_link_is_refused(tmp_path: Path, replace: bool) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    folder.mkdir()
    (folder / "titles").symlink_to(outside)
    with pytest.raises(OperatorError, match="titles is a symbolic link"):
        export(folder, replace=replace)
    assert list(outside.iterdir()) == []
    assert list(folder.iterdir()) == [folder / "titles"]


def test_export_into_a_linked_folder_is_possible(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert export(tmp_path / "out") == 2
    assert export(tmp_path / "out" / "out.jsonl") == 2


@pytest.mark.parametrize(
    "obstruct",
    [
        lambda path: path.write_text(""),
        lambda path: (path / "titles" / "show.toml").mkdir(parents=True),
        lambda path: (path / "titles" / ".show.toml.part").mkdir(parents=True),
    ],
)
def test_what_cannot_be_written_is_named(tmp_path: Path, obstruct: Callable[[Path], None]) -> None:
    obstruct(tmp_path / "out")
    with pytest.raises(OperatorError, match=rf"Can't write {tmp_path / 'out'}.*: .*Choose another"):
        export(tmp_path / "out", replace=True)


def test_pipe_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "titles").mkdir()
    os.mkfifo(tmp_path / "titles" / "show.toml")
    with pytest.raises(OperatorError, match="would be overwritten"):
        export(tmp_path)
