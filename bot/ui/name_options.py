"""Name options, with autocomplete and name resolution.

Discord sends the value of the chosen suggestion, its label, or free text: on mobile, users often
submit without choosing. All three are resolved.
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
from bot.ui.markdown import plain_text
from bot.ui.render_context import RenderContext

_SIMILAR_LIMIT = 5
_LABEL_LIMIT = 100
_SEPARATOR = " · "


class AmbiguousName(AppCommandError):
    """The text has several matches (`several` is True), or only similar names or none."""

    def __init__(self, query: str, options: Sequence[MenuOption], *, several: bool) -> None:
        super().__init__(f"{query!r} is not clear")
        self.query = query
        self.options = options
        self.several = several


class NameOption(Transformer):
    """A name in the catalog.

    `kinds` are the allowed types of entries. `names` returns the name search to use. `card` is the
    card to open for a title.
    """

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
        """Suggest entries for the typed text."""
        catalog, context = services_of(interaction).catalog, context_of(interaction)
        candidates = catalog.candidates(self._names(catalog).suggest(value))
        return [Choice(name=candidate_label(one, context), value=one.ref) for one in candidates]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> CatalogEntry:
        """Return the matching entry. Raises AmbiguousName, UserError."""
        catalog, context = services_of(interaction).catalog, context_of(interaction)
        if catalog.is_empty:
            _ = context.translations.gettext
            raise UserError(
                _("The catalog is still empty. Ask whoever runs this bot to add titles.")
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
        candidates = catalog.candidates(self._names(catalog).suggest(name))
        matches = (one.entry for one in candidates if candidate_label(one, context) == text)
        return next(matches, None)

    def _by_text(self, catalog: CatalogService, context: RenderContext, text: str) -> CatalogEntry:
        result = self._names(catalog).resolve(text)
        if len(result.matches) == 1 and (entry := catalog.entry(result.matches[0])):
            return entry
        candidates = catalog.candidates(result.matches or result.similar[:_SIMILAR_LIMIT])
        options = [menu_option(one, context, self._card) for one in candidates]
        raise AmbiguousName(text, options, several=bool(result.matches))


def title_option(card: Card) -> NameOption:
    """Return an option for a title. `card` is the card that the command shows."""
    return NameOption((Title,), attrgetter("title_names"), card)


def person_option() -> NameOption:
    """Return an option for a person or a character."""
    return NameOption((Person, Character), attrgetter("person_names"))


def resolve_title(catalog: CatalogService, text: str) -> Title | None:
    """Return the title for a ref, or for a name with exactly one match."""
    entry = catalog.entry(text)
    if entry is None and len(matches := catalog.title_names.resolve(text).matches) == 1:
        entry = catalog.entry(matches[0])
    return entry if isinstance(entry, Title) else None


def menu_option(candidate: Candidate, context: RenderContext, card: Card = Card.SHOW) -> MenuOption:
    """Return the menu option for a candidate."""
    entry = candidate.entry
    return MenuOption(_name(entry, context), _hint(candidate, context), card_link(entry, card))


def candidate_label(candidate: Candidate, context: RenderContext) -> str:
    """Return a candidate's name and its distinguishing details, in one line."""
    label = join_dotted(_name(candidate.entry, context), _hint(candidate, context))
    return plain_text(label, _LABEL_LIMIT) or "…"


def _name(entry: CatalogEntry, context: RenderContext) -> str:
    if isinstance(entry, Character):
        names = [name for credit in entry.credits for name in credit.names]
        return best_name(names, context.translations.language)
    return context.label(entry)


def _hint(candidate: Candidate, context: RenderContext) -> str:
    entry, lead_actor, title = candidate.entry, candidate.lead_actor, candidate.best_known_title
    if isinstance(entry, Title):
        network = next((network.name for network in entry.networks if network.name), None)
        year = str(entry.year) if entry.year else None
        return join_dotted(year, network, context.label(lead_actor) if lead_actor else None)
    if isinstance(entry, Person):
        return join_dotted(*entry.groups[:1], context.label(title) if title else None)
    return join_dotted(context.label(entry.title), context.label(entry.person))
