"""Finds channels and threads of a server, cached or not."""

from discord import Forbidden, Guild, InvalidData, NotFound, Thread
from discord.abc import GuildChannel

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
