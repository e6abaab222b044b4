import pytest

from bot.sources.wikidata_claims import (
    find_statements,
    first_window,
    read_all,
    read_best,
    read_item_id,
    read_monolingual,
    read_number,
    read_text,
    read_window,
)
from tests.sources.wikidata_server import (
    item,
    make_item,
    no_value,
    quantity,
    some_value,
    statement,
    text,
    time,
    value,
)


def entity(*claims: dict[str, object]) -> dict[str, object]:
    return make_item("Q1", claims={"P1": claims})


def content(snak: dict[str, object]) -> object:
    return snak["datavalue"]["value"]  # type: ignore[index]


def window_text(snak: dict[str, object]) -> str | None:
    window = read_window(content(snak))
    return window and window.text


@pytest.mark.parametrize(
    ("given", "precision", "expected"),
    [
        ("+2016-12-02", 11, "2016-12-02"),
        ("+2016-12-00", 10, "2016-12"),
        ("+2016-12-01", 10, "2016-12"),
        ("+2016-00-00", 9, "2016"),
        ("+2016-01-01", 9, "2016"),
        ("+00000002016-12-02", 11, "2016-12-02"),
        ("+2010-00-00", 8, None),
        ("+2000-00-00", 7, None),
        ("+2016-12-02", 12, None),
        ("+2016-12-00", 11, None),
        ("+2016-00-00", 10, None),
        ("+2016-02-30", 11, None),
        ("-0057-00-00", 9, None),
        ("+12016-00-00", 9, None),
        ("+0918-00-00", 9, None),
    ],
)
def test_dates_are_as_precise_as_they_are_stated(
    given: str, precision: int, expected: str | None
) -> None:
    assert window_text(time(given, precision)) == expected


def test_time_of_day_and_julian_date_are_no_window() -> None:
    stated = content(time("+2016-12-02", 11))
    assert isinstance(stated, dict)
    assert read_window(stated | {"time": "+2016-12-02T20:00:00Z"}) is None
    assert (
        read_window(stated | {"calendarmodel": "http://www.wikidata.org/entity/Q1985786"}) is None
    )
    assert read_window(stated | {"precision": "11"}) is None


def test_genid_instead_of_a_time_is_no_window() -> None:
    assert read_window("http://www.wikidata.org/.well-known/genid/abc") is None


def test_preferred_statements_beat_normal_ones_and_deprecated_ones_never_count() -> None:
    stated = entity(
        statement(value("deprecated"), rank="deprecated"),
        statement(value("normal")),
        statement(value("preferred"), rank="preferred"),
    )
    assert read_best(stated, "P1", read_text) == ["preferred"]
    assert read_all(stated, "P1", read_text) == ["preferred", "normal"]


def test_preferred_statement_of_an_unknown_value_hides_the_normal_ones() -> None:
    stated = entity(statement(value("normal")), statement(some_value(), rank="preferred"))
    assert read_best(stated, "P1", read_text) == []


@pytest.mark.parametrize("snak", [some_value(), no_value()])
def test_unknown_and_absent_values_are_none(snak: dict[str, object]) -> None:
    [found] = find_statements(entity(snak), "P1")
    assert found.value is None
    assert read_all(entity(snak), "P1", read_window) == []


def test_value_beside_novalue_does_not_count() -> None:
    assert read_all(entity({**value("16"), "snaktype": "novalue"}), "P1", read_text) == []


def test_qualifiers_that_are_unknown_are_none() -> None:
    qualified = statement(item("Q2"), P453=[some_value(), item("Q3")])
    [found] = find_statements(entity(qualified), "P1")
    assert [read_item_id(each) for each in found.qualifier_values("P453")] == [None, "Q3"]
    assert list(found.qualifier_values("P1545")) == []


@pytest.mark.parametrize("claims", [[], {"P1": {}}, {"P1": [None, 7, [], {"rank": []}]}, None])
def test_claims_of_another_shape_are_empty(claims: object) -> None:
    assert find_statements({"claims": claims}, "P1") == []


def test_statements_are_limited() -> None:
    assert len(find_statements(entity(*[value("x")] * 600), "P1")) == 500


def test_readers_take_their_own_kind_of_value_only() -> None:
    values = [
        content(each)  # type: ignore[arg-type]
        for each in (item("Q2"), text("도깨비", "ko"), quantity("+16"), time("+2016-12-02", 11))
    ]
    assert [read_item_id(each) for each in values] == ["Q2", None, None, None]
    assert [read_monolingual(each) for each in values] == [None, ("도깨비", "ko"), None, None]
    assert [read_number(each) for each in values] == [None, None, 16, None]
    assert [read_text(each) for each in values] == [None] * 4


@pytest.mark.parametrize("amount", ["+0", "-16", "+16.5", "+1000000", "sixteen", "", 16])
def test_impossible_amounts_are_no_number(amount: object) -> None:
    assert read_number({"amount": amount, "unit": "1"}) is None


@pytest.mark.parametrize("item_id", ["P31", "Q0", "Q12345678901", "q5", "Q5 ", "L1", 5])
def test_only_ids_of_items_are_item_ids(item_id: object) -> None:
    assert read_item_id({"entity-type": "item", "id": item_id}) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([("+2016-00-00", 9), ("+2016-12-02", 11)], "2016-12-02"),
        ([("+2018-01-01", 11), ("+2016-00-00", 9)], "2016"),
        ([], None),
    ],
)
def test_earliest_window_is_as_precise_as_the_claims_allow(
    given: list[tuple[str, int]], expected: str | None
) -> None:
    windows = read_all(entity(*(time(*each) for each in given)), "P1", read_window)
    first = first_window(windows)
    assert (first and first.text) == expected
