"""What Discord does on a REST call: simcord's routes, and what they leave out."""

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

_EVERYTHING = 1 << 31
_HISTORY = 100
_LONGEST_NONCE = 25


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read."""

    method: str
    path: str
    json: Any = None
    params: dict[str, str] = field(default_factory=dict)
    files: list[Any] = field(default_factory=list)
    reason: str | None = None


class Routes:
    """Carries calls out on the backend.

    `done` is called with the path of each interaction's answer, as soon as it stands. `problems`
    collects what is wrong with this simulation rather than with the bot: a route it lacks, or an
    error of its own.
    """

    def __init__(
        self, backend: Backend, *, shards: int, nonce_seconds: float, done: Callable[[str], None]
    ) -> None:
        self.gateway_url = ""
        self.problems: list[Exception] = []
        self.nonces: dict[int, str] = {}
        self._backend = backend
        self._shards = shards
        self._nonce_life = timedelta(seconds=nonce_seconds)
        self._sent: dict[tuple[str, str], tuple[datetime, Any]] = {}
        self._done = done

    def carry_out(self, call: Call) -> Reply:
        """Do what is asked for."""
        try:
            return self._route(call)
        except (RouteNotImplemented, UnsupportedField) as gap:
            self.problems.append(gap)
            return error(501, str(gap))
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
                answered = self._dispatch(call)
                self._done(call.path)
                told = call.params.get("with_response") in ("1", "true")
                return answered if told else Reply(204)
            case "POST" | "PATCH", ["webhooks", _, _, *_]:
                answered = self._dispatch(call)
                self._done(call.path)
                return answered
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
        starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": self._shards, "session_start_limit": starts}

    def _send(self, call: Call, body: dict[str, Any]) -> Reply:
        """Send a message; with `enforce_nonce`, give back the one sent with that nonce before."""
        nonce = body.get("nonce")
        if nonce is None:
            return self._dispatch(call)
        if len(str(nonce)) > _LONGEST_NONCE:
            raise invalid_form_body("nonce: Must be 25 or fewer in length.")
        # The bot is the only one to send over REST, so its id need not be in the key.
        key = (call.path, str(nonce))
        now = self._backend.clock.now()
        sent_at, message = self._sent.get(key, (None, None))
        if body.get("enforce_nonce") and sent_at and now - sent_at < self._nonce_life:
            return Reply(200, message)
        reply = self._dispatch(call)
        message = {**reply.body, "nonce": nonce}
        self.nonces[int(message["id"])] = nonce
        self._sent[key] = (now, message)
        return Reply(200, message)

    def _history(self, call: Call) -> list[Any]:
        limit = int(call.params.get("limit", 50))
        if not 1 <= limit <= _HISTORY:
            raise invalid_form_body("limit: int value should be between 1 and 100.")
        if "after" not in call.params:
            return self._dispatch(call).body
        # The ones that follow `after` most closely; simcord would give the newest of all.
        params = {**call.params, "limit": str(_EVERYTHING)}
        call = Call(call.method, call.path, params=params)
        return self._dispatch(call).body[-limit:]
