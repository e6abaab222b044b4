"""The card of who plays whom, and who made it."""

from collections.abc import Mapping, Sequence

from discord.ui import LayoutView

from bot.catalog.display_names import best_name
from bot.catalog.model import CastCredit, Person, Title
from bot.ui.buttons import CardButton, unique_buttons
from bot.ui.cards.navigation import page_buttons, page_of, title_buttons
from bot.ui.layout import card, join_dotted, join_lines, subtext
from bot.ui.links import Card, CardLink, card_link
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import translate_term

_PAGE = 10

# A line of the card, and whom it is about.
_Row = tuple[str, Person]


def cast_card(
    title: Title, people: Mapping[str, Person], link: CardLink, context: RenderContext
) -> LayoutView:
    """Actors with their characters in billing order, then crew by job; a page of them.

    Cameos marked as spoilers are behind a button that shows them to the asker alone.
    """
    _ = context.translations.gettext
    rows = [
        *_cast_rows(title, people, context, spoilers=False),
        *_crew_rows(title, people, context),
    ]
    page, here, pages = page_of(rows, link, _PAGE)
    hidden = sum(credit.spoiler for credit in title.cast)
    reveal = CardButton(_("Hidden cameos (spoilers)"), CardLink(Card.SPOILERS, title.id))
    return card(
        _headed(title, _("Cast and crew"), here, pages, context),
        _body(page) or _("No cast information yet."),
        buttons=unique_buttons(*_person_buttons(page, context)),
        navigation=[
            *page_buttons(here, pages, context),
            *([reveal] if hidden else []),
            *title_buttons(title, context, on=Card.CAST),
        ],
    )


def spoilers_card(
    title: Title, people: Mapping[str, Person], link: CardLink, context: RenderContext
) -> LayoutView:
    """The cameos that the cast card keeps back. For the asker's eyes only."""
    _ = context.translations.gettext
    rows = list(_cast_rows(title, people, context, spoilers=True))
    page, here, pages = page_of(rows, link, _PAGE)
    return card(
        _headed(title, _("Hidden cameos"), here, pages, context),
        _body(page) or _("No hidden cameos."),
        buttons=unique_buttons(*_person_buttons(page, context)),
        navigation=page_buttons(here, pages, context),
    )


def character_line(credit: CastCredit, context: RenderContext) -> str:
    """What a credit says: whom somebody plays, in a role of what size."""
    _ = context.translations.gettext
    role = translate_term(context.translations, credit.role) if credit.role else None
    if not credit.names:
        return role or ""
    name = escape_inline(best_name(credit.names, context.translations.language), 80)
    played = _("as {character}").format(character=name)
    return f"{played} ({role})" if role else played


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


def _body(page: Sequence[_Row]) -> str:
    return join_lines(*(line for line, _person in page))


def _person_buttons(page: Sequence[_Row], context: RenderContext) -> list[CardButton]:
    return [CardButton(context.label(person), card_link(person)) for _line, person in page]


def _headed(title: Title, heading: str, here: CardLink, pages: int, context: RenderContext) -> str:
    number = f"{here.page}/{pages}" if pages > 1 else None
    return join_lines(f"## {context.name(title)}", subtext(join_dotted(heading, number)))
