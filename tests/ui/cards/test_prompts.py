"""Cards that are not about a record."""

import pytest

from bot.ui.buttons import MENU_LIMIT, MenuOption
from bot.ui.cards.prompts import choice_card, message_card, not_found_card
from bot.ui.links import Card, CardLink
from tests.ui.builders import ALL_LOCALES, context, message_body, read

OPTIONS = [
    MenuOption("*" * 300, "_" * 300, CardLink(Card.SHOW, f"show-{n}"))
    for n in range(MENU_LIMIT + 1)
]


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_choice_card_offers_as_many_options_as_fit(locale: str) -> None:
    body = message_body(view=choice_card("*" * 6000, OPTIONS, context(locale)))
    [menu] = body["components"][0]["components"][1]["components"]
    assert [option["value"] for option in menu["options"]] == [
        str(option.link) for option in OPTIONS[:MENU_LIMIT]
    ]


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_not_found_card_fits_into_a_message(locale: str) -> None:
    assert read(not_found_card("*" * 6000, OPTIONS[:5], context(locale)))
    assert read(not_found_card("*" * 6000, [], context(locale)))


async def test_error_id_is_shown_below_the_message() -> None:
    assert read(message_card("It failed.", context(), "abc123")) == "It failed.\nError code: abc123"
    assert read(message_card("It failed.", context())) == "It failed."
