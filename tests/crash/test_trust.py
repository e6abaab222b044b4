"""Rate limits, changes, clocks and servers, with everything that may go wrong, over sockets."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from discord import Permissions

from tests.crash.fanout import SENDS, FanOut, open_fanout, process_requests
from tests.wire import faults
from tests.wire.clock import real_time
from tests.wire.faults import Fault
from tests.wire.polling import until
from tests.wire.process import BotProcess
from tests.wire.replies import Reply, error, too_many_requests

# Longer than a request may wait, and than a lease lasts.
LONG_LIMIT = 33.0
NO_HISTORY = Permissions(read_message_history=True)

# A bot on a machine whose clock is an hour behind.
AN_HOUR_BEHIND = (
    sys.executable,
    "-c",
    "import sys; from datetime import timedelta; from bot import app, clock; "
    "right = clock.system_clock; app.system_clock = lambda: right() - timedelta(hours=1); "
    "sys.argv[1:] = ['run']; from bot.__main__ import main; main()",
)


def ahead_of_discord(difference: timedelta) -> Callable[[], datetime]:
    """Discord's clock, on a machine whose clock is ahead by so much."""
    return lambda: real_time() - difference


async def test_waiting_for_a_global_rate_limit_is_no_attempt(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 20) as fanout:
        limited = Fault(executed=False, reply=too_many_requests(LONG_LIMIT, "global", {}))
        rule = fanout.discord.faults.add("POST", SENDS, limited)
        async with fanout.bot("one"), fanout.bot("two"):
            # Not from both: one of them may have claimed everything before the other is ready.
            await until(lambda: rule.hits >= 1, 30)
            await asyncio.sleep(2)
            fanout.discord.faults.clear()
            await asyncio.sleep(LONG_LIMIT - 5)
            assert fanout.reached == 0
            await until(lambda: fanout.reached == 20, 30)
            await fanout.wait_until_complete()
        fanout.check()
        assert fanout.rows("SELECT max(attempts) FROM deliveries") == [(0,)]


async def post_and_kill(fanout: FanOut, bot: BotProcess) -> None:
    """Let a bot post everywhere, and kill it before it hears of it."""
    fanout.discord.faults.add("POST", SENDS, faults.lose_reply())
    await until(lambda: all(map(fanout.announcement_count, fanout.channels)), 40)
    bot.kill()
    await process_requests()
    fanout.discord.faults.clear()


def counts(fanout: FanOut) -> list[int]:
    return [fanout.announcement_count(channel) for channel in fanout.channels]


async def test_announcement_is_not_repeated_where_it_cannot_be_searched_for(
    tmp_path: Path,
) -> None:
    async with open_fanout(tmp_path, 10) as fanout:
        for channel in fanout.channels[:5]:
            fanout.discord.forbid(channel, NO_HISTORY)
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
        fanout.discord.advance(400)
        async with fanout.bot("again"):
            await fanout.wait_until_complete()
        assert counts(fanout) == [1] * 10
        outcomes = fanout.rows("SELECT outcome, count(*) FROM deliveries GROUP BY outcome")
        assert outcomes == [("sent", 5), ("unknown", 5)]


async def test_announcement_buried_under_thousands_of_messages_is_not_repeated(
    tmp_path: Path,
) -> None:
    async with open_fanout(tmp_path, 1) as fanout:
        [channel] = fanout.channels
        user = fanout.discord.backend.make_user("mina")
        fanout.discord.backend.add_member(channel.guild_id or 0, user.id)
        for number in range(2000):
            fanout.discord.backend.create_message(channel.id, user.id, content=str(number))
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
        fanout.discord.advance(200)
        async with fanout.bot("again"):
            await fanout.wait_until_complete()
        assert counts(fanout) == [1]
        assert fanout.rows("SELECT outcome FROM deliveries") == [("unknown",)]


