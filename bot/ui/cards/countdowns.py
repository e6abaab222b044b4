"""Cards of countdowns and server settings, for moderators."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from discord.ui import LayoutView

from bot.announcements.milestones import Milestone
from bot.announcements.model import Countdown
from bot.catalog.model import Title
from bot.i18n import native_name
from bot.services.countdowns import GuildSettings
from bot.ui.announcements import milestone_label
from bot.ui.date_format import days_left_label, format_time_of_day
from bot.ui.layout import bold, card, heading, join_dotted, join_lines, labelled, subtext
from bot.ui.markdown import escape_inline
from bot.ui.notices import countdown_release_label, pause_reason_text
from bot.ui.render_context import RenderContext
from bot.ui.timezone_labels import timezone_label

PAGE_SIZE = 10
_UPCOMING_LIMIT = 3


def countdown_card(
    headline: str,
    title: Title,
    countdown: Countdown,
    upcoming: Sequence[Milestone],
    missing_permissions: Sequence[str],
    context: RenderContext,
    *,
    timezone_chosen: bool = True,
) -> LayoutView:
    """Return a countdown's card: next announcements, options and missing permissions."""
    _ = context.translations.gettext
    role = _("Pings {role}").format(role=f"<@&{countdown.role_id}>") if countdown.role_id else None
    return card(
        join_lines(
            heading(headline),
            join_dotted(
                f"**{context.name(title)}**",
                countdown_release_label(countdown, title, context),
                _channel_mention(countdown),
            ),
        ),
        _permissions_warning(missing_permissions, context),
        _next_section(countdown, upcoming, context),
        None if timezone_chosen else _timezone_note(context),
        join_lines(
            subtext(
                join_dotted(
                    _("{time} in {zone}").format(
                        time=format_time_of_day(context.translations, countdown.schedule.post_time),
                        zone=context.translations.city(countdown.schedule.timezone.key),
                    ),
                    milestone_days_text(countdown, context),
                    native_name(countdown.language),
                    role,
                    _("Published to followers") if countdown.publish else None,
                    _("with pictures") if countdown.picture else None,
                )
            ),
        ),
    )


def list_card(
    countdowns: Sequence[Countdown],
    titles: Mapping[str, Title],
    page: int,
    context: RenderContext,
) -> LayoutView:
    """Return a page of a server's countdowns, each with its next announcement or pause reason."""
    _ = context.translations.gettext
    if not countdowns:
        return card(_("No countdowns yet. Start one with /countdown add."))
    pages = -(-len(countdowns) // PAGE_SIZE)
    page = min(max(page, 1), pages)
    page_items = countdowns[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return card(
        join_lines(heading(_("Countdowns")), subtext(f"{page}/{pages}") if pages > 1 else None),
        join_lines(*(_list_line(one, titles[one.title_id], context) for one in page_items)),
    )


def settings_card(settings: GuildSettings, context: RenderContext) -> LayoutView:
    """Return the card of a server's settings."""
    _ = context.translations.gettext
    zone = timezone_label(context.translations, settings.timezone, context.now)
    return card(
        heading(_("Server settings")),
        join_lines(
            labelled(_("Language"), escape_inline(native_name(settings.language))),
            labelled(_("Time zone"), escape_inline(zone)),
            labelled(
                _("Posting time"), format_time_of_day(context.translations, settings.post_time)
            ),
        ),
        None if settings.timezone_chosen else _timezone_note(context),
        subtext(_("Applies to new countdowns.")),
    )


def milestone_days_text(countdown: Countdown, context: RenderContext) -> str:
    """Return the milestone days of a countdown: `D-100, …, D-Day`."""
    translations = context.translations
    days = countdown.schedule.milestone_days
    return translations.join_list(days_left_label(translations, one) for one in days)


def _list_line(countdown: Countdown, title: Title, context: RenderContext) -> str:
    if countdown.paused is not None:
        state = pause_reason_text(countdown.paused, context)
    elif countdown.next_at is not None:
        state = _timestamp(countdown.next_at)
    else:
        state = context.translations.gettext("Nothing left to announce for now.")
    name = f"**{context.name(title)}**"
    return join_dotted(
        name, countdown_release_label(countdown, title, context), _channel_mention(countdown), state
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
        f"{milestone_label(milestone, context)}: {_timestamp(milestone.at)}"
        for milestone in upcoming[:_UPCOMING_LIMIT]
    )
    return join_lines(bold(_("Next")), *lines)


def _timezone_note(context: RenderContext) -> str:
    _ = context.translations.gettext
    return _("No time zone set, so I'm using UTC. Set one with /settings timezone.")


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
