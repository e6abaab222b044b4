"""What can go wrong between the bot and Discord, by rules or by seeded chance."""

import re
from dataclasses import dataclass, field
from fnmatch import translate
from random import Random

from tests.wire.replies import Reply, error, too_many_requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What befalls a request: it waits, is carried out or not, waits again, is answered or not.

    `reply` is given instead of what Discord would say.
    """

    delay: float = 0.0
    carried_out: bool = True
    late: float = 0.0
    answered: bool = True
    reply: Reply | None = None


NO_FAULT = Fault()


def status(code: int, *, carried_out: bool = False) -> Fault:
    """Discord itself fails: with nothing done, or so it seems."""
    return Fault(carried_out=carried_out, reply=error(code, f"{code}: Server Error"))


def rate_limited(retry_after: float) -> Fault:
    """The route is used up for so many seconds."""
    return Fault(carried_out=False, reply=too_many_requests(retry_after, "user", {}))


def forbidden() -> Fault:
    """The bot lacks a permission."""
    return Fault(carried_out=False, reply=error(403, "Missing Permissions", 50013))


def missing() -> Fault:
    """The channel is gone."""
    return Fault(carried_out=False, reply=error(404, "Unknown Channel", 10003))


def lose_reply() -> Fault:
    """The request is carried out; the connection then closes without an answer."""
    return Fault(answered=False)


def drop_request() -> Fault:
    """The connection closes before anything is done."""
    return Fault(carried_out=False, answered=False)


def delay(seconds: float) -> Fault:
    """The request takes long to arrive."""
    return Fault(delay=seconds)


def delay_reply(seconds: float) -> Fault:
    """The request is carried out at once, and the answer takes long."""
    return Fault(late=seconds)


@dataclass(slots=True)
class Rule:
    """Which requests a fault befalls. `struck` says how often it has."""

    method: str
    path: re.Pattern[str]
    fault: Fault
    times: int | None
    probability: float
    chance: Random
    struck: int = field(default=0)

    def strikes(self, method: str, path: str) -> bool:
        """Whether it befalls this request; counts it if so."""
        hit = (
            (self.times is None or self.struck < self.times)
            and self.method in (method, "*")
            and self.path.match(path) is not None
            and self.chance.random() < self.probability
        )
        self.struck += hit
        return hit


class Faults:
    """The rules, the oldest asked first. Each rule draws from a chance of its own, so that adding
    another one does not change when it strikes."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._made = 0
        self._rules: list[Rule] = []

    def add(
        self,
        method: str,
        path_pattern: str,
        fault: Fault,
        *,
        times: int | None = None,
        probability: float = 1.0,
    ) -> Rule:
        """From now on a fault befalls requests of a method ("*": any) to paths such as
        `/channels/*/messages` (`*` stands for anything, slashes too); `times` at most."""
        self._made += 1
        # Repeatable on purpose, and nothing secret.
        chance = Random(f"{self._seed}/{self._made}")  # noqa: S311
        pattern = re.compile(translate(path_pattern))
        rule = Rule(method, pattern, fault, times, probability, chance)
        self._rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """A fault befalls nothing any more."""
        self._rules.remove(rule)

    def clear(self) -> None:
        """All goes well from now on."""
        self._rules.clear()

    def strike(self, method: str, path: str) -> Fault:
        """The fault that befalls a request; NO_FAULT if none does."""
        return next((r.fault for r in self._rules if r.strikes(method, path)), NO_FAULT)
