"""A running bot, and a member who uses it."""

from typing import Any

from bot.demo.plain_text import render_plain_text
from tests.wire.fake_discord import WireDiscord
from tests.wire.interactions import Member
from tests.wire.process import BotProcess


class RunningBot:
    """A running bot, and a member of a guild that it is in."""

    def __init__(self, discord: WireDiscord, bot: BotProcess) -> None:
        self.discord = discord
        self.bot = bot
        self.guild = discord.create_guild("Drama Club")
        self.channel = discord.create_text_channel(self.guild, "general")
        self.member = discord.add_member(self.guild, "mina")

    async def whois(self, member: Member | None = None) -> Any:
        """Send /whois for somebody in the catalog, and check the answer."""
        user = member or self.member
        answer = await self.discord.slash(user, self.channel, "whois", name="Taecyeon")
        assert "Taecyeon" in render_plain_text(answer.body)
        return answer
