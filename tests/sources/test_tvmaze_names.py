"""Names have the language of their script and country."""

from typing import Any

import pytest

from bot.catalog.model import NameType
from tests.sources.tvmaze_server import (
    make_aka,
)
from tests.sources.tvmaze_titles import ASIA, map_title


def names_of(language: str, name: str, *akas: tuple[str, str | None]) -> list[str]:
    rows = [make_aka(*aka) for aka in akas]
    title = map_title(language=language, name=name, akas=rows, countries=ASIA)
    return [f"{name.text} {name.lang} {name.type}" for name in title.names]


def test_names_have_the_language_of_their_script_and_country() -> None:
    akas = [("도깨비", None), ("쓸쓸하고 찬란하神", "KR"), ("鬼怪", "TW"), ("鬼怪", "CN"),
            ("鬼怪", "HK"), ("トッケビ", "JP"), ("神女降臨", None), ("Goblin", None),
            ("Goblin", "US"), ("Dokkaebi", "KR"), ("O Goblin", "BR"), ("ก็อบลิน", "TH"),
            ("Гоблин", "RU"), ("Show", "FR"), ("Show", None)]  # fmt: skip
    assert names_of("Korean", "Show", *akas) == [
        "Show en main",
        "도깨비 ko original",
        "쓸쓸하고 찬란하神 ko alias",
        "鬼怪 zh-TW alias",
        "鬼怪 zh-CN alias",
        "鬼怪 zh-HK alias",
        "トッケビ ja alias",
        "神女降臨 und alias",
        "Goblin und alias",
        "Goblin en alias",
        "Dokkaebi und alias",
        "O Goblin pt-BR alias",
        "ก็อบลิน th alias",
        "Гоблин und alias",
    ]


@pytest.mark.parametrize(
    ("language", "name", "aka", "expected"),
    [
        ("Japanese", "Hero", ("半沢直樹", None), "半沢直樹 ja original"),
        ("Japanese", "Hero", ("ヒーロー", "JP"), "ヒーロー ja original"),
        ("Japanese", "Hero", ("英雄", "TW"), "英雄 zh-TW alias"),
        ("Chinese", "Hero", ("陳情令", "CN"), "陳情令 zh-CN original"),
        ("Chinese", "Hero", ("陳情令", None), "陳情令 zh original"),
        ("Thai", "Hero", ("เพราะเราคู่กัน", "TH"), "เพราะเราคู่กัน th original"),
        ("English", "Hero", ("영웅", "KR"), "영웅 ko alias"),
        ("Korean", "Hero", ("영웅", "US"), "영웅 ko alias"),
    ],
)
def test_the_original_name_is_in_the_original_language(
    language: str, name: str, aka: tuple[str, str | None], expected: str
) -> None:
    assert names_of(language, name, aka)[1] == expected


@pytest.mark.parametrize(
    ("language", "name", "lang"),
    [("Korean", "도깨비", "ko"), ("Japanese", "半沢直樹", "ja"), ("Chinese", "陳情令", "zh"),
     ("Japanese", "逃げ恥", "ja"), ("Korean", "SKY Castle", "en"), ("Chinese", "三・体", "zh")],
)  # fmt: skip
def test_a_main_name_may_be_in_its_own_script(language: str, name: str, lang: str) -> None:
    assert names_of(language, name, ("하나", "KR"))[0] == f"{name} {lang} main"


def test_there_is_one_original_name_at_most() -> None:
    assert names_of("Korean", "도깨비", ("깨비", "KR")) == ["도깨비 ko main", "깨비 ko alias"]


def test_names_are_bounded() -> None:
    assert len(map_title(akas=[make_aka(f"Name {i}", None) for i in range(5000)]).names) == 101


@pytest.mark.parametrize("bad", [None, 5, [], {}, {"name": 5}, {"name": " "}])
def test_a_bad_aka_costs_only_itself(bad: Any) -> None:
    title = map_title(akas=[bad, make_aka("도깨비", "KR")])
    assert [name.type for name in title.names] == [NameType.MAIN, NameType.ORIGINAL]
