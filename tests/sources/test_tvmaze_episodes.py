"""Episodes and premieres are as precise as TVmaze is, and no more."""

from typing import Any

import pytest

from bot.catalog.episodes import EpisodeKind
from bot.catalog.model import ReleaseStatus, Title
from tests.sources.tvmaze_server import (
    HBO,
    NETFLIX,
    TVN,
    make_episode,
    make_season,
)
from tests.sources.tvmaze_titles import map_title


def window_of(**changes: Any) -> str | None:
    [episode] = map_title(make_episode(1, **changes)).episodes
    return str(episode.window) if episode.window else None


def premieres(title: Title) -> list[tuple[int | None, str | None]]:
    return [(r.season, str(r.window) if r.window else None) for r in title.releases]


def test_a_time_is_the_instant_in_the_zone_of_its_channel() -> None:
    assert window_of() == "2016-12-02T20:00+09:00"


def test_noon_without_a_time_is_a_placeholder() -> None:
    changes = {"airdate": "2016-07-15", "airtime": "", "airstamp": "2016-07-15T12:00:00+00:00"}
    assert window_of(**changes) == "2016-07-15"


def test_a_slot_after_midnight_is_on_the_next_day() -> None:
    """TVmaze keeps the evening's date; only the instant is right."""
    title = map_title(
        make_episode(
            1, airdate="2026-05-29", airtime="00:00", airstamp="2026-05-30T04:00:00+00:00"
        ),
        network=HBO,
    )
    assert str(title.episodes[0].window) == "2026-05-30T00:00-04:00"


@pytest.mark.parametrize("airdate", ["", None, "0000-00-00", "2016-02-30", 20161202])
def test_without_a_date_the_window_is_unknown(airdate: Any) -> None:
    assert window_of(airdate=airdate) is None
    assert window_of(airdate=airdate, airtime="", airstamp=None) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"airstamp": None},
        {"airstamp": ""},
        {"airstamp": "2016-12-02T11:00:00"},
        {"airstamp": "9999-12-31T23:59:59-12:00"},
        {"airstamp": 1480676400},
        {"airtime": None},
        {"airtime": 20},
        {"airtime": "late"},
        {"airtime": "24:30"},
    ],
)
def test_without_a_usable_time_the_day_is_known(changes: dict[str, Any]) -> None:
    assert window_of(**changes) == "2016-12-02"


@pytest.mark.parametrize("kind", ["significant_special", "insignificant_special"])
def test_a_special_has_no_number(kind: str) -> None:
    special = make_episode(2, None, type=kind, name="Behind the Scenes")
    title = map_title(special, make_episode(1))
    assert [(e.id, e.number, e.kind) for e in title.episodes] == [
        ("tvmaze-1", 1, EpisodeKind.REGULAR),
        ("tvmaze-2", None, EpisodeKind.SPECIAL),
    ]
    assert title.episode_count == 1


@pytest.mark.parametrize("name", ["TBA", "tba", " Episode 12 ", "", None, 5])
def test_placeholders_are_no_titles(name: Any) -> None:
    assert map_title(make_episode(1, name=name)).episodes[0].title is None


@pytest.mark.parametrize("name", ["Pilot", "Episode 0: Prologue", "The TBA"])
def test_other_episode_titles_are_kept(name: str) -> None:
    assert map_title(make_episode(1, name=name)).episodes[0].title == name


def test_episodes_are_sorted_and_each_is_kept_once() -> None:
    rows = [make_episode(i, n) for i, n in ((13, 3), (11, 1), (12, 2), (11, 9))]
    assert [(e.id, e.number) for e in map_title(*rows).episodes] == [
        ("tvmaze-11", 1),
        ("tvmaze-12", 2),
        ("tvmaze-13", 3),
    ]


@pytest.mark.parametrize(
    "bad", [None, 5, [], {}, {"id": "1"}, make_episode(0), make_episode(9, season=None),
            make_episode(9, season=-1)]
)  # fmt: skip
def test_a_bad_episode_costs_only_itself(bad: Any) -> None:
    title = map_title(make_episode(11), bad, make_episode(12, 2))
    assert [e.id for e in title.episodes] == ["tvmaze-11", "tvmaze-12"]


