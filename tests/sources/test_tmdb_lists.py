from datetime import timedelta
from typing import Any

import pytest

from bot.sources.errors import SourceFormatError
from bot.sources.ports import Item
from tests.sources.tmdb_answers import show
from tests.sources.tmdb_reader import NOW, TmdbReader, add_shows, stamps, titles, tmdb

__all__ = ["tmdb"]  # a fixture

SLICES = 2029 - 1960 + 1

# The list of everything


async def test_shows_of_the_country_are_listed_by_year(tmdb: TmdbReader) -> None:
    add_shows(
        tmdb.server,
        show(1, first_air_date="1979-01-01"),
        show(2, first_air_date="2026-12-31"),
        show(3, first_air_date="2029-06-01"),
        show(4, origin_country=["JP"], original_language="ja"),
        show(5, origin_country=["KR"], original_language="en"),
        show(6, genres=[{"id": 10764, "name": "Reality"}]),
    )
    parts = await tmdb.list_all()

    assert stamps(parts) == dict.fromkeys(titles(1, 2, 3), "listed")
    assert tmdb.client.requests == SLICES
    assert [part.count for part in parts] == [None] * (SLICES - 1) + [3]
    assert (parts[-1].done, parts[-1].total) == (SLICES, SLICES)


async def test_every_page_is_one_part(tmdb: TmdbReader) -> None:
    add_shows(tmdb.server, *(show(number, first_air_date="2020-05-05") for number in range(1, 46)))
    parts = await tmdb.list_all()

    assert [len(part.stamps) for part in parts if part.stamps] == [20, 20, 5]
    assert parts[-1].count == 45


async def test_pages_end_at_the_last_that_tmdb_sends(tmdb: TmdbReader) -> None:
    tmdb.server.page_size = 1
    add_shows(tmdb.server, *(show(number, first_air_date="2020-05-05") for number in range(1, 503)))

    assert (await tmdb.list_all())[-1].count == 500


async def test_an_interrupted_list_continues_at_any_part(tmdb: TmdbReader) -> None:
    tmdb.server.page_size = 2
    add_shows(tmdb.server, *(show(n, first_air_date=f"20{n:02}-05-05") for n in range(10, 15)))
    add_shows(tmdb.server, *(show(n, first_air_date="2012-05-05") for n in range(20, 25)))
    whole = await tmdb.list_all()

    for number, part in enumerate(whole[:-1], start=1):
        rest = await tmdb.list_all(part.state)
        assert rest == whole[number:]


async def test_a_list_continued_on_a_later_day_keeps_the_day_it_began(tmdb: TmdbReader) -> None:
    parts = await tmdb.list_all()
    tmdb.now += timedelta(days=2)
    rest = await tmdb.list_all(parts[10].state)

    assert rest[-1].state == {"countries": ["KR"], "updated": "2026-11-25", "complete": True}


async def test_an_unfinished_list_continues_even_if_all_is_asked_for(tmdb: TmdbReader) -> None:
    parts = await tmdb.list_all(full=True)
    rest = await tmdb.list_all(parts[10].state, full=True)

    assert rest == parts[11:]


@pytest.mark.parametrize(
    "broken", [{"page": 0}, {"page": "2"}, {"listed": None}, {"year": 1066}, {"country": ["KR"]}]
)
async def test_a_state_that_makes_no_sense_starts_over(
    tmdb: TmdbReader, broken: dict[str, Any]
) -> None:
    parts = await tmdb.list_all()
    rest = await tmdb.list_all({**parts[10].state, **broken})

    assert rest == parts


async def test_another_setting_of_countries_lists_everything(tmdb: TmdbReader) -> None:
    add_shows(tmdb.server, show(1), show(2, origin_country=["HK"], original_language="cn"))
    finished = (await tmdb.list_all())[-1].state
    tmdb.source = tmdb.open_source(countries=("KR", "HK"))

    assert stamps(await tmdb.list_all(finished)).keys() == titles(1, 2)


