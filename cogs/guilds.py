"""Records when the bot joins or leaves a server."""

from discord import Guild
from discord.ext.commands import Cog

from bot.client.bot import Bonbang
from bot.services.guild_membership import GuildMembership


class GuildsCog(Cog):
    """Listens for servers that the bot joins or leaves."""

    def __init__(self, membership: GuildMembership) -> None:
        self._membership = membership

    @Cog.listener()
    async def on_guild_remove(self, guild: Guild) -> None:
        """Pause the countdowns of the server."""
        await self._membership.left(guild.id)

    @Cog.listener()
    async def on_guild_join(self, guild: Guild) -> None:
        """Keep the data of a server that the bot joined again."""
        await self._membership.joined(guild.id)


async def setup(bot: Bonbang) -> None:
    """Add the cog."""
    await bot.add_cog(GuildsCog(bot.services.membership))
