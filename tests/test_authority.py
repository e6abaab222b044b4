"""Who may do what: every command and everything there is to press, by every kind of asker."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import simcord
from discord import AppCommandType, PermissionOverwrite, Permissions
from discord.app_commands import Group
from discord.ui import DynamicItem, Modal

from tests import records
from tests.conftest import OpenServer, Server, text
from tests.raw import Asker, asker, command, press, press_forged, rows_of

# One line an asker, as the columns below name them.
ASKERS = {
    "member": "has no permission but everybody's",
    "moder.": "has a role with Manage Server",
    "admin.": "has a role with Administrator, and with nothing that it implies",
    "owner": "owns the server, and has no role",
    "other": "manages another server that the bot is in, and is a member of this one",
    "edits": "edits a channel's overwrites, and allows themselves everything there",
    "host": "owns the bot's application",
    "robot": "is a bot; Discord lets none of them ask, and one that did had no more than a member",
    "direct": "asks in a direct message",
    "away": "took the bot along to a server that it is no member of, and manages that one",
}

# yes: answered as asked. -: one private refusal, and nothing changed.
TABLE = """
                  member moder. admin. owner  other  edits  host   robot  direct away
show              yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
cast              yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
synopsis          yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
release           yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
whois             yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
about             yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
countdown_add     -      yes    yes    yes    -      -      -      -      -      -
countdown_list    -      yes    yes    yes    -      -      -      -      -      -
countdown_edit    -      yes    yes    yes    -      -      -      -      -      -
countdown_pause   -      yes    yes    yes    -      -      -      -      -      -
countdown_resume  -      yes    yes    yes    -      -      -      -      -      -
countdown_remove  -      yes    yes    yes    -      -      -      -      -      -
countdown_preview -      yes    yes    yes    -      -      -      -      -      -
settings          -      yes    yes    yes    -      -      -      -      -      -
CardButton        yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
CardMenu          yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
Outdated          yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
"""
_HEAD, *_ROWS = (line.split() for line in TABLE.strip().splitlines())
MAY = {name.replace("_", " "): dict(zip(_HEAD, marks, strict=True)) for name, *marks in _ROWS}

FOR_MANAGERS = [name for name, row in MAY.items() if row["member"] == "-"]
COMPONENTS = ["CardButton", "CardMenu", "Outdated"]
FOR_EVERYBODY = [name for name in MAY if name not in (*FOR_MANAGERS, *COMPONENTS)]
REFUSAL = "This is for members who may manage the server."


def test_each_column_is_an_asker() -> None:
    assert list(ASKERS) == _HEAD


async def test_the_table_has_every_command_and_everything_there_is_to_press(
    server: Server,
) -> None:
    commands = [
        one.qualified_name
        for kind in AppCommandType
        for one in server.env.bot.tree.walk_commands(type=kind)
        if not isinstance(one, Group)
    ]
    pressed = [item.__name__ for item in (*DynamicItem.__subclasses__(), *Modal.__subclasses__())]
    assert sorted(MAY) == sorted([*commands, *pressed])


async def test_discord_is_told_the_same(server: Server) -> None:
    """A member does not even see what is refused: Discord hides it, and the bot asks again."""
    registered = server.env.backend.commands[None].values()
    managed = {one["name"] for one in registered if one["default_member_permissions"] is not None}
    assert managed == {name.split()[0] for name in FOR_MANAGERS}
    for one in registered:
        if one["name"] in managed:
            assert one["default_member_permissions"] == Permissions(manage_guild=True).value
            assert (one["contexts"], one["integration_types"]) == ([0], [0])


def everybody(server: Server) -> dict[str, Asker]:
    """One of each kind of asker, in the server's channel if they are of the server."""
    env, guild = server.env, server.guild
    rival = env.create_user("rival")
    elsewhere = env.create_guild("Elsewhere")
    elsewhere.add_member(rival, roles=[elsewhere.create_role("m", permissions=_manage())])
    admins = guild.create_role("Admins", permissions=Permissions(administrator=True))
    editor = guild.add_member(env.create_user("editor"))
    allowed = PermissionOverwrite(manage_guild=True, administrator=True)
    edited = guild.create_text_channel("edited", overwrites={editor: allowed})
    host = env.create_user("host")
    env.bot.owner_id = host.id
    members = {
        "member": server.member,
        "moder.": server.moderator,
        "admin.": guild.add_member(env.create_user("admin"), roles=[admins]),
        "other": guild.add_member(rival),
        "host": guild.add_member(host),
        "robot": guild.add_member(env.create_user("robot", bot=True)),
    }
    return {name: asker(one, server.channel) for name, one in members.items()} | {
        "owner": Asker(env.backend.get_guild(guild.id).owner_id, server.channel.id, guild.id),
        "edits": asker(editor, edited),
        "direct": Asker(server.member.id, server.member.user.dm_channel.id),
        "away": _taken_along(server),
    }