@pytest.mark.parametrize(
    "difference",
    [timedelta(minutes=10), timedelta(minutes=-10), timedelta(days=365), timedelta(days=-365)],
    ids=str,
)
async def test_wrong_clock_of_the_machine_changes_nothing(
    tmp_path: Path, difference: timedelta
) -> None:
    async with open_fanout(tmp_path, 10, clock=ahead_of_discord(difference)) as fanout:
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
            assert "Announcements follow Discord's clock" in bot.log()
        fanout.discord.advance(400)
        async with fanout.bot("again"):
            await fanout.wait_until_complete()
        assert counts(fanout) == [1] * 10
        assert fanout.rows("SELECT DISTINCT outcome FROM deliveries") == [("sent",)]


async def test_clock_set_back_between_two_starts_repeats_nothing(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 10) as fanout:
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
        fanout.discord.advance(400)
        async with fanout.bot("again", AN_HOUR_BEHIND) as again:
            await fanout.wait_until_complete()
            assert "67 min behind" in again.log()
        assert counts(fanout) == [1] * 10


async def test_global_rate_limit_of_a_request_that_is_given_up_holds_no_others(
    tmp_path: Path,
) -> None:
    """discord.py waits with all requests until that one has waited, or forever."""
    async with open_fanout(tmp_path, 5, publish=True) as fanout:
        limited = Fault(executed=False, reply=too_many_requests(12.0, "global", {}))
        rule = fanout.discord.faults.add(
            "POST", "/channels/*/messages/*/crosspost", limited, times=1
        )
        async with fanout.bot():
            await until(lambda: rule.hits == 1, 30)
            await fanout.wait_until_complete()
        fanout.check()


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"<html>", b'[{"id": "1", "compo'], ids=repr)
async def test_unreadable_history_is_not_taken_for_an_empty_one(
    tmp_path: Path, body: bytes
) -> None:
    async with open_fanout(tmp_path, 3) as fanout:
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
        fanout.discord.advance(400)
        unreadable = Fault(executed=False, reply=Reply(200, body))
        rule = fanout.discord.faults.add("GET", "/channels/*/messages", unreadable)
        async with fanout.bot("again"):
            await until(lambda: rule.hits >= 6, 40)
            fanout.discord.faults.clear()
            await fanout.wait_until_complete()
        assert counts(fanout) == [1] * 3
        assert fanout.rows("SELECT DISTINCT outcome FROM deliveries") == [("sent",)]


async def test_message_found_after_a_restart_is_published_too(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 2, publish=True) as fanout:
        async with fanout.bot() as bot:
            await post_and_kill(fanout, bot)
        fanout.discord.advance(400)
        async with fanout.bot("again"):
            await fanout.wait_until_complete()
        published = [one.path for one in fanout.discord.requests if "crosspost" in one.path]
        assert len(published) == 2


async def test_wrong_time_in_the_first_response_of_a_start_changes_nothing(
    tmp_path: Path,
) -> None:
    async with open_fanout(tmp_path, 5, ahead=timedelta(seconds=8)) as fanout:
        wrong = {"Date": "Fri, 31 Dec 2027 23:59:59 GMT"}
        me = Reply(200, fanout.discord.user_payload(), wrong)
        fanout.discord.faults.add("GET", "/users/@me", Fault(executed=False, reply=me), times=1)
        slow = Fault(delay=0.5)
        fanout.discord.faults.add("GET", "/gateway/bot", slow)
        async with fanout.bot():
            await fanout.wait_until_complete()
        fanout.check()


async def test_wrong_time_in_two_responses_at_once_skips_nothing(tmp_path: Path) -> None:
    """Two channels are told of a change; a proxy with a wrong clock answers both."""
    async with open_fanout(tmp_path, 4, ahead=timedelta(days=20)) as fanout:
        fanout.announce_window("2099-05-22")
        wrong = {"Date": "Tue, 31 Dec 2127 23:59:59 GMT"}
        fanout.discord.faults.add("POST", SENDS, Fault(reply_headers=wrong), times=2)
        async with fanout.bot():
            await until(lambda: fanout.rows(_KNOWN) == [("2099-05-22", 4)], 60)
        assert fanout.rows("SELECT count(*) FROM deliveries WHERE outcome = 'skipped'") == [(0,)]
        assert fanout.rows("SELECT count(*) FROM countdowns WHERE next_at IS NULL") == [(0,)]


