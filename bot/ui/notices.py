"""What moderators are told of countdowns."""

from bot.catalog.model import Title
from bot.countdown.model import Countdown, PauseReason
from bot.desk import NoSuchEventError
from bot.store.countdowns import LIMIT, AlreadyThereError, TooManyError
from bot.ui.reader import Reader
from bot.ui.words import word


def paused_because(reason: PauseReason, reader: Reader) -> str:
    """Why a countdown rests, and what to do about it."""
    _ = reader.texts.gettext
    return {
        PauseReason.BY_HAND: _("paused"),
        PauseReason.FORBIDDEN: _(
            "paused: I may not post there. Let me see the channel, send messages, embed links and "
            "read its history, then resume it."
        ),
        PauseReason.MISSING: _("paused: the channel is gone. Remove it, or choose another."),
        PauseReason.ARCHIVED: _("paused: the thread is archived. Open it again, then resume it."),
        PauseReason.LEFT: _("paused while I was away from this server. Resume it."),
    }[reason]


def paused_notice(title: Title, countdown: Countdown, reason: PauseReason, reader: Reader) -> str:
    """The one message to a server whose countdown was paused."""
    message = reader.texts.gettext("The countdown to **{title}** in {channel} is {reason}")
    return message.format(
        title=reader.name(title),
        channel=f"<#{countdown.channel_id}>",
        reason=paused_because(reason, reader),
    )


def refusal(error: Exception, reader: Reader) -> str | None:
    """Why a countdown could not be set up as asked, and what to do; None for any other error."""
    _ = reader.texts.gettext
    if isinstance(error, AlreadyThereError):
        message = _(
            "{channel} is counted down to that already ({event}). "
            "Change it with /countdown edit, or remove it first."
        )
        existing = error.existing
        event = existing.slot.split(" · ")[0]
        return message.format(channel=f"<#{existing.channel_id}>", event=word(reader.texts, event))
    if isinstance(error, TooManyError):
        message = _("A server may have {limit} countdowns. Remove one first.")
        return message.format(limit=LIMIT)
    if isinstance(error, NoSuchEventError):
        return _("The show has no such release. Choose one from the list as you type.")
    return None
