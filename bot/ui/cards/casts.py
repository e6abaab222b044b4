"""Cast and crew cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from discord.ui import LayoutView

from bot.catalog.display_names import best_name
from bot.catalog.model import CastCredit, CastRole, CrewCredit, Person, Title
from bot.ui.buttons import CardButton, CardMenu, MenuOption
from bot.ui.cards.headings import page_number, record_heading
from bot.ui.cards.navigation import page_buttons, paginate, title_buttons
from bot.ui.cards.sources import credit_line
from bot.ui.curation_buttons import SuggestButton
from bot.ui.layout import bold, card, join_dotted, join_lines, picture_url, subtext
from bot.ui.links import Card, CardLink, card_link
from bot.ui.markdown import escape_inline, unescape
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import Vocabulary, translate_term

_PAGE_SIZE = 10
_CREDITS_PER_LINE = 3
_ROLE_ORDER = (*CastRole, None)

Credit = TypeVar("Credit", CastCredit, CrewCredit)


@dataclass(frozen=True, slots=True)
class _Row:
    """A person in a group of the cast or crew: their line, and their characters or jobs."""

    group: str
    person: Person
    line: str
    description: str


def cast_card(
    title: Title, people: Mapping[str, Person], link: CardLink, context: RenderContext
) -> LayoutView:
    """Return a page of the cast and crew card: cast in billing order, then crew.

    Spoiler cameos are on a separate card, which a button opens privately.
    """
    _ = context.translations.gettext
    rows = [
        *_cast_rows(title, people, context, spoilers=False),
        *_crew_rows(title, people, context),
    ]
    page_rows, page_link, pages = paginate(rows, link, _PAGE_SIZE)
    has_spoilers = any(credit.spoiler for credit in title.cast)
    reveal = CardButton(_("Hidden cameos (spoilers)"), CardLink(Card.SPOILERS, title.id))
    return card(
        record_heading(title, context, _("Cast and crew"), page_number(page_link.page, pages)),
        *(_sections(page_rows) or [_("No cast information yet.")]),
        menu=_person_menu(page_rows, context),
        buttons=[*page_buttons(page_link, pages, context), *([reveal] if has_spoilers else [])],
        footer=credit_line(title, context),
        navigation=[
            *title_buttons(title, context, on=Card.CAST),
            SuggestButton.of(title, context),
        ],
        thumbnail=picture_url(title),
    )


def spoilers_card(
    title: Title, people: Mapping[str, Person], link: CardLink, context: RenderContext
) -> LayoutView:
    """Return a page of the hidden cameos card. Send it privately."""
    _ = context.translations.gettext
    rows = _cast_rows(title, people, context, spoilers=True)
    page_rows, page_link, pages = paginate(rows, link, _PAGE_SIZE)
    return card(
        record_heading(title, context, _("Hidden cameos"), page_number(page_link.page, pages)),
        *(_sections(page_rows) or [_("No hidden cameos.")]),
        footer=credit_line(title, context),
        menu=_person_menu(page_rows, context),
        buttons=[*page_buttons(page_link, pages, context), SuggestButton.of(title, context)],
    )


def characters_text(credits: Iterable[CastCredit], context: RenderContext) -> str:
    """Return `as` and the characters of a person's credits, or nothing if none is known."""
    language = context.translations.language
    names = (best_name(credit.names, language) for credit in credits if credit.names)
    shown = dict.fromkeys(escape_inline(name, 80) for name in names)
    if not shown:
        return ""
    characters = context.join_short(shown, limit=_CREDITS_PER_LINE)
    return context.translations.gettext("as {character}").format(character=characters)


def jobs_text(jobs: Iterable[str], context: RenderContext) -> str:
    """Return the translated jobs of a person in one line."""
    names = dict.fromkeys(translate_term(context.translations, Vocabulary.JOB, job) for job in jobs)
    return context.join_short(names, limit=_CREDITS_PER_LINE)


def _cast_rows(
    title: Title, people: Mapping[str, Person], context: RenderContext, *, spoilers: bool
) -> list[_Row]:
    """Return a row for each person, in billing order within the group of their first role."""
    credits = [
        credit
        for credit in title.billing()
        if credit.spoiler is spoilers and credit.person in people
    ]
    by_person = _group_by_person(credits)
    rows = [
        (own[0].role, people[person_id], characters_text(own, context))
        for person_id, own in by_person.items()
    ]
    rows.sort(key=lambda row: _ROLE_ORDER.index(row[0]))
    return [
        _Row(_group_label(role, context), person, f"{_name(person, context)} {text}".rstrip(), text)
        for role, person, text in rows
    ]


def _crew_rows(title: Title, people: Mapping[str, Person], context: RenderContext) -> list[_Row]:
    """Return a row for each person of the crew, with all their jobs."""
    group = context.translations.gettext("Crew")
    by_person = _group_by_person(credit for credit in title.crew if credit.person in people)
    rows: list[_Row] = []
    for person_id, credits in by_person.items():
        person, text = people[person_id], jobs_text((credit.job for credit in credits), context)
        rows.append(_Row(group, person, join_dotted(_name(person, context), text), text))
    return rows


def _name(person: Person, context: RenderContext) -> str:
    return bold(context.name(person))


def _group_by_person(credits: Iterable[Credit]) -> dict[str, list[Credit]]:
    grouped: dict[str, list[Credit]] = {}
    for credit in credits:
        grouped.setdefault(credit.person, []).append(credit)
    return grouped


def _group_label(role: CastRole | None, context: RenderContext) -> str:
    _ = context.translations.gettext
    return {
        CastRole.MAIN: _("Main cast"),
        CastRole.SUPPORT: _("Supporting cast"),
        CastRole.GUEST: _("Guest appearances"),
        None: _("Cast"),
    }[role]


def _sections(rows: Sequence[_Row]) -> list[str]:
    """Return a section for each group: its label, and a line for each person."""
    return [
        join_lines(subtext(group), *(row.line for row in members))
        for group, members in groupby(rows, key=lambda row: row.group)
    ]


def _person_menu(rows: Sequence[_Row], context: RenderContext) -> CardMenu | None:
    _ = context.translations.gettext
    options = {
        row.person.id: MenuOption(
            context.label(row.person), unescape(row.description), card_link(row.person)
        )
        for row in reversed(rows)
    }
    return CardMenu.of(list(options.values())[::-1], _("Choose a person")) if options else None
