"""Tells members the outcome of their suggestions by direct message: each once, and none is lost."""

import logging
from typing import Any, cast

from discord import AllowedMentions, DMChannel, HTTPException, Object
from discord.utils import time_snowflake

from bot.catalog.curation import Suggestion
from bot.i18n import get_translations
from bot.services import BotServices
from bot.ui.cards.suggestions import told_card, told_mark
from bot.ui.render_context import RenderContext
from bot.ui.suggestion_posts import record_of

_log = logging.getLogger(__name__)

# The member does not accept direct messages, or shares no server with the bot.
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_REFUSED = (50007, 50278)
_SEARCHED = 100


async def tell_outcomes(client: Any) -> None:
    """Tell members what became of their suggestions, in their language.

    What fails for now is told when this is called again. Whoever does not accept direct messages
    is not told.
    """
    services: BotServices = client.services
    async with client.telling:
        for suggestion in await services.curation.untold_suggestions():
            try:
                await _tell(client, suggestion)
            except HTTPException as error:
                if error.code not in _REFUSED:
                    _warn(suggestion, error)
                if not _is_permanent(error):
                    continue
            except Exception as error:
                _warn(suggestion, error)
                continue
            await services.curation.set_told(suggestion.id)


async def _tell(client: Any, suggestion: Suggestion) -> None:
    """Send the outcome, unless the member has it: the bot may have been stopped after sending."""
    services: BotServices = client.services
    channel: DMChannel = await client.create_dm(Object(suggestion.member.user_id))
    if await _is_told(client, channel.id, suggestion):
        return
    translations = get_translations(suggestion.language)
    context = RenderContext(translations, services.clock(), services.command_ids)
    await channel.send(
        view=told_card(suggestion, record_of(services, suggestion), context),
        nonce=told_mark(suggestion),
        allowed_mentions=AllowedMentions.none(),
    )


async def _is_told(client: Any, channel_id: int, suggestion: Suggestion) -> bool:
    after = time_snowflake(suggestion.made_at)
    messages: Any = await client.http.logs_from(channel_id, _SEARCHED, after=after)
    marks = (str(one["components"]) for one in cast(list[dict[str, Any]], messages))
    return any(f"#{told_mark(suggestion)}'" in one for one in marks)


def _is_permanent(error: HTTPException) -> bool:
    """Return whether Discord itself refused it. An error without a code may come from a proxy."""
    return 400 <= error.status < 500 and error.status != 429 and error.code != 0


def _warn(suggestion: Suggestion, error: Exception) -> None:
    _log.warning("could not tell the outcome of suggestion %d: %s", suggestion.id, error)
