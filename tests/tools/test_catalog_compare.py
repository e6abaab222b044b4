"""The comparison finds the same record in another catalog, and lists only facts that differ."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import records
from tools.catalog_compare import load, main
from tools.catalog_differences import Comparison, compare

_HANGUL_TITLE = {"text": "가짜 드라마", "lang": "ko", "type": "original"}
_HANGUL_NAME = {"text": "박하나", "lang": "ko", "type": "original"}


def _name(text: str, lang: str = "en", type: str = "main") -> dict[str, str]:
    return {"text": text, "lang": lang, "type": type}


def _premiere(window: str) -> list[dict[str, str]]:
    return [{"event": "premiere", "window": window}]


def _show(id: str = "ours", **fields: Any) -> dict[str, Any]:
    names = [_name("A Made-up Drama"), _HANGUL_TITLE]
    return records.title(
        id, **{"names": names, "releases": _premiere("2019-12-14"), "episode_count": 16} | fields
    )


def _actor(id: str, name: str = "Park Ha-na", **fields: Any) -> dict[str, Any]:
    return records.person(id, **{"names": [_name(name), _HANGUL_NAME]} | fields)


def _compare(folder: Path, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> Comparison:
    ours_file = records.write_lines(folder / "ours.jsonl", *ours)
    return compare(load(ours_file), load(records.write_lines(folder / "theirs.jsonl", *theirs)))


def _fields(result: Comparison) -> list[tuple[str, str, str]]:
    return [(one.field, one.ours, one.reference) for one in result.disagreements]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ({}, {"releases": _premiere("2019-12-15")}, ("premiere", "2019-12-14", "2019-12-15")),
        ({}, {"releases": _premiere("2020-01")}, ("premiere", "2019-12-14", "2020-01")),
        ({}, {"episode_count": 20}, ("episodes", "16", "20")),
        (
            {"networks": [{"name": "tvN"}]},
            {"networks": [{"name": "SBS"}]},
            ("networks", "tvN", "SBS"),
        ),
        (
            {},
            {"names": [_name("A Made-up Drama"), _name("거짓 드라마", "ko", "original")]},
            ("original name", "가짜 드라마", "거짓 드라마"),
        ),
    ],
)
def test_each_fact_that_differs_is_listed(
    tmp_path: Path, ours: dict[str, Any], theirs: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    result = _compare(tmp_path, [_show(**ours)], [_show("theirs", **theirs)])
    assert _fields(result) == [expected]
    assert result.summary == {"compared": 1, "found": 1, "agreeing": 0, "disagreeing": 1}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {"releases": _premiere("2019-12")}),
        ({"releases": _premiere("2019-12-01/2020-01")}, {}),
        ({}, {"releases": [], "episode_count": 0}),
        ({"networks": [{"name": "KBS2"}]}, {"networks": [{"name": "Netflix"}, {"name": "KBS"}]}),
        ({}, {"names": [_name("A Made-Up  Drama!")]}),
        ({"names": [_name("Other"), _HANGUL_TITLE]}, {"names": [_name("가짜드라마", "ko")]}),
    ],
)
def test_less_precise_or_absent_facts_and_other_spellings_agree(
    tmp_path: Path, ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    result = _compare(tmp_path, [_show(**ours)], [_show("theirs", **theirs)])
    assert _fields(result) == []
    assert result.summary["agreeing"] == 1


def test_title_of_another_year_is_missing(tmp_path: Path) -> None:
    result = _compare(tmp_path, [_show()], [_show("remake", releases=_premiere("2009"))])
    assert (result.missing, _fields(result)) == (["title:ours"], [])


def test_title_with_most_names_in_common_is_compared(tmp_path: Path) -> None:
    making_of = _show("special", names=[_HANGUL_TITLE], episode_count=1, popularity=9)
    assert _fields(_compare(tmp_path, [_show()], [making_of, _show("theirs")])) == []


def test_cast_is_compared_by_character_role_and_billing(tmp_path: Path) -> None:
    def cast(first: str, second: str, character: str, role: str) -> list[dict[str, Any]]:
        return [
            {"person": first, "character": character, "role": role, "order": 1},
            {"person": second, "character": "Seo Dan", "role": "main", "order": 2},
        ]

    other = records.person("p2", "Kim Du-ri")
    ours = [_actor("p1"), other, _show(cast=cast("p1", "p2", "Ri Jeong-hyeok", "main"))]
    same = [_actor("x", "Pak Hana"), other, _show(cast=cast("x", "p2", "Lee Jung Hyuk", "main"))]
    assert _fields(_compare(tmp_path, ours, same)) == []
    changed = cast("x", "p2", "Koo Seung-jun", "support")
    changed[0]["order"] = 3
    assert _fields(_compare(tmp_path, ours, [*same[:2], _show(cast=changed)])) == [
        ("character of p1", "Ri Jeong-hyeok", "Koo Seung-jun"),
        ("role of p1", "main", "support"),
        ("billing", "p1, p2", "p2, p1"),
    ]


@pytest.mark.parametrize(
    "credit",
    [
        {"character": "Dr. Henry Kim"},
        {"character": "Henry"},
        {"character_names": [_name("헨리 킴", "ko")]},
        {"character": "Kim Henry"},
        {},
    ],
)
def test_characters_agree_if_one_name_is_within_the_other_or_in_another_script(
    tmp_path: Path, credit: dict[str, Any]
) -> None:
    ours = [_actor("p1"), _show(cast=[{"person": "p1", "character": "Henry Kim"}])]
    theirs = [_actor("x"), _show(cast=[{"person": "x", **credit}])]
    assert _fields(_compare(tmp_path, ours, theirs)) == []


def test_person_is_found_by_a_latin_and_an_original_name(tmp_path: Path) -> None:
    ours = [_actor("ours", born="1982-09-25")]
    namesake = _actor("namesake", "Bak Doona", born="1990")
    assert _compare(tmp_path, ours, [namesake]).missing == ["person:ours"]
    theirs = [namesake, _actor("theirs", "Hana Park", born="1983")]
    assert _fields(_compare(tmp_path, ours, theirs)) == [("born", "1982-09-25", "1983")]


def test_differing_original_name_in_a_cast_is_listed(tmp_path: Path) -> None:
    credit = {"character": "Seo Dan"}
    ours = [_actor("p1"), _show(cast=[{"person": "p1", **credit}])]
    person = records.person("x", names=[_name("Park Hana"), _name("박한아", "ko", "original")])
    result = _compare(tmp_path, ours, [person, _show(cast=[{"person": "x", **credit}])])
    assert _fields(result) == [("name of p1", "박하나", "박한아")]


def test_command_prints_disagreements_and_fails_if_there_are_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = records.write_lines(tmp_path / "ours.jsonl", _show())
    theirs = records.write_lines(tmp_path / "theirs.jsonl", _show(episode_count=20))
    with pytest.raises(SystemExit) as exit_same:
        main(ours, ours)
    assert exit_same.value.code == 0
    assert capsys.readouterr().out == "1 compared, 1 found, 1 agreeing, 0 disagreeing\n"
    with pytest.raises(SystemExit) as exit_other:
        main(theirs, ours)
    assert exit_other.value.code == 1
    assert "| title:ours | episodes | 16 | 20 |\n" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(theirs, ours, as_json=True)
    printed = json.loads(capsys.readouterr().out)
    expected = {"record": "title:ours", "field": "episodes", "ours": "16", "reference": "20"}
    assert (printed["disagreements"], printed["disagreeing"]) == ([expected], 1)