@pytest.mark.parametrize("posted", [False, True])
async def test_second_change_tells_each_channel_once_what_is_new(
    tmp_path: Path, posted: bool
) -> None:
    """The notice of the first change is unsettled when the date changes again."""
    async with open_fanout(tmp_path, 5, ahead=timedelta(days=20)) as fanout:
        fault = faults.lose_reply() if posted else faults.drop_request()
        fanout.discord.faults.add("POST", SENDS, fault)
        fanout.announce_window("2099-05-22")
        async with fanout.bot() as bot:
            await until(lambda: len(fanout.unsettled_channels) == 5, 30)
            await until(lambda: not posted or fanout.reached == 5, 30)
            bot.kill()
        # What has arrived is still processed.
        await process_requests()
        fanout.discord.faults.clear()
        fanout.announce_window("2099-05-24")
        fanout.discord.advance(400)
        async with fanout.bot("again"):
            await until(lambda: fanout.rows(_KNOWN) == [("2099-05-24", 5)], 60)
        for channel in fanout.channels:
            texts = [one["content"] for one in fanout.discord.messages(channel)]
            last = "May 22, 2099" if posted else "moved from"
            assert len(texts) == (2 if posted else 1)
            assert "May 24, 2099" in texts[-1]
            assert last in texts[-1]
            assert ("May 22, 2099" in texts[-1]) is posted


_KNOWN = """
    SELECT json_extract(known_release, '$.window'), count(*) FROM countdowns
    WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE lease_until IS NOT NULL) GROUP BY 1
"""


async def test_notice_that_could_not_be_sent_is_sent_later(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 2) as fanout:
        closed, main = fanout.channels
        guild = fanout.discord.backend.get_guild(main.guild_id or 0)
        guild.system_channel_id = main.id
        fanout.discord.forbid(closed, Permissions(send_messages=True))
        outage = fanout.discord.faults.add(
            "POST", f"/channels/{main.id}/messages", Fault(executed=False, reply=error(503, "down"))
        )
        async with fanout.bot() as bot:
            await until(lambda: fanout.pause_reasons() == {closed.id: "forbidden"}, 30)
            # Its announcement and the notice.
            await until(lambda: outage.hits >= 2, 30)
            bot.kill()
        # What has arrived is still processed.
        await process_requests()
        fanout.discord.faults.clear()
        fanout.discord.advance(61)
        async with fanout.bot("again"):
            await until(lambda: fanout.announcement_count(main) == 2, 60)
            await until(lambda: fanout.rows(_OPEN_NOTICES) == [(0,)], 30)
        assert f"<#{closed.id}>" in str(fanout.discord.messages(main))


_OPEN_NOTICES = "SELECT count(*) FROM countdowns WHERE notify_at IS NOT NULL"
_LEFT = "SELECT guild_id FROM guild_settings WHERE left_at IS NOT NULL"


async def test_server_left_or_joined_while_the_bot_is_down_is_noticed(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 1, ahead=timedelta(days=20)) as fanout:
        guild_id = fanout.channels[0].guild_id or 0
        backend = fanout.discord.backend
        guild = backend.guilds[guild_id]
        del backend.guilds[guild_id]
        async with fanout.bot("removed"):
            await until(lambda: fanout.rows(_LEFT) == [(guild_id,)], 30)
        assert fanout.pause_reasons() == {}
        backend.guilds[guild_id] = guild
        async with fanout.bot("back"):
            await until(lambda: fanout.rows(_LEFT) == [], 30)


async def test_server_that_removed_the_bot_while_it_was_disconnected_is_noticed(
    tmp_path: Path,
) -> None:
    async with open_fanout(tmp_path, 1, ahead=timedelta(days=20)) as fanout, fanout.bot() as bot:
        await bot.connected()
        await fanout.discord.connected()
        guild_id = fanout.channels[0].guild_id or 0
        # Without an event.
        del fanout.discord.backend.guilds[guild_id]
        fanout.discord.invalidate_session()
        await until(lambda: fanout.rows(_LEFT) == [(guild_id,)], 30)
        assert bot.running
