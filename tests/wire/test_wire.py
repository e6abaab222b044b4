"""The simulated Discord behaves as Discord does, for the bot and for any other client."""

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from discord import Permissions
from simcord.backend.errors import SetupError
from simcord.backend.models import Channel
from simcord.components import walk_components

from tests.wire import faults
from tests.wire.caller import Caller
from tests.wire.fake_discord import WireDiscord
from tests.wire.polling import until
from tests.wire.running_bot import RunningBot


@pytest.fixture
async def caller() -> AsyncGenerator[Caller]:
    async with WireDiscord() as discord, aiohttp.ClientSession() as session:
        yield Caller(discord, session)


@pytest.fixture
def channel(caller: Caller) -> Channel:
    guild = caller.discord.create_guild("Drama Club")
    return caller.discord.create_text_channel(guild, "countdown")


def contents(discord: WireDiscord, channel: Channel) -> list[str]:
    return [message["content"] for message in discord.messages(channel)]


async def test_repeated_nonce_posts_no_second_message(caller: Caller, channel: Channel) -> None:
    first = await caller.send(channel, content="one", nonce="n", enforce_nonce=True)
    again = await caller.send(channel, content="two", nonce="n", enforce_nonce=True)
    assert again == first
    assert [m["nonce"] for m in caller.discord.messages(channel)] == ["n"]


async def test_nonce_expires(caller: Caller, channel: Channel) -> None:
    await caller.send(channel, content="one", nonce="n", enforce_nonce=True)
    caller.discord.advance(301)
    await caller.send(channel, content="two", nonce="n", enforce_nonce=True)
    assert contents(caller.discord, channel) == ["one", "two"]


async def test_nonce_that_is_not_enforced_is_only_stored(caller: Caller, channel: Channel) -> None:
    for content in ("one", "two"):
        await caller.send(channel, content=content, nonce=7)
    assert [m["nonce"] for m in caller.discord.messages(channel)] == [7, 7]


async def test_lost_reply_leaves_the_message_posted(caller: Caller, channel: Channel) -> None:
    rule = caller.discord.faults.add("POST", "/channels/*/messages", faults.lose_reply(), times=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.send(channel, content="one")
    assert contents(caller.discord, channel) == ["one"]
    assert rule.hits == 1
    assert (await caller.send(channel, content="two"))[0] == 200
    assert [request.status for request in caller.discord.requests] == [None, 200]


async def test_dropped_request_posts_nothing(caller: Caller, channel: Channel) -> None:
    caller.discord.faults.add("POST", "*", faults.drop_request())
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.send(channel, content="one")
    assert contents(caller.discord, channel) == []


async def test_server_error_may_come_after_the_message_was_posted(
    caller: Caller, channel: Channel
) -> None:
    caller.discord.faults.add("POST", "*", faults.status(502, executed=True), times=1)
    statuses = [
        (await caller.send(channel, content="one", nonce="n", enforce_nonce=True))[0]
        for _ in range(2)
    ]
    assert statuses == [502, 200]
    assert contents(caller.discord, channel) == ["one"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (faults.status(503), (503, 0)),
        (faults.forbidden(), (403, 50013)),
        (faults.missing(), (404, 10003)),
    ],
)
async def test_fault_replaces_the_reply(
    caller: Caller, channel: Channel, fault: faults.Fault, expected: tuple[int, int]
) -> None:
    caller.discord.faults.add("POST", "/channels/*", fault)
    status, body = await caller.send(channel, content="one")
    assert (status, body["code"]) == expected
    assert contents(caller.discord, channel) == []


def test_random_faults_are_the_same_for_the_same_seed() -> None:
    def hits(seed: int) -> list[bool]:
        rules = faults.Faults(seed)
        rules.add("*", "*", faults.drop_request(), probability=0.5)
        return [rules.next_fault("GET", "/x") is not faults.NO_FAULT for _ in range(50)]

    assert hits(1) == hits(1) != hits(2)


async def test_global_limit(caller: Caller) -> None:
    replies = [await caller.call("GET", "/users/@me") for _ in range(60)]
    refused = [body for status, body in replies if status == 429]
    assert caller.discord.limits.refused["global"] == len(refused) > 0
    assert refused[0]["global"] is True
    assert 0 < refused[0]["retry_after"] <= 1


