"""Gateway sessions: what a bot asked for, what it was sent, and whether it is there."""

import json
import time
from collections import deque
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Protocol

from discord import Intents
from simcord.backend import Backend
from simcord.intents import censor_message, prune_guild_create, required_intent

_KEPT = 5000


class Sink(Protocol):
    """Where a session's frames go."""

    def send(self, frame: str) -> None:
        """Send a frame after those given before."""
        ...

    def abort(self) -> None:
        """Break off."""
        ...


class Session:
    """A bot's session on a shard. It outlives its connections for as long as it may be resumed."""

    def __init__(self, backend: Backend, identity: Mapping[str, Any], name: str) -> None:
        self.id = name
        self.shard, self.shards = identity.get("shard", (0, 1))
        self.lost_at: float | None = None
        self._backend = backend
        self._intents = Intents.none()
        self._intents.value = identity.get("intents", 0)
        self._sequence = 0
        self._sent: deque[tuple[int, str]] = deque(maxlen=_KEPT)
        self._sink: Sink | None = None

    @property
    def live(self) -> bool:
        """Whether a bot is connected to it."""
        return self._sink is not None

    def attach(self, sink: Sink) -> None:
        """From now on frames go there; whoever was connected before is broken off."""
        if self._sink is not None:
            self._sink.abort()
        self._sink, self.lost_at = sink, None

    def detach(self, sink: Sink) -> None:
        """That connection is gone. Frames are kept for a bot that comes back."""
        if self._sink is sink:
            self._sink, self.lost_at = None, time.monotonic()

    def wants(self, event: str, payload: Mapping[str, Any]) -> bool:
        """Whether an event is this shard's, and one of those asked for."""
        guild_id = payload.get("guild_id")
        if guild_id is None and event.startswith("GUILD_"):
            guild_id = payload.get("id")
        if self.shard != (0 if guild_id is None else (int(guild_id) >> 22) % self.shards):
            return False
        intent = required_intent(event, payload)
        return intent is None or getattr(self._intents, intent)

    def offer(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event as far as this session may see it."""
        bot_id = self._backend.bot_user.id
        if event == "GUILD_CREATE":
            payload = dict(payload)
            prune_guild_create(payload, self._intents, bot_id)
        elif event.startswith("MESSAGE_") and not self._intents.message_content:
            payload = deepcopy(dict(payload))
            censor_message(payload, bot_id, backend=self._backend)
        self.dispatch(event, payload)

    def dispatch(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event as it is."""
        self._sequence += 1
        data = json.dumps(payload)
        frame = f'{{"op":0,"t":"{event}","s":{self._sequence},"d":{data}}}'
        self._sent.append((self._sequence, frame))
        if self._sink is not None:
            self._sink.send(frame)

    def remembers(self, sequence: int | None) -> bool:
        """Whether everything after that event can be sent again."""
        oldest = self._sent[0][0] if self._sent else 1
        return sequence is not None and oldest - 1 <= sequence <= self._sequence

    def replay(self, sequence: int) -> None:
        """Send again what came after that event."""
        assert self._sink is not None
        for number, frame in self._sent:
            if number > sequence:
                self._sink.send(frame)
