"""Interactions as they might come: from anywhere, with anything in them."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from discord import Permissions
from simcord import HttpLogEntry
from simcord.backend import serializers
from simcord.enums import InteractionType
from simcord.interactions import base_payload, command_leaves, nest_options

from tests import inspection
from tests.anything.values import Filled
from tests.conftest import Server, is_answer

_ACKNOWLEDGED_ONLY = (5, 6)
_ELSEWHERE = "4242"
_REMEMBERED = 15 * 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked and by whom; `changes` are what Discord says otherwise of it."""

    channel_id: int
    guild_id: int | None
    user_id: int
    changes: Mapping[str, Any] = field(default_factory=dict)


class Complaints(logging.Handler):
    """Keeps what is logged as an error, or with a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.lines.append(self.format(record))


class Asker:
    """Sends a bot whatever comes to mind, and looks that it is answered as everything has to be.

    `known` are the ids of what there is in its server.
    """

    def __init__(self, server: Server, log: Complaints) -> None:
        self._env = server.env
        self._log = log
        self.places = _places(server)
        guild = server.env.backend.get_guild(server.guild.id)
        self.known = [guild.id, *server.env.backend.channels, *guild.roles, *guild.members]
        self.commands = {
            " ".join(path): (command, path[1:], leaf)
            for command in server.env.backend.commands[None].values()
            for path, leaf in command_leaves(command)
        }

    def options(self, command: str) -> list[dict[str, Any]]:
        """The options that a command takes, as Discord knows them."""
        return self.commands[command][2].get("options") or []

    async def slash(self, place: str, command: str, given: Mapping[str, Filled]) -> dict[str, Any]:
        """A command is sent. Returns the answer."""
        data = self._command_data(command, given)
        return await self._send(InteractionType.APPLICATION_COMMAND, place, data)

    async def autocomplete(
        self, place: str, command: str, given: Mapping[str, Filled], focused: str
    ) -> dict[str, Any]:
        """Something is typed into an option that is completed. Nothing given is described."""
        bare = {name: Filled(one.value, {}) for name, one in given.items()}
        data = self._command_data(command, bare, focused)
        return await self._send(InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, place, data)

    async def press(
        self, place: str, part: Mapping[str, Any], message: Mapping[str, Any], **chosen: Any
    ) -> dict[str, Any]:
        """A button is pressed, or something chosen, in a message of the bot's."""
        backend, channel_id = self._env.backend, self.places[place].channel_id
        rows = [{"type": 1, "components": [part]}]
        shown = backend.create_message(channel_id, backend.bot_user.id, components=rows, **message)
        data = {"custom_id": part["custom_id"], "component_type": part["type"], **chosen}
        return await self._send(InteractionType.MESSAGE_COMPONENT, place, data, shown)

    async def rest(self) -> None:
        """Let the time pass that discord.py remembers private answers for."""
        await self._env.advance_time(_REMEMBERED)

    def _command_data(
        self, command: str, given: Mapping[str, Filled], focused: str | None = None
    ) -> dict[str, Any]:
        root, nesting, leaf = self.commands[command]
        options: list[dict[str, Any]] = []
        resolved: dict[str, dict[str, Any]] = {}
        for option in leaf.get("options") or []:
            if (name := option["name"]) in given:
                one = {"name": name, "type": option["type"], "value": given[name].value}
                options.append(one | ({"focused": True} if name == focused else {}))
                for bucket, things in given[name].resolved.items():
                    resolved.setdefault(bucket, {}).update(things)
        nested = nest_options(root, nesting, options)
        return {"id": root["id"], "name": root["name"], "type": 1, "options": nested,
                "resolved": resolved}  # fmt: skip

    async def _send(
        self, kind: int, place: str, data: dict[str, Any], message: Any = None
    ) -> dict[str, Any]:
        env, at = self._env, self.places[place]
        record, payload = base_payload(
            env.backend, type=kind, channel_id=at.channel_id, guild_id=at.guild_id,
            user_id=at.user_id, data=data,
        )  # fmt: skip
        if message is not None:
            record.source_message_id = message.id
            payload["message"] = serializers.message_payload(env.backend, message)
        requests, errors = len(env.http_requests), env.error_cursor
        # As it comes over the gateway: JSON, and nothing that JSON cannot bring.
        env.backend.emit("INTERACTION_CREATE", json.loads(json.dumps({**payload, **at.changes})))
        await env.settle()
        self._look_for_errors(errors)
        return _answer_in([one for one in env.http_requests[requests:] if record.token in one.path])

    def _look_for_errors(self, cursor: int) -> None:
        raised = [one for one in self._env.errors_since(cursor) if not is_answer(one)]
        found = [*inspection.refused, *self._log.lines, *raised]
        # The next example is to be judged by itself.
        inspection.refused.clear()
        self._log.lines.clear()
        assert found == []


def _answer_in(requests: Sequence[HttpLogEntry]) -> dict[str, Any]:
    """The one answer there was; one that only asks for time is followed by another."""
    assert requests, "nothing answered"
    first, *later = requests
    assert isinstance(first.json, dict)
    assert len(later) == (first.json["type"] in _ACKNOWLEDGED_ONLY), [one.path for one in requests]
    return first.json


def _places(server: Server) -> dict[str, Place]:
    backend, guild = server.env.backend, server.guild
    thread = backend.create_thread(server.channel.id, "talk", server.moderator.id)
    user = server.member.user
    alone = user.dm_channel.id
    return {
        "a server, by a moderator": Place(server.channel.id, guild.id, server.moderator.id),
        "a server, by a member": Place(server.channel.id, guild.id, server.member.id),
        "a thread": Place(thread.id, guild.id, server.moderator.id),
        "a direct message": Place(alone, None, user.id),
        # What is answered there is kept by the simulation as if it were a direct message.
        "a group of friends": Place(alone, None, user.id, _in_a_group(user.id)),
        "a server without the bot": Place(alone, None, user.id, _elsewhere(user.id)),
    }


def _installed_by(user_id: int) -> dict[str, Any]:
    return {"authorizing_integration_owners": {"1": str(user_id)}}


def _in_a_group(user_id: int) -> dict[str, Any]:
    channel = {"id": _ELSEWHERE, "type": 3, "name": None, "icon": None, "recipients": []}
    return {"context": 2, "channel": channel, "channel_id": _ELSEWHERE, **_installed_by(user_id)}


def _elsewhere(user_id: int) -> dict[str, Any]:
    user = {"id": str(user_id), "username": "mina", "discriminator": "0", "avatar": None}
    return {
        "context": 0,
        "guild_id": _ELSEWHERE,
        "guild": {"id": _ELSEWHERE, "locale": "ko", "features": []},
        "guild_locale": "ko",
        "channel": {"id": _ELSEWHERE, "type": 0, "name": "general", "position": 0},
        "channel_id": _ELSEWHERE,
        "member": {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0,
                   "deaf": False, "mute": False, "permissions": str(Permissions.all().value)},
        **_installed_by(user_id),
    }  # fmt: skip
