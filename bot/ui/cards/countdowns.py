"""Cards of countdowns and server settings, for moderators."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from discord import ButtonStyle, SelectOption
from discord.ui import LayoutView

from bot.announcements.milestones import Milestone
from bot.announcements.model import Countdown
from bot.catalog.model import Title
from bot.i18n import native_name
from bot.services.countdowns import GuildSettings
from bot.ui.announcements import milestone_label
from bot.ui.buttons import CardButton
from bot.ui.cards.headings import page_number, record_heading
from bot.ui.cards.navigation import neighbors, page_of
from bot.ui.countdown_buttons import CountdownAction, CountdownButton, CountdownMenu
from bot.ui.date_format import days_left_label, format_time_of_day
from bot.ui.layout import bold, card, join_dotted, join_lines, labelled, picture_url, subtext
from bot.ui.links import Card, CardLink
from bot.ui.markdown import escape_inline, plain_text, unescape
from bot.ui.notices import countdown_release_label, pause_reason_text
from bot.ui.render_context import RenderContext
from bot.ui.timezone_labels import timezone_label

PAGE_SIZE = 10
_UPCOMING_LIMIT = 3


def countdown_card(
    headline: str | None,
    title: Title,
    countdown: Countdown,
    upcoming: Sequence[Milestone],
    missing_permissions: Sequence[str],
    context: RenderContext,
    *,
    timezone_chosen: bool = True,
    warning: str | None = None,
) -> LayoutView:
    """Return a countdown's card: warnings, next announcements, options, and what to do with it.

    `headline` says what was done to it.
    """
    _ = context.translations.gettext
    return card(
        join_lines(
            bold(headline) if headline else None,
            record_heading(
                title,
                context,
                countdown_release_label(countdown, title, context),
                _channel_mention(countdown),
            ),
        ),
        f"⚠️ {warning}" if warning else None,
        _permissions_warning(missing_permissions, context),
        _next_section(countdown, upcoming, context),
        _options_section(countdown, context),
        None if timezone_chosen else _timezone_note(context),
        footer=_("{command} has more options.").format(command=context.command("countdown edit")),
        buttons=_action_buttons(countdown, upcoming, context),
        navigation=[
            _pause_button(countdown, context),
            CountdownButton(CountdownAction.LIST, 1, _("All countdowns")),
            # What is known, if there is nothing to announce.
            *([] if upcoming else [CardButton(_("Release"), CardLink(Card.RELEASE, title.id))]),
        ],
        thumbnail=picture_url(title),
    )


def list_card(
    countdowns: Sequence[Countdown],
    titles: Mapping[str, Title],
    channels: Mapping[int, str],
    page: int,
    context: RenderContext,
) -> LayoutView:
    """Return a page of a server's countdowns, each with its next announcement or pause reason.

    `channels` maps ids to labels, for the menu that opens a countdown.
    """
    _ = context.translations.gettext
    if not countdowns:
        empty = _("No countdowns yet. Start one with {command}.")
        return card(empty.format(command=context.command("countdown add")))
    page_items, page, pages = page_of(countdowns, page, PAGE_SIZE)
    header = join_lines("## " + _("Countdowns"), subtext(page_number(page, pages) or ""))
    return card(
        header,
        *(_list_entry(one, titles[one.title_id], context) for one in page_items),
        menu=CountdownMenu.of(
            [_menu_option(one, titles[one.title_id], channels, context) for one in page_items],
            _("Choose a countdown"),
        ),
        buttons=[
            CountdownButton(CountdownAction.LIST, number, label)
            for number, label in neighbors(page, pages, context)
        ],
    )


def removal_card(title: Title, countdown: Countdown, context: RenderContext) -> LayoutView:
    """Return the question whether to remove a countdown."""
    _ = context.translations.gettext
    question = _("Remove the countdown to **{title}** in {channel}? Its messages stay.")
    return card(
        question.format(title=context.name(title), channel=_channel_mention(countdown)),
        buttons=[
            CountdownButton(
                CountdownAction.CONFIRM_REMOVAL, countdown.id, _("Remove"), ButtonStyle.danger
            ),
            CountdownButton(CountdownAction.SHOW, countdown.id, _("Keep")),
        ],
    )


def removed_card(title: Title, context: RenderContext) -> LayoutView:
    """Return the message that a countdown was removed."""
    _ = context.translations.gettext
    return card(
        _("Countdown to **{title}** removed.").format(title=context.name(title)),
        navigation=[CountdownButton(CountdownAction.LIST, 1, _("All countdowns"))],
    )


def settings_card(settings: GuildSettings, context: RenderContext) -> LayoutView:
    """Return the card of a server's settings."""
    _ = context.translations.gettext
    zone = timezone_label(context.translations, settings.timezone, context.now)
    return card(
        "## " + _("Server settings"),
        join_lines(
            labelled(_("Language"), escape_inline(native_name(settings.language))),
            labelled(_("Time zone"), escape_inline(zone)),
            labelled(
                _("Posting time"), format_time_of_day(context.translations, settings.post_time)
            ),
        ),
        None if settings.timezone_chosen else _timezone_note(context),
        footer=_("Applies to new countdowns."),
    )


