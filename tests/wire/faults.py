"""Faults between the bot and Discord, by rules or at random from a seed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from random import Random

from tests.wire.replies import Reply, error, too_many_requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to a request.

    It waits for `delay` seconds, is executed or not, waits for `reply_delay` seconds, and is
    replied to or not. `reply` replaces Discord's own reply, `reply_headers` are added to it.
    """

    delay: float = 0.0
    executed: bool = True
    reply_delay: float = 0.0
    replied: bool = True
    reply: Reply | None = None
    reply_headers: Mapping[str, str] = field(default_factory=dict)


NO_FAULT = Fault()


def status(code: int, *, executed: bool = False) -> Fault:
    """Discord fails with a status, before or after the request was executed."""
    return Fault(executed=executed, reply=error(code, f"{code}: Server Error"))


def rate_limited(retry_after: float) -> Fault:
    """The route is rate limited for so many seconds."""
    return Fault(executed=False, reply=too_many_requests(retry_after, "user", {}))


def forbidden() -> Fault:
    """The bot lacks a permission."""
    return Fault(executed=False, reply=error(403, "Missing Permissions", 50013))


def missing() -> Fault:
    """The channel does not exist."""
    return Fault(executed=False, reply=error(404, "Unknown Channel", 10003))


def body(text: str, *, status: int = 200, content_type: str = "application/json") -> Fault:
    """Somebody else answers: a proxy, or Discord with an answer that is cut off."""
    headers = {"Content-Type": content_type}
    return Fault(executed=False, reply=Reply(status, text.encode(), headers))


def banned(retry_after: int) -> Fault:
    """Cloudflare bans the bot's address for so many seconds."""
    headers = {"Content-Type": "text/html", "Retry-After": str(retry_after)}
    return Fault(executed=False, reply=Reply(429, b"<h1>error code: 1015</h1>", headers))


def lose_reply() -> Fault:
    """The request is executed; then the connection closes without a reply."""
    return Fault(replied=False)


def drop_request() -> Fault:
    """The connection closes before the request is executed."""
    return Fault(executed=False, replied=False)


def delay(seconds: float) -> Fault:
    """The request takes so many seconds to arrive."""
    return Fault(delay=seconds)


def delay_reply(seconds: float) -> Fault:
    """The request is executed at once; the reply takes so many seconds."""
    return Fault(reply_delay=seconds)


@dataclass(slots=True)
class Rule:
    """Which requests a fault applies to. `hits` counts them."""

    method: str
    path: re.Pattern[str]
    fault: Fault
    times: int | None
    probability: float
    random: Random
    hits: int = field(default=0)

    def applies_to(self, method: str, path: str) -> bool:
        """Whether it applies to this request; if so, it is counted."""
        hit = (
            (self.times is None or self.hits < self.times)
            and self.method in (method, "*")
            and self.path.match(path) is not None
            and self.random.random() < self.probability
        )
        self.hits += hit
        return hit


class Faults:
    """The rules, in the order in which they were added; the first that applies is used.

    Each rule has random numbers of its own, so that adding another rule does not change them.
    """

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
        """Apply a fault to requests of a method ("*": any) to paths such as
        `/channels/*/messages` (`*` matches anything, slashes too), at most `times` times."""
        self._made += 1
        # Reproducible on purpose, and not secret.
        random = Random(f"{self._seed}/{self._made}")  # noqa: S311
        pattern = re.compile(translate(path_pattern))
        rule = Rule(method, pattern, fault, times, probability, random)
        self._rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """Stop applying a rule."""
        self._rules.remove(rule)

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()

    def next_fault(self, method: str, path: str) -> Fault:
        """The fault that applies to a request, or NO_FAULT."""
        return next((r.fault for r in self._rules if r.applies_to(method, path)), NO_FAULT)