def _manage() -> Permissions:
    return Permissions(manage_guild=True)


def _taken_along(server: Server) -> Asker:
    """A user with the bot installed for themselves, in a server it knows nothing of."""
    here = asker(server.moderator, server.channel)
    member = {
        "user": {"id": str(here.id), "username": "moon", "discriminator": "0", "avatar": None},
        "roles": ["77"],
        "permissions": str(Permissions.all().value),
        "joined_at": "2026-01-01T00:00:00+00:00",
        "flags": 0,
    }
    owners = {"1": str(here.id)}
    changes = {"guild_id": "7", "member": member, "authorizing_integration_owners": owners}
    return Asker(here.id, here.channel_id, here.guild_id, changes)


def verdict(result: simcord.InteractionResult) -> str:
    """How somebody was answered, as the table has it."""
    if text(result) != REFUSAL:
        return "yes"
    assert result.ephemeral
    return "-"


async def managed(server: Server, name: str, turn: int = 0) -> Mapping[str, Any]:
    """What a command for managers is to be given so that there is something to change."""
    if name in ("settings", "countdown list"):
        return {"time": f"{turn}:00"} if name == "settings" else {}
    fresh = {"title": "Soul Mate", "channel": server.guild.create_text_channel("news")}
    if name == "countdown add":
        return fresh
    await server.moderator.slash(server.channel, "countdown add", **fresh)
    own = await server.env.bot.desk.store.of_server(server.guild.id)
    return {"countdown": str(own[-1].id)}


@pytest.mark.parametrize("name", FOR_MANAGERS)
async def test_what_is_for_managers(
    server: Server, database_url: str, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    answered, changed = {}, {}
    for turn, (kind, who) in enumerate(everybody(server).items()):
        options = await managed(server, name, turn)
        before = rows_of(database_url, server.guild.id)
        result = await command(server.env, who, name, options)
        assert result.ephemeral
        answered[kind] = verdict(result)
        changed[kind] = "-" if rows_of(database_url, server.guild.id) == before else "yes"
    assert answered == MAY[name]
    if name not in ("countdown list", "countdown preview"):
        assert changed == answered
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.parametrize("name", ["edit", "pause", "resume", "remove", "preview"])
async def test_a_servers_countdowns_are_offered_to_its_managers_alone(
    server: Server, name: str
) -> None:
    name, askers = f"countdown {name}", everybody(server)
    await managed(server, name)
    offered = {}
    for kind, who in askers.items():
        result = await command(server.env, who, name, {"countdown": ""}, typing="countdown")
        offered[kind] = "yes" if result.autocomplete_choices else "-"
        assert result.autocomplete_choices is not None
    assert offered == MAY[name]


@pytest.mark.parametrize("name", FOR_EVERYBODY)
async def test_what_is_for_everybody(server: Server, name: str) -> None:
    options = {"whois": {"name": "Taecyeon"}, "about": {}}.get(name, {"title": "Soul Mate"})
    answers, answered = set(), {}
    for kind, who in everybody(server).items():
        result = await command(server.env, who, name, options)
        answered[kind] = verdict(result)
        answers.add(text(result))
    assert answered == MAY[name]
    assert len(answers) == 1


@pytest.fixture
async def namesakes(open_server: OpenServer, tmp_path: Path) -> Server:
    """A server whose bot knows two shows by one name."""
    shows = (records.title("old", "Twin"), records.title("new", "Twin"))
    server: Server = await open_server(records.write(tmp_path / "catalog", *shows))
    return server


@pytest.mark.parametrize("name", COMPONENTS)
async def test_what_there_is_to_press(namesakes: Server, name: str) -> None:
    env = namesakes.env
    answers, answered = set(), {}
    for kind, who in everybody(namesakes).items():
        asked = "Twin" if name == "CardMenu" else "title:old"
        shown = (await command(env, who, "show", {"title": asked})).response
        if name == "CardMenu":
            result = await press(env, who, shown, "menu", ["show/old"])
        elif name == "CardButton":
            result = await press(env, who, shown, "card:cast/old")
        else:
            result = await press_forged(env, who, shown, "vote:1")
        assert result.ephemeral or result.response.ephemeral
        answered[kind] = verdict(result)
        answers.add(text(result))
    assert answered == MAY[name]
    [answer] = answers
    assert ("no longer in the catalog" in answer) is (name == "Outdated")
