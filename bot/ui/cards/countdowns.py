"""Cards of countdowns and of a server's settings, for its moderators."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from discord.ui import LayoutView

from bot.announcements.milestones import Milestone
from bot.announcements.model import Countdown
from bot.announcements.timezones import utc_offset
from bot.catalog.model import Title
from bot.i18n import native_name
from bot.services.countdowns import GuildSettings
from bot.ui.announcements import milestone_label
from bot.ui.cards.releases import release_label
from bot.ui.layout import bold, card, heading, join_dotted, join_lines, labelled, subtext
from bot.ui.markdown import escape_inline
from bot.ui.notices import pause_reason_text
from bot.ui.render_context import RenderContext

PAGE = 10
_NEXT = 3


def countdown_card(
    headline: str,
    title: Title,
    countdown: Countdown,
    ahead: Sequence[Milestone],
    missing: Sequence[str],
    context: RenderContext,
    *,
    timezone_chosen: bool = True,
) -> LayoutView:
    """One countdown: what is next, in which terms, and what stands in its way."""
    _ = context.translations.gettext
    role = _("pings {role}").format(role=f"<@&{countdown.role_id}>") if countdown.role_id else None
    return card(
        join_lines(
            heading(headline),
            join_dotted(
                f"**{context.name(title)}**", _event(countdown, title, context), _channel(countdown)
            ),
        ),
        _missing(missing, context),
        _ahead(countdown, ahead, context),
        None if timezone_chosen else _unset_zone(context),
        join_lines(
            subtext(
                join_dotted(
                    _("{time} in {zone}").format(
                        time=f"{countdown.schedule.post_time:%H:%M}",
                        zone=countdown.schedule.timezone.key,
                    ),
                    milestone_days_text(countdown),
                    countdown.language,
                    role,
                    _("published to followers") if countdown.publish else None,
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
    """A server's countdowns, a page of them: what each is next, or why it rests."""
    _ = context.translations.gettext
    if not countdowns:
        return card(_("No countdowns yet. Start one with /countdown add."))
    pages = -(-len(countdowns) // PAGE)
    page = min(max(page, 1), pages)
    shown = countdowns[(page - 1) * PAGE : page * PAGE]
    return card(
        join_lines(heading(_("Countdowns")), subtext(f"{page}/{pages}") if pages > 1 else None),
        join_lines(*(_listed(one, titles[one.title_id], context) for one in shown)),
    )


def settings_card(settings: GuildSettings, context: RenderContext) -> LayoutView:
    """What holds in a server."""
    _ = context.translations.gettext
    zone = f"{settings.timezone.key} ({utc_offset(settings.timezone, context.now)})"
    return card(
        heading(_("Server settings")),
        join_lines(
            labelled(_("Language"), escape_inline(native_name(settings.language))),
            labelled(_("Time zone"), escape_inline(zone)),
            labelled(_("Posting time"), f"{settings.post_time:%H:%M}"),
        ),
        None if settings.timezone_chosen else _unset_zone(context),
        subtext(_("Applies to new countdowns.")),
    )


def _event(countdown: Countdown, title: Title, context: RenderContext) -> str:
    release = countdown.find_release(title)
    return release_label(release, context) if release else escape_inline(countdown.release_key)


def milestone_days_text(countdown: Countdown) -> str:
    """The days of a countdown: D-100 … D-Day."""
    return " ".join(f"D-{days}" if days else "D-Day" for days in countdown.schedule.milestone_days)


def _listed(countdown: Countdown, title: Title, context: RenderContext) -> str:
    if countdown.paused is not None:
        state = pause_reason_text(countdown.paused, context)
    elif countdown.next_at is not None:
        state = _moment(countdown.next_at)
    else:
        state = context.translations.gettext("nothing left to announce for now")
    name = f"**{context.name(title)}**"
    return join_dotted(name, _event(countdown, title, context), _channel(countdown), state)


def _ahead(countdown: Countdown, ahead: Sequence[Milestone], context: RenderContext) -> str:
    _ = context.translations.gettext
    if countdown.paused is not None:
        return pause_reason_text(countdown.paused, context)
    if not ahead:
        return _("Nothing left to announce for now. I'll post there if that changes.")
    soonest = (f"{milestone_label(one, context)}: {_moment(one.at)}" for one in ahead[:_NEXT])
    return join_lines(bold(_("Next")), *soonest)


def _unset_zone(context: RenderContext) -> str:
    _ = context.translations.gettext
    return _("No time zone set, so I'm using UTC. Set one with /settings timezone.")


def _missing(missing: Sequence[str], context: RenderContext) -> str | None:
    if not missing:
        return None
    return context.translations.gettext(
        "⚠️ I'm missing permissions in that channel: {permissions}"
    ).format(permissions=", ".join(missing))


def _channel(countdown: Countdown) -> str:
    return f"<#{countdown.channel_id}>"


def _moment(instant: datetime) -> str:
    unix = int(instant.timestamp())
    return f"<t:{unix}:f> (<t:{unix}:R>)"
