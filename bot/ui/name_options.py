"""What members type to name something: autocompleted, and resolved again when it is sent.

Discord sends what was chosen, or its label, or any text at all (on a phone people send before they
choose): all three are resolved alike.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from discord import Interaction
from discord.app_commands import AppCommandError, Choice, Transformer

from bot.catalog.display_names import best_name
from bot.catalog.model import Person, Title
from bot.errors import UserError
from bot.services.catalog import Candidate, CatalogEntry, CatalogService, Character, NameSearch
from bot.ui.buttons import MenuOption
from bot.ui.interaction_context import context_of, services_of
from bot.ui.layout import join_dotted
from bot.ui.links import Card, card_link
from bot.ui.markdown import truncate
from bot.ui.render_context import RenderContext

_NEAREST = 5
_LABEL = 100
_SEPARATOR = " · "


class AmbiguousName(AppCommandError):
    """What was typed is not clear: it fits `several`, or else only comes near some."""

    def __init__(self, asked: str, options: Sequence[MenuOption], *, several: bool) -> None:
        super().__init__(f"{asked!r} is not clear")
        self.query = asked
        self.options = options
        self.several = several


class NameOption(Transformer):
    """A name typed by a member. `kinds` are the records it may lead to, `card` is what of a title
    is asked for, `names` are those to look among."""

    def __init__(
        self,
        kinds: tuple[type[CatalogEntry], ...],
        names: Callable[[CatalogService], NameSearch],
        card: Card = Card.SHOW,
    ) -> None:
        self._kinds = kinds
        self._names = names
        self._card = card

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """What fits the letters typed so far, each told apart from its namesakes."""
        catalog, context = services_of(interaction).catalog, context_of(interaction)
        listed = catalog.candidates(self._names(catalog).suggest(value))
        return [Choice(name=candidate_label(one, context), value=one.ref) for one in listed]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> CatalogEntry:
        """The record meant. Raises Unresolved where that is not clear."""
        catalog, context = services_of(interaction).catalog, context_of(interaction)
        if catalog.is_empty:
            _ = context.translations.gettext
            raise UserError(
                _("The catalog is still empty. Ask whoever runs this bot to add shows.")
            )
        entry = catalog.entry(value)
        if isinstance(entry, self._kinds):
            return entry
        return self._by_label(catalog, context, value) or self._by_text(catalog, context, value)

    def _by_label(
        self, catalog: CatalogService, context: RenderContext, text: str
    ) -> CatalogEntry | None:
        name, separator, _hint = text.partition(_SEPARATOR)
        if not separator:
            return None
        listed = catalog.candidates(self._names(catalog).suggest(name))
        return next((one.entry for one in listed if candidate_label(one, context) == text), None)

    def _by_text(self, catalog: CatalogService, context: RenderContext, text: str) -> CatalogEntry:
        answer = self._names(catalog).resolve(text)
        if len(answer.matches) == 1 and (found := catalog.entry(answer.matches[0])):
            return found
        listed = catalog.candidates(answer.matches or answer.similar[:_NEAREST])
        options = [menu_option(one, context, self._card) for one in listed]
        raise AmbiguousName(text, options, several=bool(answer.matches))


def title_option(card: Card) -> NameOption:
    """The option that names a title, for the command that shows this card of it."""
    return NameOption((Title,), attrgetter("title_names"), card)


def person_option() -> NameOption:
    """The option that names a person or a character."""
    return NameOption((Person, Character), attrgetter("person_names"))


def resolve_title(catalog: CatalogService, text: str) -> Title | None:
    """The title that a value, or a text that is clear, means; for what stands beside a title."""
    found = catalog.entry(text)
    if found is None and len(meant := catalog.title_names.resolve(text).matches) == 1:
        found = catalog.entry(meant[0])
    return found if isinstance(found, Title) else None


def menu_option(listed: Candidate, context: RenderContext, card: Card = Card.SHOW) -> MenuOption:
    """One record to choose, as a menu shows it."""
    return MenuOption(
        _name(listed.entry, context), _hint(listed, context), card_link(listed.entry, card)
    )


def candidate_label(listed: Candidate, context: RenderContext) -> str:
    """One record to choose, in one line: its name and what tells it apart."""
    return truncate(join_dotted(_name(listed.entry, context), _hint(listed, context)), _LABEL)


def _name(found: CatalogEntry, context: RenderContext) -> str:
    if isinstance(found, Character):
        names = [name for credit in found.credits for name in credit.names]
        return best_name(names, context.translations.language)
    return context.label(found)


def _hint(listed: Candidate, context: RenderContext) -> str:
    found = listed.entry
    if isinstance(found, Title):
        networks = next((network.name for network in found.networks if network.name), None)
        year = str(found.year) if found.year else None
        return join_dotted(
            year, networks, context.label(listed.lead_actor) if listed.lead_actor else None
        )
    if isinstance(found, Person):
        known = context.label(listed.best_known_title) if listed.best_known_title else None
        return join_dotted(*found.groups[:1], known)
    return join_dotted(context.label(found.title), context.label(found.person))
