"""Posts of suggestions in the curators' channel.

One that cannot be sent or changed never fails what was done.
"""

import logging
from typing import Any

from discord import AllowedMentions, PartialMessage
from discord.abc import Messageable
from discord.ui import LayoutView

from bot.catalog.curation import Curator, Suggestion
from bot.catalog.model import Person, Title
from bot.i18n import SOURCE_LANGUAGE, get_translations
from bot.services import BotServices
from bot.ui.cards.suggestions import suggestion_card
from bot.ui.render_context import RenderContext

_log = logging.getLogger(__name__)


async def post(client: Any, suggestion: Suggestion) -> None:
    """Post a suggestion in the curators' channel, if there is one."""
    services: BotServices = client.services
    channel_id = await services.curation.suggestions_channel_id()
    if channel_id is None:
        return
    try:
        view = _post_view(client, channel_id, suggestion)
        channel: Messageable = client.get_partial_messageable(channel_id)
        message = await channel.send(view=view, allowed_mentions=AllowedMentions.none())
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


def record_of(services: BotServices, suggestion: Suggestion) -> Title | Person | None:
    """Return the record of a suggestion, or None if it is gone."""
    return services.catalog.record(f"{suggestion.entity}:{suggestion.record_id}")


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
