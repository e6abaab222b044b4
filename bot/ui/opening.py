"""From a link to its card: gathers the facts a card is made of."""

from discord.ui import LayoutView

from bot.catalog.model import Person, Title
from bot.errors import AnswerError
from bot.library import Character, Found, Library
from bot.ui.cards.casts import cast_card, spoilers_card
from bot.ui.cards.people import character_card, person_card
from bot.ui.cards.releases import release_card
from bot.ui.cards.shows import show_card, story_card, synopsis_card
from bot.ui.links import Card, Link
from bot.ui.reader import Reader


def open_path(library: Library, path: str, reader: Reader) -> LayoutView:
    """The card a button or a menu leads to. `path` comes from outside.

    Raises AnswerError where it leads nowhere (any more).
    """
    link = Link.parse(path)
    found = library.record(link.ref) if link else None
    if link is None or found is None:
        _ = reader.texts.gettext
        raise AnswerError(_("This is no longer in the catalog. Ask again with a command."))
    return open_card(library, found, link, reader)


def open_card(library: Library, found: Found, link: Link, reader: Reader) -> LayoutView:
    """The card of a record that a link asks for."""
    if isinstance(found, Person):
        return person_card(found, library.catalog.works_of(found.id), link, reader)
    if isinstance(found, Character):
        return character_card(found, reader)
    return _title_card(library, found, link, reader)


def _title_card(library: Library, title: Title, link: Link, reader: Reader) -> LayoutView:
    match link.card:
        case Card.CAST:
            return cast_card(title, library.catalog.people_of(title), link, reader)
        case Card.SPOILERS:
            return spoilers_card(title, library.catalog.people_of(title), link, reader)
        case Card.SYNOPSIS:
            return synopsis_card(title, reader)
        case Card.STORY:
            return story_card(title, link, reader)
        case Card.RELEASE:
            return release_card(title, reader)
        case _:
            return show_card(title, library.catalog.people_of(title), reader)
