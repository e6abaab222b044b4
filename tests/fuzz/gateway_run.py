"""Sends mutated events to a bot in a process of its own, and counts what became of them."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.gateway_payloads import GatewayPayloads
from tests.fuzz.mutations import mutate
from tests.wire.fake_discord import WireDiscord
from tests.wire.process import BotProcess
from tests.wire.running_bot import RunningBot

_ID, _TOKEN = re.compile("[0-9]+"), re.compile("[!-~]+")

_BATCH = 100

# The bot has answered everything once it is silent for so many seconds.
_QUIET = 0.2


@dataclass(frozen=True, slots=True)
class FuzzResult:
    """How many payloads were sent and dropped, in how many seconds; how often the bot connected
    again, how many tracebacks it logged, and its log."""

    payloads: int
    dropped: int
    seconds: float
    reconnects: int
    tracebacks: int
    log: str


def _with_own_id(mutated: Any, data: Any) -> Any:
    """A mutated payload, unless it has become one of another interaction, which would only be
    answered too late."""
    if isinstance(mutated, dict) and "token" in data:
        for name, form in (("id", _ID), ("token", _TOKEN)):
            if isinstance(mutated.get(name), str) and form.fullmatch(mutated[name]):
                mutated[name] = data[name]
    return mutated


async def _all_answered(discord: WireDiscord) -> None:
    """Wait until the bot answers no more."""
    before = -1
    # The requests come from another process.
    while before < (before := len(discord.requests)):  # noqa: ASYNC110
        await asyncio.sleep(_QUIET)


async def fuzz_gateway(
    folder: Path,
    payloads: int,
    seed: int,
    *,
    database: str | None = None,
    mutation: Callable[[Any, Random], Any] = mutate,
) -> FuzzResult:
    """Send so many payloads, each with a mutation.

    Raises Unanswered if the bot then does not answer a command, which is tried every so often, and
    AssertionError if it does not exit as it should.
    """
    # Reproducible on purpose, and not secret.
    random = Random(seed)  # noqa: S311
    async with WireDiscord() as discord, BotProcess(discord, folder, database=database) as bot:
        await bot.connected()
        running = RunningBot(discord, bot)
        events = GatewayPayloads(discord, random)
        started = time.monotonic()
        for number in range(1, payloads + 1):
            event, data = events.next_event()
            discord.gateway.send_event(event, _with_own_id(mutation(data, random), data))
            if number % _BATCH == 0:
                await running.whois()
                await _all_answered(discord)
        await _all_answered(discord)
        await running.whois()
        seconds = time.monotonic() - started
        reconnects = discord.gateway.identified + discord.gateway.resumed - 1
        assert await bot.terminate() == 0
        log = bot.log()
        dropped, tracebacks = log.count(" dropped a malformed "), log.count("Traceback (most")
        return FuzzResult(payloads, dropped, seconds, reconnects, tracebacks, log)
