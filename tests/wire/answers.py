"""Sends interactions and waits for the bot's answers."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from simcord.backend import Backend, serializers
from simcord.backend.models import Interaction

from tests.wire.interactions import BuiltInteraction

# Discord drops an unacknowledged interaction after 3 s; the rest allows for a busy machine.
_ACKNOWLEDGE_TIMEOUT = 3.5
_COMPLETE_TIMEOUT = 15.0


class Unanswered(Exception):
    """The bot did not answer an interaction in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How the bot answered.

    `kind` is "message", "update", "autocomplete" or "modal" ("deferred" and "deferred_update" if
    it was deferred first). `body` is the message, `{"choices": …}`, or the modal.
    `seconds` is the time until the answer was complete, `acknowledged` until the first response.
    """

    kind: str
    body: dict[str, Any]
    ephemeral: bool
    seconds: float
    acknowledged: float


class _Pending:
    def __init__(self, record: Interaction) -> None:
        self.record = record
        self.sent_at = time.monotonic()
        self.acknowledged: asyncio.Future[float] = asyncio.Future()
        self.answer: asyncio.Future[Answer] = asyncio.Future()


class Answers:
    """Sends interactions and returns what the bot answers."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._pending: dict[str, _Pending] = {}

    async def answer_to(self, interaction: BuiltInteraction) -> Answer:
        """Send an interaction and wait for its answer. Raises Unanswered if there is none."""
        record, payload = interaction
        pending = self._pending[record.token] = _Pending(record)
        try:
            self._backend.emit("INTERACTION_CREATE", payload)
            return await _wait_for_answer(pending)
        finally:
            del self._pending[record.token]

    def on_response(self, path: str) -> None:
        """The bot responded at `/interactions/…/callback` or `/webhooks/…`."""
        pending = self._pending.get(path.split("/")[3])
        if pending is None or pending.answer.done():
            return
        elapsed = time.monotonic() - pending.sent_at
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


async def _wait_for_answer(pending: _Pending) -> Answer:
    name = f"interaction {pending.record.id} ({pending.record.command_name or 'a component'})"
    try:
        async with asyncio.timeout(_ACKNOWLEDGE_TIMEOUT):
            await pending.acknowledged
    except TimeoutError:
        raise Unanswered(f"{name} was not acknowledged") from None
    try:
        async with asyncio.timeout(_COMPLETE_TIMEOUT):
            return await pending.answer
    except TimeoutError:
        raise Unanswered(f"{name} was deferred and never completed") from None
