"""Cards that show what the bot can do: help, and the welcome to a server."""

from collections.abc import Sequence

from discord.ui import LayoutView

from bot.i18n import gettext_noop
from bot.services.catalog import CatalogExamples
from bot.ui.buttons import CardButton
from bot.ui.layout import bold, card, join_dotted, join_lines, subtext
from bot.ui.links import Card, CardLink
from bot.ui.render_context import RenderContext

# With the descriptions that the commands have in Discord.
LOOKUP_COMMANDS = {
    "whois": gettext_noop("Look up an actor, crew member, or character"),
    "show": gettext_noop("Look up a show or film: what it is, and where and when it airs"),
    "cast": gettext_noop("See the cast and crew of a show or film"),
    "synopsis": gettext_noop("See what a show or film is about, without spoilers"),
    "release": gettext_noop("See when a show or film comes out, exactly as announced"),
    "suggest": gettext_noop("Suggest a correction to the catalog"),
    "about": gettext_noop("About this bot: sources and privacy"),
}
MODERATOR_COMMANDS = {
    "countdown add": gettext_noop("Start a countdown in a channel"),
    "countdown list": gettext_noop("List this server's countdowns"),
    "settings": gettext_noop("View or change this server's language, time zone, and posting time"),
}
CURATOR_COMMANDS = (
    "catalog edit title",
    "catalog edit person",
    "catalog add",
    "catalog history",
    "catalog unlock",
    "catalog doubts",
    "catalog suggestions",
    "catalog unblock",
)
MORE_MODERATOR_COMMANDS = (
    "countdown preview",
    "countdown edit",
    "countdown pause",
    "countdown resume",
    "countdown remove",
)


def help_card(
    examples: CatalogExamples,
    context: RenderContext,
    *,
    for_moderator: bool,
    for_curator: bool = False,
) -> LayoutView:
    """Return what the bot can do, with examples as buttons."""
    _ = context.translations.gettext
    buttons = example_buttons(examples, context)
    return card(
        join_lines("## Bonbang (본방)", _introduction(context)),
        join_lines(
            *_command_lines(LOOKUP_COMMANDS, context),
            subtext(_("A part of a name is enough, in any script, and typos are fine.")),
        ),
        _moderator_section(context) if for_moderator else None,
        _curator_section(context) if for_curator else None,
        footer=_("Examples to try") if buttons else None,
        buttons=buttons,
    )


def welcome_card(examples: CatalogExamples, context: RenderContext) -> LayoutView:
    """Return the welcome to a server: what its moderators do next, and examples for members."""
    _ = context.translations.gettext
    steps = (
        _("1. Set your time zone with {command}."),
        _("2. Start a countdown in a channel with {command}."),
        _("3. See what it will post with {command}."),
    )
    commands = ("settings", "countdown add", "countdown preview")
    return card(
        join_lines("## Bonbang (본방)", _introduction(context)),
        join_lines(
            bold(_("For moderators")),
            *(
                step.format(command=context.command(command))
                for step, command in zip(steps, commands, strict=True)
            ),
        ),
        join_lines(
            bold(_("For everyone")),
            _(
                "{whois} and {show} look up people and shows. {help} shows what else I can do."
            ).format(
                whois=context.command("whois"),
                show=context.command("show"),
                help=context.command("help"),
            ),
        ),
        buttons=example_buttons(examples, context),
    )


def welcome_back_card(paused: int, context: RenderContext) -> LayoutView:
    """Return the welcome to a server that the bot was in before. `paused` is the number of its
    countdowns that were paused when the bot was removed."""
    message = context.translations.ngettext(
        "I'm back. This server's {count} countdown was kept and is paused. "
        "Continue it with {command}.",
        "I'm back. This server's {count} countdowns were kept and are paused. "
        "Continue each with {command}.",
        paused,
    )
    return card(message.format(count=paused, command=context.command("countdown resume")))


def example_buttons(examples: CatalogExamples, context: RenderContext) -> Sequence[CardButton]:
    """Return buttons that are labelled with a command and open its card."""
    title, person = examples.title, examples.person
    links = (("show", title, Card.SHOW), ("whois", person, Card.PERSON), ("cast", title, Card.CAST))
    return [
        CardButton(
            f"{context.command_label(command)} {context.label(record)}", CardLink(kind, record.id)
        )
        for command, record, kind in links
        if record
    ]


def _introduction(context: RenderContext) -> str:
    _ = context.translations.gettext
    return _("Ask me about K-dramas: who's in them, what they're about, and when they come out.")


def _moderator_section(context: RenderContext) -> str:
    _ = context.translations.gettext
    return join_lines(
        bold(_("For moderators")),
        *_command_lines(MODERATOR_COMMANDS, context),
        subtext(join_dotted(*map(context.command, MORE_MODERATOR_COMMANDS))),
    )


def _curator_section(context: RenderContext) -> str:
    _ = context.translations.gettext
    commands = join_dotted(*map(context.command, CURATOR_COMMANDS))
    return join_lines(bold(_("For curators")), subtext(commands))


def _command_lines(descriptions: dict[str, str], context: RenderContext) -> Sequence[str]:
    _ = context.translations.gettext
    return [
        join_dotted(context.command(name), _(description))
        for name, description in descriptions.items()
    ]
