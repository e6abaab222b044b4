"""Cards of a title: overview, synopsis and full story."""

from collections.abc import Mapping, Sequence

from discord.ui import Button, LayoutView

from bot.catalog.model import Person, Title
from bot.ui.buttons import CardButton
from bot.ui.cards.headings import record_heading
from bot.ui.cards.navigation import page_buttons, paginate, title_buttons
from bot.ui.cards.releases import release_line
from bot.ui.cards.sources import sources_button, sources_line
from bot.ui.curation_buttons import SuggestButton
from bot.ui.date_format import current_title_status
from bot.ui.layout import (
    BUTTON_URL_LIMIT,
    card,
    join_lines,
    labelled,
    picture_url,
    subtext,
)
from bot.ui.links import Card, CardLink
from bot.ui.markdown import escape_block, escape_inline, plain_text, truncate
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import Vocabulary, translate_term

_PREMISE_LIMIT = 1200
_OVERVIEW_PREMISE_LIMIT = 500
_STORY_PAGE_SIZE = 3000


def show_card(title: Title, people: Mapping[str, Person], context: RenderContext) -> LayoutView:
    """Return a title's overview: names, details, premise, cast, releases, places and links."""
    _ = context.translations.gettext
    return card(
        record_heading(title, context, *_title_details(title, context)),
        premise_text(title, context, _OVERVIEW_PREMISE_LIMIT),
        join_lines(
            labelled(_("Starring"), _lead_actors(title, people, context)),
            *(release_line(release, context) for release, _earlier in title.release_history()[:4]),
            labelled(_("Status"), _status(title, context)),
            labelled(_("Set in"), context.join_short(map(escape_inline, title.settings))),
            labelled(_("Filmed in"), context.join_short(map(context.country, title.filmed_in))),
        ),
        footer=sources_line(title, context),
        buttons=[
            *title_buttons(title, context, on=Card.SHOW),
            *sources_button(title, context),
            SuggestButton.of(title, context),
        ],
        navigation=_link_buttons(title),
        thumbnail=picture_url(title),
    )


def synopsis_card(title: Title, context: RenderContext) -> LayoutView:
    """Return the card with the premise, and a button that opens the full story privately."""
    _ = context.translations.gettext
    story = CardButton(
        _("Full story (spoilers, only you can see it)"), CardLink(Card.STORY, title.id)
    )
    return card(
        record_heading(title, context, _("Synopsis")),
        premise_text(title, context) or _("No premise yet."),
        footer=sources_line(title, context),
        buttons=[story] if title.synopsis else [],
        navigation=[
            *title_buttons(title, context, on=Card.SYNOPSIS),
            SuggestButton.of(title, context),
        ],
        thumbnail=picture_url(title),
    )


def story_card(title: Title, link: CardLink, context: RenderContext) -> LayoutView:
    """Return a page of the full story card. Send it privately."""
    _ = context.translations.gettext
    header = record_heading(title, context, _("Full story"))
    localized = context.localized_text(title.synopsis, title.original_language)
    if localized is None:
        return card(header, _("No full story yet."), buttons=[SuggestButton.of(title, context)])
    story, language = localized
    [text], page_link, pages = paginate(_split_pages(story), link, 1)
    return card(
        header,
        escape_block(text),
        subtext(context.language_note(language)),
        buttons=[*page_buttons(page_link, pages, context), SuggestButton.of(title, context)],
    )


def _title_details(title: Title, context: RenderContext) -> Sequence[str]:
    translations = context.translations
    count = title.episode_count
    episodes = translations.ngettext("{count} episode", "{count} episodes", count or 0)
    networks = dict.fromkeys(
        escape_inline(network.name) for network in title.networks if network.name
    )
    return [
        translate_term(translations, Vocabulary.KIND, title.kind),
        str(title.year or ""),
        context.join_short(map(context.country, title.origin_country)),
        context.join_short(
            translate_term(translations, Vocabulary.GENRE, genre) for genre in title.genres
        ),
        episodes.format(count=count) if count else "",
        context.join_short(networks),
    ]


def _status(title: Title, context: RenderContext) -> str:
    """Return the status of a title, unless its releases are shown, which have their own."""
    status = None if title.releases else current_title_status(title, context)
    return translate_term(context.translations, Vocabulary.TITLE_STATUS, status) if status else ""


def _link_buttons(title: Title) -> list[Button[LayoutView]]:
    return [
        Button(label=plain_text(link.label, 80) or "…", url=str(link.url))
        for link in title.links[:5]
        if len(str(link.url)) <= BUTTON_URL_LIMIT
    ]


def _lead_actors(title: Title, people: Mapping[str, Person], context: RenderContext) -> str:
    actor_ids = (credit.person for credit in title.billing() if not credit.spoiler)
    names = (context.name(people[actor_id]) for actor_id in actor_ids if actor_id in people)
    return context.join_short(dict.fromkeys(names), limit=4)


def premise_text(title: Title, context: RenderContext, limit: int = _PREMISE_LIMIT) -> str | None:
    """Return the premise in up to `limit` characters, and its language if it is not the user's."""
    localized = context.localized_text(title.premise, title.original_language)
    if localized is None:
        return None
    text, language = localized
    return join_lines(escape_block(truncate(text, limit)), subtext(context.language_note(language)))


def _split_pages(story: str) -> list[str]:
    """Split a story into pages, between words if possible."""
    pages: list[str] = []
    while story:
        end = len(story)
        if end > _STORY_PAGE_SIZE:
            end = story.rfind(" ", 1, _STORY_PAGE_SIZE)
            end = end if end > 0 else _STORY_PAGE_SIZE
        pages.append(story[:end])
        story = story[end:].lstrip()
    return pages
