"""Auto-defers commands and turns every error into one reply."""

import asyncio
import logging
import secrets
from datetime import timedelta
from typing import Any

from aiohttp import ClientError
from discord import Client, HTTPException, Interaction, InteractionType
from discord.app_commands import (
    AppCommandError,
    CommandInvokeError,
    CommandTree,
    MissingPermissions,
    TransformerError,
)
from discord.ui import LayoutView

from bot.client.member_limits import MemberLimits
from bot.errors import OperatorError, UserError
from bot.ui.cards.prompts import choice_card, message_card, not_found_card
from bot.ui.interaction_context import context_of, services_of
from bot.ui.name_options import AmbiguousName
from bot.ui.notices import countdown_error_text
from bot.ui.permissions import NotCuratorError
from bot.ui.render_context import RenderContext
from bot.ui.responses import is_reply_rejected, respond, start_auto_defer

_log = logging.getLogger(__name__)

# Discord takes no choices after 3 seconds; the rest is the time they need to get there.
AUTOCOMPLETE_LIFETIME = timedelta(seconds=2.5)


class BonbangTree(CommandTree[Any]):
    """The command tree. It defers slow commands and handles errors."""

    def __init__(self, client: Client, **options: Any) -> None:
        super().__init__(client, **options)
        self._limits = MemberLimits()
        # discord.py sends the choices itself, and logs whatever goes wrong with a traceback.
        logging.getLogger("discord.app_commands.tree").addFilter(_shorten_rejected_reply)

    async def interaction_check(self, interaction: Interaction[Any], /) -> bool:
        """Return whether to answer a command or an autocompletion, and auto-defer a command."""
        if interaction.type is InteractionType.autocomplete:
            # Discord shows an error for the option, and asks again at the next letter. An empty
            # list would cost a request, and say that nothing matches.
            return not _is_expired(interaction) and self._start(interaction)
        if not await self.admit(interaction):
            return False
        start_auto_defer(interaction)
        return True

    async def admit(self, interaction: Interaction[Any]) -> bool:
        """Return whether an interaction is within the limits. If not, tell the member."""
        if self._start(interaction):
            return True
        if self._limits.notice_due(interaction.user.id):
            _ = context_of(interaction).translations.gettext
            message = _("You're going too fast. Try again in a few seconds.")
            await respond_with_error(interaction, UserError(message))
        return False

    async def on_error(self, interaction: Interaction[Any], error: AppCommandError, /) -> None:
        """Reply with an error message."""
        await respond_with_error(interaction, error)

    def _start(self, interaction: Interaction[Any]) -> bool:
        """Return whether an interaction is within the limits. If it is, count it until the
        current task is done, which is discord.py's task for it."""
        finish = self._limits.start(interaction.user.id, interaction.guild_id)
        task = asyncio.current_task()
        if finish is None or task is None:
            return False
        task.add_done_callback(lambda _: finish())
        return True


def _is_expired(interaction: Interaction[Any]) -> bool:
    now = services_of(interaction).clock()
    return now - interaction.created_at > AUTOCOMPLETE_LIFETIME


async def respond_with_error(interaction: Interaction[Any], error: Exception) -> None:
    """Reply to an interaction with a private error message. Never raises."""
    error = _unwrap(error)
    if is_reply_rejected(error):
        _log_rejected_reply(error)
        return
    context = context_of(interaction)
    try:
        # The card stays, so that the user can try again.
        card = _error_card(error, context, interaction)
        await respond(interaction, card, private=True, keep=True)
    except (HTTPException, ClientError, OSError) as failure:
        if is_reply_rejected(failure):
            _log_rejected_reply(failure)
        else:
            _log.exception("could not send the error reply")


def _log_rejected_reply(error: BaseException | None) -> None:
    _log.warning("Discord no longer accepts a reply to the interaction: %s", error)


def _shorten_rejected_reply(record: logging.LogRecord) -> bool:
    """Filter log records: one that reports a rejected reply is replaced by a single line."""
    error = record.exc_info[1] if record.exc_info else None
    if is_reply_rejected(error):
        _log_rejected_reply(error)
        return False
    return True


def _unwrap(error: Exception) -> Exception:
    """Return the original error if discord.py has wrapped it."""
    if isinstance(error, (CommandInvokeError, TransformerError)):
        cause = error.__cause__
        return cause if isinstance(cause, Exception) else error
    return error


def _error_card(
    error: Exception, context: RenderContext, interaction: Interaction[Any]
) -> LayoutView:
    if isinstance(error, AmbiguousName):
        card = choice_card if error.several else not_found_card
        return card(error.query, error.options, context)
    if isinstance(error, UserError):
        return message_card(str(error), context)
    if isinstance(error, MissingPermissions):
        _ = context.translations.gettext
        return message_card(_("You need the Manage Server permission to do that."), context)
    if isinstance(error, NotCuratorError):
        message = context.translations.gettext(
            "Only curators can edit the catalog. Suggest a change with {command}."
        )
        return message_card(message.format(command=context.command("suggest")), context)
    if message := countdown_error_text(error, context):
        return message_card(message, context)
    return _unexpected_error_card(error, context, interaction)


def _unexpected_error_card(
    error: Exception, context: RenderContext, interaction: Interaction[Any]
) -> LayoutView:
    """Log an unexpected error with an id, and return a card that shows the id."""
    error_id = secrets.token_hex(3)
    source = interaction.command.qualified_name if interaction.command else interaction.type.name
    # The text of an OperatorError says what to do, so no traceback is needed.
    exc_info = None if isinstance(error, OperatorError) else error
    _log.error("error %s in %s: %s", error_id, source, error, exc_info=exc_info)
    message = context.translations.gettext(
        "Something went wrong on my end. Try again in a moment. If it keeps happening, send "
        "the code below to whoever runs this bot."
    )
    return message_card(message, context, error_id)
