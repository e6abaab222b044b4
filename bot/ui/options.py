"""What members type to name something: autocompleted, and resolved again when it is sent.

Discord sends what was chosen, or its label, or any text at all (on a phone people send before they
choose): all three are resolved alike.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Protocol, cast

from discord import Interaction
from discord.app_commands import AppCommandError, Choice, Transformer

from bot.catalog.model import Person, Title
from bot.catalog.naming import best_name
from bot.errors import AnswerError
from bot.library import Character, Found, Library, Listed, Names
from bot.ui.buttons import MenuOption
from bot.ui.layout import dotted
from bot.ui.links import Card, link_to
from bot.ui.markdown import clip
from bot.ui.reader import Reader

_NEAREST = 5
_LABEL = 100
_SEPARATOR = " · "


class Asks(Protocol):
    """What the client has to offer so that options can be resolved."""

    library: Library

    def reader(self, interaction: Interaction[Any]) -> Reader:
        """Who asks."""
        ...


class Unresolved(AppCommandError):
    """What was typed is not clear: it fits `several`, or else only comes near some."""

    def __init__(self, asked: str, options: Sequence[MenuOption], *, several: bool) -> None:
        super().__init__(f"{asked!r} is not clear")
        self.asked = asked
        self.options = options
        self.several = several


class NameOption(Transformer):
    """A name typed by a member. `kinds` are the records it may lead to, `card` is what of a title
    is asked for, `names` are those to look among."""

    def __init__(
        self,
        kinds: tuple[type[Found], ...],
        names: Callable[[Library], Names],
        card: Card = Card.SHOW,
    ) -> None:
        self._kinds = kinds
        self._names = names
        self._card = card

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """What fits the letters typed so far, each told apart from its namesakes."""
        client = cast(Asks, interaction.client)
        listed = client.library.listed(self._names(client.library).suggest(value))
        reader = client.reader(interaction)
        return [Choice(name=label(one, reader), value=one.ref) for one in listed]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> Found:
        """The record meant. Raises Unresolved where that is not clear."""
        client = cast(Asks, interaction.client)
        reader = client.reader(interaction)
        if client.library.is_empty:
            _ = reader.texts.gettext
            raise AnswerError(_("The catalog is still empty. Whoever runs this bot can fill it."))
        found = client.library.record(value)
        if isinstance(found, self._kinds):
            return found
        return self._by_label(client.library, reader, value) or self._by_text(
            client.library, reader, value
        )

    def _by_label(self, library: Library, reader: Reader, text: str) -> Found | None:
        name, separator, _hint = text.partition(_SEPARATOR)
        if not separator:
            return None
        listed = library.listed(self._names(library).suggest(name))
        return next((one.found for one in listed if label(one, reader) == text), None)

    def _by_text(self, library: Library, reader: Reader, text: str) -> Found:
        answer = self._names(library).answer(text)
        if len(answer.meant) == 1 and (found := library.record(answer.meant[0])):
            return found
        listed = library.listed(answer.meant or answer.nearest[:_NEAREST])
        options = [menu_option(one, reader, self._card) for one in listed]
        raise Unresolved(text, options, several=bool(answer.meant))


def title_option(card: Card) -> NameOption:
    """The option that names a title, for the command that shows this card of it."""
    return NameOption((Title,), attrgetter("shows"), card)


def person_option() -> NameOption:
    """The option that names a person or a character."""
    return NameOption((Person, Character), attrgetter("people"))


def title_meant(library: Library, text: str) -> Title | None:
    """The title that a value, or a text that is clear, means; for what stands beside a title."""
    found = library.record(text)
    if found is None and len(meant := library.shows.answer(text).meant) == 1:
        found = library.record(meant[0])
    return found if isinstance(found, Title) else None


def menu_option(listed: Listed, reader: Reader, card: Card = Card.SHOW) -> MenuOption:
    """One record to choose, as a menu shows it."""
    return MenuOption(
        _name(listed.found, reader), _hint(listed, reader), link_to(listed.found, card)
    )


def label(listed: Listed, reader: Reader) -> str:
    """One record to choose, in one line: its name and what tells it apart."""
    return clip(dotted(_name(listed.found, reader), _hint(listed, reader)), _LABEL)


def _name(found: Found, reader: Reader) -> str:
    if isinstance(found, Character):
        names = [name for credit in found.credits for name in credit.names]
        return best_name(names, reader.texts.language)
    return reader.label(found)


def _hint(listed: Listed, reader: Reader) -> str:
    found = listed.found
    if isinstance(found, Title):
        networks = next((network.name for network in found.networks if network.name), None)
        year = str(found.year) if found.year else None
        return dotted(year, networks, reader.label(listed.lead) if listed.lead else None)
    if isinstance(found, Person):
        known = reader.label(listed.best_known) if listed.best_known else None
        return dotted(*found.groups[:1], known)
    return dotted(reader.label(found.title), reader.label(found.person))
