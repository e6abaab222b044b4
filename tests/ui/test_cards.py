"""Cards as pure functions: what they say for which facts, and that they fit into a message."""

from datetime import UTC, datetime
from typing import Any

import pytest
from discord import AllowedMentions
from discord.http import handle_message_parameters
from discord.ui import LayoutView

from bot.catalog.model import Person, Title
from bot.catalog.records import Work
from bot.demo.reading import read_message
from bot.library import Character
from bot.text import texts_for
from bot.ui.cards.casts import cast_card, spoilers_card
from bot.ui.cards.people import character_card, person_card
from bot.ui.cards.releases import release_card
from bot.ui.cards.shows import show_card, story_card, synopsis_card
from bot.ui.links import Card, Link
from bot.ui.reader import Reader
from tests import records
from tests.discord_limits import check_message
from tests.text.test_catalogues import ASKED_FOR

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def reader(locale: str = "en-US", now: datetime = NOW) -> Reader:
    return Reader(texts_for(locale), now)


def a_title(**fields: Any) -> Title:
    return Title.model_validate(records.title("show", "A Show", **fields))


def people(*names: str) -> dict[str, Person]:
    made = [Person.model_validate(records.person(name.lower(), name)) for name in names]
    return {one.id: one for one in made}


def sent(**message: Any) -> dict[str, Any]:
    """The body that discord.py makes of a message, once it is known that Discord takes it."""
    mentions = {"allowed_mentions": AllowedMentions.none(), **message}
    with handle_message_parameters(**mentions) as parameters:
        body: dict[str, Any] = dict(parameters.payload or {})
    check_message(body)
    return body


def read(view: LayoutView) -> str:
    return read_message(sent(view=view))


def release(**fields: Any) -> str:
    return read(release_card(a_title(releases=[fields]), reader()))


PASSED = "passed without news"


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ("2027", "2027"),
        ("2027-H1", "first half of 2027"),
        ("2027-H2", "second half of 2027"),
        ("2027-Q4", "4th quarter 2027"),
        ("2027-11", "November 2027"),
        ("2027-11-22", "November 22, 2027"),
        ("2027-11/2028-01", "between November 2027 and January 2028"),
        ("2027-11-22T16:00+09:00", "2027-11-22 07:00 UTC"),
    ],
)
async def test_a_window_is_shown_exactly_as_precise_as_known(window: str, shown: str) -> None:
    lines = release(window=window, status="announced").splitlines()
    assert any(line.startswith(shown) for line in lines), lines


async def test_an_instant_is_a_discord_timestamp() -> None:
    view = release_card(a_title(releases=[{"window": "2027-11-22T16:00+09:00"}]), reader())
    assert "<t:1826866800:F> (<t:1826866800:R>)" in str(view.to_components())


async def test_what_has_no_window_is_to_be_announced() -> None:
    assert "To be announced" in release(status="announced")
    assert "No release has been announced" in read(release_card(a_title(), reader()))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"window": "2025", "status": "announced"}, True),
        ({"window": "2025"}, True),
        ({"window": "2026-04-01", "status": "confirmed"}, True),
        ({"window": "2026", "status": "announced"}, False),
        ({"window": "2025", "status": "released"}, False),
        ({"window": "2025", "status": "cancelled"}, False),
        ({"window": "2025", "status": "postponed"}, False),
        # A day on a plain listing is a day of broadcast.
        ({"window": "2016-12-02"}, False),
    ],
)
async def test_a_window_that_passed_without_news_says_so(
    fields: dict[str, Any], said: bool
) -> None:
    assert (PASSED in release(**fields)) is said


async def test_a_release_keeps_the_windows_it_had_before() -> None:
    source = {"id": "s", "title": "A report", "publisher": "The Paper", "published": "2024-03"}
    shown = read(
        release_card(
            a_title(
                sources=[source],
                releases=[
                    {"window": "2024", "status": "announced", "source": "s"},
                    {"window": "2025", "status": "postponed", "checked": "2025-02-01"},
                    {"window": "2026-06-01", "status": "confirmed", "note": "At last."},
                    {"event": "finale", "window": "2026-07"},
                ],
            ),
            reader(),
        )
    )
    places = [
        shown.index(part)
        for part in ("June 1, 2026", "At last.", "Before that: 2025", "Before that: 2024", "Finale")
    ]
    assert places == sorted(places)
    assert "A report, The Paper (March 2024)" in shown
    assert "Postponed · checked February 1, 2025" in shown


CAST = [
    {"person": f"p{n}", "character": f"C{n}", "role": "support", "order": n} for n in range(1, 24)
]


