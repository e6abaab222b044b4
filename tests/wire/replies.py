"""Replies of Discord's REST API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, a JSON body (None: no body; bytes: sent as they are) and additional headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def error(status: int, message: str, code: int = 0) -> Reply:
    """A refusal with one of Discord's error codes."""
    return Reply(status, {"message": message, "code": code})


def too_many_requests(retry_after: float, scope: str, headers: Mapping[str, str]) -> Reply:
    """A 429. `scope` is "global" for all routes, or "user" for one."""
    is_global = scope == "global"
    all_headers = {
        # A 429 without it counts as a ban by the proxy in front of Discord.
        "Via": "1.1 google",
        "Retry-After": f"{retry_after:.3f}",
        "X-RateLimit-Scope": scope,
        **({"X-RateLimit-Global": "true"} if is_global else {}),
        **headers,
    }
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": is_global,
    }
    return Reply(429, body, all_headers)
