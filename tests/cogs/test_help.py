"""/help: what the bot can do, with commands to tap and examples to press."""

from pathlib import Path

from bot.ui.cards.help import (
    CURATOR_COMMANDS,
    LOOKUP_COMMANDS,
    MODERATOR_COMMANDS,
    MORE_MODERATOR_COMMANDS,
)
from tests.conftest import OpenServer, Server, components, labels, text
from tests.support import records
from tests.support.countdowns import mod
from tests.support.curators import make_curators

GROUPS = ("countdown", "catalog", "catalog edit")


async def test_help_is_private_and_mentions_every_command(server: Server) -> None:
    ids = server.env.bot.services.command_ids
    make_curators(server, server.moderator)
    result = await mod(server, "help")
    assert result.ephemeral
    shown = "".join(part["content"] for part in components(result, 10))
    commands = {one.qualified_name: one for one in server.env.bot.tree.walk_commands()}
    leaves = {name for name in commands if name not in (*GROUPS, "help")}
    assert [one for one in leaves if f"</{one}:{ids[one.split()[0]]}>" not in shown] == []


async def test_commands_for_curators_are_shown_to_curators_only(server: Server) -> None:
    assert "/catalog" not in text(await mod(server, "help"))
    make_curators(server, server.moderator)
    assert "/catalog edit title" in text(await mod(server, "help"))


async def test_descriptions_are_those_of_the_commands(server: Server) -> None:
    commands = {one.qualified_name: one for one in server.env.bot.tree.walk_commands()}
    described = {**LOOKUP_COMMANDS, **MODERATOR_COMMANDS}
    assert described == {name: commands[name].description for name in described}
    listed = {*described, *MORE_MODERATOR_COMMANDS, *CURATOR_COMMANDS, *GROUPS, "help"}
    assert listed == set(commands)


async def test_examples_open_their_cards_also_in_a_direct_message(server: Server) -> None:
    user = server.member.user
    shown = await user.slash("help")
    assert labels(shown) == ["/show Soul Mate", "/whois Ok Taec-yeon", "/cast Soul Mate"]
    assert "/countdown" not in text(shown)
    for label, heading in zip(
        labels(shown), ("Soul Mate", "Ok Taec-yeon", "Soul Mate"), strict=True
    ):
        opened = await user.click((await user.slash("help")).response, label=label)
        assert text(opened).startswith(heading)


async def test_popular_title_with_a_release_ahead_is_the_example(
    open_server: OpenServer, tmp_path: Path
) -> None:
    old = {"releases": [{"window": "2020"}], "popularity": 3}
    folder = records.write(
        tmp_path / "catalog",
        records.title("old", "Old", **old),
        records.title("new", "New", releases=[{"window": "2027"}], popularity=2),
        records.title("newer", "Newer", releases=[{"window": "2027"}], popularity=1),
    )
    server: Server = await open_server(folder)
    assert labels(await server.slash("help")) == ["/show New", "/cast New"]


async def test_help_of_an_empty_catalog_has_no_examples(
    open_server: OpenServer, tmp_path: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    server: Server = await open_server(folder)
    result = await server.slash("help")
    assert labels(result) == []
    assert "Examples" not in text(result)
    assert "Look up a show" in text(result)
