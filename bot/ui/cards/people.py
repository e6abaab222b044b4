"""Cards of a person and of a character."""

from collections.abc import Sequence

from discord.ui import LayoutView

from bot.catalog.display_names import all_names, best_name
from bot.catalog.model import Person
from bot.catalog.snapshot import FilmographyEntry
from bot.services.catalog import Character
from bot.ui.buttons import CardButton, unique_buttons
from bot.ui.cards.casts import character_line
from bot.ui.cards.navigation import page_buttons, page_of
from bot.ui.cards.sources import sources_line
from bot.ui.date_format import format_window
from bot.ui.layout import bold, card, join_dotted, join_lines, subtext
from bot.ui.links import CardLink, card_link
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import translate_term

_PAGE = 8


def person_card(
    person: Person, works: Sequence[FilmographyEntry], link: CardLink, context: RenderContext
) -> LayoutView:
    """Names in their scripts, group, occupations, works with role and year; a page of those."""
    _ = context.translations.gettext
    page, here, pages = page_of([work for work in works if work.has_public_credit], link, _PAGE)
    heading = join_dotted(_("Filmography"), f"{here.page}/{pages}" if pages > 1 else None)
    return card(
        join_lines(
            f"## {context.name(person)}",
            context.other_names(person),
            subtext(_who(person, context)),
        ),
        join_lines(bold(heading), *(_work_line(work, context) for work in page)) if page else None,
        subtext(sources_line(person, context)),
        buttons=unique_buttons(
            *(CardButton(context.label(work.title), card_link(work.title)) for work in page)
        ),
        navigation=page_buttons(here, pages, context),
    )


def character_card(character: Character, context: RenderContext) -> LayoutView:
    """Of which show the character is, and who plays them."""
    _ = context.translations.gettext
    names = [name for credit in character.credits for name in credit.names]
    best = best_name(names, context.translations.language)
    others = [escape_inline(name, 60) for name in all_names(names) if name != best]
    credit = character.credits[0]
    played = _("Character in **{title}**, played by **{person}**").format(
        title=_titled(character, context), person=context.name(character.person)
    )
    return card(
        join_lines(f"## {escape_inline(best, 80)}", join_dotted(*others[:5])),
        join_lines(
            played,
            subtext(translate_term(context.translations, credit.role)) if credit.role else None,
        ),
        buttons=[
            CardButton(context.label(record), card_link(record))
            for record in (character.person, character.title)
        ],
    )


def _who(person: Person, context: RenderContext) -> str:
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


def _work_line(work: FilmographyEntry, context: RenderContext) -> str:
    did = [
        *(character_line(credit, context) for credit in work.characters if not credit.spoiler),
        *(translate_term(context.translations, job) for job in work.jobs),
    ]
    year = f"{work.title.year} " if work.title.year else ""
    return join_dotted(f"{year}**{context.name(work.title)}**", ", ".join(filter(None, did[:3])))


def _titled(character: Character, context: RenderContext) -> str:
    title = character.title
    return f"{context.name(title)} ({title.year})" if title.year else context.name(title)
