"""Every event that a bot with the guilds intent receives, as Discord sends it."""

from random import Random
from typing import Any

from discord import Permissions
from simcord.backend import serializers
from simcord.backend.models import Interaction
from simcord.enums import AppCommandType, InteractionType, OptionType
from simcord.interactions import base_payload, command_leaves, nest_options

from tests.wire.fake_discord import WireDiscord

Event = tuple[str, Any]

_CUSTOM_IDS = ("card:show/soul-mate", "card:cast/soul-mate?2", "card:gone", "vote")
_DATE = "2026-01-01T00:00:00+00:00"


class GatewayPayloads:
    """Well-formed events about a guild of their own."""

    def __init__(self, discord: WireDiscord, random: Random) -> None:
        self._backend = discord.backend
        self._random = random
        self._guild = discord.create_guild("Fuzz Club")
        self._channel = discord.create_text_channel(self._guild, "fuzz")
        self._thread = discord.create_thread(self._channel, "talk")
        self._member = discord.add_member(
            self._guild, "moon", permissions=Permissions(manage_guild=True)
        )
        commands = discord.backend.commands[None].values()
        self._leaves = [(root, *leaf) for root in commands for leaf in command_leaves(root)]

    def next_event(self) -> Event:
        """An event of a random type; every other is an interaction."""
        if self._random.random() < 0.5:
            return "INTERACTION_CREATE", self._interaction()
        return self._random.choice(self._guild_events() + self._application_events())

    # Interactions

    def _interaction(self) -> dict[str, Any]:
        kind = self._random.choice(list(InteractionType))
        record, payload = self._build(kind, self._interaction_data(kind))
        if kind in (InteractionType.MESSAGE_COMPONENT, InteractionType.MODAL_SUBMIT):
            message = self._message(payload["data"])
            record.source_message_id = message.id
            payload["message"] = serializers.message_payload(self._backend, message)
        # Each of another member: one member may be limited.
        payload["member"]["user"]["id"] = str(self._random.randrange(10**17, 10**18))
        return payload

    def _interaction_data(self, kind: InteractionType) -> dict[str, Any]:
        match kind:
            case InteractionType.MESSAGE_COMPONENT:
                custom_id = self._random.choice(_CUSTOM_IDS)
                chosen = {"component_type": 3, "values": ["show/soul-mate"]}
                data = self._random.choice([{"component_type": 2}, chosen])
                return {"custom_id": custom_id, **data}
            case InteractionType.MODAL_SUBMIT:
                field = {"type": 4, "custom_id": "x", "value": "text"}
                return {"custom_id": "m", "components": [{"type": 1, "components": [field]}]}
            case _:
                return self._command(kind)

    def _command(self, kind: InteractionType) -> dict[str, Any]:
        is_typing = kind is InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
        leaves = [one for one in self._leaves if one[2].get("options") or not is_typing]
        root, path, leaf = self._random.choice(leaves)
        resolved: dict[str, Any] = {}
        options = [
            {"name": one["name"], "type": one["type"], "value": self._value(one["type"], resolved)}
            for one in leaf.get("options") or []
            if one.get("required") or is_typing or self._random.random() < 0.5
        ]
        if is_typing:
            options[-1]["focused"] = True
        return {
            "id": root["id"],
            "name": root["name"],
            "type": AppCommandType.CHAT_INPUT,
            "options": nest_options(root, path[1:], options),
            "resolved": resolved,
        }

    def _value(self, kind: int, resolved: dict[str, Any]) -> Any:
        backend = self._backend
        match kind:
            case OptionType.CHANNEL:
                payload = serializers.channel_payload(backend, self._channel)
                resolved["channels"] = {payload["id"]: {**payload, "permissions": "0"}}
                return payload["id"]
            case OptionType.ROLE:
                role = next(iter(self._guild.roles.values()))
                payload = serializers.role_payload(role)
                resolved["roles"] = {payload["id"]: payload}
                return payload["id"]
            case OptionType.USER:
                member = self._guild.members[self._member.id]
                payload: Any = serializers.member_payload(backend, self._guild, member)
                user = payload.pop("user")
                resolved["users"] = {user["id"]: user}
                resolved["members"] = {user["id"]: {**payload, "permissions": "0"}}
                return user["id"]
            case OptionType.INTEGER | OptionType.NUMBER:
                return self._random.randint(0, 99)
            case OptionType.BOOLEAN:
                return True
            case _:
                return self._random.choice(["Soul Mate", "title:soul-mate", "21:00", "KST", "e"])

    def _build(
        self, kind: InteractionType, data: dict[str, Any]
    ) -> tuple[Interaction, dict[str, Any]]:
        return base_payload(
            self._backend,
            type=kind,
            channel_id=self._channel.id,
            guild_id=self._guild.id,
            user_id=self._member.id,
            data=data,
        )

    def _message(self, data: dict[str, Any]) -> Any:
        part = {"type": data.get("component_type", 2), "custom_id": data["custom_id"]}
        part |= (
            {"options": [{"label": "One", "value": "show/soul-mate"}]}
            if part["type"] == 3
            else {"style": 1, "label": "More"}
        )
        return self._backend.create_message(
            self._channel.id,
            self._backend.bot_user.id,
            components=[{"type": 1, "components": [part]}],
        )

    # Other events

    def _guild_events(self) -> list[Event]:
        backend, guild, guild_id = self._backend, self._guild, str(self._guild.id)
        whole = serializers.guild_create_payload(backend, guild)
        role = serializers.role_payload(next(iter(guild.roles.values())))
        channel = serializers.channel_payload(backend, self._channel)
        thread = serializers.thread_payload(backend, self._thread)
        member = {"id": thread["id"], "user_id": "5", "join_timestamp": _DATE, "flags": 0}
        stage = {"id": "9", "guild_id": guild_id, "channel_id": channel["id"], "topic": "Talk",
                 "privacy_level": 2, "discoverable_disabled": False}  # fmt: skip
        own = serializers.member_payload(backend, guild, guild.members[backend.bot_user.id])
        return [
            ("GUILD_CREATE", whole),
            ("GUILD_UPDATE", whole),
            ("GUILD_DELETE", {"id": guild_id, "unavailable": True}),
            ("GUILD_DELETE", {"id": guild_id}),
            ("GUILD_ROLE_CREATE", {"guild_id": guild_id, "role": role}),
            ("GUILD_ROLE_UPDATE", {"guild_id": guild_id, "role": role}),
            ("GUILD_ROLE_DELETE", {"guild_id": guild_id, "role_id": role["id"]}),
            ("GUILD_MEMBER_UPDATE", {**own, "guild_id": guild_id}),
            *((f"CHANNEL_{verb}", channel) for verb in ("CREATE", "UPDATE", "DELETE")),
            ("CHANNEL_PINS_UPDATE", {"guild_id": guild_id, "channel_id": channel["id"],
                                     "last_pin_timestamp": _DATE}),
            *((f"THREAD_{verb}", thread) for verb in ("CREATE", "UPDATE", "DELETE")),
            ("THREAD_LIST_SYNC", {"guild_id": guild_id, "threads": [thread], "members": [member]}),
            ("THREAD_MEMBER_UPDATE", {**member, "guild_id": guild_id}),
            ("THREAD_MEMBERS_UPDATE", {"id": thread["id"], "guild_id": guild_id, "member_count": 1,
                                       "added_members": [{**member, "member": own}],
                                       "removed_member_ids": ["5"]}),
            *((f"STAGE_INSTANCE_{verb}", stage) for verb in ("CREATE", "UPDATE", "DELETE")),
        ]  # fmt: skip

    def _application_events(self) -> list[Event]:
        application_id = str(self._backend.application_id)
        user = serializers.user_payload(self._backend.bot_user)
        entitlement = {"id": "7", "sku_id": "8", "application_id": application_id, "user_id": "5",
                       "type": 8, "deleted": False, "starts_at": _DATE, "ends_at": _DATE,
                       "consumed": False}  # fmt: skip
        subscription = {"id": "6", "user_id": "5", "sku_ids": ["8"], "renewal_sku_ids": None,
                        "entitlement_ids": ["7"], "current_period_start": _DATE,
                        "current_period_end": _DATE, "status": 0, "canceled_at": None}  # fmt: skip
        permissions = {"id": "4", "application_id": application_id, "guild_id": str(self._guild.id),
                       "permissions": [{"id": "5", "type": 2, "permission": True}]}  # fmt: skip
        verbs = ("CREATE", "UPDATE", "DELETE")
        return [
            ("USER_UPDATE", {**user, "flags": 0, "mfa_enabled": False, "verified": True}),
            *((f"ENTITLEMENT_{verb}", entitlement) for verb in verbs),
            *((f"SUBSCRIPTION_{verb}", subscription) for verb in verbs),
            ("APPLICATION_COMMAND_PERMISSIONS_UPDATE", permissions),
        ]