async def test_a_long_cast_comes_in_pages() -> None:
    title, everybody = a_title(cast=CAST), people(*(f"P{n}" for n in range(1, 24)))
    pages = [
        read(cast_card(title, everybody, Link(Card.CAST, "show", page), reader()))
        for page in (1, 2, 3)
    ]
    for n in range(1, 24):
        assert f"P{n} as C{n} " in pages[(n - 1) // 10]
    assert "More ▶" in pages[0]
    assert "◀ Back" not in pages[0]
    assert "◀ Back" in pages[2]
    assert "More ▶" not in pages[2]


@pytest.mark.parametrize("page", [0, 4, 999])
async def test_a_page_that_is_not_there_is_the_nearest_one(page: int) -> None:
    title, everybody = a_title(cast=CAST), people(*(f"P{n}" for n in range(1, 24)))
    shown = read(cast_card(title, everybody, Link(Card.CAST, "show", page), reader()))
    assert f"{1 if page == 0 else 3}/3" in shown


SPOILED = [
    {"person": "lead", "character": "Hero", "order": 1},
    {"person": "nova", "character": "Ghost", "role": "guest", "order": 2, "spoiler": True},
]


async def test_a_hidden_cameo_is_shown_only_when_asked_for() -> None:
    title, both = a_title(cast=SPOILED), people("Lead", "Nova")
    link = Link(Card.CAST, "show")
    assert "Ghost" not in read(cast_card(title, both, link, reader()))
    assert "Nova" not in read(cast_card(title, both, link, reader()))
    assert "Nova" not in read(show_card(title, both, reader()))
    assert "Hidden cameos" in read(cast_card(title, both, link, reader()))
    revealed = read(spoilers_card(title, both, Link(Card.SPOILERS, "show"), reader()))
    assert "Nova as Ghost (guest role)" in revealed
    work = Work(title, title.credits_of("nova"), ())
    card = person_card(both["nova"], [work], Link(Card.PERSON, "nova"), reader())
    assert "A Show" not in read(card)


async def test_a_long_story_is_told_in_pages() -> None:
    title = a_title(synopsis={"en": "word " * 1500})
    first = read(story_card(title, Link(Card.STORY, "show"), reader()))
    last = read(story_card(title, Link(Card.STORY, "show", 3), reader()))
    assert "More ▶" in first
    assert "More ▶" not in last
    assert first.count("word") + last.count("word") < 1500


async def test_a_text_in_another_language_says_which() -> None:
    title = a_title(premise={"ko": "두 사람의 이야기"}, original_language="ko")
    assert "In Korean" in read(synopsis_card(title, reader()))
    assert "In Korean" not in read(synopsis_card(title, reader("ko")))


async def test_a_name_is_shown_in_the_readers_language() -> None:
    title = a_title()
    korean = {"text": "어떤 쇼", "lang": "ko", "type": "original"}
    title = Title.model_validate({**title.model_dump(), "names": [*title.names, korean]})
    assert read(show_card(title, {}, reader("ko"))).startswith("어떤 쇼\nA Show")
    assert read(show_card(title, {}, reader())).startswith("A Show\n어떤 쇼")


def crowded() -> tuple[Title, dict[str, Person]]:
    """Facts as long as they may be, full of what Discord takes for formatting."""
    long = "*_`~|<@1>[]() " * 21
    names = [{"text": long[:299], "lang": "en", "type": "main"}]
    names += [{"text": f"{n}{long}"[:299], "lang": "ko"} for n in range(9)]
    crowd = {
        f"p{n}": Person.model_validate(
            {"id": f"p{n}", "names": names, "groups": [long[:300]] * 9, "occupations": [long] * 9}
        )
        for n in range(30)
    }
    source = {"id": "s", "title": long, "author": long, "url": f"https://example.org/{'x' * 1900}"}
    title = Title.model_validate(
        {
            "id": "t" * 40,
            "kind": "series",
            "names": names,
            "genres": [long] * 9,
            "origin_country": ["KR"] * 9,
            "networks": [{"name": long}] * 9,
            "premise": {"en": "<" * 8000},
            "synopsis": {"en": "*" * 8000},
            "settings": [long] * 9,
            "filmed_in": [long] * 9,
            "poster": "https://example.org/p.png",
            "links": [{"label": long, "url": "https://example.org/"}] * 9,
            "sources": [source],
            "releases": [
                {"event": long, "window": "2025", "note": long, "source": "s", "season": n}
                for n in range(1, 10)
            ],
            "cast": [
                {"person": person, "character": long, "character_names": names} for person in crowd
            ],
            "crew": [{"person": person, "job": long} for person in crowd],
        }
    )
    return title, crowd


@pytest.mark.parametrize("locale", ["en-US", *ASKED_FOR])
async def test_every_card_fits_into_a_message_whatever_the_facts(locale: str) -> None:
    title, crowd = crowded()
    asker = reader(locale)
    credits = title.credits_of("p1")
    works = [
        Work(title.model_copy(update={"id": f"t{n}"}), credits, ("*" * 300,)) for n in range(9)
    ]
    for page in (1, 2, 7):
        link = Link(Card.CAST, title.id, page)
        read(cast_card(title, crowd, link, asker))
        read(person_card(crowd["p1"], works, Link(Card.PERSON, "p1", page), asker))
        read(story_card(title, Link(Card.STORY, title.id, page), asker))
    read(show_card(title, crowd, asker))
    read(synopsis_card(title, asker))
    read(release_card(title, asker))
    read(character_card(Character(title, crowd["p1"], credits), asker))
