"""Auto-defers commands and turns every error into one reply."""

import logging
import secrets
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

from bot.errors import OperatorError, UserError
from bot.ui.cards.prompts import choice_card, message_card, not_found_card
from bot.ui.interaction_context import context_of
from bot.ui.name_options import AmbiguousName
from bot.ui.notices import countdown_error_text
from bot.ui.render_context import RenderContext
from bot.ui.responses import is_reply_rejected, respond, start_auto_defer

_log = logging.getLogger(__name__)


class BonbangTree(CommandTree[Any]):
    """The command tree. It defers slow commands and handles errors."""

    def __init__(self, client: Client, **options: Any) -> None:
        super().__init__(client, **options)
        # discord.py sends the choices itself, and logs whatever goes wrong with a traceback.
        logging.getLogger("discord.app_commands.tree").addFilter(_shorten_rejected_reply)

    async def interaction_check(self, interaction: Interaction[Any], /) -> bool:
        """Allow every command, and defer it if its reply is slow."""
        if interaction.type is InteractionType.application_command:
            start_auto_defer(interaction)
        return True

    async def on_error(self, interaction: Interaction[Any], error: AppCommandError, /) -> None:
        """Reply with an error message."""
        await respond_with_error(interaction, error)


async def respond_with_error(interaction: Interaction[Any], error: Exception) -> None:
    """Reply to an interaction with a private error message. Never raises."""
    error = _unwrap(error)
    if is_reply_rejected(error):
        _log_rejected_reply(error)
        return
    context = context_of(interaction)
    try:
        await respond(interaction, _error_card(error, context, interaction), private=True)
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
