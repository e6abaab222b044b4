"""Cards of people and characters."""

from collections.abc import Sequence

from discord.ui import LayoutView

from bot.catalog.display_names import all_names, best_name
from bot.catalog.model import Person
from bot.catalog.snapshot import FilmographyEntry
from bot.services.catalog import Character
from bot.ui.buttons import CardButton, unique_buttons
from bot.ui.cards.casts import character_line
from bot.ui.cards.navigation import page_buttons, paginate
from bot.ui.cards.sources import sources_line
from bot.ui.date_format import format_window
from bot.ui.layout import bold, card, join_dotted, join_lines, subtext
from bot.ui.links import CardLink, card_link
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import translate_term

_PAGE_SIZE = 8


def person_card(
    person: Person, filmography: Sequence[FilmographyEntry], link: CardLink, context: RenderContext
) -> LayoutView:
    """Return a person's card: names, groups, occupations and a page of the filmography."""
    _ = context.translations.gettext
    page_entries, page_link, pages = paginate(
        [entry for entry in filmography if entry.has_public_credit], link, _PAGE_SIZE
    )
    heading = join_dotted(_("Filmography"), f"{page_link.page}/{pages}" if pages > 1 else None)
    return card(
        join_lines(
            f"## {context.name(person)}",
            context.other_names(person),
            subtext(_person_details(person, context)),
        ),
        join_lines(bold(heading), *(_filmography_line(entry, context) for entry in page_entries))
        if page_entries
        else None,
        subtext(sources_line(person, context)),
        buttons=unique_buttons(
            *(
                CardButton(context.label(entry.title), card_link(entry.title))
                for entry in page_entries
            )
        ),
        navigation=page_buttons(page_link, pages, context),
    )


def character_card(character: Character, context: RenderContext) -> LayoutView:
    """Return a character's card, with the show and the actor."""
    _ = context.translations.gettext
    names = [name for credit in character.credits for name in credit.names]
    best = best_name(names, context.translations.language)
    others = [escape_inline(name, 60) for name in all_names(names) if name != best]
    credit = character.credits[0]
    description = _("Character in **{title}**, played by **{person}**").format(
        title=_title_and_year(character, context), person=context.name(character.person)
    )
    return card(
        join_lines(f"## {escape_inline(best, 80)}", join_dotted(*others[:5])),
        join_lines(
            description,
            subtext(translate_term(context.translations, credit.role)) if credit.role else None,
        ),
        buttons=[
            CardButton(context.label(record), card_link(record))
            for record in (character.person, character.title)
        ],
    )


def _person_details(person: Person, context: RenderContext) -> str:
    _ = context.translations.gettext
    born = format_window(context.translations, person.born) if person.born else None
    return join_dotted(
        context.join_short(map(escape_inline, person.groups)),
        context.join_short(
            translate_term(context.translations, occupation) for occupation in person.occupations
        ),
        context.join_short(map(context.country, person.origin_country)),
        _("born {day}").format(day=born) if born else None,
    )


def _filmography_line(entry: FilmographyEntry, context: RenderContext) -> str:
    credits = [
        *(character_line(credit, context) for credit in entry.characters if not credit.spoiler),
        *(translate_term(context.translations, job) for job in entry.jobs),
    ]
    year = f"{entry.title.year} " if entry.title.year else ""
    return join_dotted(
        f"{year}**{context.name(entry.title)}**", ", ".join(filter(None, credits[:3]))
    )


def _title_and_year(character: Character, context: RenderContext) -> str:
    title = character.title
    return f"{context.name(title)} ({title.year})" if title.year else context.name(title)
