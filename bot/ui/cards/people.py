"""Cards of a person and of a character."""

from collections.abc import Sequence

from discord.ui import LayoutView

from bot.catalog.model import Person
from bot.catalog.naming import all_names, best_name
from bot.catalog.records import Work
from bot.library import Character
from bot.ui.buttons import CardButton, unique_buttons
from bot.ui.cards.casts import character_line
from bot.ui.cards.navigation import page_buttons, page_of
from bot.ui.cards.sources import sources_line
from bot.ui.layout import bold, card, dotted, lines, small
from bot.ui.links import Link, link_to
from bot.ui.markdown import plain
from bot.ui.reader import Reader
from bot.ui.windows import describe
from bot.ui.words import word

_PAGE = 8


def person_card(person: Person, works: Sequence[Work], link: Link, reader: Reader) -> LayoutView:
    """Names in their scripts, group, occupations, works with role and year; a page of those."""
    _ = reader.texts.gettext
    page, here, pages = page_of([work for work in works if work.is_open], link, _PAGE)
    heading = dotted(_("Works"), f"{here.page}/{pages}" if pages > 1 else None)
    return card(
        lines(
            f"## {reader.name(person)}",
            reader.also_known(person),
            small(_who(person, reader)),
        ),
        lines(bold(heading), *(_work_line(work, reader) for work in page)) if page else None,
        small(sources_line(person, reader)),
        buttons=unique_buttons(
            *(CardButton(reader.label(work.title), link_to(work.title)) for work in page)
        ),
        navigation=page_buttons(here, pages, reader),
    )


def character_card(character: Character, reader: Reader) -> LayoutView:
    """Of which show the character is, and who plays them."""
    _ = reader.texts.gettext
    names = [name for credit in character.credits for name in credit.names]
    best = best_name(names, reader.texts.language)
    others = [plain(name, 60) for name in all_names(names) if name != best]
    credit = character.credits[0]
    played = _("Character in **{title}**, played by **{person}**").format(
        title=_titled(character, reader), person=reader.name(character.person)
    )
    return card(
        lines(f"## {plain(best, 80)}", dotted(*others[:5])),
        lines(played, small(word(reader.texts, credit.role)) if credit.role else None),
        buttons=[
            CardButton(reader.label(record), link_to(record))
            for record in (character.person, character.title)
        ],
    )


def _who(person: Person, reader: Reader) -> str:
    _ = reader.texts.gettext
    born = describe(reader.texts, person.born) if person.born else None
    return dotted(
        reader.listed(map(plain, person.groups)),
        reader.listed(word(reader.texts, occupation) for occupation in person.occupations),
        reader.listed(map(reader.country, person.origin_country)),
        _("born {day}").format(day=born) if born else None,
    )


def _work_line(work: Work, reader: Reader) -> str:
    did = [
        *(character_line(credit, reader) for credit in work.characters if not credit.spoiler),
        *(word(reader.texts, job) for job in work.jobs),
    ]
    year = f"{work.title.year} " if work.title.year else ""
    return dotted(f"{year}**{reader.name(work.title)}**", ", ".join(filter(None, did[:3])))


def _titled(character: Character, reader: Reader) -> str:
    title = character.title
    return f"{reader.name(title)} ({title.year})" if title.year else reader.name(title)
