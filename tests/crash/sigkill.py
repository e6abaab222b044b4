"""Kills the bot while it announces, at random moments."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.crash.fanout import SENDS, FanOut, open_fanout, process_requests
from tests.wire.faults import Fault, drop_request, lose_reply
from tests.wire.polling import until
from tests.wire.process import BotProcess

# How long a request and its reply take, in seconds: long enough for a kill to fall into them.
_REQUEST_DELAY, _REPLY_DELAY = 0.02, 0.02

# Some requests and some replies are lost, so that some kills also hit pending retries.
_LOSS_PROBABILITY = 0.05

# A bot is killed after it has begun at most so many sends, and at most so many seconds later:
# anywhere until the last of them is settled.
_MAX_SENDS = 4
_MAX_SECONDS_AFTER = 0.06

# Seconds until the bot is started again: within a lease, past it, past Discord's memory of nonces.
_DOWNTIMES = (0, 20, 400)


@dataclass(slots=True)
class KillCounts:
    """How often the bot was killed, and which deliveries that interrupted.

    `before_arrival` counts announcements that were claimed and not yet posted, `before_settling`
    those that were posted and not yet settled.
    """

    kills: int = 0
    before_arrival: int = 0
    before_settling: int = 0

    def count(self, interrupted: set[int], posted: set[int]) -> None:
        """Count a kill, given the channels of the deliveries that it interrupted, and the channels
        that have a message."""
        self.kills += 1
        self.before_arrival += len(interrupted - posted)
        self.before_settling += len(interrupted & posted)


class Killer:
    """Kills a bot repeatedly. `downtimes` are the seconds that may pass until it is back."""

    def __init__(
        self,
        fanout: FanOut,
        bot: BotProcess,
        random: Random,
        counts: KillCounts,
        *,
        downtimes: tuple[int, ...],
    ) -> None:
        faults = fanout.discord.faults
        for loss in (drop_request(), lose_reply()):
            faults.add("POST", SENDS, loss, probability=_LOSS_PROBABILITY)
        slow = Fault(delay=_REQUEST_DELAY, reply_delay=_REPLY_DELAY)
        self._sends = faults.add("POST", SENDS, slow)
        self._fanout = fanout
        self._bot = bot
        self._random = random
        self._counts = counts
        self._downtimes = downtimes
        self._counted: set[int] = set()

    async def kill(self) -> None:
        """Kill the bot while it sends, and start it again."""
        wanted = self._sends.hits + self._random.randint(1, _MAX_SENDS)
        await until(lambda: self._sends.hits >= wanted or self._fanout.is_complete, 60)
        await asyncio.sleep(self._random.uniform(0, _MAX_SECONDS_AFTER))
        self._bot.kill()
        await process_requests()
        self._count()
        if seconds := self._random.choice(self._downtimes):
            self._fanout.discord.advance(seconds)
        self._bot.start()

    def _count(self) -> None:
        interrupted = set(self._fanout.unsettled_channels) - self._counted
        self._counted |= interrupted
        posted = {one.id for one in self._fanout.channels if self._fanout.message_count(one)}
        self._counts.count(interrupted, posted)


async def run_with_kills(
    folder: Path,
    *,
    kills: int,
    channels: int,
    seed: int,
    counts: KillCounts,
    downtimes: tuple[int, ...] = _DOWNTIMES,
) -> FanOut:
    """Run a fan-out to so many channels, whose bot is killed so many times, until it is complete.

    `counts` counts the kills.
    """
    random = Random(seed)  # noqa: S311
    async with open_fanout(folder, channels, seed=seed) as fanout, fanout.bot() as bot:
        killer = Killer(fanout, bot, random, counts, downtimes=downtimes)
        for _ in range(kills):
            await killer.kill()
        fanout.discord.faults.clear()
        await fanout.wait_until_complete()
        assert "Traceback" not in bot.log(), bot.log()
    return fanout
