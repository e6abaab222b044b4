"""The /catalog commands, for curators."""

from collections.abc import Sequence
from typing import Any

from discord import Interaction, User
from discord.app_commands import Choice, Group, Transform, choices, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.catalog.model import Person, Title
from bot.client.bot import Bonbang
from bot.errors import UserError
from bot.services.catalog import Character
from bot.ui import curation_doubts, curation_history, suggestion_actions
from bot.ui.channels import GuildChannelOrThread
from bot.ui.countdown_options import ChannelOption, EventOption
from bot.ui.curation_edits import open_form
from bot.ui.curation_forms import KINDS
from bot.ui.curation_options import LockedPathOption, RecordOption
from bot.ui.curation_targets import EditPart, EditTarget, release_code
from bot.ui.curation_titles import PERSON
from bot.ui.interaction_context import context_of
from bot.ui.language_option import LanguageOption
from bot.ui.links import Card
from bot.ui.name_options import person_option, title_option
from bot.ui.permissions import require_curator

_TITLE_PARTS = [
    Choice(name=locale_str("Names"), value="names"),
    Choice(name=locale_str("Date"), value="dates"),
    Choice(name=locale_str("Cast entry"), value="cast"),
    Choice(name=locale_str("Premise"), value="premise"),
    Choice(name=locale_str("Details"), value="details"),
]
_PERSON_PARTS = [
    Choice(name=locale_str("Names"), value="person_names"),
    Choice(name=locale_str("Details"), value="person_details"),
]
_KINDS = [
    Choice(name=locale_str("Series"), value="series"),
    Choice(name=locale_str("Film"), value="film"),
    Choice(name=locale_str("Special"), value="special"),
    Choice(name=locale_str("Person"), value=PERSON),
]
_NAME = locale_str("name")
_NAME_DESCRIPTION = locale_str("Title or person, or part of the name, in any script")


