"""Whatever is sent, wherever: one answer that Discord takes, and nothing in the log."""

import logging
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from discord import AppCommandOptionType as Kind
from discord.app_commands import Command, Group
from discord.ext.commands import Cog
from discord.ui import Modal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import open_bot
from tests.anything.asking import Asker, Complaints
from tests.anything.values import Filled, texts, values
from tests.conftest import NEVER, SHIPPED, MovingClock, Server, connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

MESSAGE, UPDATE, CHOICES = 4, 7, 8
BY_MODERATOR = "a server, by a moderator"
PRIVATE, LAYOUT = 1 << 6, 1 << 15

# Each example asks one thing of a whole bot: a few of them for every command, for each option.
few = settings(
    max_examples=max(1, settings.default.max_examples // 14),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)


def commands() -> list[Command[Any, Any, Any]]:
    """Every command of every cog."""
    roots = [one for cog in Cog.__subclasses__() for one in cog.__cog_app_commands__]
    leaves = [
        x for one in roots for x in (one.walk_commands() if isinstance(one, Group) else [one])
    ]
    return [leaf for leaf in leaves if isinstance(leaf, Command)]


OPTIONS = [
    (command.qualified_name, str(option.display_name))
    for command in commands()
    for option in command.parameters
]
NAMES = [command.qualified_name for command in commands()]
COMPLETED = [
    (command.qualified_name, str(option.display_name))
    for command in commands()
    for option in command.parameters
    if option.autocomplete
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one_asker(
    tmp_path_factory: pytest.TempPathFactory, shipped_database: Path
) -> AsyncGenerator[Asker]:
    """Somebody to ask one bot everything."""
    moving, complaints = MovingClock(), Complaints()
    url = f"sqlite:///{tmp_path_factory.mktemp('anything') / 'bonbang.db'}"
    logging.getLogger().addHandler(complaints)
    async with (
        open_bot(url, SHIPPED, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        yield Asker(Server(env), complaints)
    logging.getLogger().removeHandler(complaints)


@pytest_asyncio.fixture(loop_scope="module")
async def asker(one_asker: Asker) -> AsyncGenerator[Asker]:
    """The same; what was asked in one test is over for the next."""
    yield one_asker
    await one_asker.rest()


def places(asker: Asker) -> st.SearchStrategy[str]:
    return st.sampled_from(list(asker.places))


def held(asker: Asker, command: str) -> dict[str, st.SearchStrategy[Filled]]:
    """What each of a command's options may hold."""
    kinds = values(asker.known)
    return {one["name"]: kinds[Kind(one["type"])] for one in asker.options(command)}


def given_to(asker: Asker, command: str) -> st.SearchStrategy[dict[str, Filled]]:
    """A command's options: those it needs, and any of the others."""
    named = held(asker, command)
    options = asker.options(command)
    needed = {one["name"]: named.pop(one["name"]) for one in options if one.get("required")}
    return st.fixed_dictionaries(needed, optional=named)


async def chosen(asker: Asker, command: str, data: st.DataObject) -> dict[str, Filled]:
    """What a command needs, by somebody who takes the first of what is offered."""
    taken: dict[str, Filled] = {}
    for option in asker.options(command):
        name = option["name"]
        if option.get("required") and option.get("autocomplete"):
            empty = {name: Filled("", {})}
            answer = await asker.autocomplete(BY_MODERATOR, command, empty, name)
            offered = answer["data"]["choices"] or [{"value": "nothing is offered"}]
            taken[name] = Filled(offered[0]["value"], {})
        elif option.get("required"):
            taken[name] = data.draw(held(asker, command)[name], name)
    return taken


def half_typed(asker: Asker, command: str) -> st.SearchStrategy[dict[str, Filled]]:
    """Some of a command's options, and in place of their values what was typed so far."""
    kinds = {**values(asker.known)}
    for kind in (Kind.integer, Kind.number, Kind.boolean):
        kinds[kind] |= kinds[Kind.string]
    options = asker.options(command)
    named = {one["name"]: kinds[Kind(one["type"])] for one in options}
    return st.fixed_dictionaries({}, optional=named)


async def test_every_command_and_every_kind_of_option_is_asked(asker: Asker) -> None:
    assert sorted(NAMES) == sorted(asker.commands)
    declared = [(name, one["name"]) for name in NAMES for one in asker.options(name)]
    assert sorted(OPTIONS) == sorted(declared)
    assert sorted(COMPLETED) == sorted(
        (name, option["name"])
        for name in asker.commands
        for option in asker.options(name)
        if option.get("autocomplete")
    )
    assert {*values(asker.known)} == {*Kind} - {Kind.subcommand, Kind.subcommand_group}
    # There is no modal to be asked. When there is one, it has to be asked as well.
    assert Modal.__subclasses__() == []


@pytest.mark.parametrize("command", NAMES)
@few
@given(data=st.data())
async def test_a_command_is_answered_once(asker: Asker, command: str, data: st.DataObject) -> None:
    place = data.draw(places(asker), "place")
    options = data.draw(given_to(asker, command), "options")
    answer = await asker.slash(place, command, options)
    assert answer["type"] == MESSAGE


@pytest.mark.parametrize(("command", "option"), OPTIONS)
@few
@given(data=st.data())
async def test_an_option_is_answered_once(
    asker: Asker, command: str, option: str, data: st.DataObject
) -> None:
    options = await chosen(asker, command, data)
    options[option] = data.draw(held(asker, command)[option], "value")
    answer = await asker.slash(BY_MODERATOR, command, options)
    assert answer["type"] == MESSAGE


@pytest.mark.parametrize(("command", "option"), COMPLETED)
@few
@given(data=st.data())
async def test_what_is_typed_is_completed(
    asker: Asker, command: str, option: str, data: st.DataObject
) -> None:
    place = data.draw(places(asker), "place")
    options = data.draw(half_typed(asker, command), "options")
    options[option] = Filled(data.draw(texts(), "typed"), {})
    answer = await asker.autocomplete(place, command, options, option)
    assert answer["type"] == CHOICES


ids = texts(100).filter(bool)
messages = st.sampled_from([
    {"flags": 0, "content": "Soul Mate", "embeds": [{"title": "Soul Mate"}]},
    {"flags": LAYOUT},
])  # fmt: skip


async def press(asker: Asker, data: st.DataObject, part: dict[str, Any], **chosen: Any) -> None:
    message, private = data.draw(messages, "message"), data.draw(st.booleans(), "private")
    flags = message["flags"] | (PRIVATE if private else 0)
    place = data.draw(places(asker), "place")
    answer = await asker.press(place, part, {**message, "flags": flags}, **chosen)
    # What only the asker sees is replaced by the card, if it is one.
    assert answer["type"] == (UPDATE if private and flags & LAYOUT else MESSAGE)


@few
@given(custom_id=ids, label=texts(80), data=st.data())
async def test_a_button_is_answered_once(
    asker: Asker, custom_id: str, label: str, data: st.DataObject
) -> None:
    button = {"type": 2, "style": 1, "label": label, "custom_id": custom_id}
    await press(asker, data, button)


@few
@given(
    kind=st.sampled_from([3, 5, 6, 7, 8]),
    custom_id=ids,
    chosen=st.lists(ids, max_size=3),
    data=st.data(),
)
async def test_a_menu_is_answered_once(
    asker: Asker, kind: int, custom_id: str, chosen: list[str], data: st.DataObject
) -> None:
    offered = [{"label": "One", "value": value} for value in {*chosen, "show/soul-mate"}]
    menu = {"type": kind, "custom_id": custom_id} | ({"options": offered} if kind == 3 else {})
    await press(asker, data, menu, values=chosen, resolved={})
