"""Every interaction gets one answer, within the three seconds Discord waits for it."""

import asyncio
import logging
from typing import Any

from discord import AllowedMentions, Embed, HTTPException, Interaction, InteractionType
from discord.ui import LayoutView, View

_log = logging.getLogger(__name__)

# Discord forgets an interaction after 3 s; what is left is for the way there.
_PATIENCE = 1.5
_PROMISE = "promise"


class _Promise:
    """Tells Discord that an answer is being made, should it take long."""

    def __init__(self, interaction: Interaction[Any]) -> None:
        self._interaction = interaction
        self._deferral: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_PATIENCE, self._start)

    async def keep(self) -> None:
        """The answer is there: nothing more is deferred. A deferral under way is let finish,
        since two answers at once would be one too many."""
        self._timer.cancel()
        if self._deferral is not None:
            await self._deferral

    def _start(self) -> None:
        self._deferral = asyncio.create_task(self._defer(), name="deferral")

    async def _defer(self) -> None:
        try:
            # What waits for the database is a server's own business. Cards never take so long.
            await self._interaction.response.defer(ephemeral=True, thinking=True)
        except HTTPException:
            _log.warning("could not defer an answer", exc_info=True)


def promise_answer(interaction: Interaction[Any]) -> None:
    """See to it that Discord hears in time of an answer that takes long. `answer` is to follow."""
    interaction.extras[_PROMISE] = _Promise(interaction)


async def answer(interaction: Interaction[Any], view: LayoutView, *, private: bool = False) -> None:
    """Answer with a card; `private` shows it to the asker alone.

    What is opened by a button stays with the one who pressed it: it replaces a card that only
    they see, and comes beside one that others see.
    """
    await _keep_promise(interaction)
    mentions = AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, allowed_mentions=mentions)
    elif _on_own_card(interaction):
        await interaction.response.edit_message(view=view, allowed_mentions=mentions)
    else:
        await interaction.response.send_message(
            view=view,
            ephemeral=private or _is_component(interaction),
            allowed_mentions=mentions,
        )


async def answer_privately(
    interaction: Interaction[Any], content: str, embed: Embed, view: View
) -> None:
    """Answer with a classic message that the asker alone sees, and that pings nobody."""
    await _keep_promise(interaction)
    mentions = AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.edit_original_response(
            content=content, embed=embed, view=view, allowed_mentions=mentions
        )
    else:
        await interaction.response.send_message(
            content, embed=embed, view=view, ephemeral=True, allowed_mentions=mentions
        )


async def _keep_promise(interaction: Interaction[Any]) -> None:
    if promise := interaction.extras.pop(_PROMISE, None):
        await promise.keep()


def _is_component(interaction: Interaction[Any]) -> bool:
    return interaction.type is InteractionType.component


def _on_own_card(interaction: Interaction[Any]) -> bool:
    """Whether what was pressed is a card that only the presser sees.

    A previewed announcement is none: a card cannot take the place of a classic message.
    """
    message = interaction.message
    if not _is_component(interaction) or message is None:
        return False
    asked = message.interaction_metadata
    theirs = asked is None or asked.user.id == interaction.user.id
    return theirs and message.flags.ephemeral and message.flags.components_v2
