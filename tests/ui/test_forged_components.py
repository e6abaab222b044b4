"""Forged, replayed and truncated component presses, and presses of other members' cards.

Each gets one private reply and changes nothing.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_bot
from tests.conftest import SAMPLE, OpenServer, Server, clock, text
from tests.support import records
from tests.support.raw_interactions import Asker, asker, command, press, press_forged, rows_of

GONE = "This is no longer in the catalog. Use a command to search again."
CUSTOM_ID_WITH_MARK = "card:show/soul-mate#0123456789abcdef"


@pytest.fixture(autouse=True)
def _no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def member_of(server: Server) -> Asker:
    return asker(server.member, server.channel)


def callbacks(server: Server) -> int:
    """How many interactions were responded to."""
    return sum(one.path.endswith("/callback") for one in server.env.http_requests)


@pytest.mark.parametrize(
    "real", [CUSTOM_ID_WITH_MARK, "card:character/soul-mate/ok-taec-yeon?2", "menu"]
)
async def test_truncated_custom_id_gets_one_reply_and_changes_nothing(
    server: Server, database_url: str, real: str
) -> None:
    show = (await server.slash("show", title="Soul Mate")).response
    before = rows_of(database_url, server.guild.id), show.components, callbacks(server)
    answers = []
    for length in range(1, len(real)):
        result = await press_forged(server.env, member_of(server), show, real[:length])
        assert result.ephemeral
        answers.append(text(result))
    cards = [answer for answer in answers if answer != GONE]
    # A truncated mark still leads where the path before it does.
    assert len(cards) == (len("#0123456789abcde") if "#" in real else 1 if "/" in real else 0)
    assert before == (rows_of(database_url, server.guild.id), show.components,
                      callbacks(server) - len(answers))  # fmt: skip


async def test_forged_custom_id_is_answered_privately(server: Server) -> None:
    show = (await server.slash("show", title="Soul Mate")).response
    for forged in (
        "card:show/gone", "card:person/gone", "card:character/soul-mate/gone", "card:settings/1",
        "card:spoilers/ok-taec-yeon", "card:show/../1", "card:show/soul-mate?9999", "card:%s{0}",
        "card:show/soul-mate\n", "card:title:soul-mate", "CARD:show/soul-mate", "menu\n",
        "countdown:1:remove", "'; DROP TABLE countdowns; --", "@everyone", "메뉴", "x" * 100,
    ):  # fmt: skip
        result = await press_forged(server.env, member_of(server), show, forged)
        assert (result.ephemeral, text(result)) == (True, GONE), forged


async def test_forged_menu_value_is_answered_privately(
    open_server: OpenServer, tmp_path: Path
) -> None:
    twins = (records.title("old", "Twin"), records.title("new", "Twin"))
    server: Server = await open_server(records.write(tmp_path / "catalog", *twins))
    for values in ([], ["nonsense"], [""], ["show/gone", "show/old"]):
        menu = (await server.slash("show", title="Twin")).response
        result = await press(server.env, member_of(server), menu, "menu", values)
        assert result.response.ephemeral
        assert text(result) == GONE


async def test_press_may_be_repeated_by_anybody_and_after_a_restart(
    server: Server, database_url: str
) -> None:
    show = (await server.slash("show", title="Soul Mate")).response
    before = show.components
    first = await press(server.env, member_of(server), show, "card:cast/soul-mate")
    again = await press(server.env, member_of(server), show, "card:cast/soul-mate")
    other = asker(server.other, server.channel)
    theirs = await press(server.env, other, show, "card:cast/soul-mate")
    async with open_bot(database_url, SAMPLE, clock) as restarted:
        await server.env.restart_bot(restarted)
        later = await press(server.env, member_of(server), show, "card:cast/soul-mate")
        gone = await press_forged(server.env, member_of(server), show, "card:")
    assert {text(one) for one in (first, again, theirs, later)} == {text(first)}
    assert text(gone) == GONE
    assert all(one.ephemeral for one in (first, again, theirs, later, gone))
    assert show.components == before


async def test_press_on_the_private_card_of_another_member_leaves_it_unchanged(
    server: Server,
) -> None:
    show = await server.slash("show", title="Soul Mate")
    mine = (await server.press(show.response, "Cast")).response
    before = mine.components
    other = asker(server.other, server.channel)
    for custom_id in ("card:release/soul-mate", "nonsense"):
        theirs = await press_forged(server.env, other, mine, custom_id)
        assert theirs.ephemeral
        assert theirs.response.id != mine.id
    assert mine.components == before


async def test_button_of_a_preview_opens_the_card_beside_it(server: Server) -> None:
    manager, channel = server.moderator, server.channel
    await manager.slash(channel, "countdown add", title="Soul Mate", channel=channel)
    preview = (await manager.slash(channel, "countdown preview", countdown="1")).response
    card = await manager.click(preview, label="More info")
    assert card.ephemeral
    assert card.response.id != preview.id
    assert "8 episodes" in text(card)
    assert preview.embeds[0].title == "Soul Mate"


@pytest.fixture
async def server_with_spoilers(open_server: OpenServer, tmp_path: Path) -> Server:
    """A server whose bot has a show with a hidden cameo."""
    catalog = records.write(
        tmp_path / "catalog",
        records.person("lead", "Lead Actor"),
        records.person("guest", "Secret Guest"),
        records.title(
            "show", "A Show", premise={"en": "A premise."}, synopsis={"en": "Hush Hush dies."},
            cast=[
                {"person": "lead", "character": "Hero", "order": 1},
                {"person": "guest", "character": "Hush Hush", "order": 2, "spoiler": True},
            ],
        ),
    )  # fmt: skip
    server: Server = await open_server(catalog)
    return server


async def test_spoilers_are_shown_privately(server_with_spoilers: Server) -> None:
    server = server_with_spoilers
    env, who = server.env, member_of(server)
    asked: list[tuple[str, dict[str, Any]]] = [
        *((name, {"title": "A Show"}) for name in ("show", "cast", "synopsis", "release")),
        *(("show", {"title": value}) for value in ("spoilers/show", "card:spoilers/show")),
        *(("whois", {"name": value}) for value in (
            "Hush Hush", "Secret Guest", "person:guest", "character:show/guest"
        )),
    ]  # fmt: skip
    for name, options in asked:
        result = await command(env, who, name, options)
        seen = json.dumps(result.response.components)
        assert result.ephemeral or "Hush Hush" not in seen, (name, options)
    show = (await server.slash("show", title="A Show")).response
    revealing = set()
    for path in ("show/show", "cast/show", "spoilers/show", "spoilers/show?2", "synopsis/show",
                 "story/show", "release/show", "person/guest", "character/show/guest"):  # fmt: skip
        result = await press_forged(env, who, show, f"card:{path}")
        assert result.ephemeral, path
        if "Hush Hush" in text(result):
            revealing.add(path)
    assert revealing == {"spoilers/show", "spoilers/show?2", "story/show"}


async def test_button_of_an_announcement_works_for_every_member(
    server: Server,
) -> None:
    env, elsewhere = server.env, server.env.create_guild("Elsewhere")
    rival = elsewhere.add_member(env.create_user("rival"), roles=[])
    for guild, channel in ((server.guild, server.channel), (elsewhere, None)):
        channel = channel or elsewhere.create_text_channel("plans")
        owner = Asker(env.backend.get_guild(guild.id).owner_id, channel.id, guild.id)
        options = {"title": "Soul Mate", "channel": channel, "milestones": "7"}
        await command(env, owner, "countdown add", options)
    await env.advance_time(7 * 86_400)
    message = server.channel.last_message
    assert message is not None
    show = text(await server.slash("show", title="Soul Mate"))
    pressers = [server.member, server.other, server.moderator]
    pressers.append(server.guild.add_member(rival.user))
    for presser in pressers:
        who = asker(presser, server.channel)
        [custom_id] = [one.custom_id for row in message.components for one in row.children]
        result = await press(env, who, message, custom_id)
        assert result.ephemeral
        assert text(result) == show
