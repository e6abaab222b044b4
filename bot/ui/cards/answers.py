"""Cards that are not about a record: a choice to make, nothing found, something wrong, the bot."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal
from discord.ui import Button, LayoutView

from bot.catalog.records import CatalogSize
from bot.ui.buttons import CardButton, CardMenu, MenuOption
from bot.ui.layout import bold, card, lines, small
from bot.ui.markdown import clip, plain
from bot.ui.reader import Reader
from bot.ui.windows import day


@dataclass(frozen=True, slots=True)
class Project:
    """The bot as its packaging describes it."""

    version: str
    address: str


def menu_card(asked: str, options: Sequence[MenuOption], reader: Reader) -> LayoutView:
    """Several fit: let the asker say whom they mean."""
    _ = reader.texts.gettext
    text = _("**{asked}** fits several. Whom or what do you mean?").format(asked=plain(asked))
    return card(text, menu=CardMenu(options, _("Choose one")))


def nearest_card(asked: str, options: Sequence[MenuOption], reader: Reader) -> LayoutView:
    """Nothing fits: offer what comes nearest."""
    _ = reader.texts.gettext
    text = _("Nothing by the name of **{asked}** is known here.").format(asked=plain(asked))
    if not options:
        return card(lines(text, _("Try another spelling, in any script.")))
    buttons = [CardButton(option.label, option.link) for option in options]
    return card(lines(text, _("Did you mean one of these?")), buttons=buttons)


def problem_card(message: str, reader: Reader, error_id: str | None = None) -> LayoutView:
    """Something could not be done; `message` says what to do. The id is in the log as well."""
    if error_id is None:
        return card(message)
    number = reader.texts.gettext("Error {id}").format(id=error_id)
    return card(message, small(number))


def about_card(size: CatalogSize, project: Project, reader: Reader) -> LayoutView:
    """Version, catalog, sources and licences, what is stored about members, the project's home."""
    _ = reader.texts.gettext
    return card(
        lines(
            "## Bonbang (본방)",
            small(_("version {version}").format(version=project.version)),
        ),
        _("Ask me about K-dramas: who is in them, what they are about, when they are released."),
        _size(size, reader),
        lines(
            bold(_("Sources and licences")),
            _(
                "Each card names who says so. The records that come with Bonbang state facts in "
                "its own words and are, like its code, under the MIT licence."
            ),
        ),
        lines(
            bold(_("What is stored about you")),
            _(
                "Of members: nothing. What you ask is answered and forgotten. Of servers: their "
                "settings and countdowns, and for 90 days what was announced. All of it is erased "
                "30 days after I am removed."
            ),
        ),
        buttons=[Button(label=clip(_("About the project"), 80), url=project.address)],
    )


def _size(size: CatalogSize, reader: Reader) -> str:
    _, texts = reader.texts.gettext, reader.texts
    titles = texts.ngettext("{count} show", "{count} shows", size.titles)
    people = texts.ngettext("{count} person", "{count} people", size.people)
    counts = [
        message.format(count=format_decimal(count, locale=texts.babel))
        for message, count in ((titles, size.titles), (people, size.people))
    ]
    if size.changed is None:
        return lines(bold(_("Catalog")), _("It is empty."))
    read = _("last changed {day}").format(day=day(texts, size.changed.date()))
    return lines(bold(_("Catalog")), ", ".join([*counts, read]))
