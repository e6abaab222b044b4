import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.identity import Verdict, compare_ids
from bot.catalog.model import Person, Title
from bot.sources.wikidata_mapping import (
    UnusableEntityError,
    find_label_ids,
    to_person,
    to_title,
)
from bot.sources.wikidata_names import read_labels
from tests.sources.wikidata_samples import (
    ACTOR,
    FANTASY,
    GOBLIN,
    GONG_YOO,
    GROUP,
    KIM_EUN_SOOK,
    KIM_SHIN,
    NETFLIX,
    ROMANCE,
    SERIES,
    SINGER,
    TVN,
    everything,
    goblin,
    gong_yoo,
)
from tests.sources.wikidata_server import (
    item,
    make_item,
    no_value,
    some_value,
    statement,
    time,
    value,
)

GOBLIN_FILE = Path(__file__).parents[2] / "data/catalog/titles/goblin.toml"
LABELS = {entity["id"]: read_labels(entity) for entity in everything()}


def title(**changes: Any) -> Title:
    return to_title(goblin(**changes), LABELS)


def person(**changes: Any) -> Person:
    return to_person(gong_yoo(**changes), LABELS)


def premiere(**changes: Any) -> str | None:
    releases = title(**changes).releases
    return str(releases[0].window) if releases else None


def test_title() -> None:
    record = title()
    assert (record.id, record.kind, record.original_language) == (
        f"wikidata-{GOBLIN}",
        "series",
        "ko",
    )
    assert [name.text for name in record.names if name.type == "original"] == [
        "쓸쓸하고 찬란하神 - 도깨비",
        "쓸쓸하고 찬란하神-도깨비",
    ]
    assert record.origin_country == ("KR",)
    assert record.genres == ("romance", "fantasy")
    assert record.episode_count == 16
    assert [(network.name, network.kind) for network in record.networks] == [
        ("tvN", None),
        ("Netflix", None),
    ]
    assert record.external_ids == {
        "wikidata": GOBLIN,
        "imdb": "tt5994364",
        "tmdb": "67915",
        "tvmaze": "26193",
        "thetvdb": "319947",
        "mydramalist": "18452",
    }
    assert [(credit.person, credit.job) for credit in record.crew] == [
        (f"wikidata-{KIM_EUN_SOOK}", "writer")
    ]
    assert record.popularity == 0.5


def test_title_names_its_source_and_license() -> None:
    record = title()
    [source] = record.sources
    assert (source.id, source.title) == ("wikidata", "Guardian: The Lonely and Great God")
    assert (source.publisher, source.license) == ("Wikidata", "CC0-1.0")
    assert str(source.url) == f"https://www.wikidata.org/wiki/{GOBLIN}"
    [release] = record.releases
    assert (release.event, str(release.window)) == ("premiere", "2016-12-02")
    assert (release.source, release.status, release.checked) == ("wikidata", None, None)


def test_person() -> None:
    record = person()
    assert (record.id, str(record.born)) == (f"wikidata-{GONG_YOO}", "1979-07-10")
    assert [(name.text, name.type) for name in record.names] == [
        ("Gong Yoo", "main"),
        ("공유", "original"),
        ("コン・ユ", "main"),
        ("공지철", "original"),
    ]
    assert record.groups == ("Management Soop",)
    assert record.occupations == ("actor", "singer")
    assert record.origin_country == ("KR",)
    assert record.external_ids == {
        "wikidata": GONG_YOO,
        "imdb": "nm2814731",
        "tmdb": "150903",
    }
    assert (record.sources[0].license, record.portrait) == ("CC0-1.0", None)


@pytest.mark.parametrize("labels", [{}, {"ru": "Гон Ю"}, {"en": "Q99999999"}])
def test_nameless_entities_are_refused(labels: dict[str, str]) -> None:
    entity = make_item("Q99999999", labels)
    for convert in (lambda: to_person(entity, {}), lambda: to_title(entity, {})):
        with pytest.raises(UnusableEntityError, match="no name"):
            convert()


def test_entity_without_an_id_is_refused() -> None:
    with pytest.raises(UnusableEntityError, match="no id"):
        to_person(gong_yoo() | {"id": "P31"}, {})


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (["Q506240"], "film"),
        (["Q506240", SERIES], "series"),
        (["Q506240", "Q1259759"], "series"),
        (["Q24856"], "series"),
        ([], "series"),
    ],
)
def test_kind(classes: list[str], kind: str) -> None:
    assert title(P31=[item(each) for each in classes]).kind == kind


