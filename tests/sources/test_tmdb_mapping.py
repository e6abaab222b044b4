from datetime import date
from typing import Any

import pytest

from bot.catalog.model import Title
from bot.sources.tmdb_mapping import map_person, map_show
from tests.sources.tmdb_answers import person, show, translation

TODAY = date(2026, 11, 25)


def title_of(**changes: Any) -> Title:
    return map_show(show(**changes), TODAY)


# Titles


def test_what_a_show_is() -> None:
    title = title_of()

    assert (title.id, title.kind, title.status) == ("tmdb-117376", "series", "ended")
    assert (title.origin_country, title.original_language) == (("KR",), "ko")
    assert title.genres == ("drama", "comedy")
    assert [(network.name, network.kind) for network in title.networks] == [
        ("tvN", None),
        ("Netflix", "streaming"),
    ]
    assert title.external_ids == {
        "tmdb": "117376",
        "imdb": "tt13433812",
        "thetvdb": "396112",
        "wikidata": "Q104884094",
    }


def test_the_poster_and_the_source_are_credited_to_tmdb() -> None:
    title = title_of()
    (source,) = title.sources

    assert str(title.poster) == "https://image.tmdb.org/t/p/w780/dvXJgEDQXhL9Ouot2WkBHpQiHGd.jpg"
    assert title.poster_source == source.id == "tmdb"
    assert (source.title, source.publisher) == ("Vincenzo", "TMDB")
    assert str(source.url) == "https://www.themoviedb.org/tv/117376"


@pytest.mark.parametrize(
    "path", [None, "", "x.jpg", "/../x.jpg", "//evil.example/x.jpg", "/x.svg", 1]
)
def test_a_path_that_is_no_picture_is_left_out(path: Any) -> None:
    title = title_of(poster_path=path)

    assert (title.poster, title.poster_source) == (None, None)


def test_the_premise_is_in_the_languages_of_the_bot_and_the_original() -> None:
    assert title_of().premise == {
        "en": "A lawyer of the mafia comes home.",
        "ko": "마피아 변호사가 돌아온다.",
        "pt-BR": "Um advogado da máfia volta.",
    }


def test_the_premise_is_in_the_original_language_even_if_the_bot_has_no_such_language() -> None:
    rows = {"translations": [translation("tl", "PH", "", "Isang kuwento.")]}
    title = title_of(original_language="tl", overview="", translations=rows)

    assert title.premise == {"tl": "Isang kuwento."}


def test_the_first_premise_of_a_language_is_kept() -> None:
    rows = [translation("es", country, "", f"Historia, {country}") for country in ("MX", "AR")]
    title = title_of(overview="", translations={"translations": rows})

    assert title.premise == {"es-419": "Historia, MX"}


def test_english_comes_from_the_answer_without_an_english_translation() -> None:
    title = title_of(translations={})

    assert title.premise == {"en": "A lawyer of the mafia comes home."}


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("Returning Series", "returning"),
        ("Ended", "ended"),
        ("Canceled", "cancelled"),
        ("In Production", "in production"),
        ("Planned", "planned"),
        ("Pilot", "in production"),
        ("Unheard Of", None),
        (None, None),
        ([], None),
    ],
)
def test_the_status_is_one_of_the_catalog(status: Any, word: str | None) -> None:
    assert title_of(status=status).status == word


def test_episodes_are_counted_once_all_are_known() -> None:
    assert title_of(status="Ended").episode_count == 2
    assert title_of(status="Returning Series").episode_count is None
    assert title_of(number_of_episodes=0).episode_count is None


@pytest.mark.parametrize(
    ("value", "popularity"),
    [(0, 0), (1, 0.1), (36.396, 0.52), (585.3, 0.92), (10**6, 1), (10**400, 0)]
    + [(value, 0) for value in (None, "9", True, -1, float("nan"), float("inf"))],
)
def test_popularity_is_between_zero_and_one(value: Any, popularity: float) -> None:
    assert title_of(popularity=value).popularity == popularity


# People


def test_what_a_person_is() -> None:
    record = map_person(person())
    (source,) = record.sources

    assert record.id == "tmdb-73249"
    assert record.born
    assert record.born.text == "1972-12-15"
    assert record.occupations == ("actor",)
    assert record.external_ids == {"tmdb": "73249", "imdb": "nm0497639", "wikidata": "Q484459"}
    assert str(record.portrait) == "https://image.tmdb.org/t/p/h632/kJ3YPT1VqMJbV6TqQsnZBnx8Ywf.jpg"
    assert record.portrait_source == source.id == "tmdb"
    assert str(source.url) == "https://www.themoviedb.org/person/73249"


@pytest.mark.parametrize("day", [None, "", "1972", "1972-00-00", 1972])
def test_a_birthday_that_is_no_date_is_left_out(day: Any) -> None:
    assert map_person(person(birthday=day)).born is None
