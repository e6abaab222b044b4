"""What the client connects with, which commands it syncs, and how it routes component presses."""

import sqlite3
from typing import Any

import discord
import pytest
from discord import ButtonStyle, Interaction, app_commands
from discord.ui import Button, Modal, TextInput, View

from bot.app import open_bot
from tests.conftest import SAMPLE, Server, clock, text
from tests.support.raw_interactions import asker, press

GONE = "no longer in the catalog"


async def test_commands_are_for_guilds_direct_messages_and_user_installs(server: Server) -> None:
    registered = server.env.backend.commands[None].values()
    assert {command["name"] for command in registered} == {
        "show", "cast", "synopsis", "release", "whois", "about", "help", "countdown", "settings",
        "catalog", "suggest",
    }  # fmt: skip
    for command in registered:
        everywhere = command["name"] not in ("countdown", "settings")
        assert sorted(command["contexts"]) == ([0, 1, 2] if everywhere else [0]), command["name"]
        assert sorted(command["integration_types"]) == ([0, 1] if everywhere else [0])
        assert command["default_member_permissions"] == (None if everywhere else 32)


async def test_no_privileged_intent_is_requested(server: Server) -> None:
    intents = server.env.bot.intents
    assert [name for name, on in intents if on] == ["guilds"]


async def test_ids_of_the_commands_are_known_with_and_without_syncing(
    database_url: str, server: Server
) -> None:
    registered = {one["name"]: int(one["id"]) for one in server.env.backend.commands[None].values()}
    assert server.env.bot.services.command_ids == registered
    async with open_bot(database_url, SAMPLE, clock) as again:
        await server.env.restart_bot(again)
        assert again.services.command_ids == registered


async def test_commands_are_synced_once_more_if_their_ids_were_never_stored(
    database_url: str, server: Server
) -> None:
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as file:
        file.execute("DELETE FROM key_values WHERE name = 'command_ids'")
    async with open_bot(database_url, SAMPLE, clock) as again:
        await server.env.restart_bot(again)
        assert again.services.command_ids["countdown"]


async def test_commands_are_synced_only_when_they_changed(
    database_url: str, server: Server
) -> None:
    def syncs() -> int:
        return sum(request.method == "PUT" for request in server.env.http_requests)

    assert syncs() == 1
    async with open_bot(database_url, SAMPLE, clock) as again:
        await server.env.restart_bot(again)
        assert syncs() == 1


class Confirm(View):
    """An ordinary view, as an extension might send it: nothing of it is persistent."""

    def __init__(self, *, stops_first: bool = False) -> None:
        super().__init__(timeout=60)
        self.stops_first = stops_first
        self.presses: list[str] = []

    @discord.ui.button(label="Confirm", style=ButtonStyle.green)
    async def confirm(self, interaction: Interaction[Any], button: Button[Any]) -> None:
        self.presses.append(interaction.user.name)
        if self.stops_first:
            self.stop()
        await interaction.response.send_message("Confirmed.", ephemeral=True)


def responses(server: Server) -> list[Any]:
    """The bodies of all responses to interactions, and of their follow-ups."""
    paths = ("/interactions/", "/webhooks/")
    return [one.json for one in server.env.http_requests if one.path.startswith(paths)]


@pytest.mark.parametrize("stops_first", [False, True])
async def test_ordinary_view_in_a_channel_gets_its_callback_once(
    server: Server, stops_first: bool
) -> None:
    view = Confirm(stops_first=stops_first)
    channel = server.env.bot.get_partial_messageable(server.channel.id)
    message = await channel.send("Sure?", view=view)
    result = await server.member.click(message, label="Confirm")
    await server.env.settle()
    assert view.presses == ["mina"]
    assert text(result) == "Confirmed."
    [response] = responses(server)
    assert response["data"]["content"] == "Confirmed."


@pytest.mark.parametrize("ephemeral", [False, True])
@pytest.mark.parametrize("stops_first", [False, True])
async def test_ordinary_view_of_a_command_gets_its_callback_once(
    server: Server, ephemeral: bool, stops_first: bool
) -> None:
    view = Confirm(stops_first=stops_first)

    @app_commands.command(name="ask", description="Ask")
    async def ask(interaction: Interaction[Any]) -> None:
        await interaction.response.send_message("Sure?", view=view, ephemeral=ephemeral)

    server.env.bot.tree.add_command(ask)
    await server.env.bot.tree.sync()
    asked = await server.slash("ask")
    before = len(responses(server))
    result = await server.member.click(asked.response, label="Confirm")
    await server.env.settle()
    assert view.presses == ["mina"]
    assert text(result) == "Confirmed."
    [response] = responses(server)[before:]
    assert response["data"]["content"] == "Confirmed."


async def test_each_press_of_an_ordinary_view_gets_one_callback(server: Server) -> None:
    view = Confirm()
    channel = server.env.bot.get_partial_messageable(server.channel.id)
    message = await channel.send("Sure?", view=view)
    for member in (server.member, server.other, server.member):
        assert text(await member.click(message, label="Confirm")) == "Confirmed."
    assert view.presses == ["mina", "joon", "mina"]
    assert len(responses(server)) == 3


async def test_ordinary_modal_gets_its_callback_once(server: Server) -> None:
    """As an extension might send it; not of a class of its own, which other tests would find."""
    answer: TextInput[Any] = TextInput(label="Answer", custom_id="answer")
    modal = Modal(title="Survey").add_item(answer)

    async def on_submit(interaction: Interaction[Any]) -> None:
        await interaction.response.send_message(f"Thanks for {answer.value}.", ephemeral=True)

    modal.on_submit = on_submit

    @app_commands.command(name="survey", description="Survey")
    async def survey(interaction: Interaction[Any]) -> None:
        await interaction.response.send_modal(modal)

    server.env.bot.tree.add_command(survey)
    await server.env.bot.tree.sync()
    opened = await server.slash("survey")
    before = len(responses(server))
    result = await server.member.submit_modal(opened, {"answer": "it"})
    await server.env.settle()
    assert text(result) == "Thanks for it."
    assert len(responses(server)) - before == 1


async def test_press_of_an_unknown_component_gets_one_reply(server: Server) -> None:
    rows = [{"type": 1, "components": [{"type": 2, "style": 1, "label": "Vote", "custom_id": "v"}]}]
    backend = server.env.backend
    message = backend.create_message(server.channel.id, backend.bot_user.id, components=rows)
    result = await press(server.env, asker(server.member, server.channel), message, "v")
    assert result.ephemeral
    assert GONE in text(result)
    assert len(responses(server)) == 1


async def test_press_of_a_view_that_is_over_gets_one_reply(server: Server) -> None:
    view = Confirm()
    channel = server.env.bot.get_partial_messageable(server.channel.id)
    message = await channel.send("Sure?", view=view)
    view.stop()
    result = await server.member.click(message, label="Confirm")
    assert view.presses == []
    assert result.ephemeral
    assert GONE in text(result)
    assert len(responses(server)) == 1
