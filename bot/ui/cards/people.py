"""Cards of people and characters."""

from collections.abc import Sequence

from discord.ui import LayoutView

from bot.catalog.display_names import all_names, best_name
from bot.catalog.model import Person
from bot.catalog.snapshot import FilmographyEntry
from bot.catalog.window import Precision, ReleaseWindow
from bot.services.catalog import Character
from bot.ui.buttons import CardButton, CardMenu, MenuOption
from bot.ui.cards.casts import characters_text, jobs_text
from bot.ui.cards.headings import page_number, record_heading
from bot.ui.cards.navigation import page_buttons, paginate
from bot.ui.cards.sources import credit_line, sources_button, sources_line
from bot.ui.curation_buttons import SuggestButton
from bot.ui.date_format import format_window
from bot.ui.layout import card, join_dotted, join_lines, picture_url, subtext
from bot.ui.links import CardLink, card_link
from bot.ui.markdown import escape_inline, unescape
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import Vocabulary, translate_term

_PAGE_SIZE = 8
_OTHER_CHARACTER_NAMES = 3


def person_card(
    person: Person, filmography: Sequence[FilmographyEntry], link: CardLink, context: RenderContext
) -> LayoutView:
    """Return a person's card: names, groups, occupations and a page of the filmography."""
    _ = context.translations.gettext
    entries, page_link, pages = paginate(
        [entry for entry in filmography if entry.has_public_credit], link, _PAGE_SIZE
    )
    label = join_dotted(_("Filmography"), page_number(page_link.page, pages))
    lines = [_filmography_line(entry, context) for entry in entries]
    return card(
        record_heading(person, context, *_person_details(person, context)),
        join_lines(subtext(label), *lines) if lines else None,
        footer=sources_line(person, context),
        menu=_title_menu(entries, context),
        buttons=[
            *page_buttons(page_link, pages, context),
            *sources_button(person, context),
            SuggestButton.of(person, context),
        ],
        thumbnail=picture_url(person),
    )


def character_card(character: Character, context: RenderContext) -> LayoutView:
    """Return a character's card, with the show and the actor."""
    _ = context.translations.gettext
    names = [name for credit in character.credits for name in credit.names]
    best = best_name(names, context.translations.language)
    others = [escape_inline(name, 60) for name in all_names(names) if name != best]
    role = character.credits[0].role
    return card(
        join_lines(
            f"## {escape_inline(best, 80)}",
            join_dotted(*others[:_OTHER_CHARACTER_NAMES]),
            subtext(translate_term(context.translations, Vocabulary.ROLE, role)) if role else None,
        ),
        _("Character in **{title}**, played by **{person}**").format(
            title=_title_and_year(character, context), person=context.name(character.person)
        ),
        buttons=[
            *(
                CardButton(context.label(record), card_link(record))
                for record in (character.person, character.title)
            ),
            SuggestButton.of(character.title, context),
        ],
        footer=credit_line(character.title, context),
        thumbnail=picture_url(character.person),
    )


def _person_details(person: Person, context: RenderContext) -> Sequence[str]:
    _ = context.translations.gettext
    return [
        context.join_short(map(escape_inline, person.groups)),
        context.join_short(
            translate_term(context.translations, Vocabulary.OCCUPATION, occupation)
            for occupation in person.occupations
        ),
        context.join_short(map(context.country, person.origin_country)),
        _born(person.born, context) if person.born else "",
    ]


def _born(window: ReleaseWindow, context: RenderContext) -> str:
    _ = context.translations.gettext
    if window.precision is Precision.YEAR:
        return _("born in {year}").format(year=window.earliest.year)
    return _("born {day}").format(day=format_window(context.translations, window))


def _filmography_line(entry: FilmographyEntry, context: RenderContext) -> str:
    year = f" ({entry.title.year})" if entry.title.year else ""
    name = f"**{context.name(entry.title)}**{year}"
    return join_dotted(name, _credits_text(entry, context))


def _credits_text(entry: FilmographyEntry, context: RenderContext) -> str:
    characters = (credit for credit in entry.characters if not credit.spoiler)
    return join_dotted(characters_text(characters, context), jobs_text(entry.jobs, context))


def _title_menu(entries: Sequence[FilmographyEntry], context: RenderContext) -> CardMenu | None:
    _ = context.translations.gettext
    options = [
        MenuOption(
            context.label(entry.title),
            unescape(_credits_text(entry, context)),
            card_link(entry.title),
        )
        for entry in entries
    ]
    return CardMenu.of(options, _("Choose a show")) if options else None


def _title_and_year(character: Character, context: RenderContext) -> str:
    title = character.title
    return f"{context.name(title)} ({title.year})" if title.year else context.name(title)
