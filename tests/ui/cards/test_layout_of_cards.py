"""What all cards have in common: a heading, separators, and at most two rows of buttons."""

from collections.abc import Iterator
from typing import Any

from discord.ui import LayoutView
from simcord.components import walk_components

from bot.catalog.snapshot import FilmographyEntry
from bot.services.catalog import Character
from bot.ui.cards.casts import cast_card, spoilers_card
from bot.ui.cards.people import character_card, person_card
from bot.ui.cards.releases import release_card
from bot.ui.cards.shows import show_card, story_card, synopsis_card
from bot.ui.cards.sources import sources_card
from bot.ui.links import Card, CardLink
from tests.ui.builders import context, largest_title

_ACTION_ROW, _BUTTON, _SELECT, _TEXT, _SEPARATOR, _SECTION = 1, 2, 3, 10, 14, 9


def largest_cards() -> Iterator[LayoutView]:
    """Every card, of records as large as they can be, in the middle of its pages."""
    title, people = largest_title()
    credits = title.credits_of("p1")
    works = [FilmographyEntry(title, credits, ("writer", "director"))] * 30
    yield show_card(title, people, context())
    yield synopsis_card(title, context())
    yield story_card(title, CardLink(Card.STORY, title.id, 2), context())
    yield release_card(title, context())
    yield cast_card(title, people, CardLink(Card.CAST, title.id, 2), context())
    yield spoilers_card(title, people, CardLink(Card.SPOILERS, title.id), context())
    yield sources_card(title, CardLink(Card.SOURCES, title.id), context())
    yield person_card(people["p1"], works, CardLink(Card.PERSON, "p1", 2), context())
    yield character_card(Character(title, people["p1"], credits), context())


def contents(card: LayoutView) -> list[dict[str, Any]]:
    [container] = card.to_components()
    return container["components"]


async def test_cards_have_at_most_two_rows_of_buttons_and_a_menu() -> None:
    for card in largest_cards():
        rows = [part["components"] for part in contents(card) if part["type"] == _ACTION_ROW]
        buttons = [row for row in rows if row[0]["type"] == _BUTTON]
        menus = [row for row in rows if row[0]["type"] == _SELECT]
        assert len(buttons) <= 2
        assert len(menus) <= 1


async def test_corrections_can_be_suggested_on_every_card() -> None:
    for card in largest_cards():
        ids = [part.get("custom_id", "") for part in walk_components(contents(card))]
        assert len([one for one in ids if one.startswith("suggest:")]) == 1


async def test_cards_begin_with_a_heading_and_separate_their_sections() -> None:
    for card in largest_cards():
        [first, second, *_rest] = contents(card)
        texts = [part for part in walk_components([first]) if part["type"] == _TEXT]
        assert texts[0]["content"].startswith("## ")
        assert second["type"] == _SEPARATOR
