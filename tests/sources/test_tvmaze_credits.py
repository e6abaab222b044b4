"""Casts, crews and people of TVmaze."""

from typing import Any

import pytest

from bot.sources.tvmaze_mapping import map_show
from tests.sources.tvmaze_server import (
    JAPAN,
    KOREA,
    make_cast,
    make_person,
    make_show,
)
from tests.sources.tvmaze_titles import KOREAN, map_people, map_title


def test_a_cast_is_in_billing_order_with_characters() -> None:
    gong, lee = make_person(1, name="Gong Yoo"), make_person(2, name="Lee Dong Wook")
    title = map_title(
        cast=[
            make_cast(gong, "Kim Shin"),
            make_cast(lee, "Grim Reaper"),
            make_cast(gong, "Narrator", voice=True),
            make_cast(gong, "Kim Shin"),
            make_cast(lee, "Lee Dong Wook", self=True),
            make_cast(lee, None),
        ]
    )
    assert [(c.person, c.character, c.order) for c in title.cast] == [
        ("tvmaze-1", "Kim Shin", 1),
        ("tvmaze-2", "Grim Reaper", 2),
        ("tvmaze-1", "Narrator", 3),
        ("tvmaze-2", None, 5),
    ]


def test_a_crew_has_jobs() -> None:
    kim, lee = make_person(1), make_person(2)
    rows = [(kim, "Writer"), (lee, "Executive Producer"), (kim, "Writer"), (kim, "Best Boy")]
    title = map_title(crew=[{"person": person, "type": job} for person, job in rows])
    assert [(c.person, c.job) for c in title.crew] == [
        ("tvmaze-1", "writer"),
        ("tvmaze-2", "executive producer"),
        ("tvmaze-1", "best boy"),
    ]


def test_people_come_with_the_show() -> None:
    crew = [{"person": make_person(2, name="김은숙"), "type": "Writer"}]
    people = map_people(cast=[make_cast(make_person(1, name="Gong Yoo"), "Kim Shin")], crew=crew)
    assert people["tvmaze-1"].model_dump(mode="json", exclude_defaults=True) == {
        "id": "tvmaze-1",
        "names": [{"text": "Gong Yoo", "lang": "en", "type": "main"}],
        "origin_country": ["KR"],
        "external_ids": {"tvmaze": "1"},
        "born": "1979-07-10",
        "portrait": "https://static.tvmaze.com/uploads/images/original_untouched/1/1.jpg",
        "portrait_source": "tvmaze",
        "sources": [
            {
                "id": "tvmaze",
                "title": "Gong Yoo",
                "publisher": "TVmaze",
                "url": "https://www.tvmaze.com/people/1/person",
                "license": "CC-BY-SA-4.0",
            }
        ],
    }
    assert people["tvmaze-2"].names[0].lang == "ko"


@pytest.mark.parametrize(
    ("country", "lang"), [(JAPAN, "ja"), (KOREA, "und"), ({"code": "TW"}, "zh"), (None, "zh")]
)
def test_han_names_of_people_have_the_language_of_their_country(country: Any, lang: str) -> None:
    person = make_person(1, name="磯村勇斗", country=country)
    assert map_people(cast=[make_cast(person, "A")])["tvmaze-1"].names[0].lang == lang


@pytest.mark.parametrize("birthday", ["", None, "1979", "1979-00-00", 1979])
def test_an_empty_birthday_is_unknown(birthday: Any) -> None:
    person = make_person(1, birthday=birthday)
    assert map_people(cast=[make_cast(person, "A")])["tvmaze-1"].born is None


@pytest.mark.parametrize(
    "bad",
    [None, 5, [], {}, {"person": None}, make_cast(make_person(9, name=""), "A"),
     make_cast(make_person(9, name="\u200b"), "A"), make_cast({"name": "No id"}, "A")],
)  # fmt: skip
def test_people_without_a_name_are_left_out_with_their_credits(bad: Any) -> None:
    good = make_cast(make_person(1), "A")
    crew = [{"type": "Writer", "person": as_person} for as_person in (make_person(1), bad)]
    title, people = map_show(make_show(7, cast=[bad, good], crew=crew), [], KOREAN)
    assert [(c.person, c.order) for c in title.cast] == [("tvmaze-1", 2)]
    assert [c.person for c in title.crew] == ["tvmaze-1"]
    assert [person.id for person in people] == ["tvmaze-1"]


def test_credits_are_bounded() -> None:
    rows = [make_cast(make_person(i), "A") for i in range(1, 2000)]
    title, people = map_show(make_show(7, cast=rows), [], KOREAN)
    assert len(title.cast) == len(people) == 500