async def test_channel_limit(caller: Caller, channel: Channel) -> None:
    statuses = [(await caller.send(channel, content=str(n)))[0] for n in range(6)]
    assert statuses == [200] * 5 + [429]
    assert caller.discord.limits.refused == {"channel": 1}


async def test_history_after_a_message_starts_with_the_next(caller: Caller) -> None:
    guild = caller.discord.create_guild("Drama Club")
    channel = caller.discord.create_announcement_channel(guild, "news")
    sent = [(await caller.send(channel, content=str(n)))[1]["id"] for n in range(4)]
    path = f"/channels/{channel.id}/messages"
    _, found = await caller.call("GET", f"{path}?after={sent[0]}&limit=2")
    assert [message["content"] for message in found] == ["2", "1"]
    status, published = await caller.call("POST", f"{path}/{sent[0]}/crosspost")
    assert (status, published["flags"]) == (200, 2)


async def test_missing_permissions_and_deleted_channels_are_refused(
    caller: Caller, channel: Channel
) -> None:
    caller.discord.forbid(channel, Permissions(send_messages=True))
    assert (await caller.send(channel, content="one"))[1]["code"] == 50013
    caller.discord.delete_channel(channel)
    assert (await caller.send(channel, content="one"))[1]["code"] == 10003


async def test_wrong_token_is_refused(caller: Caller) -> None:
    caller.discord.token += "x"
    assert (await caller.call("GET", "/users/@me"))[0] == 401


def callback_path(discord: WireDiscord, channel: Channel) -> str:
    """The callback path of a command that was just sent."""
    member = discord.add_member(discord.backend.guilds[channel.guild_id or 0], "mina")
    record = discord.backend.new_interaction(2, channel.id, member.id, channel.guild_id)
    return f"/interactions/{record.id}/{record.token}/callback"


async def test_interaction_can_be_responded_to_only_once(caller: Caller, channel: Channel) -> None:
    path = callback_path(caller.discord, channel)
    assert await caller.call("POST", path, {"type": 5}) == (204, None)
    assert (await caller.call("POST", path, {"type": 5}))[1]["code"] == 40060


async def test_interaction_expires_after_three_seconds(caller: Caller, channel: Channel) -> None:
    path = callback_path(caller.discord, channel)
    caller.discord.advance(3)
    assert (await caller.call("POST", path, {"type": 5}))[1]["code"] == 10062


async def test_bot_answers_and_exits_on_sigterm(running: RunningBot) -> None:
    discord, member, channel = running.discord, running.member, running.channel
    card = await running.whois()
    assert card.kind == "message"
    assert not card.ephemeral
    choices = await discord.autocomplete(member, channel, "whois", "name", "Taec")
    assert "Taec" in choices[0]["name"]
    label = next(part["label"] for part in buttons(card.body))
    assert (await discord.click(member, card.body, label=label)).ephemeral
    assert await running.bot.terminate() == 0
    with pytest.raises(SetupError):
        await discord.slash(member, channel, "nonsense")


async def test_buttons_work_after_a_restart(running: RunningBot) -> None:
    card = await running.whois()
    label = next(part["label"] for part in buttons(card.body))
    running.bot.kill()
    running.bot.start()
    await running.bot.connected()
    assert (await running.discord.click(running.member, card.body, label=label)).ephemeral


async def test_session_is_resumed(running: RunningBot) -> None:
    gateway = running.discord.gateway
    for resumed, interrupt in enumerate(
        (
            running.discord.cut_gateway,
            running.discord.ask_reconnect,
            lambda: running.discord.invalidate_session(resumable=True),
        ),
        start=1,
    ):
        interrupt()
        # Sent while nobody is connected: received when the session is resumed.
        await running.whois()
        assert (gateway.resumed, gateway.identified) == (resumed, 1)


async def test_bot_identifies_again_after_an_invalid_session(running: RunningBot) -> None:
    gateway = running.discord.gateway
    running.discord.invalidate_session()
    # discord.py waits five seconds before it identifies again.
    await until(lambda: gateway.identified == 2 or "gateway.discord.gg" in running.bot.log())
    assert gateway.identified == 2
    await running.whois()


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in walk_components(message["components"]) if part["type"] == 2]
