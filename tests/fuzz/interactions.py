"""Sends interactions from any place with any content, and checks how the bot responds."""

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

from bot.client.interaction_payload import check_interaction
from tests.conftest import Server, is_user_error
from tests.fuzz.values import OptionValue
from tests.support import request_inspection as inspection

_DEFERRALS = (5, 6)
_ELSEWHERE = "4242"
_VIEW_LIFETIME = 15 * 60


@dataclass(frozen=True, slots=True)
class Place:
    """A channel and the user in it; `changes` override the payload."""

    channel_id: int
    guild_id: int | None
    user_id: int
    changes: Mapping[str, Any] = field(default_factory=dict)


class ErrorLog(logging.Handler):
    """Keeps what is logged as an error or with a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.lines.append(self.format(record))


class Sender:
    """Sends interactions to a bot and checks that each gets one valid response and logs no error.

    `known` are the ids of the objects in its server.
    """

    def __init__(self, server: Server, log: ErrorLog) -> None:
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
        """The options of a command, as registered with Discord."""
        return self.commands[command][2].get("options") or []

    async def slash(
        self, place: str, command: str, given: Mapping[str, OptionValue]
    ) -> dict[str, Any]:
        """Send a command. Returns the response."""
        data = self._command_data(command, given)
        return await self._send(InteractionType.APPLICATION_COMMAND, place, data)

    async def autocomplete(
        self, place: str, command: str, given: Mapping[str, OptionValue], focused: str
    ) -> dict[str, Any]:
        """Send an autocompletion. It has no `resolved` data."""
        bare = {name: OptionValue(one.value, {}) for name, one in given.items()}
        data = self._command_data(command, bare, focused)
        return await self._send(InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, place, data)

    async def press(
        self, place: str, part: Mapping[str, Any], message: Mapping[str, Any], **chosen: Any
    ) -> dict[str, Any]:
        """Press a button, or choose from a menu, in a message of the bot."""
        shown = self._show(place, part, message)
        data = {"custom_id": part["custom_id"], "component_type": part["type"], **chosen}
        return await self._send(InteractionType.MESSAGE_COMPONENT, place, data, shown)

    async def submit(
        self,
        place: str,
        custom_id: str,
        components: Sequence[Mapping[str, Any]],
        part: Mapping[str, Any],
        message: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Submit a modal that was opened by a component of a message of the bot."""
        data = {"custom_id": custom_id, "components": list(components)}
        shown = self._show(place, part, message)
        return await self._send(InteractionType.MODAL_SUBMIT, place, data, shown)

    async def expire_views(self) -> None:
        """Advance the time until discord.py forgets the views of private responses."""
        await self._env.advance_time(_VIEW_LIFETIME)

    def _show(self, place: str, part: Mapping[str, Any], message: Mapping[str, Any]) -> Any:
        backend, channel_id = self._env.backend, self.places[place].channel_id
        rows = [{"type": 1, "components": [part]}]
        return backend.create_message(channel_id, backend.bot_user.id, components=rows, **message)

    def _command_data(
        self, command: str, given: Mapping[str, OptionValue], focused: str | None = None
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
        # Only what JSON can hold, as over the gateway.
        sent = json.loads(json.dumps({**payload, **at.changes}))
        check_interaction(sent)
        env.backend.emit("INTERACTION_CREATE", sent)
        await env.settle()
        self._check_errors(errors)
        return _only_response(
            [one for one in env.http_requests[requests:] if record.token in one.path]
        )

    def _check_errors(self, cursor: int) -> None:
        raised = [one for one in self._env.errors_since(cursor) if not is_user_error(one)]
        found = [*inspection.refused, *self._log.lines, *raised]
        # Start the next example with none.
        inspection.refused.clear()
        self._log.lines.clear()
        assert found == []


def _only_response(requests: Sequence[HttpLogEntry]) -> dict[str, Any]:
    """The only response to an interaction; a deferral is followed by one edit."""
    assert requests, "there was no response"
    first, *later = requests
    assert isinstance(first.json, dict)
    assert len(later) == (first.json["type"] in _DEFERRALS), [one.path for one in requests]
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
        # simcord stores the responses there as if it were a direct message.
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
