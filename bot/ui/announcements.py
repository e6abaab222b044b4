"""Builds announcements: one line of content, and an embed with details.

Announcements do not use Components V2, because push notifications of such messages are empty
(https://github.com/discord/discord-api-docs/issues/7854).
"""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

import discord
from discord import AllowedMentions, Embed
from discord.ui import View

from bot.announcements.local_time import local_day, local_instant
from bot.announcements.milestones import Milestone, MilestoneKind
from bot.announcements.model import Countdown, ReleaseState
from bot.catalog.model import Release, ReleaseStatus, Title
from bot.catalog.window import ReleaseWindow
from bot.ui.buttons import CardButton
from bot.ui.cards.releases import event_label, place_label, status_line
from bot.ui.cards.shows import premise_text
from bot.ui.cards.sources import cite
from bot.ui.date_format import days_left_label, format_day, format_window
from bot.ui.layout import ACCENT, join_dotted, join_lines, labelled, picture_url
from bot.ui.links import Card, CardLink
from bot.ui.markdown import truncate
from bot.ui.render_context import RenderContext

_PREMISE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message to post. `mentions` allows it to ping only the countdown's role."""

    content: str
    embed: Embed
    view: View
    mentions: AllowedMentions


def build_announcement(
    title: Title,
    countdown: Countdown,
    milestone: Milestone,
    previous: ReleaseState | None,
    context: RenderContext,
    delivery_mark: str,
) -> Announcement:
    """Build the announcement of a milestone.

    `previous` is the state announced before, for a change. `delivery_mark` is added to the
    button's custom id, so that the message can be found later.
    """
    release = countdown.find_release(title) or Release()
    ping = f"<@&{countdown.role_id}> " if countdown.role_id else ""
    view = View(timeout=None)
    path = f"{CardLink(Card.SHOW, title.id)}#{delivery_mark}"
    view.add_item(CardButton(context.translations.gettext("More info"), path))
    roles = [discord.Object(countdown.role_id)] if countdown.role_id else False
    return Announcement(
        content=ping + _content(title, countdown, release, milestone, previous, context),
        embed=_embed(title, release, countdown, context),
        view=view,
        mentions=AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False),
    )


def milestone_label(milestone: Milestone, context: RenderContext) -> str:
    """Return a short label of a milestone, for lists."""
    _ = context.translations.gettext
    if milestone.kind is MilestoneKind.DAYS_LEFT:
        return days_left_label(context.translations, milestone.days_left or 0)
    return {
        MilestoneKind.RELEASED: _("Out now"),
        MilestoneKind.OPENS: _("Window opens"),
        MilestoneKind.HALFWAY: _("Halfway through the window"),
        MilestoneKind.LAST_MONTH: _("Last month of the window"),
        MilestoneKind.CLOSED: _("Window closes"),
        MilestoneKind.CHANGED: _("Update"),
    }[milestone.kind]


def _content(
    title: Title,
    countdown: Countdown,
    release: Release,
    milestone: Milestone,
    previous: ReleaseState | None,
    context: RenderContext,
) -> str:
    """Return the content of the message, which is all that a push notification shows."""
    if milestone.kind is MilestoneKind.CHANGED:
        return _change_content(title, release, previous, context)
    if milestone.kind in (MilestoneKind.DAYS_LEFT, MilestoneKind.RELEASED):
        return _day_content(title, countdown, release, milestone, context)
    return _period_content(title, release, milestone, context)


def _day_content(
    title: Title,
    countdown: Countdown,
    release: Release,
    milestone: Milestone,
    context: RenderContext,
) -> str:
    translations = context.translations
    _ = translations.gettext
    facts = {
        "title": context.name(title),
        "event": event_label(release, context),
        "when": _release_timestamp(release.window, countdown),
        "label": milestone_label(milestone, context),
    }
    if milestone.kind is MilestoneKind.RELEASED:
        # A finale is not the beginning of the show.
        is_premiere = release.event == Release().event
        out = _("**{title}** is out now! {event}: {when}")
        return (out if is_premiere else _("**{title}** · {event}: out now! {when}")).format(**facts)
    if milestone.days_left:
        left = translations.ngettext("{days} day left", "{days} days left", milestone.days_left)
        message = _("**{title}** {label} · {left} · {event}: {when}")
        return message.format(left=left.format(days=milestone.days_left), **facts)
    today = local_day(context.now, countdown.schedule.timezone)
    if today > local_day(milestone.at, countdown.schedule.timezone):
        return _("**{title}** · In case you missed it: {event}, {when}").format(**facts)
    return _("**{title}** {label}! · {event} today: {when}").format(**facts)


