"""Waiting for the bot's answers to interactions."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from simcord.backend import Backend, serializers
from simcord.backend.models import Interaction

from tests.wire.asking import Asked

# Discord forgets an unacknowledged interaction after 3 s; what is over is for a loaded machine.
_ACKNOWLEDGED_WITHIN = 3.5
_COMPLETE_WITHIN = 15.0


class Unanswered(Exception):
    """The bot did not answer an interaction in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How the bot answered.

    `kind` is "message", "update", "autocomplete" or "modal" ("deferred" and "deferred_update" if
    it first asked for time). `body` is the message as it stood when it was answered, or
    `{"choices": …}`, or the modal. `seconds` is the time until all of it was there,
    `acknowledged` the time until the first sign of it.
    """

    kind: str
    body: dict[str, Any]
    ephemeral: bool
    seconds: float
    acknowledged: float


class _Pending:
    def __init__(self, record: Interaction) -> None:
        self.record = record
        self.asked_at = time.monotonic()
        self.acknowledged: asyncio.Future[float] = asyncio.Future()
        self.answer: asyncio.Future[Answer] = asyncio.Future()


class Answers:
    """Sends interactions out and hands back what the bot answers."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._pending: dict[str, _Pending] = {}

    async def of(self, asked: Asked) -> Answer:
        """Send an interaction; its answer. Raises Unanswered if there is none in time."""
        record, payload = asked
        pending = self._pending[record.token] = _Pending(record)
        try:
            self._backend.emit("INTERACTION_CREATE", payload)
            return await _answer(pending)
        finally:
            del self._pending[record.token]

    def noticed(self, path: str) -> None:
        """The bot answered at `/interactions/{id}/{token}/callback` or `/webhooks/{id}/{token}`."""
        pending = self._pending.get(path.split("/")[3])
        if pending is None or pending.answer.done():
            return
        elapsed = time.monotonic() - pending.asked_at
        if not pending.acknowledged.done():
            pending.acknowledged.set_result(elapsed)
            if pending.record.deferred:
                return
        pending.answer.set_result(self._make(pending, elapsed))

    def _make(self, pending: _Pending, elapsed: float) -> Answer:
        record = pending.record
        kind = str(record.response_kind)
        first = pending.acknowledged.result()
        return Answer(kind, self._body(record), record.ephemeral, elapsed, first)

    def _body(self, record: Interaction) -> dict[str, Any]:
        if record.autocomplete_choices is not None:
            return {"choices": record.autocomplete_choices}
        if record.modal is not None:
            return record.modal
        assert record.message_id is not None
        message = self._backend.get_message(record.channel_id, record.message_id)
        return dict(serializers.message_payload(self._backend, message))


async def _answer(pending: _Pending) -> Answer:
    what = f"interaction {pending.record.id} ({pending.record.command_name or 'a component'})"
    try:
        async with asyncio.timeout(_ACKNOWLEDGED_WITHIN):
            await pending.acknowledged
    except TimeoutError:
        raise Unanswered(f"{what} was not acknowledged") from None
    try:
        async with asyncio.timeout(_COMPLETE_WITHIN):
            return await pending.answer
    except TimeoutError:
        raise Unanswered(f"{what} was deferred and then left") from None
