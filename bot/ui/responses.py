"""Replies to interactions within Discord's limit of three seconds."""

import asyncio
import logging
from typing import Any

from discord import AllowedMentions, Embed, File, HTTPException, Interaction, InteractionType
from discord.ui import LayoutView, Modal, View
from discord.utils import MISSING

_log = logging.getLogger(__name__)

# The delay before an interaction is deferred, in seconds. Discord's limit is 3 seconds; the rest
# allows for network latency.
AUTO_DEFER_AFTER = 1.5
_AUTO_DEFER = "auto_defer"

# Discord no longer knows the interaction, or has a reply to it already: its response to the first
# attempt was lost, or another process replied. Another request would be rejected too.
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_UNKNOWN_INTERACTION, _ALREADY_ACKNOWLEDGED = 10062, 40060


def is_reply_rejected(error: BaseException | None) -> bool:
    """Return whether an error means that Discord accepts no reply to the interaction any more."""
    codes = (_UNKNOWN_INTERACTION, _ALREADY_ACKNOWLEDGED)
    return isinstance(error, HTTPException) and error.code in codes


class AutoDefer:
    """Defers an interaction if there is no reply after `AUTO_DEFER_AFTER`."""

    def __init__(self, interaction: Interaction[Any]) -> None:
        self._interaction = interaction
        self._deferral: asyncio.Task[None] | None = None
        self._rejection: HTTPException | None = None
        self._timer = asyncio.get_running_loop().call_later(AUTO_DEFER_AFTER, self._start)

    async def cancel(self) -> None:
        """Cancel the deferral. If it is already in progress, wait for it: Discord rejects a
        second response.

        Raises HTTPException if Discord accepts no reply to the interaction any more.
        """
        self._timer.cancel()
        if self._deferral is not None:
            await self._deferral
        if self._rejection is not None:
            raise self._rejection

    def _start(self) -> None:
        # A command may have responded without `respond`.
        if not self._interaction.response.is_done():
            self._deferral = asyncio.create_task(self._defer(), name="auto-defer")

    async def _defer(self) -> None:
        try:
            # Only replies that use the database are slow, and these are private.
            await self._interaction.response.defer(ephemeral=True, thinking=True)
        except HTTPException as error:
            if is_reply_rejected(error):
                self._rejection = error
            else:
                _log.warning("could not defer an interaction", exc_info=True)


def start_auto_defer(interaction: Interaction[Any]) -> None:
    """Defer the interaction if there is no reply after `AUTO_DEFER_AFTER`."""
    interaction.extras[_AUTO_DEFER] = AutoDefer(interaction)


async def respond(
    interaction: Interaction[Any],
    view: LayoutView,
    *,
    private: bool = False,
    keep: bool = False,
    file: File | None = None,
) -> None:
    """Reply with a card, and the file that it shows. If `private` is True, only the user can see
    it.

    Replies to components are always private. They replace a card that only the user can see, unless
    `keep` is True, and are sent as a new message otherwise.
    """
    await _cancel_auto_defer(interaction)
    mentions = AllowedMentions.none()
    attachments = [file] if file else MISSING
    if interaction.response.is_done():
        await interaction.edit_original_response(
            view=view, attachments=attachments, allowed_mentions=mentions
        )
    elif not keep and _is_on_own_card(interaction):
        await interaction.response.edit_message(
            view=view, attachments=attachments, allowed_mentions=mentions
        )
    else:
        await interaction.response.send_message(
            view=view,
            file=file or MISSING,
            ephemeral=private or _is_component(interaction),
            allowed_mentions=mentions,
        )


async def respond_with_modal(interaction: Interaction[Any], modal: Modal) -> None:
    """Open a modal. It has to be the first response, so nothing slow may come before it."""
    await _cancel_auto_defer(interaction)
    await interaction.response.send_modal(modal)


async def respond_with_embed(
    interaction: Interaction[Any],
    content: str,
    embed: Embed,
    view: View,
    file: File | None = None,
) -> None:
    """Reply privately with a message of content, embed, view and file, without mentions.

    The view may only have persistent components: others are not dispatched.
    """
    # discord.py would keep an unstopped view, and a task, for 15 minutes.
    view.stop()
    await _cancel_auto_defer(interaction)
    mentions = AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.edit_original_response(
            content=content,
            embed=embed,
            view=view,
            attachments=[file] if file else MISSING,
            allowed_mentions=mentions,
        )
    else:
        await interaction.response.send_message(
            content,
            embed=embed,
            view=view,
            file=file or MISSING,
            ephemeral=True,
            allowed_mentions=mentions,
        )


async def _cancel_auto_defer(interaction: Interaction[Any]) -> None:
    auto_defer: AutoDefer | None = interaction.extras.pop(_AUTO_DEFER, None)
    if auto_defer is not None:
        await auto_defer.cancel()


def _is_component(interaction: Interaction[Any]) -> bool:
    """Return whether it is of a component, or of a modal that a component opened."""
    return interaction.type in (InteractionType.component, InteractionType.modal_submit)


def _is_on_own_card(interaction: Interaction[Any]) -> bool:
    """Return whether the component is on a card that only the user can see.

    A previewed announcement does not count: it does not use Components V2, so a card cannot
    replace it.
    """
    message = interaction.message
    if not _is_component(interaction) or message is None:
        return False
    metadata = message.interaction_metadata
    own = metadata is None or metadata.user.id == interaction.user.id
    return own and message.flags.ephemeral and message.flags.components_v2
