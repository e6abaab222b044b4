"""Gateway sessions: intents, events sent, and resuming."""

import json
import time
from collections import deque
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Protocol

from discord import Intents
from simcord.backend import Backend
from simcord.intents import censor_message, prune_guild_create, required_intent

_MAX_KEPT_FRAMES = 5000


class Sink(Protocol):
    """Receives the frames of a session."""

    def send(self, frame: str) -> None:
        """Send a frame after all earlier ones."""
        ...

    def abort(self) -> None:
        """Close the connection abruptly."""
        ...


class Session:
    """A bot's session on a shard. It outlives its connections as long as it can be resumed."""

    def __init__(self, backend: Backend, identity: Mapping[str, Any], name: str) -> None:
        self.id = name
        self.shard, self.shards = identity.get("shard", (0, 1))
        self.lost_at: float | None = None
        self._backend = backend
        self._intents = Intents.none()
        self._intents.value = identity.get("intents", 0)
        self._sequence = 0
        self._sent: deque[tuple[int, str]] = deque(maxlen=_MAX_KEPT_FRAMES)
        self._sink: Sink | None = None

    @property
    def live(self) -> bool:
        """Whether a bot is connected."""
        return self._sink is not None

    def attach(self, sink: Sink) -> None:
        """Send frames to a connection; the one before is closed."""
        if self._sink is not None:
            self._sink.abort()
        self._sink, self.lost_at = sink, None

    def detach(self, sink: Sink) -> None:
        """A connection was closed. Frames are kept until the session is resumed."""
        if self._sink is sink:
            self._sink, self.lost_at = None, time.monotonic()

    def wants(self, event: str, payload: Mapping[str, Any]) -> bool:
        """Whether an event belongs to this shard and its intents."""
        guild_id = payload.get("guild_id")
        if guild_id is None and event.startswith("GUILD_"):
            guild_id = payload.get("id")
        if self.shard != (0 if guild_id is None else (int(guild_id) >> 22) % self.shards):
            return False
        intent = required_intent(event, payload)
        return intent is None or getattr(self._intents, intent)

    def offer(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event, reduced to what the intents allow."""
        bot_id = self._backend.bot_user.id
        if event == "GUILD_CREATE":
            payload = dict(payload)
            prune_guild_create(payload, self._intents, bot_id)
        elif event.startswith("MESSAGE_") and not self._intents.message_content:
            payload = deepcopy(dict(payload))
            censor_message(payload, bot_id, backend=self._backend)
        self.dispatch(event, payload)

    def dispatch(self, event: str, payload: Any) -> None:
        """Send an event unchanged."""
        self.dispatch_text(event, json.dumps(payload))

    def dispatch_text(self, event: str, data: str) -> None:
        """Send an event with data that need not be JSON."""
        self._sequence += 1
        frame = f'{{"op":0,"t":"{event}","s":{self._sequence},"d":{data}}}'
        self._sent.append((self._sequence, frame))
        if self._sink is not None:
            self._sink.send(frame)

    def remembers(self, sequence: int | None) -> bool:
        """Whether everything after an event can be sent again."""
        oldest = self._sent[0][0] if self._sent else 1
        return sequence is not None and oldest - 1 <= sequence <= self._sequence

    def replay(self, sequence: int) -> None:
        """Send again everything after an event."""
        assert self._sink is not None
        for number, frame in self._sent:
            if number > sequence:
                self._sink.send(frame)
