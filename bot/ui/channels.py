"""Channels and threads of a server, cached or not."""

from discord import Forbidden, Guild, InvalidData, NotFound, Thread
from discord.abc import GuildChannel

GuildChannelOrThread = GuildChannel | Thread


async def find_channel(guild: Guild, channel_id: int) -> GuildChannelOrThread | None:
    """A channel or thread of a server that the bot can see; None for any other.

    Asks Discord for one that the cache lacks, such as an archived thread.
    """
    if cached := guild.get_channel_or_thread(channel_id):
        return cached
    try:
        return await guild.fetch_channel(channel_id)
    except (Forbidden, NotFound, InvalidData):
        return None
