"""Finds and names channels and threads of a server."""

from discord import Forbidden, Guild, InvalidData, NotFound, Thread
from discord.abc import GuildChannel

from bot.i18n import Translations

GuildChannelOrThread = GuildChannel | Thread


async def find_channel(guild: Guild, channel_id: int) -> GuildChannelOrThread | None:
    """Return a channel or thread of a server, or None if the bot cannot see it.

    Fetches it from Discord if it is not cached, as for an archived thread.
    """
    if cached := guild.get_channel_or_thread(channel_id):
        return cached
    try:
        return await guild.fetch_channel(channel_id)
    except (Forbidden, NotFound, InvalidData):
        return None


def channel_label(guild: Guild | None, channel_id: int, translations: Translations) -> str:
    """Return the name of a channel, or `#unknown`, as Discord shows what it cannot find."""
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    return f"#{channel.name}" if channel else translations.gettext("#unknown")