@pytest.mark.parametrize(
    ("changes", "window"),
    [
        ({"P580": [time("+2016-12-00", 10)]}, "2016-12"),
        ({"P580": [time("+2016-00-00", 9)]}, "2016"),
        ({"P580": [time("+2010-00-00", 8)]}, None),
        ({"P580": [no_value()]}, None),
        ({"P580": [some_value()], "P577": [time("+2016-12-09", 11)]}, None),
        ({"P580": [], "P577": [time("+2016-12-09", 11)]}, "2016-12-09"),
        ({"P577": [time("+2015-12-09", 11)]}, "2016-12-02"),
        ({"P580": []}, None),
        ({"P580": [statement(time("+2016-12-02", 11), rank="deprecated")]}, None),
        (
            {
                "P580": [
                    time("+2016-12-02", 11),
                    statement(time("+2016-12-03", 11), rank="preferred"),
                ]
            },
            "2016-12-03",
        ),
    ],
)
def test_premiere(changes: dict[str, Any], window: str | None) -> None:
    assert premiere(**changes) == window


@pytest.mark.parametrize(
    ("snak", "born"),
    [
        (time("+1979-07-10", 11), "1979-07-10"),
        (time("+1979-07-00", 10), "1979-07"),
        (time("+1979-00-00", 9), "1979"),
        (time("+1970-00-00", 8), "None"),
        (some_value(), "None"),
        (value("http://www.wikidata.org/.well-known/genid/abc"), "None"),
    ],
)
def test_born_is_as_precise_as_stated(snak: dict[str, Any], born: str) -> None:
    assert str(person(P569=[snak]).born) == born


def test_several_tvmaze_ids_give_the_first_by_rank() -> None:
    ids = [value("1"), value("2"), statement(value("3"), rank="preferred")]
    assert title(P8600=ids).external_ids["tvmaze"] == "3"
    assert title(P8600=ids[:2]).external_ids["tvmaze"] == "1"
    deprecated = statement(value("1"), rank="deprecated")
    assert title(P8600=[deprecated, value("2")]).external_ids["tvmaze"] == "2"


@pytest.mark.parametrize("imdb", ["nm2814731", "tt12", "tt1234567/", "https://x/tt1234567", " "])
def test_ids_of_another_form_are_left_out(imdb: str) -> None:
    record = title(
        P345=[value(imdb)], P8600=[value("tt1")], P4983=[value("-1")], P3868=[item("Q1")]
    )
    assert set(record.external_ids) == {"wikidata", "thetvdb"}


def test_person_has_no_id_of_a_title() -> None:
    assert "imdb" not in person(P345=[value("tt5994364")]).external_ids


def test_unknown_countries_languages_and_labels_are_left_out() -> None:
    record = title(
        P495=[item("Q30"), item("Q884")],
        P364=[item("Q1860")],
        P136=[item("Q404"), item(FANTASY)],
        P449=[some_value(), item("Q404"), item(TVN)],
    )
    assert record.origin_country == ("KR",)
    assert record.original_language is None
    assert record.genres == ("fantasy",)
    assert [network.name for network in record.networks] == ["tvN"]


def test_label_ids_are_those_of_what_a_record_names() -> None:
    ids = {SERIES, TVN, NETFLIX, ROMANCE, FANTASY, KIM_SHIN}
    assert set(find_label_ids(goblin(), "title")) == ids
    assert set(find_label_ids(gong_yoo(), "person")) == {ACTOR, SINGER, GROUP}


def test_empty_maps_are_read_as_such() -> None:
    entity = make_item("Q1", {"en": "Goblin"})
    assert (entity["aliases"], entity["claims"]) == ([], [])
    record = to_title(entity, {})
    assert (record.cast, record.releases, record.external_ids) == ((), (), {"wikidata": "Q1"})


def test_credits_and_labels_are_limited() -> None:
    many = [statement(item(f"Q{number}"), P453=[item(f"Q{number}")]) for number in range(1, 600)]
    entity = goblin(P161=many, P57=many, P136=many)
    assert len(to_title(entity, {}).cast) == 200
    assert len(to_title(entity, {}).crew) == 60
    assert len(find_label_ids(entity, "title")) <= 250


def test_label_in_the_language_of_the_country_is_original() -> None:
    names = person(P1559=[]).names
    assert [name.text for name in names if name.type == "original"] == ["공유"]


def test_ids_agree_with_those_of_records_that_ship() -> None:
    # The catalog has the number of MyDramaList alone.
    shipped = tomllib.loads(GOBLIN_FILE.read_text(encoding="utf-8"))["external_ids"]
    found = to_title(goblin(), LABELS).external_ids
    assert compare_ids("title", shipped, found).verdict is Verdict.SAME
