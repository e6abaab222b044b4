"""The command tree: commands begin with a promise, and every error ends as one kind of answer."""

import logging
import secrets
from typing import Any, cast

from discord import HTTPException, Interaction, InteractionType
from discord.app_commands import (
    AppCommandError,
    CommandInvokeError,
    CommandTree,
    MissingPermissions,
    TransformerError,
)
from discord.ui import LayoutView

from bot.errors import AnswerError, HostError
from bot.ui.answering import answer, promise_answer
from bot.ui.cards.answers import menu_card, nearest_card, problem_card
from bot.ui.notices import refusal
from bot.ui.options import Asks, Unresolved
from bot.ui.reader import Reader

_log = logging.getLogger(__name__)

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_ALREADY_ANSWERED = 40060


class BonbangTree(CommandTree[Any]):
    """Commands, and what happens when one fails."""

    async def interaction_check(self, interaction: Interaction[Any], /) -> bool:
        """Let every command through, with an answer promised."""
        if interaction.type is InteractionType.application_command:
            promise_answer(interaction)
        return True

    async def on_error(self, interaction: Interaction[Any], error: AppCommandError, /) -> None:
        """Answer what went wrong with a command."""
        await answer_error(interaction, error)


async def answer_error(interaction: Interaction[Any], error: Exception) -> None:
    """Turn any error into an answer for the asker alone. Never raises."""
    error = _cause(error)
    if isinstance(error, HTTPException) and error.code == _ALREADY_ANSWERED:
        # The answer had arrived and only the reply to it was lost, or another process was quicker.
        _log.warning("an interaction had been answered already")
        return
    reader = cast(Asks, interaction.client).reader(interaction)
    try:
        await answer(interaction, _explain(error, reader, interaction), private=True)
    except HTTPException:
        # The way to the member is cut; all that is left is to tell the host.
        _log.exception("an error could not be answered")


def _cause(error: Exception) -> Exception:
    """What went wrong, out of what discord.py wraps it in."""
    if isinstance(error, (CommandInvokeError, TransformerError)) and error.__cause__ is not None:
        return cast(Exception, error.__cause__)
    return error


def _explain(error: Exception, reader: Reader, interaction: Interaction[Any]) -> LayoutView:
    if isinstance(error, Unresolved):
        card = menu_card if error.several else nearest_card
        return card(error.asked, error.options, reader)
    if isinstance(error, AnswerError):
        return problem_card(str(error), reader)
    if isinstance(error, MissingPermissions):
        _ = reader.texts.gettext
        return problem_card(_("This is for members who may manage the server."), reader)
    if refused := refusal(error, reader):
        return problem_card(refused, reader)
    return _unexpected(error, reader, interaction)


def _unexpected(error: Exception, reader: Reader, interaction: Interaction[Any]) -> LayoutView:
    """An error that is a fault of the bot. Its id leads from the member's screen to the log."""
    error_id = secrets.token_hex(3)
    asked = interaction.command.qualified_name if interaction.command else interaction.type.name
    # What the host has to see to says so in its text; how the bot came upon it is no help.
    trace = None if isinstance(error, HostError) else error
    _log.error("error %s while answering %s: %s", error_id, asked, error, exc_info=trace)
    message = reader.texts.gettext(
        "Something went wrong on my side. Try again in a moment; if it stays, tell whoever runs "
        "this bot the number below."
    )
    return problem_card(message, reader, error_id)