def _options_section(countdown: Countdown, context: RenderContext) -> str:
    _ = context.translations.gettext
    schedule = countdown.schedule
    post_time = _("{time} in {zone}").format(
        time=format_time_of_day(context.translations, schedule.post_time),
        zone=escape_inline(context.translations.city(schedule.timezone.key)),
    )
    labels = (days_left_label(context.translations, days) for days in schedule.milestone_days)
    return join_lines(
        labelled(_("Posting time"), post_time),
        labelled(_("Milestones"), join_dotted(*labels)),
        labelled(_("Role"), f"<@&{countdown.role_id}>" if countdown.role_id else ""),
        labelled(_("Language"), escape_inline(native_name(countdown.language))),
        _("Published to followers") if countdown.publish else None,
        _("With pictures") if countdown.picture else None,
    )


def _action_buttons(
    countdown: Countdown, upcoming: Sequence[Milestone], context: RenderContext
) -> list[CountdownButton]:
    _ = context.translations.gettext
    preview = CountdownButton(
        CountdownAction.PREVIEW, countdown.id, _("Preview"), ButtonStyle.primary
    )
    return [
        *([preview] if upcoming else []),
        CountdownButton(CountdownAction.EDIT, countdown.id, _("Edit")),
        CountdownButton(CountdownAction.REMOVE, countdown.id, _("Remove"), ButtonStyle.danger),
    ]


def _pause_button(countdown: Countdown, context: RenderContext) -> CountdownButton:
    _ = context.translations.gettext
    if countdown.paused is None:
        return CountdownButton(CountdownAction.PAUSE, countdown.id, _("Pause"))
    return CountdownButton(CountdownAction.RESUME, countdown.id, _("Resume"), ButtonStyle.success)


def _list_entry(countdown: Countdown, title: Title, context: RenderContext) -> str:
    _ = context.translations.gettext
    if countdown.paused is not None:
        state = pause_reason_text(countdown.paused, context)
    elif countdown.next_at is not None:
        state = _timestamp(countdown.next_at)
    else:
        state = _("Nothing left to announce for now.")
    name = bold(context.name(title))
    return join_lines(
        join_dotted(
            name, countdown_release_label(countdown, title, context), _channel_mention(countdown)
        ),
        subtext(state),
    )


def _menu_option(
    countdown: Countdown, title: Title, channels: Mapping[int, str], context: RenderContext
) -> SelectOption:
    event = unescape(countdown_release_label(countdown, title, context))
    return SelectOption(
        label=plain_text(context.label(title), 100) or "…",
        description=plain_text(join_dotted(event, channels[countdown.channel_id]), 100),
        value=str(countdown.id),
    )


def _next_section(
    countdown: Countdown, upcoming: Sequence[Milestone], context: RenderContext
) -> str:
    _ = context.translations.gettext
    if countdown.paused is not None:
        return pause_reason_text(countdown.paused, context)
    if not upcoming:
        return _("Nothing left to announce for now. I'll post there if that changes.")
    lines = (
        labelled(milestone_label(milestone, context), _timestamp(milestone.at))
        for milestone in upcoming[:_UPCOMING_LIMIT]
    )
    return join_lines(subtext(_("Next")), *lines)


def _timezone_note(context: RenderContext) -> str:
    _ = context.translations.gettext
    note = _("No time zone set, so I'm using UTC. Set one with {command}.")
    return note.format(command=context.command("settings"))


def _permissions_warning(missing: Sequence[str], context: RenderContext) -> str | None:
    if not missing:
        return None
    return context.translations.gettext(
        "⚠️ I'm missing permissions in that channel: {permissions}"
    ).format(permissions=context.translations.join_list(missing))


def _channel_mention(countdown: Countdown) -> str:
    return f"<#{countdown.channel_id}>"


def _timestamp(instant: datetime) -> str:
    unix = int(instant.timestamp())
    return f"<t:{unix}:f> (<t:{unix}:R>)"
