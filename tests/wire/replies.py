"""What Discord answers over REST, apart from how it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, a body for JSON (None: no body at all) and headers of its own."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def error(status: int, message: str, code: int = 0) -> Reply:
    """A refusal with one of Discord's own error codes."""
    return Reply(status, {"message": message, "code": code})


def too_many_requests(retry_after: float, scope: str, headers: Mapping[str, str]) -> Reply:
    """A 429. `scope` is "global" or "user", as Discord calls a limit on all routes or on one."""
    everywhere = scope == "global"
    told = {
        # A 429 without it counts as a ban by the proxy in front of Discord.
        "Via": "1.1 google",
        "Retry-After": f"{retry_after:.3f}",
        "X-RateLimit-Scope": scope,
        **({"X-RateLimit-Global": "true"} if everywhere else {}),
        **headers,
    }
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": everywhere,
    }
    return Reply(429, body, told)
