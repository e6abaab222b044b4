"""Discord's REST routes: simcord's, and what they lack."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

# Importing the client registers simcord's routes.
import simcord.http.client  # noqa: F401
from simcord.backend import Backend
from simcord.backend.errors import BackendError, invalid_form_body
from simcord.http.router import RouteNotImplemented, UnsupportedField, dispatch

from tests.wire.replies import Reply, error

_UNLIMITED = 1 << 31
_MAX_HISTORY = 100
_MAX_NONCE_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed request."""

    method: str
    path: str
    json: Any = None
    params: dict[str, str] = field(default_factory=dict)
    files: list[Any] = field(default_factory=list)
    reason: str | None = None


class SessionStarts:
    """How many sessions the bot may still start."""

    def __init__(self) -> None:
        self._exhausted_until = 0.0

    @property
    def exhausted(self) -> bool:
        """Whether the bot may not start a session now."""
        return time.monotonic() < self._exhausted_until

    def exhaust(self, seconds: float) -> None:
        """Allow none for so many seconds."""
        self._exhausted_until = time.monotonic() + seconds

    def payload(self) -> dict[str, int]:
        """What is left, and the milliseconds until there are more."""
        left = self._exhausted_until - time.monotonic()
        return {"remaining": 0 if left > 0 else 1000, "reset_after": max(0, int(left * 1000))}


class Routes:
    """Executes calls on the backend.

    `on_response` is called with the path of each response to an interaction, once it is stored.
    `problems` collects faults of this simulation rather than of the bot: a missing route, or an
    error.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        shards: int,
        nonce_seconds: float,
        on_response: Callable[[str], None],
    ) -> None:
        self.gateway_url = ""
        self.session_starts = SessionStarts()
        self.problems: list[Exception] = []
        self.nonces: dict[int, str] = {}
        self._backend = backend
        self._shards = shards
        self._nonce_lifetime = timedelta(seconds=nonce_seconds)
        self._sent: dict[tuple[str, str], tuple[datetime, Any]] = {}
        self._on_response = on_response

    def execute(self, call: Call) -> Reply:
        """Execute a call."""
        try:
            return self._route(call)
        except (RouteNotImplemented, UnsupportedField) as missing:
            self.problems.append(missing)
            return error(501, str(missing))
        except BackendError as refused:
            return Reply(refused.status, refused.to_json())
        except Exception as failure:
            self.problems.append(failure)
            return error(500, "500: Internal Server Error")

    def _route(self, call: Call) -> Reply:
        match call.method, call.path.split("/")[1:]:
            case "GET", ["gateway", "bot"]:
                return Reply(200, self._gateway())
            case "POST", ["channels", _, "messages"] if isinstance(call.json, dict):
                return self._send(call, call.json)
            case "GET", ["channels", _, "messages"]:
                return Reply(200, self._history(call))
            case "POST", ["interactions", _, _, "callback"]:
                reply = self._dispatch(call)
                self._on_response(call.path)
                with_response = call.params.get("with_response") in ("1", "true")
                return reply if with_response else Reply(204)
            case "POST" | "PATCH", ["webhooks", _, _, *_]:
                reply = self._dispatch(call)
                self._on_response(call.path)
                return reply
        return self._dispatch(call)

    def _dispatch(self, call: Call) -> Reply:
        body = dispatch(
            self._backend,
            call.method,
            call.path,
            json=call.json,
            params=call.params,
            files=call.files,
            reason=call.reason,
        )
        return Reply(204) if body is None else Reply(200, body)

    def _gateway(self) -> dict[str, Any]:
        starts = {"total": 1000, **self.session_starts.payload(), "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": self._shards, "session_start_limit": starts}

    def _send(self, call: Call, body: dict[str, Any]) -> Reply:
        """Send a message; with `enforce_nonce`, return the one sent with that nonce before."""
        nonce = body.get("nonce")
        if nonce is None:
            return self._dispatch(call)
        if len(str(nonce)) > _MAX_NONCE_LENGTH:
            raise invalid_form_body("nonce: Must be 25 or fewer in length.")
        # Only the bot sends over REST, so its id need not be in the key.
        key = (call.path, str(nonce))
        now = self._backend.clock.now()
        sent_at, message = self._sent.get(key, (None, None))
        if body.get("enforce_nonce") and sent_at and now - sent_at < self._nonce_lifetime:
            return Reply(200, message)
        reply = self._dispatch(call)
        message = {**reply.body, "nonce": nonce}
        self.nonces[int(message["id"])] = nonce
        self._sent[key] = (now, message)
        return Reply(200, message)

    def _history(self, call: Call) -> list[Any]:
        limit = int(call.params.get("limit", 50))
        if not 1 <= limit <= _MAX_HISTORY:
            raise invalid_form_body("limit: int value should be between 1 and 100.")
        if "after" not in call.params:
            return self._dispatch(call).body
        # The oldest after `after`; simcord would return the newest of all.
        params = {**call.params, "limit": str(_UNLIMITED)}
        call = Call(call.method, call.path, params=params)
        return self._dispatch(call).body[-limit:]
