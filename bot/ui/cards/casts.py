"""Cast and crew cards."""

from collections.abc import Mapping, Sequence

from discord.ui import LayoutView

from bot.catalog.display_names import best_name
from bot.catalog.model import CastCredit, Person, Title
from bot.ui.buttons import CardButton, unique_buttons
from bot.ui.cards.navigation import page_buttons, paginate, title_buttons
from bot.ui.layout import card, join_dotted, join_lines, subtext
from bot.ui.links import Card, CardLink, card_link
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import translate_term

_PAGE_SIZE = 10

# A line of the card and its person.
_Row = tuple[str, Person]


def cast_card(
    title: Title, people: Mapping[str, Person], link: CardLink, context: RenderContext
) -> LayoutView:
    """Return a page of the cast and crew card: cast in billing order, then crew by job.

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
        _header(title, _("Cast and crew"), page_link, pages, context),
        _body(page_rows) or _("No cast information yet."),
        buttons=unique_buttons(*_person_buttons(page_rows, context)),
        navigation=[
            *page_buttons(page_link, pages, context),
            *([reveal] if has_spoilers else []),
            *title_buttons(title, context, on=Card.CAST),
        ],
    )


def spoilers_card(
    title: Title, people: Mapping[str, Person], link: CardLink, context: RenderContext
) -> LayoutView:
    """Return a page of the hidden cameos card. Send it privately."""
    _ = context.translations.gettext
    rows = list(_cast_rows(title, people, context, spoilers=True))
    page_rows, page_link, pages = paginate(rows, link, _PAGE_SIZE)
    return card(
        _header(title, _("Hidden cameos"), page_link, pages, context),
        _body(page_rows) or _("No hidden cameos."),
        buttons=unique_buttons(*_person_buttons(page_rows, context)),
        navigation=page_buttons(page_link, pages, context),
    )


def character_line(credit: CastCredit, context: RenderContext) -> str:
    """Return the character and the role of a credit in one line."""
    _ = context.translations.gettext
    role = translate_term(context.translations, credit.role) if credit.role else None
    if not credit.names:
        return role or ""
    name = escape_inline(best_name(credit.names, context.translations.language), 80)
    line = _("as {character}").format(character=name)
    return f"{line} ({role})" if role else line


def _cast_rows(
    title: Title, people: Mapping[str, Person], context: RenderContext, *, spoilers: bool
) -> list[_Row]:
    credits = (credit for credit in title.billing() if credit.spoiler is spoilers)
    return [
        (f"**{context.name(person)}** {character_line(credit, context)}".rstrip(), person)
        for credit in credits
        if (person := people.get(credit.person))
    ]


def _crew_rows(title: Title, people: Mapping[str, Person], context: RenderContext) -> list[_Row]:
    jobs = list(dict.fromkeys(credit.job for credit in title.crew))
    by_job = sorted(title.crew, key=lambda credit: jobs.index(credit.job))
    return [
        (f"{translate_term(context.translations, credit.job)}: **{context.name(person)}**", person)
        for credit in by_job
        if (person := people.get(credit.person))
    ]


def _body(page_rows: Sequence[_Row]) -> str:
    return join_lines(*(line for line, _person in page_rows))


def _person_buttons(page_rows: Sequence[_Row], context: RenderContext) -> list[CardButton]:
    return [CardButton(context.label(person), card_link(person)) for _line, person in page_rows]


def _header(
    title: Title, heading: str, page_link: CardLink, pages: int, context: RenderContext
) -> str:
    number = f"{page_link.page}/{pages}" if pages > 1 else None
    return join_lines(f"## {context.name(title)}", subtext(join_dotted(heading, number)))
