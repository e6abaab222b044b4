"""Cards of a title: what it is, its premise, its full story."""

from collections.abc import Mapping

from discord.ui import Button, LayoutView

from bot.catalog.model import Person, Title
from bot.ui.buttons import CardButton
from bot.ui.cards.navigation import page_buttons, page_of, title_buttons
from bot.ui.cards.releases import release_line
from bot.ui.cards.sources import sources_line
from bot.ui.date_format import current_title_status
from bot.ui.layout import card, join_dotted, join_lines, labelled, subtext
from bot.ui.links import Card, CardLink
from bot.ui.markdown import escape_block, escape_inline, truncate
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import translate_term

_PREMISE = 1200
_STORY_PAGE = 3000


def show_card(title: Title, people: Mapping[str, Person], context: RenderContext) -> LayoutView:
    """Names in their scripts, what it is, where and when, premise, status; links to the rest."""
    _ = context.translations.gettext
    status = current_title_status(title, context)
    return card(
        join_lines(
            f"## {context.name(title)}",
            context.other_names(title),
            subtext(_what(title, context)),
        ),
        _premise(title, context),
        join_lines(
            labelled(_("Starring"), _leads(title, people, context)),
            *(release_line(release, context) for release, _before in title.release_history()[:4]),
            labelled(
                _("Status"),
                translate_term(context.translations, status) if status else "",
            ),
            labelled(_("Set in"), context.join_short(map(escape_inline, title.settings))),
            labelled(_("Filmed in"), context.join_short(map(context.country, title.filmed_in))),
        ),
        subtext(sources_line(title, context)),
        buttons=title_buttons(title, context, on=Card.SHOW),
        navigation=_outward(title),
        poster=str(title.poster) if title.poster else None,
    )


def synopsis_card(title: Title, context: RenderContext) -> LayoutView:
    """The premise, and a button that shows the full story to the asker alone."""
    _ = context.translations.gettext
    story = CardButton(
        _("Full story (spoilers, only you can see it)"), CardLink(Card.STORY, title.id)
    )
    return card(
        _headed(title, _("Synopsis"), context),
        _premise(title, context) or _("No premise yet."),
        subtext(sources_line(title, context)),
        buttons=[story] if title.synopsis else [],
        navigation=title_buttons(title, context, on=Card.SYNOPSIS),
    )


def story_card(title: Title, link: CardLink, context: RenderContext) -> LayoutView:
    """The whole story, a page of it. For the asker's eyes only."""
    _ = context.translations.gettext
    headed = _headed(title, _("Full story"), context)
    found = context.localized_text(title.synopsis, title.original_language)
    if found is None:
        return card(headed, _("No full story yet."))
    [text], here, pages = page_of(_paged(found[0]), link, 1)
    return card(
        headed,
        escape_block(text),
        subtext(_language_note(found[1], context)),
        buttons=page_buttons(here, pages, context),
    )


def _what(title: Title, context: RenderContext) -> str:
    translations = context.translations
    count = title.episode_count
    episodes = translations.ngettext("{count} episode", "{count} episodes", count or 0)
    networks = dict.fromkeys(
        escape_inline(network.name) for network in title.networks if network.name
    )
    return join_dotted(
        translate_term(translations, title.kind),
        context.join_short(translate_term(translations, genre) for genre in title.genres),
        context.join_short(map(context.country, title.origin_country)),
        episodes.format(count=count) if count else "",
        context.join_short(networks),
    )


def _outward(title: Title) -> list[Button[LayoutView]]:
    return [Button(label=truncate(link.label, 80), url=str(link.url)) for link in title.links[:5]]


def _leads(title: Title, people: Mapping[str, Person], context: RenderContext) -> str:
    leads = (credit for credit in title.billing() if not credit.spoiler)
    names = (context.name(people[lead.person]) for lead in leads if lead.person in people)
    return context.join_short(dict.fromkeys(names), limit=4)


def _premise(title: Title, context: RenderContext) -> str | None:
    found = context.localized_text(title.premise, title.original_language)
    if found is None:
        return None
    text, language = found
    return join_lines(
        escape_block(truncate(text, _PREMISE)), subtext(_language_note(language, context))
    )


def _language_note(language: str, context: RenderContext) -> str:
    if language.split("-")[0] == context.translations.language:
        return ""
    return context.translations.gettext("In {language}").format(
        language=context.language_name(language)
    )


def _headed(title: Title, heading: str, context: RenderContext) -> str:
    return join_lines(f"## {context.name(title)}", subtext(heading))


def _paged(story: str) -> list[str]:
    """A story in pages, cut between words where that can be."""
    pages: list[str] = []
    while story:
        end = len(story) if len(story) <= _STORY_PAGE else story.rfind(" ", 1, _STORY_PAGE)
        end = end if end > 0 else _STORY_PAGE
        pages.append(story[:end])
        story = story[end:].lstrip()
    return pages