def _period_content(
    title: Title, release: Release, milestone: Milestone, context: RenderContext
) -> str:
    _ = context.translations.gettext
    message = {
        MilestoneKind.OPENS: _(
            "**{title}** · {event}: the announced window has started ({window}). No exact date yet."
        ),
        MilestoneKind.HALFWAY: _(
            "**{title}** · {event}: halfway through the announced window ({window}), still "
            "no exact date."
        ),
        MilestoneKind.LAST_MONTH: _(
            "**{title}** · {event}: the last month of the announced window has started "
            "({window}). No exact date yet."
        ),
        MilestoneKind.CLOSED: _(
            "**{title}** · {event}: the announced window ({window}) has ended without a date."
        ),
    }[milestone.kind]
    return message.format(
        title=context.name(title),
        event=event_label(release, context),
        window=format_window(context.translations, release.window),
    )


def _change_content(
    title: Title, release: Release, previous: ReleaseState | None, context: RenderContext
) -> str:
    _ = context.translations.gettext
    window = previous.window if previous else None
    old = format_window(context.translations, window) if window else None
    new = format_window(context.translations, release.window) if release.window else None
    if release.status is ReleaseStatus.CANCELLED:
        message = _("**{title}** · {event}: canceled.")
    elif release.status is ReleaseStatus.POSTPONED and (new is None or new == old):
        message = _("**{title}** · {event}: postponed. No new date yet.")
    elif new is None:
        message = _("**{title}** · {event}: no longer {old}. No new date yet.")
    elif old is None:
        message = _("**{title}** · {event}: announced for {new}.")
    elif old == new:
        message = _("**{title}** · {event}: confirmed for {new}.")
    elif window and release.window and release.window.is_within(window):
        message = _("**{title}** · {event}: set for {new} (previously {old}).")
    else:
        message = _("**{title}** · {event}: moved from {old} to {new}.")
    return message.format(
        title=context.name(title), event=event_label(release, context), old=old, new=new
    )


def _release_timestamp(window: ReleaseWindow | None, countdown: Countdown) -> str:
    """Return a release window as a Discord timestamp, which each user sees in local time.

    For a date without a time, the timestamp is at noon, so that most time zones show this date.
    """
    if window is None:
        return ""
    if window.instant is None:
        return _day_timestamp(window.earliest, countdown.schedule.timezone)
    unix = int(window.instant.timestamp())
    return f"<t:{unix}:F> (<t:{unix}:R>)"


def _window_bounds(release: Release, countdown: Countdown) -> str | None:
    """Return the first and last day of a window, or None if they are the same."""
    window, zone = release.window, countdown.schedule.timezone
    if window is None or window.earliest == window.latest:
        return None
    return f"{_day_timestamp(window.earliest, zone)} – {_day_timestamp(window.latest, zone)}"


def _day_timestamp(day: date, zone: ZoneInfo) -> str:
    return f"<t:{int(local_instant(day, time(12), zone).timestamp())}:D>"


def _embed(title: Title, release: Release, countdown: Countdown, context: RenderContext) -> Embed:
    _ = context.translations.gettext
    description = join_lines(
        labelled(
            event_label(release, context), format_window(context.translations, release.window)
        ),
        _window_bounds(release, countdown),
        join_dotted(place_label(release, context), status_line(release, context)),
        premise_text(title, context, _PREMISE_LIMIT),
    )
    embed = Embed(
        title=context.name(title),
        description=truncate(description, 4000),
        color=ACCENT,
    )
    source = title.source(release.source)
    if source is not None:
        checked = release.checked
        checked_text = (
            _("checked {day}").format(day=format_day(context.translations, checked))
            if checked
            else None
        )
        citation = truncate(join_dotted(cite(source, context), checked_text), 1024)
        embed.add_field(name=_("Source"), value=citation, inline=False)
    if poster := picture_url(title):
        embed.set_thumbnail(url=poster)
    return embed
