"""A date that moves in a source: from the source to a card, and to a channel, over sockets."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from discord import Permissions

from bot.demo.plain_text import render_plain_text
from tests.sources.tvmaze_server import FakeTvmaze, make_episode, make_show
from tests.wire.fake_discord import WireDiscord
from tests.wire.polling import until
from tests.wire.process import BotProcess

# A bot on a machine whose clock is right, some seconds later than this one.
LATER = (
    "import sys; from datetime import timedelta; from bot import app, clock; "
    "right = clock.system_clock; "
    "app.system_clock = lambda: right() + timedelta(seconds={seconds}); "
    "sys.argv[1:] = ['run']; from bot.__main__ import main; main()"
)
HOUR = 3600


def show(day: str) -> Any:
    """A show whose premiere is on a day, and its first episode, too."""
    placeholder = {"airdate": day, "airtime": "", "airstamp": f"{day}T12:00:00+00:00"}
    return {
        "name": "Crash Course in Syncing",
        "status": "In Development",
        "premiered": day,
        "ended": None,
        "episodes": [make_episode(11, **placeholder)],
    }


class Installation:
    """A bot that is restarted as time passes, its server, and a TVmaze."""

    def __init__(self, folder: Path, discord: WireDiscord, tvmaze: FakeTvmaze) -> None:
        self.discord, self.tvmaze = discord, tvmaze
        self._folder = folder
        self._elapsed = 0
        self._starts = 0
        self.guild = discord.create_guild("Drama Club")
        self.channel = discord.create_text_channel(self.guild, "general")
        manager = Permissions(manage_guild=True, send_messages=True, view_channel=True)
        self.moderator = discord.add_member(self.guild, "moon", permissions=manager)

    def bot(self, *, after: int = 0) -> BotProcess:
        """The bot, started some seconds after it was started the last time."""
        self._elapsed += after
        self._starts += 1
        self.discord.advance(after)
        folder = self._folder / f"start{self._starts}"
        folder.mkdir()
        command = (sys.executable, "-c", LATER.format(seconds=self._elapsed))
        return BotProcess(
            self.discord,
            folder,
            database=self._folder / "bonbang.db",
            command=command,
            SYNC_SOURCES="tvmaze",
            TVMAZE_URL=self.tvmaze.url,
        )

    def change(self, day: str) -> None:
        """Move the premiere in TVmaze."""
        changed = make_show(7, **show(day))
        self.tvmaze.now += HOUR
        self.tvmaze.change(7, **changed)

    async def read(self, requests: int) -> None:
        """Wait until TVmaze was asked so many times since the last call, and the sync is done."""
        await until(lambda: len(self.tvmaze.requests) >= requests and not self._is_syncing(), 30)
        self.tvmaze.requests.clear()

    def _is_syncing(self) -> bool:
        with closing(sqlite3.connect(self._folder / "bonbang.db")) as connection:
            query = "SELECT count(*) FROM source_states WHERE owner IS NOT NULL"
            return bool(connection.execute(query).fetchone()[0])

    def announcements(self) -> list[str]:
        """What the bot has posted, not counting replies to commands."""
        posted = self.discord.messages(self.channel)
        return [one["content"] for one in posted if one.get("content")]


async def test_moved_premiere_is_told_once_after_two_reads(tmp_path: Path) -> None:
    tvmaze = FakeTvmaze({7: make_show(7, **show("2031-03-07"))})
    async with tvmaze.serve(), WireDiscord() as discord:
        site = Installation(tmp_path, discord, tvmaze)
        async with site.bot() as bot:
            await bot.connected()
            # Two pages, and two requests for the show.
            await site.read(4)
            card = await find_card(site)
            assert "March 7, 2031" in card
            assert "TVmaze" in card
            added = await discord.slash(
                site.moderator,
                site.channel,
                "countdown add",
                title="Crash Course in Syncing",
                channel=site.channel,
            )
            assert "D-100 2030-11-27" in render_plain_text(added.body)
        site.change("2031-04-04")
        async with site.bot(after=HOUR) as bot:
            await bot.connected()
            await site.read(3)
            assert "March 7, 2031" in await find_card(site)
        assert site.announcements() == []
        async with site.bot(after=HOUR) as bot:
            await bot.connected()
            await until(lambda: len(site.announcements()) == 1, 30)
            # The announcement is made from the database, and may be sooner than the catalog.
            await find_card(site, shows="April 4, 2031")
        async with site.bot(after=HOUR) as bot:
            await bot.connected()
            await site.read(1)
            await find_card(site)
        [announcement] = site.announcements()
        assert "Crash Course in Syncing" in announcement


async def test_date_that_flaps_back_within_the_hour_is_not_told(tmp_path: Path) -> None:
    tvmaze = FakeTvmaze({7: make_show(7, **show("2031-03-07"))})
    async with tvmaze.serve(), WireDiscord() as discord:
        site = Installation(tmp_path, discord, tvmaze)
        async with site.bot() as bot:
            await bot.connected()
            await site.read(4)
            await find_card(site)
            await discord.slash(
                site.moderator,
                site.channel,
                "countdown add",
                title="Crash Course in Syncing",
                channel=site.channel,
            )
        for day in ("2031-04-04", "2031-03-07"):
            site.change(day)
            async with site.bot(after=HOUR) as bot:
                await bot.connected()
                await site.read(3)
                assert "March 7, 2031" in await find_card(site)
        async with site.bot(after=HOUR) as bot:
            await bot.connected()
            await site.read(1)
            await find_card(site)
        assert site.announcements() == []


async def find_card(site: Installation, shows: str = "Premiere") -> str:
    """The card of the show, once it shows a text."""
    while True:
        answer = await site.discord.slash(
            site.moderator, site.channel, "show", title="Crash Course in Syncing"
        )
        text = render_plain_text(answer.body)
        if shows in text:
            return text
