"""The card that says when, and only what is known of it."""

from discord.ui import LayoutView

from bot.catalog.model import Release, ReleaseStatus, Title
from bot.ui.cards.navigation import title_buttons
from bot.ui.cards.sources import cited
from bot.ui.layout import bold, card, dotted, lines, small
from bot.ui.links import Card
from bot.ui.markdown import plain
from bot.ui.reader import Reader
from bot.ui.windows import day, describe, passed_without_news, status
from bot.ui.words import word

_STORIES = 6
_BEFORE = 5


def release_card(title: Title, reader: Reader) -> LayoutView:
    """Every release as it stands, and the windows it had before."""
    _ = reader.texts.gettext
    stories = [
        _story(title, release, before, reader)
        for release, before in title.release_stories()[:_STORIES]
    ]
    return card(
        lines(f"## {reader.name(title)}", small(_("Release"))),
        *(stories or [_("No release has been announced.")]),
        buttons=title_buttons(title, reader, on=Card.RELEASE),
    )


def release_line(release: Release, reader: Reader) -> str:
    """A release in one line, for a card that is about something else."""
    return dotted(
        f"**{event(release, reader)}** {describe(reader.texts, release.window)}",
        status_line(release, reader),
        where(release, reader),
    )


def release_name(release: Release, reader: Reader) -> str:
    """What is released, and where: `Premiere · Netflix · worldwide`."""
    return dotted(event(release, reader), where(release, reader))


def event(release: Release, reader: Reader) -> str:
    """What is released: the premiere, the finale, a season."""
    name = word(reader.texts, release.event)
    if release.season is None:
        return name
    season = reader.texts.gettext("season {number}").format(number=release.season)
    return f"{name}, {season}"


def _story(title: Title, release: Release, before: tuple[Release, ...], reader: Reader) -> str:
    return lines(
        bold(release_name(release, reader)),
        f"### {describe(reader.texts, release.window)}",
        status_line(release, reader),
        plain(release.note, 300) if release.note else None,
        small(_cited(title, release, reader)),
        *(_before_line(title, earlier, reader) for earlier in before[:_BEFORE]),
    )


def status_line(release: Release, reader: Reader) -> str:
    """How far a release has come, or that nothing is known of that."""
    _ = reader.texts.gettext
    if passed_without_news(release, reader):
        return _("This has passed without news of a release.")
    if release.window is None and release.status is not ReleaseStatus.CANCELLED:
        return _("No date has been announced.")
    now = status(release, reader)
    return word(reader.texts, now) if now else ""


def where(release: Release, reader: Reader) -> str:
    """On what network, in which region."""
    region = release.region
    if region is not None:
        region = reader.country(region) if region.isupper() else word(reader.texts, region)
    return dotted(plain(release.network) if release.network else None, region)


def _cited(title: Title, release: Release, reader: Reader) -> str:
    _ = reader.texts.gettext
    source, checked = title.source(release.source), release.checked
    return dotted(
        _("Source: {source}").format(source=cited(source, reader)) if source else None,
        _("checked {day}").format(day=day(reader.texts, checked)) if checked else None,
    )


def _before_line(title: Title, release: Release, reader: Reader) -> str:
    before = reader.texts.gettext("Before that: {window}").format(
        window=describe(reader.texts, release.window)
    )
    said = word(reader.texts, release.status) if release.status else None
    note = plain(release.note, 200) if release.note else None
    return small(dotted(before, said, note, _cited(title, release, reader)))
