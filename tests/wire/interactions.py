"""Builds the interactions that Discord sends when members use commands and components."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simcord.backend import Backend, serializers
from simcord.backend.access import message_accessible
from simcord.backend.command_access import command_access
from simcord.backend.errors import SetupError
from simcord.backend.models import Channel, Interaction, Message, Role
from simcord.components import walk_components
from simcord.enums import SELECT_TYPES, AppCommandType, ComponentType, InteractionType
from simcord.interactions import (
    base_payload,
    nest_options,
    validate_option_value,
    walk_to_subcommand,
)

_LINKS = (5, 6)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a guild, and the locale of their client."""

    guild_id: int
    id: int
    name: str
    locale: str


BuiltInteraction = tuple[Interaction, dict[str, Any]]
"""The backend's record of an interaction, and the payload that the bot receives."""


class InteractionBuilder:
    """Builds interactions. Raises SetupError for what a real member could not do."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def slash(
        self, member: Member, channel: Channel, command: str, options: Mapping[str, Any]
    ) -> BuiltInteraction:
        """A member sends a command."""
        root, leaf, nesting = self._command(member, channel, command)
        missing = [
            o["name"] for o in leaf.values() if o.get("required") and o["name"] not in options
        ]
        if missing:
            raise SetupError(f"/{command} needs {', '.join(missing)}")
        resolved: dict[str, Any] = {}
        given = self._options(member, channel, command, leaf, options, resolved)
        data = _command_data(root, nesting, given) | ({"resolved": resolved} if resolved else {})
        return self._build(InteractionType.APPLICATION_COMMAND, member, channel.id, data)

    def autocomplete(
        self,
        member: Member,
        channel: Channel,
        command: str,
        option: str,
        typed: str,
        filled: Mapping[str, Any],
    ) -> BuiltInteraction:
        """A member types into an option with autocomplete."""
        root, leaf, nesting = self._command(member, channel, command)
        if option not in leaf or not leaf[option].get("autocomplete"):
            raise SetupError(f"/{command} has no autocomplete for {option}")
        given = self._options(member, channel, command, leaf, filled, {})
        focused = {"name": option, "type": leaf[option]["type"], "value": typed, "focused": True}
        data = _command_data(root, nesting, [*given, focused])
        return self._build(
            InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, member, channel.id, data
        )

    def click(
        self,
        member: Member,
        message: Mapping[str, Any],
        *,
        label: str | None = None,
        custom_id: str | None = None,
    ) -> BuiltInteraction:
        """A member presses a button."""
        stored = self._visible(member, message)
        button = _find(stored, (ComponentType.BUTTON,), label=label, custom_id=custom_id)
        if button.get("style") in _LINKS:
            raise SetupError(f"the button {label or custom_id} is a link")
        return self._press(member, stored, button, {})

    def select(
        self,
        member: Member,
        message: Mapping[str, Any],
        values: Sequence[Any],
        *,
        custom_id: str | None = None,
    ) -> BuiltInteraction:
        """A member selects options of a menu: texts, or Members, Channels and Roles."""
        stored = self._visible(member, message)
        menu = _find(stored, SELECT_TYPES, custom_id=custom_id)
        resolved: dict[str, Any] = {}
        if menu["type"] == ComponentType.STRING_SELECT:
            offered = {option["value"] for option in menu["options"]}
            if unknown := set(values) - offered:
                raise SetupError(f"the menu offers {sorted(offered)}, not {sorted(unknown)}")
            return self._press(member, stored, menu, {"values": list(values)})
        chosen = [self._resolve(member, value, resolved) for value in values]
        return self._press(member, stored, menu, {"values": chosen, "resolved": resolved})

    def _command(
        self, member: Member, channel: Channel, command: str
    ) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
        """A registered command, its options by name, and the names of its subcommands."""
        name, *path = command.split()
        root = self._backend.find_command(name, member.guild_id)
        if root is None:
            raise SetupError(f"no command /{name} is registered")
        access = command_access(self._backend, root, user_id=member.id, channel_id=channel.id)
        if not access.allowed:
            raise SetupError(f"{member.name} may not use /{name}: {access.reason}")
        leaf, nesting = walk_to_subcommand(root, path)
        return root, {option["name"]: option for option in leaf.get("options") or []}, nesting

    def _options(
        self,
        member: Member,
        channel: Channel,
        command: str,
        declared: Mapping[str, Any],
        given: Mapping[str, Any],
        resolved: dict[str, Any],
    ) -> list[dict[str, Any]]:
        if unknown := given.keys() - declared.keys():
            raise SetupError(f"/{command} has no option {', '.join(sorted(unknown))}")
        return [
            {
                "name": name,
                "type": declared[name]["type"],
                "value": self._resolve(member, value, resolved)
                if isinstance(value, Member | Channel | Role)
                else validate_option_value(command, declared[name], value),
            }
            for name, value in given.items()
        ]

    def _resolve(self, member: Member, value: Member | Channel | Role, into: dict[str, Any]) -> str:
        """The id of a chosen object; its data is added to `into`."""
        key, backend = str(value.id), self._backend
        match value:
            case Member():
                guild = backend.get_guild(value.guild_id)
                payload = serializers.member_payload(
                    backend, guild, guild.members[value.id], with_user=False
                )
                into.setdefault("members", {})[key] = {**payload, "permissions": "0"}
                user = serializers.user_payload(backend.get_user(value.id))
                into.setdefault("users", {})[key] = user
            case Channel():
                allowed = backend.compute_permissions(member.guild_id, member.id, value.id)
                payload = serializers.channel_payload(backend, value)
                into.setdefault("channels", {})[key] = {**payload, "permissions": str(allowed)}
            case Role():
                into.setdefault("roles", {})[key] = serializers.role_payload(value)
        return key

    def _visible(self, member: Member, message: Mapping[str, Any]) -> Message:
        channel_id = int(message["channel_id"])
        stored = self._backend.get_message(channel_id, int(message["id"]))
        if not message_accessible(self._backend, channel_id, stored, member.id):
            raise SetupError(f"{member.name} does not see that message")
        return stored

    def _press(
        self, member: Member, message: Message, component: dict[str, Any], more: dict[str, Any]
    ) -> BuiltInteraction:
        data = {
            "custom_id": component["custom_id"],
            "component_type": component["type"],
            "id": component.get("id", 0),
            **more,
        }
        kind = InteractionType.MESSAGE_COMPONENT
        record, payload = self._build(kind, member, message.channel_id, data)
        record.source_message_id = message.id
        payload["message"] = serializers.message_payload(self._backend, message)
        return record, payload

    def _build(
        self, kind: int, member: Member, channel_id: int, data: dict[str, Any]
    ) -> BuiltInteraction:
        record, payload = base_payload(
            self._backend,
            type=kind,
            channel_id=channel_id,
            guild_id=member.guild_id,
            user_id=member.id,
            data=data,
        )
        payload["locale"] = member.locale
        return record, payload


def _command_data(
    root: dict[str, Any], nesting: list[str], options: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": root["id"],
        "name": root["name"],
        "type": root.get("type", AppCommandType.CHAT_INPUT),
        "options": nest_options(root, nesting, options),
    }


def _find(
    message: Message,
    types: Iterable[int],
    *,
    label: str | None = None,
    custom_id: str | None = None,
) -> dict[str, Any]:
    """The only component that matches."""
    found = [
        part
        for part in walk_components(message.components)
        if part["type"] in types
        and label in (None, part.get("label"))
        and custom_id in (None, part.get("custom_id"))
        and not part.get("disabled")
    ]
    if len(found) != 1:
        raise SetupError(f"{len(found)} components match {label or custom_id or types}")
    return found[0]
