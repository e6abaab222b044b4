"""Curators in a simulated server, and the modals that they submit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import simcord

from tests.conftest import Server

_MENU = 3


def make_curators(server: Server, *members: Any) -> Any:
    """Give members a role of its own, which lets them edit the catalog. Returns the role."""
    role = server.guild.create_role("Curators")
    for member in members:
        server.env.backend.add_member_role(server.guild.id, member.id, role.id)
    bot = server.env.bot
    bot.services = replace(bot.services, curator_roles=frozenset({role.id}))
    return role


def fields(result: simcord.InteractionResult) -> dict[str, str]:
    """What the modal is filled in with, by field."""
    return {
        part["custom_id"]: _chosen(part) if part["type"] == _MENU else part.get("value") or ""
        for part in _parts(result)
    }


async def fill_in(
    member: Any, shown: simcord.InteractionResult, values: Mapping[str, str]
) -> simcord.InteractionResult:
    """Submit the modal with some values changed, as a member. An empty value clears a field."""
    given = {**fields(shown), **values}
    menus = {part["custom_id"] for part in _parts(shown) if part["type"] == _MENU}
    texts = {name: text for name, text in given.items() if name not in menus}
    chosen = {name: [given[name]] for name in menus if given[name]}
    return await member.submit_modal(shown, texts | chosen)


def _parts(result: simcord.InteractionResult) -> list[dict[str, Any]]:
    assert result.modal is not None, "no modal was opened"
    return [label["component"] for label in result.modal["components"]]


def _chosen(menu: Mapping[str, Any]) -> str:
    return next((one["value"] for one in menu.get("options") or [] if one.get("default")), "")