class CatalogCog(Cog):
    """The /catalog commands, for curators."""

    catalog = Group(
        name=locale_str("catalog"), description=locale_str("Edit the catalog, for curators")
    )
    edit = Group(
        name=locale_str("edit"),
        description=locale_str("Edit a title or a person"),
        parent=catalog,
    )

    async def interaction_check(self, interaction: Interaction[Any], /) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Check that the user is a curator."""
        return require_curator(interaction)

    @edit.command(name=locale_str("title"), description=locale_str("Edit a title"))
    @rename(
        title=locale_str("title"),
        part=locale_str("part"),
        event=locale_str("event"),
        person=locale_str("person"),
        language=locale_str("language"),
    )
    @describe(
        title=locale_str("Title or part of it, in any script"),
        part=locale_str("What to edit"),
        event=locale_str("Which date (default: a new one)"),
        person=locale_str("Whose cast entry"),
        language=locale_str("Language of the premise (default: yours)"),
    )
    @choices(part=_TITLE_PARTS)
    async def edit_title(
        self,
        interaction: Interaction[Any],
        title: Transform[Title, title_option(Card.SHOW)],
        part: str,
        event: Transform[str, EventOption] | None = None,
        person: Transform[Person | Character, person_option()] | None = None,
        language: Transform[str, LanguageOption] | None = None,
    ) -> None:
        """Open the modal of a group of a title's fields."""
        group = _part(interaction, part, _TITLE_PARTS)
        key = _key(interaction, title, group, event, person, language)
        target = EditTarget(group, title.id, key)
        await open_form(interaction, f"edit:{target}")

    @edit.command(name=locale_str("person"), description=locale_str("Edit a person"))
    @rename(person=locale_str("person"), part=locale_str("part"))
    @describe(
        person=locale_str("Name or part of it, in any script"), part=locale_str("What to edit")
    )
    @choices(part=_PERSON_PARTS)
    async def edit_person(
        self,
        interaction: Interaction[Any],
        person: Transform[Person | Character, person_option()],
        part: str,
    ) -> None:
        """Open the modal of a group of a person's fields."""
        group = _part(interaction, part, _PERSON_PARTS)
        target = EditTarget(group, _person(person).id)
        await open_form(interaction, f"edit:{target}")

    @catalog.command(name=locale_str("add"), description=locale_str("Add a title or a person"))
    @rename(kind=locale_str("kind"))
    @describe(kind=locale_str("What to add (default: a series)"))
    @choices(kind=_KINDS)
    async def add(self, interaction: Interaction[Any], kind: str = "series") -> None:
        """Open the modal of a new title or person."""
        await open_form(interaction, f"add:{kind if kind in (*KINDS, PERSON) else KINDS[0]}")

    @catalog.command(
        name=locale_str("history"), description=locale_str("See and undo what curators changed")
    )
    @rename(name=_NAME)
    @describe(name=_NAME_DESCRIPTION)
    async def history(
        self, interaction: Interaction[Any], name: Transform[Title | Person, RecordOption]
    ) -> None:
        """Show what was changed in a record, with a menu to undo changes."""
        await curation_history.show_history(interaction, name)

    @catalog.command(
        name=locale_str("unlock"), description=locale_str("Let sources change a field again")
    )
    @rename(name=_NAME, field=locale_str("field"), reason=locale_str("reason"))
    @describe(
        name=_NAME_DESCRIPTION,
        field=locale_str("A field that curators have set"),
        reason=locale_str("Why. Shown to curators in the history"),
    )
    async def unlock(
        self,
        interaction: Interaction[Any],
        name: Transform[Title | Person, RecordOption],
        field: Transform[str, LockedPathOption],
        reason: str | None = None,
    ) -> None:
        """Let sources decide a field of a record again."""
        await curation_history.unlock(interaction, name, field, reason)

    @catalog.command(
        name=locale_str("doubts"),
        description=locale_str("Decide which records are of the same title or person"),
    )
    async def doubts(self, interaction: Interaction[Any]) -> None:
        """Show the first pair of records that may be the same."""
        await curation_doubts.show_doubt(interaction)

    @catalog.command(
        name=locale_str("suggestions"),
        description=locale_str("Decide what members suggest, and choose where it is posted"),
    )
    @rename(channel=locale_str("channel"), no_channel=locale_str("no_channel"))
    @describe(
        channel=locale_str("Channel to post suggestions in"),
        no_channel=locale_str("Stop posting suggestions"),
    )
    async def suggestions(
        self,
        interaction: Interaction[Any],
        channel: Transform[GuildChannelOrThread, ChannelOption] | None = None,
        no_channel: bool = False,
    ) -> None:
        """Show the first suggestion that is not decided, or set where suggestions are posted."""
        if channel is not None or no_channel:
            await suggestion_actions.set_channel(interaction, channel)
        else:
            await suggestion_actions.show_suggestion(interaction)

    @catalog.command(
        name=locale_str("unblock"),
        description=locale_str("Let a blocked member suggest changes again"),
    )
    @rename(member=locale_str("member"))
    @describe(member=locale_str("The member"))
    async def unblock(self, interaction: Interaction[Any], member: User) -> None:
        """Accept suggestions of a member again."""
        await suggestion_actions.unblock(interaction, member.id)


def _part(interaction: Interaction[Any], value: str, offered: Sequence[Choice[str]]) -> EditPart:
    """Return the chosen part. Raises UserError if it is none of those that are offered."""
    if value not in [choice.value for choice in offered]:
        raise UserError(context_of(interaction).translations.gettext("Pick one from the list."))
    return EditPart(value)


def _key(
    interaction: Interaction[Any],
    title: Title,
    part: EditPart,
    event: str | None,
    person: Person | Character | None,
    language: str | None,
) -> str:
    """Return the key of an edit target: a release, a person or a language. Raises UserError."""
    _ = context_of(interaction).translations.gettext
    if part is EditPart.DATES and event:
        current = [release for release, _earlier in title.release_history()]
        release = next((one for one in current if one.choice_value == event), None)
        if release is None:
            raise UserError(_("I couldn't find that release. Pick one from the suggestions."))
        return release_code(release)
    if part is EditPart.CAST:
        if person is None:
            message = _("Choose whose cast entry to edit, with the option {option}.")
            raise UserError(message.format(option=_("person")))
        return _person(person).id
    if part is EditPart.PREMISE:
        locale = language or interaction.locale.value
        return locale if locale in title.premise else locale.split("-")[0]
    return ""


def _person(entry: Person | Character) -> Person:
    return entry.person if isinstance(entry, Character) else entry


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(CatalogCog())
