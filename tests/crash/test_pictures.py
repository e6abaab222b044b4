"""Announcements with pictures over sockets: each is posted once, with or without its picture."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from discord import Permissions

from tests.crash.fanout import SENDS, FanOut, open_fanout
from tests.crash.test_trust import counts, post_and_kill
from tests.wire import faults
from tests.wire.polling import until


def pictures(fanout: FanOut) -> list[list[Any]]:
    """The files of the announcement in each channel, as name and size."""
    return [
        [(one["filename"], one["size"] > 50_000) for one in message["attachments"]]
        for channel in fanout.channels
        for message in fanout.discord.messages(channel)
    ]


# So that the bot is ready, and knows its permissions, before it posts.
AHEAD = timedelta(seconds=8)

PICTURE = [("countdown.jpg", True)]


async def test_picture_is_posted_in_every_channel(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 10, picture=True) as fanout:
        async with fanout.bot():
            await fanout.wait_until_complete()
        fanout.check()
        assert pictures(fanout) == [PICTURE] * 10


async def test_announcement_with_a_picture_is_not_repeated_after_a_crash(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 5, picture=True) as fanout:
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
        # Discord no longer knows the nonces, so the channels are searched.
        fanout.discord.advance(400)
        async with fanout.bot("again"):
            await fanout.wait_until_complete()
        fanout.check()
        assert pictures(fanout) == [PICTURE] * 5


async def test_announcement_with_a_picture_is_recognized_by_its_nonce(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 5, picture=True) as fanout:
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
        async with fanout.bot("again"):
            await fanout.wait_until_complete()
        fanout.check()
        assert pictures(fanout) == [PICTURE] * 5


async def test_picture_that_discord_forbids_is_left_out(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 1, picture=True) as fanout:
        rule = fanout.discord.faults.add("POST", SENDS, faults.forbidden(), times=1)
        async with fanout.bot():
            await fanout.wait_until_complete()
        assert rule.hits == 1
        fanout.check()
        assert pictures(fanout) == [[]]
        assert fanout.rows("SELECT attempts FROM deliveries") == [(0,)]
        assert fanout.pause_reasons() == {}


async def test_picture_is_not_tried_where_the_bot_may_not_attach_files(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 2, ahead=AHEAD, picture=True) as fanout:
        fanout.discord.forbid(fanout.channels[0], Permissions(attach_files=True))
        async with fanout.bot():
            await fanout.wait_until_complete()
        fanout.check()
        assert pictures(fanout) == [[], PICTURE]
        sent = [one for one in fanout.discord.requests if one.path.endswith("/messages")]
        assert len([one for one in sent if one.method == "POST"]) == 2


async def test_channel_that_forbids_everything_is_paused_as_without_pictures(
    tmp_path: Path,
) -> None:
    async with open_fanout(tmp_path, 1, picture=True) as fanout:
        rule = fanout.discord.faults.add("POST", SENDS, faults.forbidden())
        async with fanout.bot():
            await fanout.wait_until_complete()
        assert rule.hits == 2
        assert counts(fanout) == [0]
        assert list(fanout.pause_reasons().values()) == ["forbidden"]


async def test_announcement_that_fails_again_and_again_goes_without_its_picture(
    tmp_path: Path,
) -> None:
    async with open_fanout(tmp_path, 1, picture=True) as fanout:
        rule = fanout.discord.faults.add("POST", SENDS, faults.status(400), times=2)
        async with fanout.bot():
            await until(lambda: rule.hits == 2, 60)
            await fanout.wait_until_complete()
        fanout.check()
        assert pictures(fanout) == [[]]
