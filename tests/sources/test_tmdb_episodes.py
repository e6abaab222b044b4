from datetime import date
from typing import Any

import pytest

from bot.catalog.model import ReleaseStatus
from bot.sources.tmdb_episodes import map_episodes, map_releases
from tests.sources.tmdb_answers import episode, show

TODAY = date(2026, 11, 25)


def releases_of(**changes: Any) -> list[tuple[str, int | None, str | None]]:
    return [
        (release.event, release.season, release.window and release.window.text)
        for release in map_releases(show(**changes), TODAY)
    ]


def test_a_show_has_a_premiere_and_the_finale_that_is_marked() -> None:
    assert releases_of() == [("premiere", None, "2021-02-20"), ("finale", None, "2021-02-21")]
    for release in map_releases(show(), TODAY):
        assert (release.source, release.checked, release.status) == ("tmdb", TODAY, None)


@pytest.mark.parametrize("day", [None, "", "2021", "2021-02-30", "0000-00-00", "20.02.2021", 2021])
def test_a_premiere_without_a_date_has_no_window(day: Any) -> None:
    assert releases_of(first_air_date=day)[0] == ("premiere", None, None)


def test_later_seasons_have_premieres() -> None:
    seasons = [
        {"season_number": 3, "air_date": None},
        {"season_number": 2, "air_date": "2023-01-01"},
        {"season_number": 1, "air_date": "2021-02-20"},
        {"season_number": 0, "air_date": "2021-01-01"},
    ]
    assert releases_of(seasons=seasons) == [
        ("premiere", None, "2021-02-20"),
        ("premiere", 2, "2023-01-01"),
        ("premiere", 3, None),
    ]


def test_only_the_finale_of_the_last_season_is_one() -> None:
    seasons = [{"season_number": 1}, {"season_number": 2, "air_date": "2023-01-01"}]
    finale = [episode(9, "2023-02-01", id=3009, episode_type="finale")]

    assert ("finale", 2, "2023-02-01") in releases_of(
        seasons=seasons, **{"season/2": {"episodes": finale}}
    )
    assert "finale" not in [event for event, _, _ in releases_of(seasons=seasons)]


@pytest.mark.parametrize("kind", ["standard", "mid_season", None, [], "Finale"])
def test_the_last_episode_is_no_finale_unless_it_is_marked(kind: Any) -> None:
    block = {"episodes": [episode(1, "2021-02-20"), episode(2, "2021-02-21", episode_type=kind)]}

    assert [event for event, _, _ in releases_of(**{"season/1": block})] == ["premiere"]


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        ("Canceled", None, ReleaseStatus.CANCELLED),
        ("Canceled", "2027-01-01", ReleaseStatus.CANCELLED),
        ("Canceled", "2026-11-25", None),
        ("Canceled", "2021-02-20", None),
        ("Ended", "2027-01-01", None),
    ],
)
def test_a_show_cancelled_before_it_aired_has_a_cancelled_premiere(
    status: str, day: str | None, expected: ReleaseStatus | None
) -> None:
    premiere, *_ = map_releases(show(status=status, first_air_date=day), TODAY)

    assert premiere.status is expected


def test_episodes_have_days_and_no_times() -> None:
    first, second = map_episodes(show())

    assert (first.id, first.season, first.number, first.kind) == ("tmdb-2001", 1, 1, "regular")
    assert (first.title, first.runtime, first.source) == ("The Consigliere", 80, "tmdb")
    assert [item.window and item.window.text for item in (first, second)] == [
        "2021-02-20",
        "2021-02-21",
    ]


def test_season_zero_has_specials() -> None:
    rows = [episode(1, None, name="Behind the scenes"), episode(2, None, episode_number=None)]
    specials = show(seasons=[{"season_number": 0}], **{"season/0": {"episodes": rows}})

    assert [(item.kind, item.season, item.number) for item in map_episodes(specials)] == [
        ("special", 0, 1),
        ("special", 0, None),
    ]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Episode 12", None),
        ("episode 1", None),
        ("Ep. 3", None),
        ("12화", None),
        ("제12화", None),
        ("제 3 회", None),
        ("第3話", None),
        ("TBA", None),
        ("", None),
        (None, None),
        (7, None),
        ("Episode of Love", "Episode of Love"),
        ("Episode 1: Home", "Episode 1: Home"),
        ("22", "22"),
    ],
)
def test_the_title_of_an_episode_is_more_than_its_number(name: Any, title: str | None) -> None:
    block = {"episodes": [episode(1, None, name=name)]}

    assert map_episodes(show(**{"season/1": block}))[0].title == title


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        "x",
        episode(9, None, id=None),
        episode(9, None, episode_number="9"),
        episode(2, None),
    ],
)
def test_a_malformed_or_repeated_episode_costs_only_itself(row: Any) -> None:
    block = {"episodes": [row, episode(1, "2021-02-20"), episode(2, "2021-02-21")]}
    episodes = map_episodes(show(**{"season/1": block}))

    assert sorted(item.id for item in episodes) == ["tmdb-2001", "tmdb-2002"]
