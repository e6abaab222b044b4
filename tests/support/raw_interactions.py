"""Interactions made by hand, including those that no Discord client would send.

simcord's actors only do what a member could do. Nothing here checks whether a command is hidden,
whether a channel belongs to the server, or whether a message has such a button.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import simcord
from simcord.actors import MemberActor
from simcord.backend import serializers
from simcord.builders import ChannelHandle, RoleHandle
from simcord.components import walk_components
from simcord.enums import InteractionType
from simcord.interactions import base_payload, nest_options, walk_to_subcommand


@dataclass(frozen=True)
class Asker:
    """A user in a channel; without `guild_id` a direct message. `changes` override the payload."""

    id: int
    channel_id: int
    guild_id: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


def asker(member: Any, channel: ChannelHandle) -> Asker:
    """A member of a server, in a channel of it."""
    return Asker(member.id, channel.id, member.guild.id)


async def command(
    env: simcord.Env,
    who: Asker,
    name: str,
    options: Mapping[str, Any],
    *,
    typing: str | None = None,
) -> simcord.InteractionResult:
    """Send a command, or, if an option is being typed, its autocompletion.

    Channels, roles and users are described in `resolved`, whichever server they belong to.
    """
    root_name, *path = name.split()
    root = env.backend.commands[None][root_name, 1]
    leaf, nesting = walk_to_subcommand(root, path)
    types = {option["name"]: option["type"] for option in leaf.get("options") or []}
    given = [
        {"name": key, "type": types[key], "value": _wire(value), "focused": key == typing}
        for key, value in options.items()
    ]
    data = {
        "id": root["id"],
        "name": root["name"],
        "type": 1,
        "options": nest_options(root, nesting, given),
        "resolved": _resolved(env, options.values()),
    }
    complete = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
    kind = complete if typing else InteractionType.APPLICATION_COMMAND
    return await _send(env, who, kind, data)


async def press(
    env: simcord.Env,
    who: Asker,
    message: Any,
    custom_id: str,
    values: list[str] | None = None,
) -> simcord.InteractionResult:
    """Press a button, or choose `values` from a menu, on any message in the channel."""
    stored = env.backend.get_message(who.channel_id, message.id)
    data: dict[str, Any] = {"custom_id": custom_id, "component_type": 2 if values is None else 3}
    if values is not None:
        data["values"] = values
    shown = dict(serializers.message_payload(env.backend, stored))
    kind = InteractionType.MESSAGE_COMPONENT
    return await _send(env, who, kind, data, source=stored.id, message=shown)


async def press_forged(
    env: simcord.Env, who: Asker, message: Any, custom_id: str
) -> simcord.InteractionResult:
    """Press the first button of a message as if its custom id were another."""
    stored = env.backend.get_message(who.channel_id, message.id)
    button = next(part for part in walk_components(stored.components) if part["type"] == 2)
    real, button["custom_id"] = button["custom_id"], custom_id
    result = await press(env, who, message, custom_id)
    button["custom_id"] = real
    return result


async def press_button(env: simcord.Env, who: Asker, custom_id: str) -> simcord.InteractionResult:
    """Press a button with any custom id, in a message of the bot that everybody can see."""
    button = {"type": 2, "style": 1, "label": "Do", "custom_id": custom_id}
    return await press(env, who, _bot_message(env, who.channel_id, button), custom_id)


async def submit(
    env: simcord.Env,
    who: Asker,
    custom_id: str,
    components: list[dict[str, Any]],
    message: Any = None,
) -> simcord.InteractionResult:
    """Submit a modal that was opened from a message, or by a command."""
    data = {"custom_id": custom_id, "components": components}
    more: dict[str, Any] = {}
    if message is not None:
        stored = env.backend.get_message(who.channel_id, message.id)
        shown = dict(serializers.message_payload(env.backend, stored))
        more = {"source": stored.id, "message": shown}
    return await _send(env, who, InteractionType.MODAL_SUBMIT, data, **more)


async def use_component(
    env: simcord.Env, who: Asker, name: str, countdown_id: str, time: str = "8:00"
) -> simcord.InteractionResult:
    """Use what refers to a countdown: `ScheduleModal`, `CountdownMenu`, or a button's action."""
    if name == "ScheduleModal":
        texts = {"time": time, "milestones": "5"}
        inputs = [{"type": 4, "custom_id": one, "value": text} for one, text in texts.items()]
        labels = [{"type": 18, "component": one} for one in inputs]
        return await submit(env, who, f"schedule:{countdown_id}", labels)
    if name == "CountdownMenu":
        option = {"label": "One", "value": countdown_id}
        menu = {"type": 3, "custom_id": "countdowns", "options": [option]}
        message = _bot_message(env, who.channel_id, menu)
        return await press(env, who, message, "countdowns", [countdown_id])
    return await press_button(env, who, f"countdown:{name}:{countdown_id}")


def rows_of(database_url: str, guild_id: int) -> list[tuple[Any, ...]]:
    """All rows of a server in the database file."""
    queries = (
        "SELECT * FROM countdowns WHERE guild_id = ?",
        "SELECT * FROM guild_settings WHERE guild_id = ?",
        "SELECT deliveries.* FROM deliveries JOIN countdowns ON countdowns.id = countdown_id"
        " WHERE guild_id = ?",
    )
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as file:
        return [row for query in queries for row in file.execute(query, [guild_id])]


def _bot_message(env: simcord.Env, channel_id: int, part: dict[str, Any]) -> Any:
    rows = [{"type": 1, "components": [part]}]
    return env.backend.create_message(channel_id, env.backend.bot_user.id, components=rows)


async def _send(
    env: simcord.Env,
    who: Asker,
    kind: int,
    data: dict[str, Any],
    source: int | None = None,
    **more: Any,
) -> simcord.InteractionResult:
    record, payload = base_payload(
        env.backend,
        type=kind,
        channel_id=who.channel_id,
        guild_id=who.guild_id,
        user_id=who.id,
        data=data,
    )
    record.source_message_id = source
    env.backend.emit("INTERACTION_CREATE", {**payload, **who.changes, **more})
    await env._settle_internal(dispatch="INTERACTION_CREATE")
    return simcord.InteractionResult(env, record)


def _wire(value: Any) -> Any:
    return str(value.id) if isinstance(value, ChannelHandle | RoleHandle | MemberActor) else value


def _resolved(env: simcord.Env, values: Any) -> dict[str, Any]:
    channels = {
        str(one.id): {
            **serializers.channel_payload(env.backend, one._channel),
            "permissions": "0",
        }
        for one in values
        if isinstance(one, ChannelHandle)
    }
    roles = {
        str(one.id): serializers.role_payload(one._role)
        for one in values
        if isinstance(one, RoleHandle)
    }
    users = {
        str(one.id): serializers.user_payload(env.backend.users[one.id])
        for one in values
        if isinstance(one, MemberActor)
    }
    return {"channels": channels, "roles": roles, "users": users}
