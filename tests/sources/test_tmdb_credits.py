from datetime import date
from typing import Any

from bot.catalog.model import Title
from bot.sources.tmdb_mapping import map_show
from tests.sources.tmdb_answers import show

TODAY = date(2026, 11, 25)


def title_of(**changes: Any) -> Title:
    return map_show(show(**changes), TODAY)


def test_the_cast_is_in_billing_order_with_characters() -> None:
    assert [(c.person, c.character, c.order) for c in title_of().cast] == [
        ("tmdb-19391", "Vincenzo Cassano", 0),
        ("tmdb-86889", "Hong Cha-young", 1),
    ]


def cast_of(*characters: Any) -> Any:
    roles = [{"character": character} for character in characters]
    credits = {"cast": [{"id": 1, "order": 0, "roles": roles}]}
    return title_of(aggregate_credits=credits).cast[0]


def test_an_actor_may_have_several_characters() -> None:
    assert cast_of("Lee Yul", "", None, "Won-deuk", "Lee Yul").character == "Lee Yul / Won-deuk"
    assert cast_of().character is None


def test_characters_in_other_scripts_are_not_the_english_one() -> None:
    credit = cast_of("이율", "Won-deuk")

    assert credit.character == "Won-deuk"
    assert [(name.text, name.lang) for name in credit.character_names] == [("이율", "ko")]


def test_the_crew_has_those_with_a_known_job_by_number_of_episodes() -> None:
    assert [(c.person, c.job) for c in title_of().crew] == [
        ("tmdb-13", "director"),
        ("tmdb-11", "writer"),
    ]


def test_a_member_of_two_departments_has_both_jobs() -> None:
    rows = [
        {"id": 5, "department": "Writing", "jobs": [{"job": "Screenplay"}, {"job": "Screenplay"}]},
        {"id": 5, "department": "Production", "jobs": [{"job": "Producer"}]},
    ]
    crew = title_of(aggregate_credits={"crew": rows}).crew

    assert [(c.person, c.job) for c in crew] == [("tmdb-5", "screenplay"), ("tmdb-5", "producer")]


def test_a_show_has_at_most_thirty_people() -> None:
    cast = [{"id": number, "order": number, "roles": []} for number in range(1, 100)]
    crew = [{"id": number, "jobs": [{"job": "Director"}]} for number in range(200, 300)]
    title = title_of(aggregate_credits={"cast": cast[::-1], "crew": crew})

    assert len({credit.person for credit in (*title.cast, *title.crew)}) == 30
    assert [credit.order for credit in title.cast] == list(range(1, len(title.cast) + 1))
