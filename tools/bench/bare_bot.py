"""A minimal discord.py bot for comparison: `/ping` replies with a constant."""

import asyncio
import os

import discord
from discord import Intents, Interaction, app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


class BareBot(discord.AutoShardedClient):
    """Connects as Bonbang does, and does nothing more."""

    def __init__(self) -> None:
        super().__init__(intents=Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Register the one command."""
        self.tree.add_command(ping)
        await self.tree.sync()


@app_commands.command(name="ping", description="Replies")
async def ping(interaction: Interaction[BareBot]) -> None:
    """Reply with a constant."""
    await interaction.response.send_message("pong")


async def main() -> None:
    """Run until killed. Settings come from the environment."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    async with BareBot() as bot:
        await bot.login(os.environ["DISCORD_TOKEN"])
        _shards, address, _limits = await bot.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = URL(address)
        await bot.connect()


if __name__ == "__main__":
    asyncio.run(main())
