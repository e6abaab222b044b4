"""Only curators change the catalog, whatever anybody sends, and whoever was one before."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import pytest
from discord import TeamMembershipState

from bot.ui.curation_buttons import CurationAction
from tests.conftest import Server, text
from tests.security.test_permissions import (
    CURATOR_REFUSAL,
    FOR_CURATORS,
    MAY,
    everybody,
    verdict,
)
from tests.support.curators import fill_in, make_curators
from tests.support.raw_interactions import Asker, asker, command, press_button, submit

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "catalog edit title": {"title": "Soul Mate", "part": "names"},
    "catalog edit person": {"person": "Taecyeon", "part": "person_names"},
    "catalog history": {"name": "Soul Mate"},
    "catalog unlock": {"name": "Soul Mate", "field": "names"},
}
# Of a suggestion, a pair and an entry of a history, which do not exist, or of a record.
ARGUMENTS = {CurationAction.HISTORY: "title/soul-mate/1"}
TABLES = ("edits", "suggestions", "blocked_members", "joins", "doubts")


def stored(database_url: str) -> list[Any]:
    """What curators and members have changed."""
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as file:
        return [row for table in TABLES for row in file.execute(f"SELECT * FROM {table}")]  # noqa: S608


def modal(values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields of a submitted modal."""
    parts = [{"type": 4, "custom_id": name, "value": text} for name, text in values.items()]
    return [{"type": 18, "component": part} for part in parts]


async def use(server: Server, who: Asker, name: str) -> Any:
    """Use a component for curators, by the name of its class or of an action."""
    if name == "EditModal":
        values = modal({"name": "New"})
        return await submit(server.env, who, "add:series:00000000", values)
    if name == "CurationMenu":
        return await press_button(server.env, who, "curate:undo")
    action = CurationAction(name)
    return await press_button(server.env, who, f"curate:{action}:{ARGUMENTS.get(action, '1')}")


@pytest.mark.parametrize("name", FOR_CURATORS)
async def test_command_for_curators_runs_for_curators_only(
    server: Server, database_url: str, name: str
) -> None:
    before, answered = stored(database_url), {}
    for kind, who in everybody(server).items():
        options = {"member": server.member} if name == "catalog unblock" else OPTIONS.get(name, {})
        result = await command(server.env, who, name, options)
        answered[kind] = verdict(result)
        assert result.modal or result.ephemeral
    assert answered == MAY[name]
    assert stored(database_url) == before


@pytest.mark.parametrize(
    "name",
    [*(one for one in CurationAction if one is not CurationAction.EDIT_AGAIN), "CurationMenu"],
)
async def test_button_for_curators_works_for_curators_only(server: Server, name: str) -> None:
    answered = {
        kind: verdict(await use(server, who, name)) for kind, who in everybody(server).items()
    }
    assert answered == MAY["CurationButton"]


async def test_modal_is_saved_for_curators_only(server: Server, database_url: str) -> None:
    answered, changed = {}, {}
    for kind, who in everybody(server).items():
        before = stored(database_url)
        answered[kind] = verdict(await use(server, who, "EditModal"))
        changed[kind] = "-" if stored(database_url) == before else "yes"
    assert answered == changed == MAY["EditModal"]


@pytest.mark.parametrize("name", ["SuggestButton", "SuggestionModal"])
async def test_anybody_suggests_changes(server: Server, name: str) -> None:
    answered = {}
    for kind, who in everybody(server).items():
        custom_id = "suggest:title/soul-mate"
        if name == "SuggestButton":
            result = await press_button(server.env, who, custom_id)
        else:
            result = await submit(server.env, who, custom_id, modal({"text": "X"}))
        answered[kind] = verdict(result)
        assert result.modal or "Thank you" in text(result)
    assert answered == MAY[name]


async def test_role_that_was_lost_counts_no_more(server: Server, database_url: str) -> None:
    curator, channel = server.moderator, server.channel
    role = make_curators(server, curator)
    shown = await curator.slash(channel, "catalog add")
    history = await curator.slash(channel, "catalog history", name="Soul Mate")
    assert CURATOR_REFUSAL not in text(history)
    server.env.backend.remove_member_role(server.guild.id, curator.id, role.id)
    before = stored(database_url)
    saved = await fill_in(curator, shown, {"name": "New"})
    assert text(saved) == CURATOR_REFUSAL
    pressed = await press_button(server.env, asker(curator, channel), "curate:next:0")
    assert text(pressed) == CURATOR_REFUSAL
    assert stored(database_url) == before


async def test_draft_of_a_curator_who_lost_the_role_opens_no_modal(server: Server) -> None:
    curator, channel = server.moderator, server.channel
    role = make_curators(server, curator)
    shown = await curator.slash(channel, "catalog add")
    refused = await fill_in(curator, shown, {"name": "New", "window": "soon"})
    server.env.backend.remove_member_role(server.guild.id, curator.id, role.id)
    pressed = await curator.click(refused.response, label="Edit again")
    assert pressed.modal is None
    assert text(pressed) == CURATOR_REFUSAL


async def test_role_of_another_server_counts_nowhere_else(server: Server) -> None:
    make_curators(server, server.moderator)
    elsewhere = server.env.create_guild("Elsewhere")
    member = elsewhere.add_member(server.moderator.user)
    who = asker(member, elsewhere.create_text_channel("general"))
    assert text(await command(server.env, who, "catalog doubts", {})) == CURATOR_REFUSAL


async def test_members_of_the_team_that_owns_the_bot_are_curators(server: Server) -> None:
    class Member:
        def __init__(self, id_: int, state: TeamMembershipState) -> None:
            self.id, self.membership_state = id_, state

    class Team:
        members = (
            Member(server.member.id, TeamMembershipState.accepted),
            Member(server.other.id, TeamMembershipState.invited),
        )

    server.env.bot.application.team = Team()
    direct = Asker(server.member.id, server.member.user.dm_channel.id)
    assert "No doubtful pairs" in text(await command(server.env, direct, "catalog doubts", {}))
    invited = asker(server.other, server.channel)
    assert text(await command(server.env, invited, "catalog doubts", {})) == CURATOR_REFUSAL


async def test_locked_fields_are_suggested_to_curators_only(server: Server) -> None:
    options = {"name": "Soul Mate", "field": ""}
    make_curators(server, server.moderator)
    curator = asker(server.moderator, server.channel)
    soul_mate = {"type": 4, "custom_id": "names", "value": "Soul Mate | en | main"}
    shown = await command(
        server.env, curator, "catalog edit title", {"title": "Soul Mate", "part": "names"}
    )
    await submit(
        server.env, curator, shown.modal["custom_id"], [{"type": 18, "component": soul_mate}]
    )
    offered = [
        (await command(server.env, who, "catalog unlock", options, typing="field"))
        for who in (curator, asker(server.member, server.channel))
    ]
    assert [len(one.autocomplete_choices or []) for one in offered] == [1, 0]
