"""The card of who plays whom, and who made it."""

from collections.abc import Mapping, Sequence

from discord.ui import LayoutView

from bot.catalog.model import CastCredit, Person, Title
from bot.catalog.naming import best_name
from bot.ui.buttons import CardButton, unique_buttons
from bot.ui.cards.navigation import page_buttons, page_of, title_buttons
from bot.ui.layout import card, dotted, lines, small
from bot.ui.links import Card, Link, link_to
from bot.ui.markdown import plain
from bot.ui.reader import Reader
from bot.ui.words import word

_PAGE = 10

# A line of the card, and whom it is about.
_Row = tuple[str, Person]


def cast_card(title: Title, people: Mapping[str, Person], link: Link, reader: Reader) -> LayoutView:
    """Actors with their characters in billing order, then crew by job; a page of them.

    Cameos marked as spoilers are behind a button that shows them to the asker alone.
    """
    _ = reader.texts.gettext
    rows = [
        *_cast_rows(title, people, reader, spoilers=False),
        *_crew_rows(title, people, reader),
    ]
    page, here, pages = page_of(rows, link, _PAGE)
    hidden = sum(credit.spoiler for credit in title.cast)
    reveal = CardButton(_("Hidden cameos (spoilers)"), Link(Card.SPOILERS, title.id))
    return card(
        _headed(title, _("Cast and crew"), here, pages, reader),
        _body(page) or _("No cast is known yet."),
        buttons=unique_buttons(*_person_buttons(page, reader)),
        navigation=[
            *page_buttons(here, pages, reader),
            *([reveal] if hidden else []),
            *title_buttons(title, reader, on=Card.CAST),
        ],
    )


def spoilers_card(
    title: Title, people: Mapping[str, Person], link: Link, reader: Reader
) -> LayoutView:
    """The cameos that the cast card keeps back. For the asker's eyes only."""
    _ = reader.texts.gettext
    rows = list(_cast_rows(title, people, reader, spoilers=True))
    page, here, pages = page_of(rows, link, _PAGE)
    return card(
        _headed(title, _("Hidden cameos"), here, pages, reader),
        _body(page) or _("There are none."),
        buttons=unique_buttons(*_person_buttons(page, reader)),
        navigation=page_buttons(here, pages, reader),
    )


def character_line(credit: CastCredit, reader: Reader) -> str:
    """What a credit says: whom somebody plays, in a role of what size."""
    _ = reader.texts.gettext
    role = word(reader.texts, credit.role) if credit.role else None
    if not credit.names:
        return role or ""
    name = plain(best_name(credit.names, reader.texts.language), 80)
    played = _("as {character}").format(character=name)
    return f"{played} ({role})" if role else played


def _cast_rows(
    title: Title, people: Mapping[str, Person], reader: Reader, *, spoilers: bool
) -> list[_Row]:
    credits = (credit for credit in title.billing() if credit.spoiler is spoilers)
    return [
        (f"**{reader.name(person)}** {character_line(credit, reader)}".rstrip(), person)
        for credit in credits
        if (person := people.get(credit.person))
    ]


def _crew_rows(title: Title, people: Mapping[str, Person], reader: Reader) -> list[_Row]:
    jobs = list(dict.fromkeys(credit.job for credit in title.crew))
    by_job = sorted(title.crew, key=lambda credit: jobs.index(credit.job))
    return [
        (f"{word(reader.texts, credit.job)}: **{reader.name(person)}**", person)
        for credit in by_job
        if (person := people.get(credit.person))
    ]


def _body(page: Sequence[_Row]) -> str:
    return lines(*(line for line, _person in page))


def _person_buttons(page: Sequence[_Row], reader: Reader) -> list[CardButton]:
    return [CardButton(reader.label(person), link_to(person)) for _line, person in page]


def _headed(title: Title, heading: str, here: Link, pages: int, reader: Reader) -> str:
    number = f"{here.page}/{pages}" if pages > 1 else None
    return lines(f"## {reader.name(title)}", small(dotted(heading, number)))
