"""Who may do what: every command and every component, by every kind of user."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import simcord
from discord import AppCommandType, Object, PermissionOverwrite, Permissions
from discord.app_commands import Group
from discord.ui import DynamicItem, Modal

from bot.ui.countdown_buttons import CountdownAction
from tests.conftest import OpenServer, Server, text
from tests.support import records
from tests.support.raw_interactions import (
    Asker,
    asker,
    command,
    press,
    press_forged,
    rows_of,
    use_component,
)

# The users, by the names of the columns below.
USERS = {
    "member": "has no permissions beyond @everyone",
    "moder.": "has a role with Manage Server",
    "admin.": "has a role with Administrator and none of the permissions it implies",
    "owner": "owns the server and has no role",
    "other": "manages another server with the bot and is a member of this one",
    "edits": "is allowed everything by the overwrites of one channel",
    "host": "owns the bot's application",
    "robot": "is a bot, which Discord would not let run commands",
    "direct": "uses a direct message",
    "away": "installed the bot for themselves and manages a server without it",
}

# yes: the command runs. -: one private refusal, and nothing changes.
TABLE = """
                  member moder. admin. owner  other  edits  host   robot  direct away
show              yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
cast              yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
synopsis          yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
release           yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
whois             yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
about             yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
help              yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
suggest           yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
countdown_add     -      yes    yes    yes    -      -      -      -      -      -
countdown_list    -      yes    yes    yes    -      -      -      -      -      -
countdown_edit    -      yes    yes    yes    -      -      -      -      -      -
countdown_pause   -      yes    yes    yes    -      -      -      -      -      -
countdown_resume  -      yes    yes    yes    -      -      -      -      -      -
countdown_remove  -      yes    yes    yes    -      -      -      -      -      -
countdown_preview -      yes    yes    yes    -      -      -      -      -      -
settings          -      yes    yes    yes    -      -      -      -      -      -
catalog_edit_title -      -      -      -      -      -      yes    -      -      -
catalog_edit_person -      -      -      -      -      -      yes    -      -      -
catalog_add       -      -      -      -      -      -      yes    -      -      -
catalog_history   -      -      -      -      -      -      yes    -      -      -
catalog_unlock    -      -      -      -      -      -      yes    -      -      -
catalog_doubts    -      -      -      -      -      -      yes    -      -      -
catalog_suggestions -      -      -      -      -      -      yes    -      -      -
catalog_unblock   -      -      -      -      -      -      yes    -      -      -
CardButton        yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
CardMenu          yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
CountdownButton   -      yes    yes    yes    -      -      -      -      -      -
CountdownMenu     -      yes    yes    yes    -      -      -      -      -      -
ScheduleModal     -      yes    yes    yes    -      -      -      -      -      -
CurationButton    -      -      -      -      -      -      yes    -      -      -
CurationMenu      -      -      -      -      -      -      yes    -      -      -
EditModal         -      -      -      -      -      -      yes    -      -      -
SuggestButton     yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
SuggestionModal   yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
unknown           yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
"""
_HEAD, *_ROWS = (line.split() for line in TABLE.strip().splitlines())
MAY = {name.replace("_", " "): dict(zip(_HEAD, marks, strict=True)) for name, *marks in _ROWS}

UNKNOWN = "unknown"
COMPONENTS = ["CardButton", "CardMenu", UNKNOWN]
COMPONENTS_FOR_MANAGERS = ["CountdownButton", "CountdownMenu", "ScheduleModal"]
CURATION_COMPONENTS = (
    "CurationButton", "CurationMenu", "EditModal", "SuggestButton", "SuggestionModal",
)  # fmt: skip
_COMPONENTS = (*COMPONENTS, *COMPONENTS_FOR_MANAGERS, *CURATION_COMPONENTS)
COMMANDS = [name for name in MAY if name not in _COMPONENTS]
FOR_CURATORS = [name for name in COMMANDS if name.startswith("catalog ")]
FOR_MANAGERS = [
    name for name in COMMANDS if MAY[name]["member"] == "-" and name not in FOR_CURATORS
]
FOR_EVERYBODY = [name for name in COMMANDS if name not in (*FOR_MANAGERS, *FOR_CURATORS)]
REFUSAL = "You need the Manage Server permission to do that."
CURATOR_REFUSAL = "Only curators can edit the catalog. Suggest a change with /suggest."


def test_each_column_is_a_user() -> None:
    assert list(USERS) == _HEAD


async def test_table_lists_every_command_and_every_component(
    server: Server,
) -> None:
    commands = [
        one.qualified_name
        for kind in AppCommandType
        for one in server.env.bot.tree.walk_commands(type=kind)
        if not isinstance(one, Group)
    ]
    handled = [item.__name__ for item in (*DynamicItem.__subclasses__(), *Modal.__subclasses__())]
    assert sorted(MAY) == sorted([*commands, *handled, UNKNOWN])


async def test_commands_are_registered_with_the_same_permissions(server: Server) -> None:
    """Discord hides a command from members who may not run it; the bot checks again."""
    registered = server.env.backend.commands[None].values()
    managed = {one["name"] for one in registered if one["default_member_permissions"] is not None}
    assert managed == {name.split()[0] for name in FOR_MANAGERS}
    for one in registered:
        if one["name"] in managed:
            assert one["default_member_permissions"] == Permissions(manage_guild=True).value
            assert (one["contexts"], one["integration_types"]) == ([0], [0])


def everybody(server: Server) -> dict[str, Asker]:
    """One user of each kind, in the server's channel if they are its members."""
    env, guild = server.env, server.guild
    rival = env.create_user("rival")
    elsewhere = env.create_guild("Elsewhere")
    elsewhere.add_member(rival, roles=[elsewhere.create_role("m", permissions=_manage())])
    admins = guild.create_role("Admins", permissions=Permissions(administrator=True))
    editor = guild.add_member(env.create_user("editor"))
    allowed = PermissionOverwrite(manage_guild=True, administrator=True)
    edited = guild.create_text_channel("edited", overwrites={editor: allowed})
    host = env.create_user("host")
    env.bot.application.owner = env.bot.get_user(host.id) or Object(host.id)
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
        "away": _user_install(server),
    }


