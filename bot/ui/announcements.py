"""What is posted unasked: one line that says it all, and an embed with the rest.

It is classic content and embed: the push notification of a Components V2 message is empty
(https://github.com/discord/discord-api-docs/issues/7854), and the notification is the point of a
reminder.
"""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

import discord
from discord import AllowedMentions, Embed
from discord.ui import View

from bot.catalog.model import Release, ReleaseStatus, Title
from bot.catalog.window import ReleaseWindow
from bot.countdown.deciding import window_in
from bot.countdown.local_time import instant_of, local_day
from bot.countdown.model import Countdown
from bot.countdown.occasions import Kind, Occasion
from bot.ui.buttons import CardButton
from bot.ui.cards.releases import event, status_line, where
from bot.ui.cards.sources import cited
from bot.ui.layout import ACCENT, dotted, lines
from bot.ui.links import Card, Link
from bot.ui.markdown import clip, paragraphs
from bot.ui.reader import Reader
from bot.ui.windows import day, describe

_PREMISE = 500


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message to post. `mentions` lets it ping the chosen role, and nobody else."""

    content: str
    embed: Embed
    view: View
    mentions: AllowedMentions


def announcement(
    title: Title,
    countdown: Countdown,
    occasion: Occasion,
    before: str,
    reader: Reader,
    mark: str,
) -> Announcement:
    """The announcement of an occasion, to a reader of the server's language.

    `before` is the release's state before a change. `mark` goes into the button's custom id, so
    that the message can be found again by it.
    """
    release = countdown.release_of(title) or Release()
    ping = f"<@&{countdown.role_id}> " if countdown.role_id else ""
    view = View(timeout=None)
    path = f"{Link(Card.SHOW, title.id)}#{mark}"
    view.add_item(CardButton(reader.texts.gettext("About the show"), path))
    roles = [discord.Object(countdown.role_id)] if countdown.role_id else False
    return Announcement(
        content=ping + _line(title, countdown, release, occasion, before, reader),
        embed=_embed(title, release, countdown, reader),
        view=view,
        mentions=AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False),
    )


def label(occasion: Occasion, reader: Reader) -> str:
    """An occasion in a word or two, for lists."""
    _ = reader.texts.gettext
    if occasion.kind is Kind.DAYS_LEFT:
        return f"D-{occasion.days}" if occasion.days else _("D-Day")
    return {
        Kind.OUT: _("out now"),
        Kind.OPENS: _("the window opens"),
        Kind.HALF: _("half of the window has passed"),
        Kind.LAST_MONTH: _("the last month begins"),
        Kind.CLOSED: _("the window closes"),
        Kind.CHANGED: _("a change"),
    }[occasion.kind]


def _line(
    title: Title,
    countdown: Countdown,
    release: Release,
    occasion: Occasion,
    before: str,
    reader: Reader,
) -> str:
    """The content: what a push notification shows, so it says what matters by itself."""
    if occasion.kind is Kind.CHANGED:
        return _change(title, release, before, reader)
    if occasion.kind in (Kind.DAYS_LEFT, Kind.OUT):
        return _of_day(title, countdown, release, occasion, reader)
    return _of_period(title, release, occasion, reader)


def _of_day(
    title: Title, countdown: Countdown, release: Release, occasion: Occasion, reader: Reader
) -> str:
    texts = reader.texts
    _ = texts.gettext
    facts = {
        "title": reader.name(title),
        "event": event(release, reader),
        "when": _stamp(release.window, countdown),
    }
    if occasion.kind is Kind.OUT:
        return _("**{title}** is out now! {event}: {when}").format(**facts)
    if occasion.days:
        left = texts.ngettext("{days} day left", "{days} days left", occasion.days)
        message = _("**{title}** D-{days} · {left} · {event}: {when}")
        return message.format(days=occasion.days, left=left.format(days=occasion.days), **facts)
    today = local_day(reader.now, countdown.schedule.zone)
    if today > local_day(occasion.at, countdown.schedule.zone):
        return _("**{title}** D-Day has passed · {event} was on {when}").format(**facts)
    return _("**{title}** D-Day! · {event} is today: {when}").format(**facts)


def _of_period(title: Title, release: Release, occasion: Occasion, reader: Reader) -> str:
    _ = reader.texts.gettext
    message = {
        Kind.OPENS: _(
            "**{title}** · {event}: the time announced begins ({window}). No day is known yet."
        ),
        Kind.HALF: _(
            "**{title}** · {event}: half of the time announced ({window}) has passed, "
            "and no day is known yet."
        ),
        Kind.LAST_MONTH: _(
            "**{title}** · {event}: the last month of the time announced begins ({window}). "
            "No day is known yet."
        ),
        Kind.CLOSED: _(
            "**{title}** · {event}: the time announced ({window}) has ended without a date."
        ),
    }[occasion.kind]
    return message.format(
        title=reader.name(title),
        event=event(release, reader),
        window=describe(reader.texts, release.window),
    )


def _change(title: Title, release: Release, before: str, reader: Reader) -> str:
    _ = reader.texts.gettext
    known = window_in(before)
    old = describe(reader.texts, ReleaseWindow.parse(known)) if known else None
    new = describe(reader.texts, release.window) if release.window else None
    if release.status is ReleaseStatus.CANCELLED:
        message = _("**{title}** · {event}: cancelled.")
    elif release.status is ReleaseStatus.POSTPONED and (new is None or new == old):
        message = _("**{title}** · {event}: postponed; no new date is known.")
    elif new is None:
        message = _("**{title}** · {event}: {old} no longer holds; no new date is known.")
    elif old is None:
        message = _("**{title}** · {event}: announced for {new}.")
    elif old == new:
        message = _("**{title}** · {event}: {new} is confirmed.")
    else:
        message = _("**{title}** · {event}: moved from {old} to {new}.")
    return message.format(title=reader.name(title), event=event(release, reader), old=old, new=new)


def _stamp(window: ReleaseWindow | None, countdown: Countdown) -> str:
    """A release as a Discord timestamp: each reader sees it by their own clock and calendar.

    A day without an hour is shown as a day: at noon it is that day nearly everywhere.
    """
    if window is None:
        return ""
    if window.instant is None:
        return _date(window.earliest, countdown.schedule.zone)
    unix = int(window.instant.timestamp())
    return f"<t:{unix}:F> (<t:{unix}:R>)"


def _bounds(release: Release, countdown: Countdown) -> str | None:
    """The first and the last day of a window that is no day."""
    window, zone = release.window, countdown.schedule.zone
    if window is None or window.earliest == window.latest:
        return None
    return f"{_date(window.earliest, zone)} – {_date(window.latest, zone)}"


def _date(when: date, zone: ZoneInfo) -> str:
    return f"<t:{int(instant_of(when, time(12), zone).timestamp())}:D>"


def _embed(title: Title, release: Release, countdown: Countdown, reader: Reader) -> Embed:
    _ = reader.texts.gettext
    found = reader.story(title.premise, title.original_language)
    description = lines(
        f"**{event(release, reader)}** {describe(reader.texts, release.window)}",
        _bounds(release, countdown),
        dotted(where(release, reader), status_line(release, reader)),
        paragraphs(clip(found[0], _PREMISE)) if found else None,
    )
    embed = Embed(
        title=clip(reader.label(title), 256), description=clip(description, 4000), colour=ACCENT
    )
    source = title.source(release.source)
    if source is not None:
        checked = release.checked
        noted = _("checked {day}").format(day=day(reader.texts, checked)) if checked else None
        said = clip(dotted(cited(source, reader), noted), 1024)
        embed.add_field(name=_("Source"), value=said, inline=False)
    if title.poster is not None:
        embed.set_thumbnail(url=str(title.poster))
    return embed
