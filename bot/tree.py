"""The command tree: commands begin with a promise, and every error ends as one kind of answer."""

import logging
import secrets
from typing import Any, cast

from discord import HTTPException, Interaction, InteractionType
from discord.app_commands import (
    AppCommandError,
    CommandInvokeError,
    CommandTree,
    TransformerError,
)
from discord.ui import LayoutView

from bot.errors import AnswerError
from bot.ui.answering import answer, promise_answer
from bot.ui.cards.answers import menu_card, nearest_card, problem_card
from bot.ui.options import Asks, Unresolved
from bot.ui.reader import Reader

_log = logging.getLogger(__name__)


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
    reader = cast(Asks, interaction.client).reader(interaction)
    try:
        await answer(interaction, _explain(error, reader, interaction), private=True)
    except HTTPException:
        # The way to the member is cut; all that is left is to tell the host.
        _log.exception("an error could not be answered")


def _explain(error: Exception, reader: Reader, interaction: Interaction[Any]) -> LayoutView:
    if isinstance(error, (CommandInvokeError, TransformerError)) and error.__cause__ is not None:
        error = cast(Exception, error.__cause__)
    if isinstance(error, Unresolved):
        card = menu_card if error.several else nearest_card
        return card(error.asked, error.options, reader)
    if isinstance(error, AnswerError):
        return problem_card(str(error), reader)
    return _unexpected(error, reader, interaction)


def _unexpected(error: Exception, reader: Reader, interaction: Interaction[Any]) -> LayoutView:
    """An error that is a fault of the bot. Its id leads from the member's screen to the log."""
    error_id = secrets.token_hex(3)
    asked = interaction.command.qualified_name if interaction.command else interaction.type.name
    _log.error("error %s while answering %s", error_id, asked, exc_info=error)
    message = reader.texts.gettext(
        "Something went wrong on my side. Try again in a moment; if it stays, tell whoever runs "
        "this bot the number below."
    )
    return problem_card(message, reader, error_id)
