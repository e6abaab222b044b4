"""Cards of countdowns and of a server's settings, for its moderators."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from discord.ui import LayoutView

from bot.catalog.model import Title
from bot.countdown.model import Countdown
from bot.countdown.occasions import Occasion
from bot.countdown.zones import offset_of
from bot.desk import ServerSettings
from bot.text import own_name
from bot.ui.announcements import label
from bot.ui.cards.releases import release_name
from bot.ui.layout import bold, card, dotted, fact, heading, lines, small
from bot.ui.markdown import plain
from bot.ui.notices import paused_because
from bot.ui.reader import Reader

PAGE = 10
_NEXT = 3


def countdown_card(
    headline: str,
    title: Title,
    countdown: Countdown,
    ahead: Sequence[Occasion],
    missing: Sequence[str],
    reader: Reader,
    *,
    zone_chosen: bool = True,
) -> LayoutView:
    """One countdown: what is next, in which terms, and what stands in its way."""
    _ = reader.texts.gettext
    role = _("pings {role}").format(role=f"<@&{countdown.role_id}>") if countdown.role_id else None
    return card(
        lines(
            heading(headline),
            dotted(
                f"**{reader.name(title)}**", _event(countdown, title, reader), _channel(countdown)
            ),
        ),
        _missing(missing, reader),
        _ahead(countdown, ahead, reader),
        None if zone_chosen else _unset_zone(reader),
        lines(
            small(
                dotted(
                    _("{time} in {zone}").format(
                        time=f"{countdown.schedule.time:%H:%M}", zone=countdown.schedule.zone.key
                    ),
                    milestones(countdown),
                    countdown.language,
                    role,
                    _("published onward") if countdown.publish else None,
                )
            ),
        ),
    )


def list_card(
    countdowns: Sequence[Countdown],
    titles: Mapping[str, Title],
    page: int,
    reader: Reader,
) -> LayoutView:
    """A server's countdowns, a page of them: what each is next, or why it rests."""
    _ = reader.texts.gettext
    if not countdowns:
        return card(_("Nothing is counted down to here yet. Begin with /countdown add."))
    pages = -(-len(countdowns) // PAGE)
    page = min(max(page, 1), pages)
    shown = countdowns[(page - 1) * PAGE : page * PAGE]
    return card(
        lines(heading(_("Countdowns")), small(f"{page}/{pages}") if pages > 1 else None),
        lines(*(_listed(one, titles[one.title_id], reader) for one in shown)),
    )


def settings_card(settings: ServerSettings, reader: Reader) -> LayoutView:
    """What holds in a server."""
    _ = reader.texts.gettext
    zone = f"{settings.zone.key} ({offset_of(settings.zone, reader.now)})"
    return card(
        heading(_("Settings of this server")),
        lines(
            fact(_("Language"), plain(own_name(settings.language))),
            fact(_("Time zone"), plain(zone)),
            fact(_("Hour of posting"), f"{settings.at:%H:%M}"),
        ),
        None if settings.zone_chosen else _unset_zone(reader),
        small(_("They hold for countdowns made from now on.")),
    )


def _event(countdown: Countdown, title: Title, reader: Reader) -> str:
    release = countdown.release_of(title)
    return release_name(release, reader) if release else plain(countdown.slot)


def milestones(countdown: Countdown) -> str:
    """The days of a countdown: D-100 … D-Day."""
    return " ".join(f"D-{days}" if days else "D-Day" for days in countdown.schedule.milestones)


def _listed(countdown: Countdown, title: Title, reader: Reader) -> str:
    if countdown.paused is not None:
        state = paused_because(countdown.paused, reader)
    elif countdown.due is not None:
        state = _moment(countdown.due)
    else:
        state = reader.texts.gettext("nothing left to announce, as far as is known today")
    name = f"**{reader.name(title)}**"
    return dotted(name, _event(countdown, title, reader), _channel(countdown), state)


def _ahead(countdown: Countdown, ahead: Sequence[Occasion], reader: Reader) -> str:
    _ = reader.texts.gettext
    if countdown.paused is not None:
        return paused_because(countdown.paused, reader)
    if not ahead:
        return _(
            "Nothing is left to announce, as far as is known today. "
            "When that changes, the channel is told."
        )
    soonest = (f"{label(one, reader)}: {_moment(one.at)}" for one in ahead[:_NEXT])
    return lines(bold(_("Next")), *soonest)


def _unset_zone(reader: Reader) -> str:
    _ = reader.texts.gettext
    return _("No time zone was chosen, so it is UTC. Choose one with /settings timezone.")


def _missing(missing: Sequence[str], reader: Reader) -> str | None:
    if not missing:
        return None
    return reader.texts.gettext("⚠️ I lack permissions there: {permissions}").format(
        permissions=", ".join(missing)
    )


def _channel(countdown: Countdown) -> str:
    return f"<#{countdown.channel_id}>"


def _moment(instant: datetime) -> str:
    unix = int(instant.timestamp())
    return f"<t:{unix}:f> (<t:{unix}:R>)"
