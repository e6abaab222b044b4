"""Runs the actions of buttons for curators."""

from typing import Any

from discord import Interaction

from bot.ui.curation_buttons import CurationAction
from bot.ui.curation_doubts import join, keep_apart, show_doubt
from bot.ui.curation_edits import add_anyway, draft_of, edit_again
from bot.ui.curation_history import record_of_path, show_history, undo
from bot.ui.permissions import require_curator
from bot.ui.responses import start_auto_defer
from bot.ui.suggestion_actions import (
    OUTCOMES,
    block,
    decide,
    show_suggestion,
    suggest_again,
    unblock,
)

_BY_NUMBER = {
    CurationAction.SAME: join,
    CurationAction.DIFFERENT: keep_apart,
    CurationAction.NEXT_DOUBT: show_doubt,
    CurationAction.BLOCK: block,
    CurationAction.UNBLOCK: unblock,
    CurationAction.NEXT_SUGGESTION: show_suggestion,
}


async def run_action(interaction: Interaction[Any], action: CurationAction, argument: str) -> None:
    """Run the action of a button. `argument` is untrusted, and so is who pressed it.

    Raises NotCuratorError, UserError.
    """
    if action is CurationAction.EDIT_AGAIN:
        # A modal has to be the first response. Members suggest changes in one, too.
        is_suggestion = draft_of(interaction, argument).form.startswith("suggest:")
        await (suggest_again if is_suggestion else edit_again)(interaction, argument)
        return
    require_curator(interaction)
    start_auto_defer(interaction)
    if action is CurationAction.ADD_ANYWAY:
        await add_anyway(interaction, argument)
    elif action is CurationAction.UNDO:
        await undo(interaction, argument)
    elif action is CurationAction.HISTORY:
        path, _slash, page = argument.rpartition("/")
        await show_history(interaction, record_of_path(interaction, path), _number(page))
    elif action in OUTCOMES:
        await decide(interaction, _number(argument), action)
    else:
        await _BY_NUMBER[action](interaction, _number(argument))


def _number(text: str) -> int:
    """Return the number of a custom id, or 0 if it is none, which nothing has as its id."""
    is_number = text.isascii() and text.isdigit()
    return min(int(text[:19]), 2**63 - 1) if is_number else 0
