"""Threads that Discord has and the bot's cache lacks."""

from simcord import Env
from simcord.builders import ChannelHandle


def uncached_thread(
    env: Env, parent: ChannelHandle, owner_id: int, *, archived: bool = False
) -> ChannelHandle:
    """A thread that is not in the bot's cache."""
    assert parent.guild is not None
    thread = env.backend.create_thread(parent.id, "secret talk", owner_id=owner_id)
    assert thread.thread_metadata is not None
    thread.thread_metadata.archived = archived
    env.bot.get_guild(parent.guild.id)._threads.pop(thread.id, None)
    return ChannelHandle(env, parent.guild, thread)
