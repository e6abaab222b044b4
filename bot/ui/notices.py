"""Messages to moderators about countdowns."""

from bot.announcements.errors import (
    CountdownLimitError,
    CountdownNotFoundError,
    DuplicateCountdownError,
    ReleaseNotFoundError,
)
from bot.announcements.model import Countdown, PauseReason
from bot.catalog.model import Title
from bot.ui.cards.releases import event_name, release_label
from bot.ui.render_context import RenderContext


def pause_reason_text(reason: PauseReason, context: RenderContext) -> str:
    """Return why a countdown is paused and how to fix it."""
    _ = context.translations.gettext
    return {
        PauseReason.MANUAL: _("Paused"),
        PauseReason.FORBIDDEN: _(
            "Paused: I can't post in that channel. Let me view the channel, send messages, "
            "embed links, and read message history, then resume the countdown."
        ),
        PauseReason.CHANNEL_MISSING: _(
            "Paused: the channel no longer exists. Choose another channel or remove the countdown."
        ),
        PauseReason.THREAD_ARCHIVED: _(
            "Paused: the thread is archived. Reopen it, then resume the countdown."
        ),
        PauseReason.GUILD_LEFT: _("Paused while I wasn't in this server. Resume it to continue."),
    }[reason]


def pause_notice(
    title: Title, countdown: Countdown, reason: PauseReason, context: RenderContext
) -> str:
    """Return the message that notifies a server that a countdown was paused."""
    message = context.translations.gettext("Countdown to **{title}** in {channel} · {reason}")
    return message.format(
        title=context.name(title),
        channel=f"<#{countdown.channel_id}>",
        reason=pause_reason_text(reason, context),
    )


def countdown_release_label(countdown: Countdown, title: Title, context: RenderContext) -> str:
    """Return what a countdown counts down to: event and place, as the catalog has them, or only
    the event if the catalog has it no longer."""
    release = countdown.find_release(title)
    return release_label(release, context) if release else _event_of_key(countdown, context)


def countdown_error_text(error: Exception, context: RenderContext) -> str | None:
    """Return the message for a countdown error, or None for other errors."""
    _ = context.translations.gettext
    if isinstance(error, DuplicateCountdownError):
        message = _(
            "{channel} already has this countdown ({event}). Change it with {command}, "
            "or remove it first."
        )
        return message.format(
            channel=f"<#{error.existing.channel_id}>",
            command=context.command("countdown edit"),
            event=_event_of_key(error.existing, context),
        )
    if isinstance(error, CountdownNotFoundError):
        return _("I couldn't find that countdown. Pick one from the suggestions.")
    if isinstance(error, CountdownLimitError):
        message = _("You've reached the limit of {limit} countdowns. Remove one to add another.")
        return message.format(limit=error.limit)
    if isinstance(error, ReleaseNotFoundError):
        return _("I couldn't find that release. Pick one from the suggestions.")
    return None


def _event_of_key(countdown: Countdown, context: RenderContext) -> str:
    event = countdown.release_key.split(" · ")[0]
    return event_name(event, context.translations)
