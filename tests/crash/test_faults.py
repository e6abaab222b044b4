"""Whatever Discord does while a fan-out is under way, each channel is told once."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from discord import Permissions
from simcord.backend.models import Channel

from bot.countdown.model import PauseReason
from tests.crash.stage import SENDS, Stage, playing
from tests.wire import faults
from tests.wire.discord import WireDiscord
from tests.wire.faults import Fault
from tests.wire.polling import until
from tests.wire.replies import error

# Long enough for a bot to be there before the instant comes.
SOON = timedelta(seconds=5)

# How often each channel is tried in vain in an outage: enough for the waits to have grown.
ATTEMPTS = 3

INTERRUPTIONS: list[Callable[[WireDiscord], None]] = [
    WireDiscord.cut_gateway,
    WireDiscord.ask_reconnect,
    WireDiscord.invalidate_session,
]


@pytest.mark.parametrize("interrupt", INTERRUPTIONS)
async def test_the_gateway_is_interrupted(
    tmp_path: Path, interrupt: Callable[[WireDiscord], None]
) -> None:
    async with playing(tmp_path, ahead=SOON) as stage, stage.bot() as bot:
        gateway = stage.discord.gateway
        await bot.connected()
        await until(lambda: stage.told >= 5, 30)
        before = gateway.resumed + gateway.identified
        interrupt(stage.discord)
        await stage.over()
        stage.check()
        # discord.py takes its time after a session that became invalid.
        await until(lambda: gateway.resumed + gateway.identified > before, 20)
        assert bot.running


@pytest.mark.parametrize(
    "fault",
    [
        faults.lose_reply(),
        faults.drop_request(),
        faults.status(500),
        faults.status(502, carried_out=True),
        faults.status(503),
        faults.status(503, carried_out=True),
        faults.rate_limited(0.5),
    ],
    ids=["lost", "dropped", "500", "502-done", "503", "503-done", "429"],
)
async def test_sends_fail_by_chance(tmp_path: Path, fault: Fault) -> None:
    async with playing(tmp_path, seed=5) as stage, stage.bot():
        # An end to it, since each failure in a row doubles the wait for the next attempt.
        rule = stage.discord.faults.add("POST", SENDS, fault, probability=0.4, times=10)
        await stage.over()
        stage.check()
        assert rule.struck == 10


async def test_a_channel_at_its_limit_holds_no_other_up(tmp_path: Path) -> None:
    async with playing(tmp_path, 20) as stage, stage.bot():
        slow, *others = stage.channels
        path = f"/channels/{slow.id}/messages"
        stage.discord.faults.add("POST", path, faults.rate_limited(3.0), times=1)
        await until(lambda: all(stage.count(channel) for channel in others), 30)
        assert not stage.count(slow)
        await stage.over()
        stage.check()


async def test_channels_that_cannot_be_posted_in_are_paused(tmp_path: Path) -> None:
    async with playing(tmp_path) as stage:
        expected = _spoil(stage)
        async with stage.bot() as bot:
            await stage.over()
            assert "Traceback" not in bot.log()
        stage.check(told=[one for one in stage.channels if one.id not in expected])
        assert stage.paused() == expected


def _spoil(stage: Stage) -> dict[int, str]:
    """Make some of the channels bad, each in its way; why they will be paused."""
    silent, hidden, deleted, archived = stage.channels[::10]
    stage.discord.forbid(silent, Permissions(send_messages=True))
    stage.discord.forbid(hidden, Permissions(view_channel=True))
    stage.discord.delete_channel(deleted)
    closed = Fault(carried_out=False, reply=error(400, "Thread is archived", 50083))
    stage.discord.faults.add("POST", f"/channels/{archived.id}/messages", closed)
    return {
        silent.id: PauseReason.FORBIDDEN,
        hidden.id: PauseReason.FORBIDDEN,
        deleted.id: PauseReason.MISSING,
        archived.id: PauseReason.ARCHIVED,
    }


@pytest.mark.parametrize("status", [403, 404])
async def test_a_refusal_that_is_not_the_channels_pauses_nothing(
    tmp_path: Path, status: int
) -> None:
    """What stands before Discord refuses too, and without one of Discord's own codes."""
    async with playing(tmp_path, 5) as stage:
        refusal = Fault(carried_out=False, reply=error(status, "not from the API", 0))
        stage.discord.faults.add("POST", SENDS, refusal, times=5)
        async with stage.bot():
            await stage.over()
        assert stage.paused() == {}
        stage.check()


async def test_two_bots_share_one_database(tmp_path: Path) -> None:
    async with (
        playing(tmp_path, 60, ahead=SOON) as stage,
        stage.bot("one") as one,
        stage.bot("two") as two,
    ):
        await stage.discord.connected(sessions=2)
        await stage.over()
        stage.check()
        for bot in (one, two):
            assert bot.running
            assert "Traceback" not in bot.log(), bot.log()


async def test_of_two_bots_one_is_killed(tmp_path: Path) -> None:
    async with (
        playing(tmp_path, 60, ahead=SOON) as stage,
        stage.bot("one") as one,
        stage.bot("two") as two,
    ):
        await stage.discord.connected(sessions=2)
        await until(lambda: stage.told >= 20, 30)
        # Whichever is quicker to claim does most of it; the one that is left does the rest.
        quick, left = (one, two) if "outcome=sent" in one.log() else (two, one)
        quick.kill()
        await stage.over()
        stage.check()
        assert "outcome=sent" in left.log()


async def test_a_long_outage(tmp_path: Path) -> None:
    async with playing(tmp_path) as stage, stage.bot():
        down = stage.discord.faults.add("*", SENDS, faults.status(503))
        await until(lambda: down.struck >= ATTEMPTS * len(stage.channels), 60)
        assert stage.told == 0
        stage.discord.faults.remove(down)
        await stage.over()
        stage.check()


@pytest.mark.parametrize("before", [0, 250])
async def test_an_outage_longer_than_discord_knows_a_nonce(tmp_path: Path, before: int) -> None:
    """What got through before it is found in its channel, however much was said around it."""
    async with playing(tmp_path, 10) as stage:
        busy = stage.channels[0]
        _talk(stage, busy, before)
        async with stage.bot():
            stage.discord.faults.add("POST", SENDS, faults.lose_reply())
            await until(lambda: all(map(stage.announced, stage.channels)), 30)
        _talk(stage, busy, 250)
        stage.discord.faults.clear()
        stage.let_pass(400)
        async with stage.bot("again"):
            await stage.over()
        assert [stage.announced(channel) for channel in stage.channels] == [1] * 10


def _talk(stage: Stage, channel: Channel, messages: int) -> None:
    """Members say something in a channel."""
    user = stage.discord.backend.make_user("mina")
    stage.discord.backend.add_member(channel.guild_id or 0, user.id)
    for number in range(messages):
        stage.discord.backend.create_message(channel.id, user.id, content=str(number))


async def test_told_to_end_while_it_announces(tmp_path: Path) -> None:
    async with playing(tmp_path) as stage:
        async with stage.bot() as bot:
            stage.discord.faults.add("POST", SENDS, Fault(delay=0.1, late=0.1))
            await until(lambda: stage.told >= 5, 30)
            assert await bot.terminate() == 0
            assert "Traceback" not in bot.log(), bot.log()
            await asyncio.sleep(0.3)
            assert stage.told < len(stage.channels)
            bot.start()
            await stage.over()
        stage.check()
