"""Any interaction from anywhere gets one response that Discord accepts, and logs no error."""

import importlib
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

from bot.app import COGS, open_bot
from bot.ui.countdown_buttons import CountdownAction
from bot.ui.curation_buttons import CurationAction
from bot.ui.curation_targets import EditPart
from bot.ui.modals import EditModal
from bot.ui.schedule_modal import ScheduleModal
from bot.ui.suggestion_modal import SuggestionModal
from tests.conftest import NEVER, SAMPLE, MovingClock, Server, connected
from tests.fuzz.interactions import ErrorLog, Sender
from tests.fuzz.values import OptionValue, texts, values
from tests.support.curators import make_curators

pytestmark = pytest.mark.asyncio(loop_scope="module")

MESSAGE, UPDATE, CHOICES, MODAL = 4, 7, 8, 9
BY_MODERATOR = "a server, by a moderator"
PRIVATE, LAYOUT = 1 << 6, 1 << 15

# Each example sends one interaction to a whole bot: a few for every command and every option.
few = settings(
    max_examples=max(1, settings.default.max_examples // 14),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)


def commands() -> list[Command[Any, Any, Any]]:
    """Every command of every cog."""
    for name in COGS:
        importlib.import_module(name)
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
async def shared_sender(
    tmp_path_factory: pytest.TempPathFactory, sample_database: Path
) -> AsyncGenerator[Sender]:
    """Sends to one bot for all tests, which is faster than one each."""
    moving, errors = MovingClock(), ErrorLog()
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzz') / 'bonbang.db'}"
    logging.getLogger().addHandler(errors)
    async with (
        open_bot(url, SAMPLE, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        server = Server(env)
        make_curators(server, server.moderator)
        # That buttons and modals refer to, until one of them removes it.
        title = "title:soul-mate"
        await server.moderator.slash(
            server.channel, "countdown add", title=title, channel=server.channel
        )
        yield Sender(server, errors)
    logging.getLogger().removeHandler(errors)


@pytest_asyncio.fixture(loop_scope="module")
async def sender(shared_sender: Sender) -> AsyncGenerator[Sender]:
    """The same, without views left over from other tests."""
    yield shared_sender
    await shared_sender.expire_views()


def places(sender: Sender) -> st.SearchStrategy[str]:
    return st.sampled_from(list(sender.places))


def option_values(sender: Sender, command: str) -> dict[str, st.SearchStrategy[OptionValue]]:
    """Values of each option of a command."""
    kinds = values(sender.known)
    return {one["name"]: kinds[Kind(one["type"])] for one in sender.options(command)}


def command_options(sender: Sender, command: str) -> st.SearchStrategy[dict[str, OptionValue]]:
    """The required options of a command, and any of the others."""
    named = option_values(sender, command)
    options = sender.options(command)
    required = {one["name"]: named.pop(one["name"]) for one in options if one.get("required")}
    return st.fixed_dictionaries(required, optional=named)


async def required_options(
    sender: Sender, command: str, data: st.DataObject
) -> dict[str, OptionValue]:
    """The required options of a command, each the first of its suggestions."""
    options: dict[str, OptionValue] = {}
    for option in sender.options(command):
        name = option["name"]
        if option.get("required") and option.get("autocomplete"):
            empty = {name: OptionValue("", {})}
            response = await sender.autocomplete(BY_MODERATOR, command, empty, name)
            suggested = response["data"]["choices"] or [{"value": "no suggestion"}]
            options[name] = OptionValue(suggested[0]["value"], {})
        elif option.get("required"):
            options[name] = data.draw(option_values(sender, command)[name], name)
    return options


def partly_typed(sender: Sender, command: str) -> st.SearchStrategy[dict[str, OptionValue]]:
    """Some options of a command, with what was typed so far as their values."""
    kinds = {**values(sender.known)}
    for kind in (Kind.integer, Kind.number, Kind.boolean):
        kinds[kind] |= kinds[Kind.string]
    options = sender.options(command)
    named = {one["name"]: kinds[Kind(one["type"])] for one in options}
    return st.fixed_dictionaries({}, optional=named)


async def test_every_command_and_every_kind_of_option_is_tested(sender: Sender) -> None:
    assert sorted(NAMES) == sorted(sender.commands)
    declared = [(name, one["name"]) for name in NAMES for one in sender.options(name)]
    assert sorted(OPTIONS) == sorted(declared)
    assert sorted(COMPLETED) == sorted(
        (name, option["name"])
        for name in sender.commands
        for option in sender.options(name)
        if option.get("autocomplete")
    )
    assert {*values(sender.known)} == {*Kind} - {Kind.subcommand, Kind.subcommand_group}
    # A modal that is added has to be tested here as well.
    assert {*Modal.__subclasses__()} == {ScheduleModal, EditModal, SuggestionModal}


def command_responses(command: str) -> tuple[int, ...]:
    """Some commands open a modal, unless something is wrong."""
    opens_modal = command in ("suggest", "catalog add") or command.startswith("catalog edit")
    return (MESSAGE, MODAL) if opens_modal else (MESSAGE,)


@pytest.mark.parametrize("command", NAMES)
@few
@given(data=st.data())
async def test_command_gets_one_response(sender: Sender, command: str, data: st.DataObject) -> None:
    place = data.draw(places(sender), "place")
    options = data.draw(command_options(sender, command), "options")
    response = await sender.slash(place, command, options)
    assert response["type"] in command_responses(command)


@pytest.mark.parametrize(("command", "option"), OPTIONS)
@few
@given(data=st.data())
async def test_option_gets_one_response(
    sender: Sender, command: str, option: str, data: st.DataObject
) -> None:
    options = await required_options(sender, command, data)
    options[option] = data.draw(option_values(sender, command)[option], "value")
    response = await sender.slash(BY_MODERATOR, command, options)
    assert response["type"] in command_responses(command)


@pytest.mark.parametrize(("command", "option"), COMPLETED)
@few
@given(data=st.data())
async def test_autocomplete_gets_one_response(
    sender: Sender, command: str, option: str, data: st.DataObject
) -> None:
    place = data.draw(places(sender), "place")
    options = data.draw(partly_typed(sender, command), "options")
    options[option] = OptionValue(data.draw(texts(), "typed"), {})
    response = await sender.autocomplete(place, command, options, option)
    assert response["type"] == CHOICES


ids = texts(100).filter(bool)
messages = st.sampled_from([
    {"flags": 0, "content": "Soul Mate", "embeds": [{"title": "Soul Mate"}]},
    {"flags": LAYOUT},
])  # fmt: skip


def allowed_responses(flags: int) -> tuple[int, ...]:
    """A private card is replaced by the new card, unless that says that something is wrong."""
    is_private_card = flags & PRIVATE and flags & LAYOUT
    return (UPDATE, MESSAGE) if is_private_card else (MESSAGE,)


async def press(sender: Sender, data: st.DataObject, part: dict[str, Any], **chosen: Any) -> None:
    message, private = data.draw(messages, "message"), data.draw(st.booleans(), "private")
    flags = message["flags"] | (PRIVATE if private else 0)
    place = data.draw(places(sender), "place")
    response = await sender.press(place, part, {**message, "flags": flags}, **chosen)
    assert response["type"] in allowed_responses(flags)


@few
@given(custom_id=ids, label=texts(80), data=st.data())
async def test_button_gets_one_response(
    sender: Sender, custom_id: str, label: str, data: st.DataObject
) -> None:
    button = {"type": 2, "style": 1, "label": label, "custom_id": custom_id}
    await press(sender, data, button)


@few
@given(
    kind=st.sampled_from([3, 5, 6, 7, 8]),
    custom_id=ids,
    chosen=st.lists(ids, max_size=3),
    data=st.data(),
)
async def test_menu_gets_one_response(
    sender: Sender, kind: int, custom_id: str, chosen: list[str], data: st.DataObject
) -> None:
    suggested = [{"label": "One", "value": value} for value in {*chosen, "show/soul-mate"}]
    menu = {"type": kind, "custom_id": custom_id} | ({"options": suggested} if kind == 3 else {})
    await press(sender, data, menu, values=chosen, resolved={})


numbers = st.integers(0, 3).map(str) | texts(20)


@few
@given(action=st.sampled_from(list(CountdownAction)), number=numbers, data=st.data())
async def test_countdown_button_gets_one_response(
    sender: Sender, action: CountdownAction, number: str, data: st.DataObject
) -> None:
    custom_id = f"countdown:{action}:{number}"
    button = {"type": 2, "style": 1, "label": "Do", "custom_id": custom_id}
    message = data.draw(messages, "message")
    response = await sender.press(data.draw(places(sender), "place"), button, message)
    assert response["type"] in (MESSAGE, MODAL)


arguments = st.sampled_from(
    ["1", "1,2", "title/soul-mate/1", "person/ok-taec-yeon/9", "title/gone/1", "9" * 40]
) | texts(60)  # fmt: skip


@few
@given(action=st.sampled_from(list(CurationAction)), argument=arguments, data=st.data())
async def test_button_for_curators_gets_one_response(
    sender: Sender, action: CurationAction, argument: str, data: st.DataObject
) -> None:
    button = {"type": 2, "style": 1, "label": "Do", "custom_id": f"curate:{action}:{argument}"}
    await press(sender, data, button)


targets = st.builds(
    "{}:{}:{}".format,
    st.sampled_from(list(EditPart)),
    st.sampled_from(["soul-mate", "ok-taec-yeon", "gone"]),
    st.sampled_from(["", "en", "ko", "ok-taec-yeon", "00000000"]),
) | texts(60)  # fmt: skip


@few
@given(kind=st.sampled_from(["edit", "undo"]), value=targets.filter(bool), data=st.data())
async def test_menu_for_curators_gets_one_response(
    sender: Sender, kind: str, value: str, data: st.DataObject
) -> None:
    options = [{"label": "One", "value": value}]
    menu = {"type": 3, "custom_id": f"curate:{kind}", "options": options}
    message = data.draw(messages, "message")
    response = await sender.press(
        data.draw(places(sender), "place"), menu, message, values=[value], resolved={}
    )
    assert response["type"] in (MESSAGE, MODAL)


form_fields = st.sampled_from(
    ["names", "event", "window", "status", "place", "character", "role", "order", "spoiler",
     "premise", "kind", "episode_count", "genres", "born", "groups", "name", "original",
     "network", "reason", "text", "source"]
)  # fmt: skip
form_texts = st.sampled_from(["", "X | ko | main", "2026-11", "soon", "7", "tvN | KR"]) | texts(
    4000
)
form_inputs = st.fixed_dictionaries(
    {"type": st.just(4), "custom_id": form_fields, "value": form_texts}
) | st.fixed_dictionaries(
    {"type": st.just(3), "custom_id": form_fields, "values": st.lists(texts(20), max_size=2)}
)
forms = (
    targets.map("edit:{}:00000000".format)
    | st.sampled_from(["add:film:00000000", "add:x:00000000"])
    | st.sampled_from(["suggest:title/soul-mate", "suggest:person/gone"])
)


@few
@given(custom_id=forms, inputs=st.lists(form_inputs, max_size=6), data=st.data())
async def test_modal_for_the_catalog_gets_one_response(
    sender: Sender, custom_id: str, inputs: list[dict[str, Any]], data: st.DataObject
) -> None:
    button = {"type": 2, "style": 1, "label": "Edit", "custom_id": "curate:again:x"}
    message = data.draw(messages, "message")
    labels = [{"type": 18, "component": one} for one in inputs]
    place = data.draw(places(sender), "place")
    response = await sender.submit(place, custom_id, labels, button, message)
    assert response["type"] == MESSAGE


names = st.sampled_from(["time", "milestones"]) | ids
inputs = st.fixed_dictionaries(
    {"type": st.just(4)}, optional={"custom_id": names, "value": texts(4000)}
)
components = st.lists(
    st.fixed_dictionaries({"type": st.just(18), "component": inputs})
    | st.fixed_dictionaries({"type": st.just(1), "components": st.lists(inputs)})
    | st.dictionaries(texts(20), texts(20), max_size=2),
    max_size=3,
)


@few
@given(custom_id=numbers.map("schedule:{}".format) | ids, components=components, data=st.data())
async def test_modal_gets_one_response(
    sender: Sender, custom_id: str, components: list[dict[str, Any]], data: st.DataObject
) -> None:
    button = {"type": 2, "style": 1, "label": "Edit", "custom_id": "countdown:edit:1"}
    message, private = data.draw(messages, "message"), data.draw(st.booleans(), "private")
    flags = message["flags"] | (PRIVATE if private else 0)
    response = await sender.submit(
        data.draw(places(sender), "place"),
        custom_id,
        components,
        button,
        {**message, "flags": flags},
    )
    assert response["type"] in allowed_responses(flags)
