"""Where a button or a menu leads: a card, of something, at some page.

A link is written as a path, such as `cast/soul-mate?2`, and stands as such in custom ids: a button
says by itself what it opens, so it works after a restart and in a message of last year.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.catalog.model import Person, Title
from bot.services.catalog import CatalogEntry

# What follows a # is a mark for whoever looks for the message, and leads nowhere.
PATH = (
    r"(?P<card>[a-z]+)/(?P<subject>[A-Za-z0-9_/-]{1,81})"
    r"(?:\?(?P<page>\d{1,3}))?(?:#[A-Za-z0-9_-]{1,24})?"
)


class Card(StrEnum):
    """Each kind of card there is to open."""

    SHOW = "show"
    CAST = "cast"
    SPOILERS = "spoilers"
    SYNOPSIS = "synopsis"
    STORY = "story"
    RELEASE = "release"
    PERSON = "person"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class CardLink:
    """A card to open. `subject` is a title's or a person's id, or TITLE/PERSON of a character."""

    card: Card
    subject: str
    page: int = 1

    @classmethod
    def parse(cls, path: str) -> Self | None:
        """Read a path; None for what is none, as a forged or outdated custom id may be."""
        match = re.fullmatch(PATH, path, re.ASCII)
        if match is None or match["card"] not in set(Card):
            return None
        return cls(Card(match["card"]), match["subject"], int(match["page"] or 1))

    @property
    def ref(self) -> str:
        """The reference of the record the card is about."""
        kind = self.card if self.card in (Card.PERSON, Card.CHARACTER) else "title"
        return f"{kind}:{self.subject}"

    def __str__(self) -> str:
        path = f"{self.card}/{self.subject}"
        return path if self.page == 1 else f"{path}?{self.page}"


def card_link(found: CatalogEntry, card: Card = Card.SHOW) -> CardLink:
    """The link to a record's card; for a title, to the card named."""
    if isinstance(found, Title):
        return CardLink(card, found.id)
    if isinstance(found, Person):
        return CardLink(Card.PERSON, found.id)
    return CardLink(Card.CHARACTER, f"{found.title.id}/{found.person.id}")
