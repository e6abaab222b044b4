"""A member who floods the bot is limited; everyone else is answered."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord.backend.serializers import message_payload

from bot.client.member_limits import (
    FORGET_AFTER,
    GUILD_BURST,
    GUILD_RATE,
    MAX_ACTIVE_OVER_LIMIT,
    MEMBER_BURST,
    MEMBER_RATE,
    NOTICE_INTERVAL,
    MemberLimits,
)
from tests.conftest import Server, text
from tests.wire.fake_discord import WireDiscord
from tests.wire.interactions import BuiltInteraction, InteractionBuilder, Member
from tests.wire.process import BotProcess

GUILD = 1


class Time:
    """A clock that only tests move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def limits(time: Time) -> MemberLimits:
    return MemberLimits(time)


Start = Callable[[], Callable[[], None] | None]


def started(start: Start, times: int) -> int:
    """How many of so many interactions are within the limits, if none is ever answered."""
    return sum(start() is not None for _ in range(times))


def test_member_has_a_burst_and_then_a_rate(limits: MemberLimits, time: Time) -> None:
    assert started(lambda: limits.start(7, GUILD), 500) == MEMBER_BURST
    time.now += 1
    assert started(lambda: limits.start(7, GUILD), 500) == MEMBER_RATE
    time.now += 3600
    assert started(lambda: limits.start(7, GUILD), 500) == MEMBER_BURST


def test_flood_of_a_member_takes_nothing_from_the_others(limits: MemberLimits) -> None:
    started(lambda: limits.start(7, GUILD), 10_000)
    assert started(lambda: limits.start(8, GUILD), 500) == MEMBER_BURST
    assert started(lambda: limits.start(9, None), 500) == MEMBER_BURST


def test_flood_of_many_members_is_limited_per_server(limits: MemberLimits, time: Time) -> None:
    def crowd(guild_id: int | None) -> int:
        members = count(1)

        def start() -> Callable[[], None] | None:
            member = next(members) % (GUILD_BURST // MAX_ACTIVE_OVER_LIMIT)
            return limits.start(member, guild_id)

        return started(start, 1000)

    assert crowd(GUILD) == GUILD_BURST
    assert crowd(GUILD + 1) == GUILD_BURST
    time.now += 1
    assert crowd(GUILD) == GUILD_RATE


def test_member_who_waits_for_each_answer_is_never_refused(limits: MemberLimits) -> None:
    def finish_previous() -> None:
        """Nothing comes before the first."""

    for _ in range(10 * MEMBER_BURST):
        finish = limits.start(7, GUILD)
        assert finish is not None
        # Discord has an answer before the bot knows that it has, so the next one can overlap.
        finish_previous()
        finish_previous = finish
    # That takes nothing from the server either.
    assert started(lambda: limits.start(8, GUILD), 500) == MEMBER_BURST


def test_member_is_told_once_in_an_interval(limits: MemberLimits, time: Time) -> None:
    assert [limits.notice_due(7) for _ in range(3)] == [True, False, False]
    assert limits.notice_due(8)
    time.now += NOTICE_INTERVAL
    assert [limits.notice_due(7) for _ in range(2)] == [True, False]


def test_members_and_servers_that_are_quiet_are_forgotten(limits: MemberLimits, time: Time) -> None:
    for user_id in range(50_000):
        time.now += 0.01
        limits.start(user_id, user_id)
    assert len(limits) <= 2 * FORGET_AFTER / 0.01 + 2


@pytest.fixture
def limited(server: Server, time: Time, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server whose bot has limits for which no time passes, however slow the machine is."""
    monkeypatch.setattr(server.env.bot.tree, "_limits", MemberLimits(time))
    return server


@pytest.fixture
def searches(limited: Server, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the bot has searched for."""
    names = limited.env.bot.services.catalog.title_names
    searched: list[str] = []
    suggest = names.suggest

    def counted(text: str) -> Any:
        searched.append(text)
        return suggest(text)

    monkeypatch.setattr(names, "suggest", counted)
    return searched


class Burst:
    """Interactions that reach the bot all at once."""

    def __init__(self, server: Server) -> None:
        self._env = server.env
        self._channel = server.channel._channel
        self._builder = InteractionBuilder(server.env.backend)
        self._built: list[BuiltInteraction] = []

    def complete(self, who: Any, typed: str) -> None:
        """A member types into the title of /show."""
        member = self._member(who)
        self._built.append(
            self._builder.autocomplete(member, self._channel, "show", "title", typed, {})
        )

    def show(self, who: Any) -> None:
        """A member sends /show."""
        options = {"title": "title:soul-mate"}
        self._built.append(self._builder.slash(self._member(who), self._channel, "show", options))

    def press(self, who: Any, message: Any) -> None:
        """A member presses a button of a message."""
        stored = self._env.backend.messages[message.channel_id][message.id]
        payload = dict(message_payload(self._env.backend, stored))
        self._built.append(self._builder.click(self._member(who), payload, label="Cast"))

    async def send(self) -> list[simcord.InteractionResult]:
        """Send all of them. Returns their results, in order."""
        for _record, payload in self._built:
            self._env.backend.emit("INTERACTION_CREATE", payload)
        await self._env._settle_internal(dispatch="INTERACTION_CREATE")
        return [simcord.InteractionResult(self._env, record) for record, _payload in self._built]

    def _member(self, who: Any) -> Member:
        return Member(who.guild.id, who.id, "somebody", "en-US")


async def test_autocompletions_over_the_limit_are_dropped_before_the_search(
    server: Server, searches: list[str]
) -> None:
    burst = Burst(server)
    for number in range(200):
        burst.complete(server.member, f"soul {number}")
    burst.complete(server.other, "soul mate")
    *_, other = await burst.send()
    assert other.autocomplete_choices
    assert len(searches) == MEMBER_BURST + 1


async def test_commands_over_the_limit_get_one_private_notice(
    server: Server, searches: list[str]
) -> None:
    burst = Burst(server)
    for _ in range(MEMBER_BURST + 10):
        burst.show(server.member)
    burst.show(server.other)
    *results, other = await burst.send()
    assert "8 episodes" in text(other)
    answered = [one for one in results if one.acknowledged]
    notices = [one for one in answered if "going too fast" in text(one)]
    assert len(answered) == MEMBER_BURST + 1
    assert [one.ephemeral for one in notices] == [True]


async def test_presses_over_the_limit_are_not_answered(limited: Server) -> None:
    message = (await limited.slash("show", title="Soul Mate")).response
    burst = Burst(limited)
    for _ in range(MEMBER_BURST + 10):
        burst.press(limited.member, message)
    results = await burst.send()
    answered = [one for one in results if one.acknowledged]
    notices = [one for one in answered if "going too fast" in text(one)]
    # The command took the first token.
    assert (len(answered), len(notices)) == (MEMBER_BURST, 1)


async def test_member_who_waits_for_each_answer_gets_them_all(tmp_path: Path) -> None:
    """However fast: Discord has an answer before the bot knows that it has."""
    async with WireDiscord() as discord, BotProcess(discord, tmp_path) as process:
        guild = discord.create_guild("Drama Club")
        channel = discord.create_text_channel(guild, "general")
        member = discord.add_member(guild, "mina")
        await process.connected()
        for number in range(10 * MEMBER_BURST):
            typed = "soul mate"[: 2 + number % 8]
            assert await discord.autocomplete(member, channel, "show", "title", typed), number
