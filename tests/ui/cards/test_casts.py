"""The cast card and the card of its hidden cameos."""

import pytest

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
        assert f"P{n} as C{n} " in pages[(n - 1) // 10]
    assert "More ▶" in pages[0]
    assert "◀ Back" not in pages[0]
    assert "◀ Back" in pages[2]
    assert "More ▶" not in pages[2]


@pytest.mark.parametrize("page", [0, 4, 999])
async def test_page_out_of_range_is_the_nearest_page(page: int) -> None:
    title, everybody = a_title(cast=CAST), people(*(f"P{n}" for n in range(1, 24)))
    shown = read(cast_card(title, everybody, CardLink(Card.CAST, "show", page), context()))
    assert f"{1 if page == 0 else 3}/3" in shown


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
    assert "Nova as Ghost (guest role)" in revealed


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