def test_only_the_latest_episodes_of_a_long_show_are_kept() -> None:
    rows = [make_episode(i, i, airtime="", airdate="2016-12-02") for i in range(1, 3102)]
    title = map_title(*rows)
    assert (len(title.episodes), title.episodes[-1].number) == (3000, 3101)
    assert premieres(title) == [(None, "2016-12-02")]


def test_each_season_has_a_premiere_on_its_own_channel() -> None:
    later = {"season": 2, "airdate": "2018-03-09", "airtime": ""}
    title = map_title(
        make_episode(11),
        make_episode(21, **later),
        make_episode(22, 2, **{**later, "airdate": "2018-03-16"}),
        seasons=[make_season(1, network=TVN), make_season(2, webChannel=NETFLIX)],
        status="Running",
    )
    assert [(r.key, str(r.window)) for r in title.releases] == [
        (("premiere", None, "tvN", "KR"), "2016-12-02T20:00+09:00"),
        (("premiere", 2, "Netflix", "worldwide"), "2018-03-09"),
    ]
    assert {r.status for r in title.releases} == {None}
    assert {r.checked for r in title.releases} == {None}
    assert [(e.network, e.region) for e in title.episodes[:2]] == [
        ("tvN", "KR"),
        ("Netflix", "worldwide"),
    ]


def test_a_show_in_development_is_announced_without_a_date() -> None:
    title = map_title(status="In Development", premiered=None)
    assert premieres(title) == [(None, None)]
    assert title.releases[0].status is ReleaseStatus.ANNOUNCED
    assert title.status == "planned"


def test_an_announced_season_has_no_date_yet() -> None:
    title = map_title(
        make_episode(11),
        make_episode(21, season=2, name="TBA", airdate="", airtime="", airstamp=None),
        status="Running",
        seasons=[make_season(1), make_season(2), make_season(3, premiereDate="2027-01-08")],
    )
    assert premieres(title)[1:] == [(2, None), (3, "2027-01-08")]
    assert [r.status for r in title.releases] == [None, ReleaseStatus.ANNOUNCED, None]


def test_what_must_have_aired_is_not_announced() -> None:
    unknown = {"airdate": "", "airtime": "", "airstamp": None}
    assert premieres(map_title(make_episode(1, **unknown), premiered=None)) == []
    assert premieres(map_title(premiered=None, status="Running")) == []
    seasons = [make_season(1, premiereDate="2016-12-02"), make_season(2)]
    assert premieres(map_title(seasons=seasons)) == [(None, "2016-12-02")]


def test_the_second_episode_is_no_premiere() -> None:
    later = make_episode(12, 2, airdate="2016-12-03", airtime="", season=2)
    assert premieres(map_title(later, status="Running", seasons=[make_season(2)])) == []
    first = {**later, "season": 1}
    assert premieres(map_title(first)) == [(None, "2016-12-02")]
    assert premieres(map_title(first, premiered=None)) == []


def test_a_special_is_no_premiere_of_its_season() -> None:
    special: Any = {"number": None, "type": "significant_special", "airtime": ""}
    specials = [make_episode(i, season=s, **special) for i, s in ((2, 2), (3, 2016))]
    rows = [make_episode(1), *specials]
    title = map_title(*rows, seasons=[make_season(1), make_season(2)], status="Running")
    assert premieres(title) == [(None, "2016-12-02T20:00+09:00"), (2, None)]


def test_a_season_that_is_listed_twice_is_the_first_one() -> None:
    seasons = [make_season(1, premiereDate=day) for day in ("2016-12-02", "2017-12-02")]
    assert premieres(map_title(seasons=seasons)) == [(None, "2016-12-02")]


def test_a_special_is_no_premiere() -> None:
    special = make_episode(1, None, type="significant_special", airdate="2016-11-25")
    assert premieres(map_title(special, make_episode(2))) == [(None, "2016-12-02T20:00+09:00")]