@pytest.mark.parametrize(
    "answer", [[], {}, {"results": {}, "total_pages": 1}, {"results": [], "total_pages": "1"}]
)
async def test_a_list_in_another_format_is_an_error(tmdb: TmdbReader, answer: Any) -> None:
    tmdb.server.replaced["discover/tv"] = answer

    with pytest.raises(SourceFormatError):
        await tmdb.list_all()


async def test_a_malformed_row_of_a_list_costs_only_itself(tmdb: TmdbReader) -> None:
    rows = [{"id": "1"}, {"id": -1}, None, [], {}, {"id": True}, {"id": 10**12}, {"id": 7}]
    tmdb.server.replaced["discover/tv"] = {"results": rows, "total_pages": 1}

    assert stamps(await tmdb.list_all()).keys() == titles(7)


# Updates

FINISHED = {"countries": ["KR"], "updated": "2026-11-20"}


async def test_an_update_lists_known_items_that_changed(tmdb: TmdbReader) -> None:
    tmdb.server.changed_shows = {"2026-11-19": [1], "2026-11-20": [2], "2026-11-25": [3, 99]}
    tmdb.server.changed_people = {"2026-11-21": [2, 98]}
    known = {*titles(1, 2, 3), Item("person", "2")}

    parts = await tmdb.list_all(FINISHED, known)

    assert stamps(parts) == dict.fromkeys([*titles(2, 3), Item("person", "2")], "2026-11-25")
    assert parts[-1].state == {"countries": ["KR"], "updated": "2026-11-25", "complete": True}
    assert not [part for part in parts if part.count is not None]


async def test_an_update_lists_new_shows(tmdb: TmdbReader) -> None:
    add_shows(
        tmdb.server,
        show(1, first_air_date="2026-11-01"),
        show(2, first_air_date="2028-01-01"),
        show(3, first_air_date="2026-11-02"),
        show(4, first_air_date="2019-01-01"),
    )
    parts = await tmdb.list_all(FINISHED, titles(1))

    assert stamps(parts) == dict.fromkeys(titles(2, 3), "listed")


async def test_an_update_with_nothing_new_makes_three_requests(tmdb: TmdbReader) -> None:
    await tmdb.list_all(FINISHED)

    assert tmdb.server.paths() == ["tv/changes", "person/changes", "discover/tv"]


async def test_an_interrupted_update_is_made_again(tmdb: TmdbReader) -> None:
    tmdb.server.page_size = 1
    tmdb.server.changed_shows = {"2026-11-22": [1, 2, 3]}
    parts = await tmdb.list_all(FINISHED, titles(1, 2, 3))

    assert [part.state for part in parts[:-1]] == [FINISHED] * (len(parts) - 1)
    assert stamps(parts).keys() == titles(1, 2, 3)


@pytest.mark.parametrize(("days", "requests"), [(0, 3), (14, 3), (15, SLICES)])
async def test_changes_are_asked_for_within_fourteen_days(
    tmdb: TmdbReader, days: int, requests: int
) -> None:
    updated = (NOW - timedelta(days=days)).date()
    await tmdb.list_all({"countries": ["KR"], "updated": str(updated)})

    assert tmdb.client.requests == requests


async def test_a_clock_that_was_ahead_does_not_stop_updates(tmdb: TmdbReader) -> None:
    await tmdb.list_all({"countries": ["KR"], "updated": "2026-11-27"})

    _, query = tmdb.server.requests[0]
    assert (query["start_date"], query["end_date"]) == ("2026-11-25", "2026-11-25")


async def test_after_a_clock_that_was_far_ahead_everything_is_listed(tmdb: TmdbReader) -> None:
    await tmdb.list_all({"countries": ["KR"], "updated": "2027-01-01"})

    assert tmdb.client.requests == SLICES


async def test_everything_is_listed_if_asked_for(tmdb: TmdbReader) -> None:
    await tmdb.list_all(FINISHED, full=True)

    assert tmdb.client.requests == SLICES
