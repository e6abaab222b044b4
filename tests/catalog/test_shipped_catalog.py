"""The records that ship in `data/catalog`."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.catalog.interchange import check_references, read_records
from bot.catalog.model import Person, Title
from tests.conftest import SHIPPED, OpenServer, text


@pytest.fixture(scope="module")
def shipped() -> list[Title | Person]:
    batch = read_records(SHIPPED, {})
    check_references(batch, ())
    assert batch.problems == []
    for one in batch.parsed:
        assert Path(one.file).stem == one.record.id
    return [one.record for one in batch.parsed]


@pytest.fixture(scope="module")
def titles(shipped: list[Title | Person]) -> list[Title]:
    return [record for record in shipped if isinstance(record, Title)]


def test_every_record_names_its_sources(shipped: list[Title | Person]) -> None:
    assert [record.id for record in shipped if not record.sources] == []


def test_every_title_has_a_short_premise_of_its_own(titles: list[Title]) -> None:
    premises = [title.premise.get("en", "") for title in titles]
    assert len(set(premises)) == len(titles) >= 150
    assert [title.id for title in titles if not 40 <= len(title.premise["en"]) <= 320] == []


def test_every_title_has_a_cast_and_a_dated_premiere(titles: list[Title]) -> None:
    assert [title.id for title in titles if not title.cast or title.year is None] == []


def test_every_release_names_its_source_and_when_it_was_checked(titles: list[Title]) -> None:
    releases = [(title.id, release) for title in titles for release in title.releases]
    assert [title_id for title_id, one in releases if not (one.source and one.checked)] == []


def test_finale_is_not_before_the_premiere(titles: list[Title]) -> None:
    for title in titles:
        windows = {release.event: release.window for release in title.releases}
        first, last = windows.get("premiere"), windows.get("finale")
        if first and last:
            assert first.earliest <= last.latest, title.id


EXTERNAL_IDS = {
    "imdb": r"tt\d{7,8}",
    "mydramalist": r"[1-9]\d*",
    "thetvdb": r"[1-9]\d*",
    "tmdb": r"[1-9]\d*",
    "tvmaze": r"[1-9]\d*",
    "wikidata": r"Q[1-9]\d*",
}


def test_external_ids_of_titles_are_of_a_known_form(titles: list[Title]) -> None:
    for title in titles:
        for scheme, value in title.external_ids.items():
            assert re.fullmatch(EXTERNAL_IDS[scheme], value), (title.id, scheme, value)


def test_no_two_titles_share_an_external_id(titles: list[Title]) -> None:
    taken = Counter(pair for title in titles for pair in title.external_ids.items())
    assert [pair for pair, count in taken.items() if count > 1] == []


def test_most_titles_have_an_imdb_id(titles: list[Title]) -> None:
    assert sum("imdb" in title.external_ids for title in titles) > len(titles) / 2


# Different people of the same name, occupation and unknown birth date.
HOMONYMS = {"kim-eun-hee-winter-sonata", "kim-soo-jin-the-light-in-your-eyes"}


def test_no_person_has_two_ids(shipped: list[Title | Person]) -> None:
    seen: dict[tuple[object, ...], str] = {}
    for record in shipped:
        if isinstance(record, Person) and record.id not in HOMONYMS:
            names = tuple(sorted(name.text for name in record.names if name.type != "alias"))
            key = (names, record.occupations, record.born)
            assert key not in seen, (record.id, seen[key])
            seen[key] = record.id


LANDMARKS = [
    ("goblin", "Goblin"),
    ("도깨비", "도깨비"),
    ("cloy", "Crash Landing on You"),
    ("my mister", "My Mister"),
    ("winter sonata", "Winter Sonata"),
    ("별그대", "별에서 온 그대"),
    ("reply 1988", "Reply 1988"),
    ("the glory", "The Glory"),
    ("queen of tears", "Queen of Tears"),
    ("tangerines", "When Life Gives You Tangerines"),
    ("愛の不時着", "Crash Landing on You"),
    ("twenty five twenty one", "Twenty-Five Twenty-One"),
]


async def test_landmark_is_found_as_fans_type_it(open_server: OpenServer) -> None:
    server = await open_server(SHIPPED)
    for typed, expected in LANDMARKS:
        assert expected in text(await server.slash("show", title=typed)), typed


async def test_taecyeon_has_his_role_in_vincenzo(open_server: OpenServer) -> None:
    server = await open_server(SHIPPED)
    assert "Vincenzo (2021) · as Jang Jun-woo" in text(await server.slash("whois", name="Taecyeon"))
