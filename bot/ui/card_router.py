"""Maps links and catalog entries to their cards."""

from dataclasses import replace
from datetime import datetime

from discord.ui import LayoutView

from bot.catalog.model import Person, Title
from bot.errors import UserError
from bot.i18n import Translations
from bot.services.catalog import CatalogEntry, CatalogService, Character
from bot.ui.cards.casts import cast_card, spoilers_card
from bot.ui.cards.people import character_card, person_card
from bot.ui.cards.releases import release_card
from bot.ui.cards.shows import show_card, story_card, synopsis_card
from bot.ui.cards.sources import sources_card
from bot.ui.links import Card, CardLink, card_link
from bot.ui.render_context import RenderContext

_CACHED_CARDS = 512

_CacheKey = tuple[CardLink, Translations, datetime]


class CardRouter:
    """Renders cards. Recent cards are cached, since many users request the same ones."""

    def __init__(self, catalog: CatalogService) -> None:
        self._catalog = catalog
        self._snapshot = catalog.snapshot
        self._cache: dict[_CacheKey, LayoutView] = {}

    def open_path(self, path: str, context: RenderContext) -> LayoutView:
        """Return the card for the path of a button or menu. `path` is untrusted.

        Raises UserError if there is no such entry in the catalog.
        """
        link = CardLink.parse(path)
        entry = self._catalog.entry(link.ref) if link else None
        if link is None or entry is None:
            _ = context.translations.gettext
            raise UserError(_("This is no longer in the catalog. Use a command to search again."))
        return self._cached(entry, link, context)

    def card(
        self, entry: CatalogEntry, context: RenderContext, kind: Card = Card.SHOW
    ) -> LayoutView:
        """Return the card of an entry. For a title, `kind` selects the card."""
        return self._cached(entry, card_link(entry, kind), context)

    def _cached(self, entry: CatalogEntry, link: CardLink, context: RenderContext) -> LayoutView:
        if self._snapshot is not self._catalog.snapshot or len(self._cache) >= _CACHED_CARDS:
            self._cache.clear()
            self._snapshot = self._catalog.snapshot
        # Cards depend on the time to the minute only.
        minute = context.now.replace(second=0, microsecond=0)
        key = (link, context.translations, minute)
        if key not in self._cache:
            self._cache[key] = self._render(entry, link, replace(context, now=minute))
        return self._cache[key]

    def _render(self, entry: CatalogEntry, link: CardLink, context: RenderContext) -> LayoutView:
        match entry:
            case Person() if link.card is Card.PERSON_SOURCES:
                return sources_card(entry, link, context)
            case Person():
                return person_card(entry, self._snapshot.filmography(entry.id), link, context)
            case Character():
                return character_card(entry, context)
            case Title():
                return self._title_card(entry, link, context)

    def _title_card(self, title: Title, link: CardLink, context: RenderContext) -> LayoutView:
        match link.card:
            case Card.CAST:
                return cast_card(title, self._snapshot.people_of(title), link, context)
            case Card.SPOILERS:
                return spoilers_card(title, self._snapshot.people_of(title), link, context)
            case Card.SYNOPSIS:
                return synopsis_card(title, context)
            case Card.STORY:
                return story_card(title, link, context)
            case Card.RELEASE:
                return release_card(title, context)
            case Card.SOURCES:
                return sources_card(title, link, context)
            case _:
                return show_card(title, self._snapshot.people_of(title), context)
