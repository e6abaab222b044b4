"""The cards that show what the bot can do."""

import pytest

from bot.services.catalog import CatalogExamples
from bot.ui.cards.help import example_buttons, help_card, welcome_back_card, welcome_card
from tests.ui.builders import ALL_LOCALES, context, largest_title, read

TITLE, PEOPLE = largest_title()
LARGEST = CatalogExamples(TITLE, next(iter(PEOPLE.values())))


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_cards_fit_into_a_message(locale: str) -> None:
    for for_moderator in (False, True):
        assert read(help_card(LARGEST, context(locale), for_moderator=for_moderator))
    assert read(welcome_card(LARGEST, context(locale)))
    assert read(welcome_back_card(100, context(locale)))


async def test_welcome_back_counts_the_countdowns() -> None:
    assert "1 countdown was kept" in read(welcome_back_card(1, context()))
    assert "2 countdowns were kept" in read(welcome_back_card(2, context()))


async def test_examples_are_of_what_there_is() -> None:
    only_person = CatalogExamples(None, LARGEST.person)
    assert [str(one.path).split("/")[0] for one in example_buttons(only_person, context())] == [
        "person"
    ]
    assert example_buttons(CatalogExamples(), context()) == []
