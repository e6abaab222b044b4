"""Whatever fails during a fan-out, every channel gets exactly one message."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from discord import Permissions
from simcord.backend.models import Channel

from bot.announcements.model import PauseReason
from tests.crash.fanout import SENDS, FanOut, open_fanout
from tests.wire import faults
from tests.wire.fake_discord import WireDiscord
from tests.wire.faults import Fault
from tests.wire.polling import until
from tests.wire.replies import error

# Long enough for a bot to connect before the instant.
SOON = timedelta(seconds=5)

# Failed attempts per channel in an outage: enough for the backoff to have grown.
ATTEMPTS = 3

INTERRUPTIONS: list[Callable[[WireDiscord], None]] = [
    WireDiscord.cut_gateway,
    WireDiscord.ask_reconnect,
    WireDiscord.invalidate_session,
]


@pytest.mark.parametrize("interrupt", INTERRUPTIONS)
async def test_gateway_interruption_loses_nothing(
    tmp_path: Path, interrupt: Callable[[WireDiscord], None]
) -> None:
    async with open_fanout(tmp_path, ahead=SOON) as fanout, fanout.bot() as bot:
        gateway = fanout.discord.gateway
        await bot.connected()
        await until(lambda: fanout.reached >= 5, 30)
        before = gateway.resumed + gateway.identified
        interrupt(fanout.discord)
        await fanout.wait_until_complete()
        fanout.check()
        # discord.py waits before it identifies again after an invalid session.
        await until(lambda: gateway.resumed + gateway.identified > before, 20)
        assert bot.running


@pytest.mark.parametrize(
    "fault",
    [
        faults.lose_reply(),
        faults.drop_request(),
        faults.status(500),
        faults.status(502, executed=True),
        faults.status(503),
        faults.status(503, executed=True),
        faults.rate_limited(0.5),
    ],
    ids=["reply-lost", "request-dropped", "500", "502-executed", "503", "503-executed", "429"],
)
async def test_random_send_failures_are_retried(tmp_path: Path, fault: Fault) -> None:
    async with open_fanout(tmp_path, seed=5) as fanout, fanout.bot():
        # Limited, since each failure in a row doubles the backoff.
        rule = fanout.discord.faults.add("POST", SENDS, fault, probability=0.4, times=10)
        await fanout.wait_until_complete()
        fanout.check()
        assert rule.hits == 10


async def test_rate_limited_channel_delays_no_other(tmp_path: Path) -> None:
    async with open_fanout(tmp_path, 20) as fanout, fanout.bot():
        slow, *others = fanout.channels
        path = f"/channels/{slow.id}/messages"
        fanout.discord.faults.add("POST", path, faults.rate_limited(3.0), times=1)
        await until(lambda: all(fanout.message_count(channel) for channel in others), 30)
        assert not fanout.message_count(slow)
        await fanout.wait_until_complete()
        fanout.check()


async def test_countdowns_of_channels_that_reject_messages_are_paused(tmp_path: Path) -> None:
    async with open_fanout(tmp_path) as fanout:
        expected = _break_channels(fanout)
        async with fanout.bot() as bot:
            await fanout.wait_until_complete()
            assert "Traceback" not in bot.log()
        fanout.check(reached=[one for one in fanout.channels if one.id not in expected])
        assert fanout.pause_reasons() == expected


def _break_channels(fanout: FanOut) -> dict[int, str]:
    """Make some channels reject messages. Returns the pause reasons expected, by channel id."""
    silent, hidden, deleted, archived = fanout.channels[::10]
    fanout.discord.forbid(silent, Permissions(send_messages=True))
    fanout.discord.forbid(hidden, Permissions(view_channel=True))
    fanout.discord.delete_channel(deleted)
    closed = Fault(executed=False, reply=error(400, "Thread is archived", 50083))
    fanout.discord.faults.add("POST", f"/channels/{archived.id}/messages", closed)
    return {
        silent.id: PauseReason.FORBIDDEN,
        hidden.id: PauseReason.FORBIDDEN,
        deleted.id: PauseReason.CHANNEL_MISSING,
        archived.id: PauseReason.THREAD_ARCHIVED,
    }


@pytest.mark.parametrize("status", [403, 404])
async def test_refusal_without_a_discord_error_code_pauses_nothing(
    tmp_path: Path, status: int
) -> None:
    """It may come from a proxy in front of Discord."""
    async with open_fanout(tmp_path, 5) as fanout:
        refusal = Fault(executed=False, reply=error(status, "not from the API", 0))
        fanout.discord.faults.add("POST", SENDS, refusal, times=5)
        async with fanout.bot():
            await fanout.wait_until_complete()
        assert fanout.pause_reasons() == {}
        fanout.check()


async def test_two_bots_with_one_database_post_once(tmp_path: Path) -> None:
    async with (
        open_fanout(tmp_path, 60, ahead=SOON) as fanout,
        fanout.bot("one") as one,
        fanout.bot("two") as two,
    ):
        await fanout.discord.connected(sessions=2)
        await fanout.wait_until_complete()
        fanout.check()
        for bot in (one, two):
            assert bot.running
            assert "Traceback" not in bot.log(), bot.log()


async def test_second_bot_takes_over_when_the_first_is_killed(tmp_path: Path) -> None:
    async with (
        open_fanout(tmp_path, 60, ahead=SOON) as fanout,
        fanout.bot("one") as one,
        fanout.bot("two") as two,
    ):
        await fanout.discord.connected(sessions=2)
        await until(lambda: fanout.reached >= 20, 30)
        # The faster one does most of the work; kill it, and the other does the rest.
        faster, other = (one, two) if "outcome=sent" in one.log() else (two, one)
        faster.kill()
        await fanout.wait_until_complete()
        fanout.check()
        assert "outcome=sent" in other.log()


async def test_announcements_are_posted_after_a_long_outage(tmp_path: Path) -> None:
    async with open_fanout(tmp_path) as fanout, fanout.bot():
        outage = fanout.discord.faults.add("*", SENDS, faults.status(503))
        await until(lambda: outage.hits >= ATTEMPTS * len(fanout.channels), 60)
        assert fanout.reached == 0
        fanout.discord.faults.remove(outage)
        await fanout.wait_until_complete()
        fanout.check()


@pytest.mark.parametrize("before", [0, 250])
async def test_announcement_posted_before_a_long_outage_is_found_in_its_channel(
    tmp_path: Path, before: int
) -> None:
    """However many messages surround it."""
    async with open_fanout(tmp_path, 10) as fanout:
        busy = fanout.channels[0]
        _post_messages(fanout, busy, before)
        async with fanout.bot():
            fanout.discord.faults.add("POST", SENDS, faults.lose_reply())
            await until(lambda: all(map(fanout.announcement_count, fanout.channels)), 30)
        _post_messages(fanout, busy, 250)
        fanout.discord.faults.clear()
        fanout.discord.advance(400)
        async with fanout.bot("again"):
            await fanout.wait_until_complete()
        assert [fanout.announcement_count(channel) for channel in fanout.channels] == [1] * 10


def _post_messages(fanout: FanOut, channel: Channel, messages: int) -> None:
    """A member posts messages in a channel."""
    user = fanout.discord.backend.make_user("mina")
    fanout.discord.backend.add_member(channel.guild_id or 0, user.id)
    for number in range(messages):
        fanout.discord.backend.create_message(channel.id, user.id, content=str(number))


async def test_bot_terminated_during_a_fanout_completes_it_after_a_restart(tmp_path: Path) -> None:
    async with open_fanout(tmp_path) as fanout:
        async with fanout.bot() as bot:
            fanout.discord.faults.add("POST", SENDS, Fault(delay=0.1, reply_delay=0.1))
            await until(lambda: fanout.reached >= 5, 30)
            assert await bot.terminate() == 0
            assert "Traceback" not in bot.log(), bot.log()
            await asyncio.sleep(0.3)
            assert fanout.reached < len(fanout.channels)
            bot.start()
            await fanout.wait_until_complete()
        fanout.check()
