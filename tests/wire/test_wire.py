"""The simulated Discord does as Discord does, to the bot and to anyone who calls it."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from discord import Permissions
from simcord.backend.errors import SetupError
from simcord.backend.models import Channel
from simcord.components import walk_components

from bot.demo.reading import read_message
from tests.wire import faults
from tests.wire.asking import Member
from tests.wire.caller import Caller
from tests.wire.discord import WireDiscord
from tests.wire.polling import until
from tests.wire.process import BotProcess


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


async def test_a_repeated_nonce_sends_nothing(caller: Caller, channel: Channel) -> None:
    first = await caller.send(channel, content="one", nonce="n", enforce_nonce=True)
    again = await caller.send(channel, content="two", nonce="n", enforce_nonce=True)
    assert again == first
    assert [m["nonce"] for m in caller.discord.messages(channel)] == ["n"]


async def test_a_nonce_is_forgotten_after_a_while(caller: Caller, channel: Channel) -> None:
    await caller.send(channel, content="one", nonce="n", enforce_nonce=True)
    caller.discord.advance(301)
    await caller.send(channel, content="two", nonce="n", enforce_nonce=True)
    assert contents(caller.discord, channel) == ["one", "two"]


async def test_a_nonce_that_is_not_enforced_is_only_noted(caller: Caller, channel: Channel) -> None:
    for content in ("one", "two"):
        await caller.send(channel, content=content, nonce=7)
    assert [m["nonce"] for m in caller.discord.messages(channel)] == [7, 7]


async def test_a_lost_reply_leaves_the_message_there(caller: Caller, channel: Channel) -> None:
    rule = caller.discord.faults.add("POST", "/channels/*/messages", faults.lose_reply(), times=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.send(channel, content="one")
    assert contents(caller.discord, channel) == ["one"]
    assert rule.struck == 1
    assert (await caller.send(channel, content="two"))[0] == 200
    assert [request.status for request in caller.discord.requests] == [None, 200]


async def test_a_dropped_request_leaves_no_message(caller: Caller, channel: Channel) -> None:
    caller.discord.faults.add("POST", "*", faults.drop_request())
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.send(channel, content="one")
    assert contents(caller.discord, channel) == []


async def test_an_error_may_hide_that_all_went_well(caller: Caller, channel: Channel) -> None:
    caller.discord.faults.add("POST", "*", faults.status(502, carried_out=True), times=1)
    statuses = [
        (await caller.send(channel, content="one", nonce="n", enforce_nonce=True))[0]
        for _ in range(2)
    ]
    assert statuses == [502, 200]
    assert contents(caller.discord, channel) == ["one"]


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (faults.status(503), (503, 0)),
        (faults.forbidden(), (403, 50013)),
        (faults.missing(), (404, 10003)),
    ],
)
async def test_a_refusal_by_rule(
    caller: Caller, channel: Channel, fault: faults.Fault, answer: tuple[int, int]
) -> None:
    caller.discord.faults.add("POST", "/channels/*", fault)
    status, body = await caller.send(channel, content="one")
    assert (status, body["code"]) == answer
    assert contents(caller.discord, channel) == []


def test_chance_is_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        drawn = faults.Faults(seed)
        drawn.add("*", "*", faults.drop_request(), probability=0.5)
        return [drawn.strike("GET", "/x") is not faults.NO_FAULT for _ in range(50)]

    assert struck(1) == struck(1) != struck(2)


async def test_the_global_limit(caller: Caller) -> None:
    answers = [await caller.call("GET", "/users/@me") for _ in range(60)]
    refused = [body for status, body in answers if status == 429]
    assert caller.discord.limits.refused["global"] == len(refused) > 0
    assert refused[0]["global"] is True
    assert 0 < refused[0]["retry_after"] <= 1


async def test_the_limit_of_a_channel(caller: Caller, channel: Channel) -> None:
    statuses = [(await caller.send(channel, content=str(n)))[0] for n in range(6)]
    assert statuses == [200] * 5 + [429]
    assert caller.discord.limits.refused == {"channel": 1}


async def test_history_after_a_message_begins_right_after_it(caller: Caller) -> None:
    guild = caller.discord.create_guild("Drama Club")
    channel = caller.discord.create_announcement_channel(guild, "news")
    sent = [(await caller.send(channel, content=str(n)))[1]["id"] for n in range(4)]
    path = f"/channels/{channel.id}/messages"
    _, found = await caller.call("GET", f"{path}?after={sent[0]}&limit=2")
    assert [message["content"] for message in found] == ["2", "1"]
    status, published = await caller.call("POST", f"{path}/{sent[0]}/crosspost")
    assert (status, published["flags"]) == (200, 2)


async def test_permissions_of_the_bot(caller: Caller, channel: Channel) -> None:
    caller.discord.forbid(channel, Permissions(send_messages=True))
    assert (await caller.send(channel, content="one"))[1]["code"] == 50013
    caller.discord.delete_channel(channel)
    assert (await caller.send(channel, content="one"))[1]["code"] == 10003


async def test_only_the_token_opens(caller: Caller) -> None:
    caller.discord.token += "x"
    assert (await caller.call("GET", "/users/@me"))[0] == 401


def callback(discord: WireDiscord, channel: Channel) -> str:
    """Where a command just sent is to be answered."""
    member = discord.add_member(discord.backend.guilds[channel.guild_id or 0], "mina")
    record = discord.backend.new_interaction(2, channel.id, member.id, channel.guild_id)
    return f"/interactions/{record.id}/{record.token}/callback"


async def test_an_interaction_is_answered_once(caller: Caller, channel: Channel) -> None:
    path = callback(caller.discord, channel)
    assert await caller.call("POST", path, {"type": 5}) == (204, None)
    assert (await caller.call("POST", path, {"type": 5}))[1]["code"] == 40060


async def test_an_interaction_is_answered_within_three_seconds(
    caller: Caller, channel: Channel
) -> None:
    path = callback(caller.discord, channel)
    caller.discord.advance(3)
    assert (await caller.call("POST", path, {"type": 5}))[1]["code"] == 10062


class Running:
    """The bot, running, and a member of a server it is in."""

    def __init__(self, discord: WireDiscord, bot: BotProcess) -> None:
        self.discord = discord
        self.bot = bot
        guild = discord.create_guild("Drama Club")
        self.channel = discord.create_text_channel(guild, "general")
        self.member = discord.add_member(guild, "mina")

    async def whois(self, member: Member | None = None) -> Any:
        """The card of somebody who is in the records."""
        asked = self.discord.slash(member or self.member, self.channel, "whois", name="Taecyeon")
        answer = await asked
        assert "Taecyeon" in read_message(answer.body)
        return answer


@pytest.fixture
async def running(tmp_path: Path, database_url: str) -> AsyncGenerator[Running]:
    async with (
        WireDiscord() as discord,
        BotProcess(discord, tmp_path, database=database_url) as bot,
    ):
        await bot.connected()
        yield Running(discord, bot)


async def test_the_bot_answers_and_ends_when_told(running: Running) -> None:
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


async def test_buttons_outlive_the_bot(running: Running) -> None:
    card = await running.whois()
    label = next(part["label"] for part in buttons(card.body))
    running.bot.kill()
    running.bot.start()
    await running.bot.connected()
    assert (await running.discord.click(running.member, card.body, label=label)).ephemeral


async def test_a_session_is_resumed(running: Running) -> None:
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
        # Asked while nobody listens: it is heard when the session is resumed.
        await running.whois()
        assert (gateway.resumed, gateway.identified) == (resumed, 1)


async def test_an_invalid_session_is_identified_anew(running: Running) -> None:
    gateway = running.discord.gateway
    running.discord.invalidate_session()
    # discord.py lets five seconds pass before it identifies again.
    await until(lambda: gateway.identified == 2 or "gateway.discord.gg" in running.bot.log())
    assert gateway.identified == 2
    await running.whois()


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in walk_components(message["components"]) if part["type"] == 2]
