"""Shows of TVmaze become titles and people, or are refused."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import Translations
from bot.sources.text import as_mapping
from bot.sources.tvmaze_mapping import WrongShapeError, is_wanted, map_show
from bot.ui.vocabulary import Vocabulary, translate_term
from tests.sources.tvmaze_server import (
    HBO,
    JAPAN,
    NETFLIX,
    TVING,
    TVN,
    make_aka,
    make_cast,
    make_episode,
    make_person,
    make_season,
    make_show,
)
from tests.sources.tvmaze_titles import ASIA, KOREAN, map_people, map_title


def test_a_show_becomes_a_title() -> None:
    title = map_title(
        make_episode(11),
        name="Guardian: The Lonely and Great God",
        akas=[make_aka("쓸쓸하고 찬란하神 - 도깨비", "KR")],
        seasons=[make_season(1, episodeOrder=16)],
    )
    assert title.model_dump(mode="json", exclude_defaults=True) == {
        "id": "tvmaze-7",
        "kind": "series",
        "names": [
            {"text": "Guardian: The Lonely and Great God", "lang": "en", "type": "main"},
            {"text": "쓸쓸하고 찬란하神 - 도깨비", "lang": "ko", "type": "original"},
        ],
        "origin_country": ["KR"],
        "original_language": "ko",
        "genres": ["drama", "romance"],
        "status": "ended",
        "episode_count": 1,
        "networks": [{"name": "tvN"}],
        "premise": {"en": "A goblin & his bride."},
        "air_days": ["fri", "sat"],
        "poster": "https://static.tvmaze.com/uploads/images/original_untouched/1/7.jpg",
        "poster_source": "tvmaze",
        "links": [{"label": "Official site", "url": "http://program.tving.com/tvn/show"}],
        "popularity": 0.3,
        "external_ids": {"tvmaze": "7", "thetvdb": "300007", "imdb": "tt0000007"},
        "releases": [
            {
                "network": "tvN",
                "region": "KR",
                "window": "2016-12-02T20:00+09:00",
                "source": "tvmaze",
            }
        ],
        "episodes": [
            {
                "id": "tvmaze-11",
                "season": 1,
                "number": 1,
                "title": "Chapter 1",
                "window": "2016-12-02T20:00+09:00",
                "runtime": 80,
                "network": "tvN",
                "region": "KR",
                "source": "tvmaze",
            }
        ],
        "sources": [
            {
                "id": "tvmaze",
                "title": "Guardian: The Lonely and Great God",
                "publisher": "TVmaze",
                "url": "https://www.tvmaze.com/shows/7/show-7",
                "license": "CC-BY-SA-4.0",
            }
        ],
    }


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, True),
        ({"language": "English"}, True),
        ({"network": HBO}, True),
        ({"network": None, "webChannel": NETFLIX}, True),
        ({"network": HBO, "language": "English"}, False),
        ({"network": None, "webChannel": TVING, "language": None}, True),
        ({"network": None, "webChannel": NETFLIX, "language": "English"}, False),
        ({"language": "Japanese", "network": {"name": "NTV", "country": JAPAN}}, False),
        ({"type": "Variety"}, False),
        ({"type": None}, False),
        ({"genres": ["Drama", "Anime"]}, False),
        ({"genres": None}, True),
    ],
)  # fmt: skip
def test_scripted_series_of_a_wanted_country_are_wanted(
    changes: dict[str, Any], wanted: bool
) -> None:
    assert is_wanted(make_show(1, **changes), KOREAN) is wanted


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Running", "returning"),
        ("Ended", "ended"),
        ("In Development", "planned"),
        ("To Be Determined", None),
        ("New", None),
        ([], None),
    ],
)
def test_a_status_is_in_the_words_of_records(status: Any, expected: str | None) -> None:
    assert map_title(status=status).status == expected


@pytest.mark.parametrize(
    ("status", "seasons", "episodes", "count"),
    [
        ("Ended", [make_season(1, episodeOrder=20)], 2, 2),
        ("Ended", [make_season(1, episodeOrder=20)], 0, 20),
        ("Running", [make_season(1, episodeOrder=16)], 2, 16),
        ("Running", [make_season(n, episodeOrder=n) for n in (8, 9)], 2, 17),
        ("Running", [make_season(1, episodeOrder=16), make_season(2)], 2, None),
        ("Running", [], 2, None),
    ],
)
def test_episodes_are_counted_when_their_number_is_known(
    status: str, seasons: Any, episodes: int, count: int | None
) -> None:
    rows = [make_episode(n, n) for n in range(1, episodes + 1)]
    assert map_title(*rows, status=status, seasons=seasons).episode_count == count


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ({}, ["KR"]),
        ({"network": None, "webChannel": NETFLIX}, ["KR"]),
        ({"network": HBO}, ["KR"]),
        ({"network": HBO, "language": "English"}, ["US"]),
        ({"language": "English"}, ["KR"]),
        ({"network": None, "language": "Chinese"}, []),
        ({"network": None, "language": None}, []),
    ],
)
def test_the_origin_is_where_the_channel_is_or_the_language_spoken(
    changes: dict[str, Any], origin: list[str]
) -> None:
    assert list(map_title(countries=ASIA, **changes).origin_country) == origin


def test_genres_are_in_the_words_of_records() -> None:
    title = map_title(genres=["Science-Fiction", "History", "Legal", "Drama", "Drama", None, " "])
    assert title.genres == ("sci-fi", "historical", "law", "drama")


@pytest.mark.parametrize(
    "genre",
    ["Action", "Adult", "Adventure", "Children", "Comedy", "Crime", "Drama", "Espionage", "Family",
     "Fantasy", "Food", "History", "Horror", "Legal", "Medical", "Music", "Mystery", "Nature",
     "Romance", "Science-Fiction", "Sports", "Supernatural", "Thriller", "Travel", "War",
     "Western"],
)  # fmt: skip
def test_every_genre_of_tvmaze_can_be_translated(genre: str) -> None:
    class Translated(Translations):
        def pgettext(self, context: str, message: str) -> str:
            return "translated"

    [term] = map_title(genres=[genre]).genres
    translations = object.__new__(Translated)
    assert translate_term(translations, Vocabulary.GENRE, term) == "translated"


@pytest.mark.parametrize("weight", [-1, 101, 10**400, None, "50", 50.5, float("nan"), True])
def test_a_strange_weight_counts_nothing(weight: Any) -> None:
    assert map_title(weight=weight).popularity == 0


def test_pictures_are_loaded_over_https() -> None:
    title = map_title(image={"original": "http://static.tvmaze.com/o.jpg"})
    assert str(title.poster) == "https://static.tvmaze.com/o.jpg"


@pytest.mark.parametrize("image", [None, [], {}, {"original": "javascript:alert(1)"}])
def test_without_a_picture_there_is_no_credit_for_it(image: Any) -> None:
    title = map_title(image=image)
    assert (title.poster, title.poster_source) == (None, None)


def test_the_credit_has_a_link_even_without_a_url() -> None:
    title = map_title(url="javascript:alert(1)", cast=[make_cast(make_person(3, url=None), "A")])
    assert str(title.sources[0].url) == "https://www.tvmaze.com/shows/7"
    person = map_people(cast=[make_cast(make_person(3, url=None), "A")])["tvmaze-3"]
    assert str(person.sources[0].url) == "https://www.tvmaze.com/people/3"


@pytest.mark.parametrize("imdb", ["", None, 123, "nm0000001", "tt1/../x", "tt" + "9" * 99])
def test_strange_external_ids_are_left_out(imdb: Any) -> None:
    title = map_title(externals={"imdb": imdb, "thetvdb": "1", "tvrage": 5})
    assert title.external_ids == {"tvmaze": "7"}


@pytest.mark.parametrize(
    ("show", "episodes", "field"),
    [
        (make_show(0), [], "`id`"),
        (make_show(7, name=" "), [], "`name`"),
        (make_show(7), {}, "`episodes`"),
        (make_show(7), None, "`episodes`"),
        (make_show(7, cast={}), [], "`_embedded.cast`"),
        (make_show(7, akas=None), [], "`_embedded.akas`"),
        ({**make_show(7), "_embedded": None}, [], None),
        ({key: value for key, value in make_show(7).items() if key != "_embedded"}, [],
         "`_embedded`"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_refused_by_its_field(show: Any, episodes: Any, field: str | None) -> None:
    if field is None:
        assert map_show(show, episodes, KOREAN)[0].cast == ()
        return
    with pytest.raises(WrongShapeError, match=field):
        map_show(show, episodes, KOREAN)


WHOLE = {
    "show": make_show(
        7,
        webChannel=NETFLIX,
        cast=[make_cast(make_person(1), "A"), make_cast(make_person(2), "B", self=True)],
        crew=[{"type": "Writer", "person": make_person(3)}],
        akas=[make_aka("도깨비", "KR"), make_aka("鬼怪", None)],
        seasons=[make_season(1, network=TVN, premiereDate="2016-12-02"), make_season(2)],
    ),
    "episodes": [make_episode(11), make_episode(12, None, type="significant_special")],
}
ANYTHING = st.one_of(
    st.sampled_from(
        [None, True, 0, -1, 1e308, float("nan"), 10**400, "", "0", " ", "\x00", "\ud800", [], {},
         [[]], [{}], "2016-12-02", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00",
         "<![foo[", "http://[", "x" * 20_000, "KR", "../..", {"name": "\u202e"}]
    ),
    st.text(),
    st.integers(),
    st.recursive(st.none() | st.text(), lambda inner: st.lists(inner, max_size=2)),
)  # fmt: skip


def places_in(value: Any) -> list[tuple[Any, ...]]:
    """Return the paths to everything within a JSON value."""
    if not isinstance(value, dict | list):
        return []
    children: list[Any] = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [
        path for key, child in children for path in ((key,), *((key, *p) for p in places_in(child)))
    ]


def replace_at(value: Any, path: tuple[Any, ...], replacement: object) -> None:
    """Replace what is at a path, if it is still there."""
    try:
        for key in path[:-1]:
            value = value[key]
        value[path[-1]] = replacement
    except (LookupError, TypeError):
        pass  # An earlier replacement removed it.


PLACES = places_in(WHOLE)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=4))
def test_anything_becomes_a_record_or_is_refused(changes: list[tuple[Any, Any]]) -> None:
    answer: Any = copy.deepcopy(WHOLE)
    for path, value in changes:
        replace_at(answer, path, value)
    show = as_mapping(answer["show"])
    assert is_wanted(show, ASIA) in (True, False)
    try:
        title, people = map_show(show, answer["episodes"], ASIA)
    except WrongShapeError:
        return
    for record in (title, *people):
        stored = json.loads(json.dumps(record.model_dump(mode="json")))
        assert type(record).model_validate(stored) == record
    assert {c.person for c in (*title.cast, *title.crew)} <= {person.id for person in people}
