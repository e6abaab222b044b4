"""A reply leaves nothing behind in the bot: its buttons work from what is in the message."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from discord import Interaction
from discord.ui import ActionRow, Button, LayoutView

from bot.ui.cards.prompts import message_card
from bot.ui.interaction_context import context_of
from bot.ui.responses import respond
from tests.conftest import Server, text
from tests.support.countdowns import add, mod


def stored_views(server: Server) -> list[Any]:
    """The views that discord.py keeps for the bot."""
    store = server.env.bot._connection._view_store
    return [*store._views.values(), *store._synced_message_views.values(), *store._modals.values()]


async def cast_of_show(server: Server) -> Any:
    """A private card, and the card that replaces it."""
    show = await server.slash("show", title="Soul Mate")
    cast = await server.press(show.response, "Cast")
    return await server.press(cast.response, "Release")


async def opened_modal(server: Server) -> Any:
    """The modal that changes a countdown."""
    listed = await mod(server, "countdown list")
    shown = await server.moderator.select(listed.response, values=["1"])
    return await server.moderator.click(shown.response, label="Edit")


REPLIES: dict[str, Callable[[Server], Awaitable[Any]]] = {
    "public card": lambda server: server.slash("show", title="Soul Mate"),
    "private card and its replacement": cast_of_show,
    "similar names": lambda server: server.slash("show", title="Sool Mait Qx"),
    "countdowns": lambda server: mod(server, "countdown list"),
    "duplicate countdown": add,
    "preview": lambda server: mod(server, "countdown preview", countdown="1"),
    "modal": opened_modal,
    "help": lambda server: server.slash("help"),
    "refusal": lambda server: mod(server, "countdown edit", countdown="99"),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
async def test_reply_leaves_no_view_and_no_task(
    server: Server, reply: Callable[[Server], Awaitable[Any]]
) -> None:
    await add(server)
    await reply(server)
    tasks = len(asyncio.all_tasks())
    for _ in range(5):
        assert (await reply(server)).acknowledged
    assert len(asyncio.all_tasks()) == tasks
    assert stored_views(server) == []


async def test_component_with_a_callback_of_its_own_works(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pressed(interaction: Interaction[Any]) -> None:
        await respond(interaction, message_card("Pressed", context_of(interaction)))

    def custom_card(*_: Any) -> LayoutView:
        button: Button[Any] = Button(label="Press me")
        button.callback = pressed
        return LayoutView().add_item(ActionRow(button))

    monkeypatch.setattr("bot.ui.card_router.show_card", custom_card)
    show = await server.slash("show", title="Soul Mate")
    assert text(await server.press(show.response, "Press me")) == "Pressed"
