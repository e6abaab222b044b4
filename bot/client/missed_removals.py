"""Forgets servers that removed the bot while it was disconnected."""

from collections.abc import Callable
from typing import Any

from bot.client.bot import Bonbang

Parser = Callable[[Any], None]


def forget_missed_removals(bot: Bonbang) -> None:
    """Remove servers from discord.py's cache that a new session no longer has.

    discord.py keeps them. Call this before the bot connects.
    """
    parsers = bot._connection.parsers  # pyright: ignore[reportPrivateUsage]
    parse_ready = parsers["READY"]

    def parse(data: Any) -> None:
        parse_ready(data)
        _remove_unlisted(bot, data)

    parsers["READY"] = parse


def _remove_unlisted(bot: Bonbang, ready: Any) -> None:
    listed = {int(guild["id"]) for guild in ready["guilds"]}
    shard_id = ready["shard"][0]
    for guild in list(bot.guilds):
        if guild.shard_id == shard_id and guild.id not in listed:
            bot._connection._remove_guild(guild)  # pyright: ignore[reportPrivateUsage]
