"""Options of the commands for curators and of /suggest, with autocomplete and validation."""

from functools import partial
from typing import Any

from discord import Interaction
from discord.app_commands import Choice, Transformer, check

from bot.catalog.model import Person, Title
from bot.errors import UserError
from bot.services.catalog import Character
from bot.ui.curation_edits import person_name
from bot.ui.curation_history import CHOICE_VALUE_LIMIT
from bot.ui.curation_values import path_label
from bot.ui.interaction_context import context_of, services_of
from bot.ui.links import Card
from bot.ui.markdown import plain_text
from bot.ui.name_options import (
    AmbiguousName,
    candidate_label,
    menu_option,
    person_option,
    title_option,
)
from bot.ui.permissions import require_curator

_CHOICE_LIMIT = 25
_MENU_OPTIONS = 25


class RecordOption(Transformer):
    """A title or a person, by name. A character counts as the person who plays it."""

    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """Suggest titles and people for the typed text, by turns."""
        catalog, context = services_of(interaction).catalog, context_of(interaction)
        titles = catalog.title_names.suggest(value)
        people = [
            ref for ref in catalog.person_names.suggest(value) if not ref.startswith("character:")
        ]
        mixed = [ref for pair in zip(titles, people, strict=False) for ref in pair]
        refs = list(dict.fromkeys([*mixed, *titles, *people]))[:_CHOICE_LIMIT]
        return [
            Choice(name=candidate_label(one, context), value=one.ref)
            for one in catalog.candidates(refs)
        ]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> Title | Person:
        """Return the matching title or person. Raises AmbiguousName, UserError."""
        found: list[Title | Person] = []
        unclear: list[AmbiguousName] = []
        for option in (title_option(Card.SHOW), person_option()):
            try:
                entry = await option.transform(interaction, value)
                found.append(entry.person if isinstance(entry, Character) else entry)
            except AmbiguousName as error:
                unclear.append(error)
        matching = [error for error in unclear if error.several]
        if len(found) == 1 and not matching:
            return found[0]
        options = [menu for error in matching or unclear for menu in error.options]
        if found:
            refs = (f"{one.entity}:{one.id}" for one in found)
            candidates = services_of(interaction).catalog.candidates(refs)
            context = context_of(interaction)
            options = [menu_option(one, context) for one in candidates] + options
        several = bool(found or matching)
        raise AmbiguousName(value, options[:_MENU_OPTIONS], several=several)


class LockedPathOption(Transformer):
    """A field of the record in the `name` option that curators have set."""

    @check(require_curator)
    async def autocomplete(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, interaction: Interaction[Any], value: str, /
    ) -> list[Choice[str]]:
        """Suggest the locked fields of the record whose names match."""
        try:
            record = await RecordOption().transform(
                interaction, str(interaction.namespace.name or "")
            )
        except (AmbiguousName, UserError):
            return []
        context = context_of(interaction)
        paths = await services_of(interaction).curation.locked_paths(record)
        labels = {
            path: path_label(path, context, partial(person_name, interaction)) for path in paths
        }
        return [
            Choice(name=plain_text(label, 100) or "…", value=path[:CHOICE_VALUE_LIMIT])
            for path, label in labels.items()
            if path and value.casefold() in label.casefold()
        ][:_CHOICE_LIMIT]

    async def transform(self, interaction: Interaction[Any], value: str, /) -> str:
        """Return the text unchanged. It is validated later, together with the record."""
        return value
