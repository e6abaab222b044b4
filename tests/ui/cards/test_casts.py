"""The cast card and the card of its hidden cameos."""

import pytest
from simcord.components import walk_components

from bot.ui.cards.casts import cast_card, spoilers_card
from bot.ui.links import Card, CardLink
from tests.ui.builders import ALL_LOCALES, a_title, context, largest_title, people, read

CAST = [
    {"person": f"p{n}", "character": f"C{n}", "role": "support", "order": n} for n in range(1, 24)
]


async def test_long_cast_is_paginated() -> None:
    title, everybody = a_title(cast=CAST), people(*(f"P{n}" for n in range(1, 24)))
    pages = [
        read(cast_card(title, everybody, CardLink(Card.CAST, "show", page), context()))
        for page in (1, 2, 3)
    ]
    for n in range(1, 24):
        assert f"P{n} as C{n}\n" in pages[(n - 1) // 10]
    assert "More ▶" in pages[0]
    assert "◀ Back" not in pages[0]
    assert "◀ Back" in pages[2]
    assert "More ▶" not in pages[2]


@pytest.mark.parametrize("page", [0, 4, 999])
async def test_page_out_of_range_is_the_nearest_page(page: int) -> None:
    title, everybody = a_title(cast=CAST), people(*(f"P{n}" for n in range(1, 24)))
    shown = read(cast_card(title, everybody, CardLink(Card.CAST, "show", page), context()))
    assert f"{1 if page == 0 else 3}/3" in shown


async def test_people_are_grouped_by_role_in_billing_order() -> None:
    cast = [
        {"person": "one", "character": "A", "role": "support", "order": 1},
        {"person": "two", "character": "B", "role": "main", "order": 3},
        {"person": "three", "character": "C", "role": "main", "order": 2},
        {"person": "four", "character": "D"},
    ]
    everybody = people("One", "Two", "Three", "Four")
    shown = read(cast_card(a_title(cast=cast), everybody, CardLink(Card.CAST, "show"), context()))
    groups = "Main cast\nThree as C\nTwo as B\nSupporting cast\nOne as A\nCast\nFour as D\n"
    assert groups in shown


async def test_person_has_one_line_with_all_characters_or_jobs() -> None:
    cast = [
        {"person": "ann", "character": name, "role": "main", "order": n}
        for n, name in enumerate(("Twin One", "Twin Two", "Twin One"))
    ]
    crew = [{"person": "bob", "job": job} for job in ("creator", "writer", "director")]
    title = a_title(cast=cast, crew=[*crew, {"person": "ann", "job": "director"}])
    shown = read(cast_card(title, people("Ann", "Bob"), CardLink(Card.CAST, "show"), context()))
    assert "Main cast\nAnn as Twin One, Twin Two\nCrew\n" in shown
    assert "\nBob · creator, writer, director\nAnn · director\n" in shown


async def test_menu_opens_the_people_of_the_page() -> None:
    title, everybody = a_title(cast=CAST), people(*(f"P{n}" for n in range(1, 24)))
    card = cast_card(title, everybody, CardLink(Card.CAST, "show", 3), context())
    [menu] = [part for part in walk_components(card.to_components()) if part["type"] == 3]
    assert [option["value"] for option in menu["options"]] == [
        "person/p21",
        "person/p22",
        "person/p23",
    ]
    assert menu["options"][0]["description"] == "as C21"


CAST_WITH_CAMEO = [
    {"person": "lead", "character": "Hero", "order": 1},
    {"person": "nova", "character": "Ghost", "role": "guest", "order": 2, "spoiler": True},
]


async def test_hidden_cameo_is_on_the_spoilers_card_only() -> None:
    title, both = a_title(cast=CAST_WITH_CAMEO), people("Lead", "Nova")
    shown = read(cast_card(title, both, CardLink(Card.CAST, "show"), context()))
    assert "Ghost" not in shown
    assert "Nova" not in shown
    assert "Hidden cameos" in shown
    revealed = read(spoilers_card(title, both, CardLink(Card.SPOILERS, "show"), context()))
    assert "Guest appearances\nNova as Ghost\n" in revealed


@pytest.mark.parametrize("locale", ALL_LOCALES)
@pytest.mark.parametrize("page", [1, 2, 7])
async def test_cast_card_fits_into_a_message(page: int, locale: str) -> None:
    title, everybody = largest_title()
    assert read(cast_card(title, everybody, CardLink(Card.CAST, title.id, page), context(locale)))


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_spoilers_card_fits_into_a_message(locale: str) -> None:
    title, everybody = largest_title()
    hidden = tuple(credit.model_copy(update={"spoiler": True}) for credit in title.cast)
    title = title.model_copy(update={"cast": hidden})
    link = CardLink(Card.SPOILERS, title.id)
    assert read(spoilers_card(title, everybody, link, context(locale)))
