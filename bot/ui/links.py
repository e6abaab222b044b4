"""Links from buttons and menus to cards.

The path of a link, such as `cast/soul-mate?2`, is part of a custom id. Buttons therefore work
after a restart and in messages of any age.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.catalog.model import Person, Title
from bot.services.catalog import CatalogEntry

# The part after # identifies a message and is not part of the link.
PATH = (
    r"(?P<card>[a-z]+)/(?P<subject>[A-Za-z0-9_/-]{1,81})"
    r"(?:\?(?P<page>\d{1,3}))?(?:#[A-Za-z0-9_-]{1,24})?"
)


class Card(StrEnum):
    """The kinds of cards."""

    SHOW = "show"
    CAST = "cast"
    SPOILERS = "spoilers"
    SYNOPSIS = "synopsis"
    STORY = "story"
    RELEASE = "release"
    SOURCES = "sources"
    PERSON = "person"
    PERSON_SOURCES = "personsources"
    CHARACTER = "character"


# The kind of entry of a card, unless it is a title.
_ENTITIES = {
    Card.PERSON: "person",
    Card.PERSON_SOURCES: "person",
    Card.CHARACTER: "character",
}


@dataclass(frozen=True, slots=True)
class CardLink:
    """A link to a card. `subject` is the id of a title or person, or TITLE/PERSON for a
    character."""

    card: Card
    subject: str
    page: int = 1

    @classmethod
    def parse(cls, path: str) -> Self | None:
        """Parse a path. Returns None if it is invalid, as in a forged or outdated custom id."""
        match = re.fullmatch(PATH, path, re.ASCII)
        if match is None or match["card"] not in set(Card):
            return None
        return cls(Card(match["card"]), match["subject"], int(match["page"] or 1))

    @property
    def ref(self) -> str:
        """The ref of the card's catalog entry."""
        return f"{_ENTITIES.get(self.card, 'title')}:{self.subject}"

    def __str__(self) -> str:
        path = f"{self.card}/{self.subject}"
        return path if self.page == 1 else f"{path}?{self.page}"


def card_link(entry: CatalogEntry, card: Card = Card.SHOW) -> CardLink:
    """Return the link to an entry's card. For a title, `card` selects the card."""
    if isinstance(entry, Title):
        return CardLink(card, entry.id)
    if isinstance(entry, Person):
        return CardLink(Card.PERSON, entry.id)
    return CardLink(Card.CHARACTER, f"{entry.title.id}/{entry.person.id}")
