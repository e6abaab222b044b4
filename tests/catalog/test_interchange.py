"""Reading records, and the problems reported for invalid ones."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.interchange import check_references, read_records
from bot.catalog.validation import Problem
from tests.conftest import SHIPPED
from tests.support import records


def problems(path: Path) -> list[Problem]:
    batch = read_records(path, {})
    check_references(batch, {"known-elsewhere"})
    return batch.problems


def write_text_lines(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_folder_decides_the_kind_of_a_record(tmp_path: Path) -> None:
    folder = records.write(tmp_path, records.title("show"), records.person("her"))
    for file in folder.rglob("*.toml"):
        text = file.read_text(encoding="utf-8")
        file.write_text("\n".join(x for x in text.splitlines() if "entity" not in x))
    batch = read_records(folder, {})
    assert {one.record.entity for one in batch.parsed} == {"title", "person"}
    assert not batch.problems


def test_all_problems_are_reported_with_file_and_field(tmp_path: Path) -> None:
    folder = records.write(
        tmp_path,
        records.title("a", releases=[{"window": "soon"}]),
        records.title("b", cast=[{"person": "nobody"}]),
        records.title("c", kind="serial"),
        records.title("d", premiss={"en": "x"}),
        records.title("e", releases=[{"window": "2025", "source": "s9"}]),
        records.title("f", cast=[{"person": "known-elsewhere"}]),
        records.person("g", names=[]),
    )
    found = {(Path(p.file).name, p.field): p for p in problems(folder)}
    assert set(found) == {
        ("a.toml", "releases.0.window"),
        ("b.toml", "cast.0.person"),
        ("c.toml", "kind"),
        ("d.toml", "premiss"),
        ("e.toml", None),
        ("g.toml", "names"),
    }
    assert "2025-H2" in found["a.toml", "releases.0.window"].message
    assert "people/nobody.toml" in found["b.toml", "cast.0.person"].hint
    assert "'series', 'film' or 'special'" in found["c.toml", "kind"].message
    assert "'premise'" in found["d.toml", "premiss"].hint


def test_similar_person_id_is_suggested(tmp_path: Path) -> None:
    folder = records.write(
        tmp_path,
        records.person("ok-taec-yeon"),
        records.title("show", cast=[{"person": "ok-taecyeon"}]),
    )
    [problem] = problems(folder)
    assert "'ok-taec-yeon'" in problem.hint


def test_numbers_are_bounded(tmp_path: Path) -> None:
    huge = 10**4000
    release = {"window": "2026", "season": huge}
    cast = [{"person": "known-elsewhere", "order": huge}]
    show = records.title("a", releases=[release], episode_count=huge, cast=cast)
    found = problems(records.write_lines(tmp_path / "r.jsonl", show))
    assert {problem.field for problem in found} == {
        "releases.0.season",
        "episode_count",
        "cast.0.order",
    }
    assert all(len(str(problem)) < 1000 for problem in found)


def test_long_text_of_a_record_is_shortened_in_a_problem(tmp_path: Path) -> None:
    long = "x" * 100_000
    show = records.title("a", kind=long, releases=[{"window": long}], **{long: 1})
    found = problems(records.write_lines(tmp_path / "r.jsonl", show))
    assert len(found) == 3
    assert all(len(str(problem)) < 2000 for problem in found)


def test_only_some_unknown_people_are_compared_with_all_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, Sequence[str]]] = []

    def note(word: str, known: Sequence[str]) -> str:
        compared.append((word, known))
        return "did you mean 'her'?"

    monkeypatch.setattr("bot.catalog.interchange.suggest_closest", note)
    cast = [{"person": f"p{number // 2}"} for number in range(100)]
    shows = (records.title("a", cast=cast), records.title("b", cast=cast))
    everyone = (records.person(f"known-{number}") for number in range(9))
    found = problems(records.write_lines(tmp_path / "r.jsonl", *shows, *everyone))
    assert len(found) == 200
    assert [word for word, _known in compared] == [f"p{number}" for number in range(20)]
    # Sorted once.
    assert len({id(known) for _word, known in compared}) == 1
    hints = [problem.hint for problem in found if problem.message == "unknown person 'p1'"]
    assert hints == ["did you mean 'her'? or add people/p1.toml"] * 4
    assert found[-1].hint == "fix it or add people/p49.toml"


def test_misspelt_nested_field_is_suggested(tmp_path: Path) -> None:
    folder = records.write(tmp_path, records.title("a", releases=[{"windw": "2025"}]))
    [problem] = problems(folder)
    assert (problem.field, "'window'" in problem.hint) == ("releases.0.windw", True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "can't be read"),
        ("[1]", "an object"),
        ('{"entity": "show", "id": "x"}', "unknown entity 'show'"),
        ('{"entity": ["title"]}', "unknown entity"),
        ('{"id": "x"}', "unknown entity None"),
        ('{"entity": "title"}', "Field required"),
        ("[" * 100_000, "can't be read"),
        ('{"entity": "person", "id": "x", "names": [{"text": "\\ud800"}]}', "unicode"),
        ('{"entity": "person", "id": "../x", "names": [{"text": "x"}]}', "pattern"),
    ],
)
def test_invalid_line_is_reported_with_its_number(tmp_path: Path, line: str, expected: str) -> None:
    good = json.dumps(records.person("good"))
    found = problems(write_text_lines(tmp_path, good, line, good.replace("good", "fine")))
    assert found
    assert all(problem.line == 2 for problem in found)
    assert expected.casefold() in found[0].message.casefold()


def test_duplicate_id_is_reported_with_both_lines(tmp_path: Path) -> None:
    [problem] = problems(write_text_lines(tmp_path, *[json.dumps(records.person("twice"))] * 2))
    assert (problem.line, problem.field) == (2, "id")
    assert problem.hint.startswith("also used in ")
    assert ":1;" in problem.hint


def test_title_and_person_may_share_an_id(tmp_path: Path) -> None:
    both = (records.title("moon"), records.person("moon"))
    assert problems(write_text_lines(tmp_path, *map(json.dumps, both))) == []


@pytest.mark.parametrize("name", ["missing.jsonl", "missing"])
def test_missing_path_is_reported(tmp_path: Path, name: str) -> None:
    [problem] = problems(tmp_path / name)
    assert "No such file" in problem.message


def test_text_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    (tmp_path / "titles").mkdir()
    (tmp_path / "titles" / "a.toml").write_bytes(b'id = "caf\xe9"')
    [problem] = problems(tmp_path)
    assert "utf-8" in problem.message


def test_unchanged_record_is_not_parsed_again(tmp_path: Path) -> None:
    file = write_text_lines(tmp_path, json.dumps(records.person("her")))
    digests = {f"person:{one.record.id}": one.digest for one in read_records(file, {}).parsed}
    again = read_records(file, digests)
    assert (again.parsed, again.unchanged) == ([], {"person:her"})


def test_soul_mate_has_its_earlier_window() -> None:
    batch = read_records(SHIPPED / "titles" / "soul-mate.toml", {})
    title: Any = batch.parsed[0].record
    [(current, before)] = title.release_history()
    assert str(current.window) == "2026-05-14"
    assert [str(release.window) for release in before] == ["2025"]
    assert all(release.source and release.checked for release in (current, *before))
