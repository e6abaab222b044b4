"""From a link to its card: gathers the facts a card is made of."""

from datetime import datetime
from functools import lru_cache

from discord.ui import LayoutView

from bot.catalog.model import Person, Title
from bot.errors import AnswerError
from bot.library import Character, Library
from bot.text import Texts
from bot.ui.cards.casts import cast_card, spoilers_card
from bot.ui.cards.people import character_card, person_card
from bot.ui.cards.releases import release_card
from bot.ui.cards.shows import show_card, story_card, synopsis_card
from bot.ui.links import Card, Link
from bot.ui.reader import Reader

_KEPT = 512


class Cards:
    """Opens cards. Those opened lately are kept, since many ask for the same few."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known = library.catalog
        self._kept = lru_cache(_KEPT)(self._make)

    def open_path(self, path: str, reader: Reader) -> LayoutView:
        """The card a button or a menu leads to. `path` comes from outside.

        Raises AnswerError where it leads nowhere (any more).
        """
        link = Link.parse(path)
        if link is None:
            raise _nowhere(reader.texts)
        return self.open(link, reader)

    def open(self, link: Link, reader: Reader) -> LayoutView:
        """The card a link leads to. Raises AnswerError where that is nowhere (any more)."""
        if self._known is not self._library.catalog:
            self._kept.cache_clear()
            self._known = self._library.catalog
        # What a card says of the present changes with the minute at most.
        return self._kept(link, reader.texts, reader.now.replace(second=0, microsecond=0))

    def _make(self, link: Link, texts: Texts, now: datetime) -> LayoutView:
        found, reader = self._library.record(link.ref), Reader(texts, now)
        match found:
            case None:
                raise _nowhere(texts)
            case Person():
                return person_card(found, self._known.works_of(found.id), link, reader)
            case Character():
                return character_card(found, reader)
            case Title():
                return self._title_card(found, link, reader)

    def _title_card(self, title: Title, link: Link, reader: Reader) -> LayoutView:
        match link.card:
            case Card.CAST:
                return cast_card(title, self._known.people_of(title), link, reader)
            case Card.SPOILERS:
                return spoilers_card(title, self._known.people_of(title), link, reader)
            case Card.SYNOPSIS:
                return synopsis_card(title, reader)
            case Card.STORY:
                return story_card(title, link, reader)
            case Card.RELEASE:
                return release_card(title, reader)
            case _:
                return show_card(title, self._known.people_of(title), reader)


def _nowhere(texts: Texts) -> AnswerError:
    return AnswerError(texts.gettext("This is no longer in the catalog. Ask again with a command."))
