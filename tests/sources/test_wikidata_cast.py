"""The casts of titles."""

from typing import Any

import pytest

from bot.sources.wikidata_mapping import (
    to_title,
)
from bot.sources.wikidata_names import read_labels
from tests.sources.wikidata_samples import (
    GONG_YOO,
    KIM_GO_EUN,
    KIM_SHIN,
    everything,
    goblin,
)
from tests.sources.wikidata_server import (
    item,
    some_value,
    statement,
    value,
)

LABELS = {entity["id"]: read_labels(entity) for entity in everything()}


def cast(*statements: dict[str, Any], labels: dict[str, dict[str, str]] | None = None) -> list[Any]:
    record = to_title(goblin(P161=statements), LABELS | (labels or {}))
    return [
        (
            credit.person,
            credit.character,
            [(name.text, name.lang) for name in credit.character_names],
            credit.order,
        )
        for credit in record.cast
    ]


def test_cast_has_characters_and_order() -> None:
    assert cast(
        statement(item(KIM_GO_EUN), P1545=[value("2")], P4633=[value("Ji Eun-tak")]),
        statement(item(GONG_YOO), P1545=[value("1")], P453=[item(KIM_SHIN)]),
    ) == [
        (f"wikidata-{KIM_GO_EUN}", "Ji Eun-tak", [], 2),
        (f"wikidata-{GONG_YOO}", "Kim Shin", [("김신", "ko")], 1),
    ]


@pytest.mark.parametrize(
    ("qualifiers", "character", "names"),
    [
        ({"P4633": [value("지은탁")]}, None, [("지은탁", "ko")]),
        ({"P4633": [value("Ji Eun-tak 지은탁")]}, None, [("Ji Eun-tak 지은탁", "ko")]),
        ({"P4633": [value("Kim 金信")]}, None, [("Kim 金信", "und")]),
        ({"P453": [item("Q404")], "P4633": [value("Ji Eun-tak")]}, "Ji Eun-tak", []),
        ({"P453": [item("Q404")]}, None, []),
        ({"P453": [some_value()]}, None, []),
        ({"P453": [item(KIM_SHIN)], "P4633": [value("Goblin")]}, "Kim Shin", [("김신", "ko")]),
        ({"P4633": [value(" \x00 ")]}, None, []),
    ],
)
def test_characters(qualifiers: dict[str, Any], character: object, names: object) -> None:
    expected = [(f"wikidata-{GONG_YOO}", character, names, None)]
    assert cast(statement(item(GONG_YOO), **qualifiers)) == expected


def test_character_has_an_original_name_in_the_language_of_the_title() -> None:
    credit = statement(item(GONG_YOO), P453=[item(KIM_SHIN)])
    labels = {KIM_SHIN: {"en": "Kim Shin", "ko": "김신", "ja": "キム・シン"}}
    [found] = to_title(goblin(P161=[credit]), labels).cast
    assert [(name.text, name.type) for name in found.character_names] == [
        ("김신", "original"),
        ("キム・シン", "main"),
    ]


def test_person_who_plays_two_characters_has_two_credits() -> None:
    labels = {"Q2": {"en": "The General"}}
    both = statement(item(GONG_YOO), P453=[item(KIM_SHIN), item("Q2")], P1545=[value("1")])
    assert [credit[1] for credit in cast(both, labels=labels)] == ["Kim Shin", "The General"]


def test_statements_about_nobody_deprecated_ones_and_copies_are_no_credits() -> None:
    assert cast(
        statement(some_value()),
        statement(value("Gong Yoo")),
        statement(item(KIM_GO_EUN), rank="deprecated"),
        statement(item(GONG_YOO)),
        statement(item(GONG_YOO)),
    ) == [(f"wikidata-{GONG_YOO}", None, [], None)]


@pytest.mark.parametrize("ordinal", ["first", "1.5", "-1", "9999999", "１", ""])
def test_order_that_is_no_number_is_none(ordinal: str) -> None:
    assert cast(statement(item(GONG_YOO), P1545=[value(ordinal)]))[0][3] is None