def _manage() -> Permissions:
    return Permissions(manage_guild=True)


def _user_install(server: Server) -> Asker:
    """A user with the bot installed for themselves, in a server without it."""
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
    """The result as the table writes it."""
    if result.modal is not None or text(result) not in (REFUSAL, CURATOR_REFUSAL):
        return "yes"
    assert result.ephemeral
    return "-"


async def manager_options(server: Server, name: str, turn: int = 0) -> Mapping[str, Any]:
    """Options with which a command for managers has something to change."""
    if name in ("settings", "countdown list"):
        return {"time": f"{turn}:00"} if name == "settings" else {}
    fresh = {"title": "Soul Mate", "channel": server.guild.create_text_channel("news")}
    if name == "countdown add":
        return fresh
    await server.moderator.slash(server.channel, "countdown add", **fresh)
    own = await server.env.bot.services.countdowns.list_for_guild(server.guild.id)
    return {"countdown": str(own[-1].id)}


@pytest.mark.parametrize("name", FOR_MANAGERS)
async def test_command_for_managers_runs_for_managers_only(
    server: Server, database_url: str, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    answered, changed = {}, {}
    for turn, (kind, who) in enumerate(everybody(server).items()):
        options = await manager_options(server, name, turn)
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
async def test_countdowns_are_suggested_to_managers_only(server: Server, name: str) -> None:
    name, askers = f"countdown {name}", everybody(server)
    await manager_options(server, name)
    offered = {}
    for kind, who in askers.items():
        result = await command(server.env, who, name, {"countdown": ""}, typing="countdown")
        offered[kind] = "yes" if result.autocomplete_choices else "-"
        assert result.autocomplete_choices is not None
    assert offered == MAY[name]


@pytest.mark.parametrize("name", FOR_EVERYBODY)
async def test_command_for_everybody_gives_everybody_the_same_reply(
    server: Server, name: str
) -> None:
    options = {
        "whois": {"name": "Taecyeon"},
        "suggest": {"name": "Soul Mate"},
        "about": {},
        "help": {},
    }.get(name, {"title": "Soul Mate"})
    answers, answered = {}, {}
    for kind, who in everybody(server).items():
        result = await command(server.env, who, name, options)
        answered[kind] = verdict(result)
        answers[kind] = result.modal["title"] if result.modal else text(result)
    assert answered == MAY[name]
    if name != "help":
        assert len(set(answers.values())) == 1


async def test_help_shows_the_commands_for_managers_to_managers_only(server: Server) -> None:
    shown = {
        kind: "yes" if "/countdown add" in text(await command(server.env, who, "help", {})) else "-"
        for kind, who in everybody(server).items()
    }
    assert shown == MAY["countdown add"]


@pytest.fixture
async def namesakes(open_server: OpenServer, tmp_path: Path) -> Server:
    """A server whose bot has two shows of the same name."""
    shows = (records.title("old", "Twin"), records.title("new", "Twin"))
    server: Server = await open_server(records.write(tmp_path / "catalog", *shows))
    return server


@pytest.mark.parametrize("name", COMPONENTS)
async def test_every_component_gives_everybody_the_same_private_reply(
    namesakes: Server, name: str
) -> None:
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
    assert ("no longer in the catalog" in answer) is (name == UNKNOWN)


CHANGING = ("pause", "confirm", "ScheduleModal")
"""Of the countdown components, those that change a countdown that is not paused."""


@pytest.mark.parametrize("name", [*CountdownAction, "CountdownMenu", "ScheduleModal"])
async def test_component_for_managers_works_for_managers_only(
    server: Server, database_url: str, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    answered, changed = {}, {}
    for turn, (kind, who) in enumerate(everybody(server).items()):
        options = await manager_options(server, "countdown remove")
        before = rows_of(database_url, server.guild.id)
        result = await use_component(server.env, who, name, options["countdown"], time=f"{turn}:00")
        assert result.modal or result.ephemeral
        answered[kind] = verdict(result)
        changed[kind] = "-" if rows_of(database_url, server.guild.id) == before else "yes"
    expected = MAY["CountdownButton" if name in {*CountdownAction} else name]
    assert answered == expected
    if name in CHANGING:
        assert changed == expected
    elif name != "resume":
        assert set(changed.values()) == {"-"}
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
