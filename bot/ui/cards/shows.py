"""Cards of a title: what it is, its premise, its full story."""

from collections.abc import Mapping

from discord.ui import Button, LayoutView

from bot.catalog.model import Person, Title
from bot.ui.buttons import CardButton
from bot.ui.cards.navigation import page_buttons, page_of, title_buttons
from bot.ui.cards.releases import release_line
from bot.ui.cards.sources import sources_line
from bot.ui.layout import card, dotted, fact, lines, small
from bot.ui.links import Card, Link
from bot.ui.markdown import clip, paragraphs, plain
from bot.ui.reader import Reader
from bot.ui.words import word

_PREMISE = 1200
_STORY_PAGE = 3000


def show_card(title: Title, people: Mapping[str, Person], reader: Reader) -> LayoutView:
    """Names in their scripts, what it is, where and when, premise, status; links to the rest."""
    _ = reader.texts.gettext
    return card(
        lines(
            f"## {reader.name(title)}",
            reader.also_known(title),
            small(_what(title, reader)),
        ),
        _premise(title, reader),
        lines(
            fact(_("Starring"), _leads(title, people, reader)),
            *(release_line(release, reader) for release, _before in title.release_stories()[:4]),
            fact(_("Status"), word(reader.texts, title.status) if title.status else ""),
            fact(_("Set in"), reader.listed(map(plain, title.settings))),
            fact(_("Filmed in"), reader.listed(map(reader.country, title.filmed_in))),
        ),
        small(sources_line(title, reader)),
        buttons=title_buttons(title, reader, on=Card.SHOW),
        navigation=_outward(title),
        poster=str(title.poster) if title.poster else None,
    )


def synopsis_card(title: Title, reader: Reader) -> LayoutView:
    """The premise, and a button that shows the full story to the asker alone."""
    _ = reader.texts.gettext
    story = CardButton(_("Full story (spoilers, only you see it)"), Link(Card.STORY, title.id))
    return card(
        _headed(title, _("Synopsis"), reader),
        _premise(title, reader) or _("No premise is known yet."),
        small(sources_line(title, reader)),
        buttons=[story] if title.synopsis else [],
        navigation=title_buttons(title, reader, on=Card.SYNOPSIS),
    )


def story_card(title: Title, link: Link, reader: Reader) -> LayoutView:
    """The whole story, a page of it. For the asker's eyes only."""
    _ = reader.texts.gettext
    headed = _headed(title, _("Full story"), reader)
    found = reader.story(title.synopsis, title.original_language)
    if found is None:
        return card(headed, _("No full story is known yet."))
    [text], here, pages = page_of(_paged(found[0]), link, 1)
    return card(
        headed,
        paragraphs(text),
        small(_language_note(found[1], reader)),
        buttons=page_buttons(here, pages, reader),
    )


def _what(title: Title, reader: Reader) -> str:
    texts = reader.texts
    count = title.episode_count
    episodes = texts.ngettext("{count} episode", "{count} episodes", count or 0)
    networks = dict.fromkeys(plain(network.name) for network in title.networks if network.name)
    return dotted(
        word(texts, title.kind),
        reader.listed(word(texts, genre) for genre in title.genres),
        reader.listed(map(reader.country, title.origin_country)),
        episodes.format(count=count) if count else "",
        reader.listed(networks),
    )


def _outward(title: Title) -> list[Button[LayoutView]]:
    return [Button(label=clip(link.label, 80), url=str(link.url)) for link in title.links[:5]]


def _leads(title: Title, people: Mapping[str, Person], reader: Reader) -> str:
    leads = (credit for credit in title.billing() if not credit.spoiler)
    names = (reader.name(people[lead.person]) for lead in leads if lead.person in people)
    return reader.listed(dict.fromkeys(names), limit=4)


def _premise(title: Title, reader: Reader) -> str | None:
    found = reader.story(title.premise, title.original_language)
    if found is None:
        return None
    text, language = found
    return lines(paragraphs(clip(text, _PREMISE)), small(_language_note(language, reader)))


def _language_note(language: str, reader: Reader) -> str:
    if language.split("-")[0] == reader.texts.language:
        return ""
    return reader.texts.gettext("In {language}").format(language=reader.language_name(language))


def _headed(title: Title, heading: str, reader: Reader) -> str:
    return lines(f"## {reader.name(title)}", small(heading))


def _paged(story: str) -> list[str]:
    """A story in pages, cut between words where that can be."""
    pages: list[str] = []
    while story:
        end = len(story) if len(story) <= _STORY_PAGE else story.rfind(" ", 1, _STORY_PAGE)
        end = end if end > 0 else _STORY_PAGE
        pages.append(story[:end])
        story = story[end:].lstrip()
    return pages
