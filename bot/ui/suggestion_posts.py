"""Messages about suggestions outside of replies: the post for curators, and the one to the member.

A message that cannot be sent never fails what was done.
"""

import logging
from typing import Any

from discord import AllowedMentions, HTTPException, Object, PartialMessage
from discord.abc import Messageable
from discord.ui import LayoutView

from bot.catalog.curation import Curator, Suggestion
from bot.catalog.model import Person, Title
from bot.i18n import SOURCE_LANGUAGE, get_translations
from bot.services import BotServices
from bot.ui.cards.suggestions import suggestion_card, told_card
from bot.ui.render_context import RenderContext

_log = logging.getLogger(__name__)

# The member does not accept direct messages, or shares no server with the bot.
_CANNOT_SEND_TO_USER = 50007


async def post(client: Any, suggestion: Suggestion) -> None:
    """Post a suggestion in the curators' channel, if there is one."""
    services: BotServices = client.services
    channel_id = await services.curation.suggestions_channel_id()
    if channel_id is None:
        return
    try:
        view = _post_view(client, channel_id, suggestion)
        message = await _send(client.get_partial_messageable(channel_id), view)
        stored = await services.curation.set_post(suggestion.id, channel_id, message.id)
    except Exception as error:
        _log.warning("could not post suggestion %d: %s", suggestion.id, error)
        return
    if stored and stored.outcome:
        # It was decided while it was being posted.
        await update_post(client, stored)


async def update_post(
    client: Any, suggestion: Suggestion, decided_by: Curator | None = None
) -> None:
    """Show in the post of a suggestion, if there is one, what was decided."""
    if suggestion.post is None:
        return
    channel_id, message_id = suggestion.post
    message: PartialMessage = client.get_partial_messageable(channel_id).get_partial_message(
        message_id
    )
    view = _post_view(client, channel_id, suggestion, decided_by)
    try:
        await message.edit(view=view, allowed_mentions=AllowedMentions.none())
    except Exception as error:
        _log.warning("could not update the post of suggestion %d: %s", suggestion.id, error)


async def tell_member(client: Any, suggestion: Suggestion) -> None:
    """Tell the member what became of a suggestion, in their language, if they may be written to."""
    services: BotServices = client.services
    translations = get_translations(suggestion.language)
    context = RenderContext(translations, services.clock(), services.command_ids)
    view = told_card(suggestion, record_of(services, suggestion), context)
    try:
        await _send(await client.create_dm(Object(suggestion.member.user_id)), view)
    except HTTPException as error:
        if error.code != _CANNOT_SEND_TO_USER:
            _log.warning("could not tell the outcome of suggestion %d: %s", suggestion.id, error)
    except Exception as error:
        _log.warning("could not tell the outcome of suggestion %d: %s", suggestion.id, error)


def record_of(services: BotServices, suggestion: Suggestion) -> Title | Person | None:
    """Return the record of a suggestion, or None if it is gone."""
    entry = services.catalog.entry(f"{suggestion.entity}:{suggestion.record_id}")
    return entry if isinstance(entry, Title | Person) else None


def _post_view(
    client: Any, channel_id: int, suggestion: Suggestion, decided_by: Curator | None = None
) -> LayoutView:
    """Return the card of a suggestion in the language of the channel's server."""
    services: BotServices = client.services
    guild = getattr(client.get_channel(channel_id), "guild", None)
    language = guild.preferred_locale.value if guild else SOURCE_LANGUAGE
    context = RenderContext(get_translations(language), services.clock(), services.command_ids)
    record = record_of(services, suggestion)
    return suggestion_card(suggestion, record, context, decided_by=decided_by)


async def _send(channel: Messageable, view: LayoutView) -> Any:
    return await channel.send(view=view, allowed_mentions=AllowedMentions.none())
