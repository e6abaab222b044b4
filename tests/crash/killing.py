"""Killing the bot while it announces, at moments that chance chooses."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.crash.stage import SENDS, Stage, breathe, playing
from tests.wire.faults import Fault, drop_request, lose_reply
from tests.wire.polling import until
from tests.wire.process import BotProcess

# How long a message is under way, there and back: long enough for a kill to fall into it.
_THERE, _BACK = 0.02, 0.02

# Some sends come to nothing and some answers are lost, so that kills find retries waiting too.
_AMISS = 0.05

# How many sends a bot lives to see begin, and for how long it may be at the last of them: until
# that is settled, or anywhere before.
_SENDS = 4
_AFTER_THE_LAST = 0.06

# Within a lease; past it; past the time for which Discord knows a nonce.
_AWAY = (0, 20, 400)


@dataclass(slots=True)
class Toll:
    """How many kills there were, and what they broke off first.

    `before_it_arrived` counts announcements that were claimed and stood nowhere yet,
    `before_it_was_settled` those that stood in their channel and were not known to.
    """

    kills: int = 0
    before_it_arrived: int = 0
    before_it_was_settled: int = 0

    def note(self, broken_off: set[int], standing: set[int]) -> None:
        """Count a kill, by the channels whose announcements it broke off and by those that have
        one."""
        self.kills += 1
        self.before_it_arrived += len(broken_off - standing)
        self.before_it_was_settled += len(broken_off & standing)


class Killer:
    """Kills a bot, again and again. `away` are the seconds that may pass until it is back."""

    def __init__(
        self, stage: Stage, bot: BotProcess, chance: Random, toll: Toll, *, away: tuple[int, ...]
    ) -> None:
        faults = stage.discord.faults
        for amiss in (drop_request(), lose_reply()):
            faults.add("POST", SENDS, amiss, probability=_AMISS)
        self._sends = faults.add("POST", SENDS, Fault(delay=_THERE, late=_BACK))
        self._stage = stage
        self._bot = bot
        self._chance = chance
        self._toll = toll
        self._away = away
        self._noted: set[int] = set()

    async def kill(self) -> None:
        """Kill the bot while it sends, and start it again."""
        wanted = self._sends.struck + self._chance.randint(1, _SENDS)
        await until(lambda: self._sends.struck >= wanted or self._stage.is_over, 60)
        await asyncio.sleep(self._chance.uniform(0, _AFTER_THE_LAST))
        self._bot.kill()
        await breathe()
        self._note()
        if seconds := self._chance.choice(self._away):
            self._stage.let_pass(seconds)
        self._bot.start()

    def _note(self) -> None:
        broken_off = set(self._stage.unsettled) - self._noted
        self._noted |= broken_off
        standing = {one.id for one in self._stage.channels if self._stage.count(one)}
        self._toll.note(broken_off, standing)


async def massacre(
    folder: Path, *, kills: int, channels: int, seed: int, toll: Toll, away: tuple[int, ...] = _AWAY
) -> Stage:
    """Have a bot that is killed so many times tell so many channels; the stage when it is over."""
    chance = Random(seed)  # noqa: S311
    async with playing(folder, channels, seed=seed) as stage, stage.bot() as bot:
        killer = Killer(stage, bot, chance, toll, away=away)
        for _ in range(kills):
            await killer.kill()
        stage.discord.faults.clear()
        await stage.over()
        assert "Traceback" not in bot.log(), bot.log()
    return stage
