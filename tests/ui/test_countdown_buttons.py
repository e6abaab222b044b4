"""Buttons on the card of a countdown: preview, change, pause, resume, remove."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.announcements.model import Countdown
from bot.app import open_bot
from bot.ui.cards.countdowns import PAGE_SIZE
from tests.conftest import SAMPLE, OpenServer, Server, clock, components, labels, text
from tests.support import records
from tests.support.countdowns import add, mod, posted, until
from tests.support.raw_interactions import (
    asker,
    press_button,
    rows_of,
    submit,
    use_component,
)

GONE = "This countdown no longer exists. /countdown list shows those that do."


async def press(
    server: Server, shown: simcord.InteractionResult, label: str
) -> simcord.InteractionResult:
    """Press a button of a card as the moderator."""
    return await server.moderator.click(shown.response, label=label)


async def countdowns(server: Server) -> list[Countdown]:
    stored = server.env.bot.services.countdowns
    return await stored.list_for_guild(server.guild.id)


async def change(
    server: Server, shown: simcord.InteractionResult, **values: str
) -> simcord.InteractionResult:
    """Press Change and submit the modal with these values."""
    opened = await press(server, shown, "Edit")
    return await server.moderator.submit_modal(opened, values)


async def test_card_has_two_rows_of_buttons(server: Server) -> None:
    assert labels(await add(server)) == [
        "Preview", "Edit", "Remove", "Pause", "All countdowns",
    ]  # fmt: skip


async def test_buttons_work_after_a_restart(server: Server, database_url: str) -> None:
    added = await add(server)
    opened = await press(server, added, "Edit")
    async with open_bot(database_url, SAMPLE, clock) as again:
        await server.env.restart_bot(again)
        changed = await server.moderator.submit_modal(
            opened, {"time": "21:00", "milestones": "5, 0"}
        )
        assert "Countdown updated" in text(changed)
        assert "Countdown paused" in text(await press(server, changed, "Pause"))


async def test_preview_is_shown_beside_the_card(server: Server) -> None:
    added = await add(server, milestones="7")
    card = text(added)
    result = await press(server, added, "Preview")
    assert result.ephemeral
    assert result.response.content.startswith("**Soul Mate** D-7")
    assert text(added) == card
    assert posted(server) == []


async def test_modal_has_the_current_options_and_changes_them(server: Server) -> None:
    added = await add(server, time="9:05", milestones="7 1")
    modal = (await press(server, added, "Edit")).modal
    assert modal is not None
    current = [label["component"]["value"] for label in modal["components"]]
    assert current == ["09:05", "7, 1"]
    changed = await change(server, added, time="9 pm", milestones="D-5 0")
    assert changed.response.id == added.response.id
    assert "Countdown updated" in text(changed)
    [countdown] = await countdowns(server)
    assert f"{countdown.schedule.post_time:%H:%M}" == "21:00"
    assert countdown.schedule.milestone_days == (5, 0)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"time": "25:00", "milestones": "1"}, "or 21:00"),
        ({"time": "21:00", "milestones": "soon"}, "such as 100, 30"),
    ],
)
async def test_invalid_text_in_the_modal_is_explained_beside_the_button(
    server: Server, values: dict[str, str], said: str
) -> None:
    added = await add(server)
    before = await countdowns(server)
    result = await change(server, added, **values)
    assert said in text(result)
    assert "Edit" in labels(result)
    assert await countdowns(server) == before


async def test_edit_of_another_moderator_is_not_overwritten(server: Server) -> None:
    added = await add(server, time="9:05", milestones="7 1")
    modal = (await press(server, added, "Edit")).modal
    assert modal is not None
    await mod(server, "countdown edit", countdown="1", milestones="3 0")
    texts = [{"type": 4, "custom_id": "time", "value": "21:00"}]
    labels_ = [{"type": 18, "component": text_input} for text_input in texts]
    who = asker(server.moderator, server.channel)
    result = await submit(server.env, who, modal["custom_id"], labels_, added.response)
    assert "Someone just edited this countdown" in text(result)
    assert "You entered: 21:00" in text(result)
    [countdown] = await countdowns(server)
    assert f"{countdown.schedule.post_time:%H:%M}" == "09:05"
    assert countdown.schedule.milestone_days == (3, 0)


@pytest.mark.parametrize(
    "components",
    [
        [],
        [{}],
        [{"type": 18, "component": None}],
        [{"type": 18, "component": {"type": 4, "custom_id": "time"}}],
        [{"type": 18, "component": {"type": 4, "custom_id": "time", "value": 21}}],
        [{"type": 1, "components": [{"type": 4, "custom_id": "time", "value": "21:00"}]}],
    ],
)
async def test_malformed_modal_changes_nothing(
    server: Server, components: list[dict[str, Any]]
) -> None:
    added = await add(server)
    before = await countdowns(server)
    who = asker(server.moderator, server.channel)
    result = await submit(server.env, who, "schedule:1", components, added.response)
    assert "or 21:00" in text(result)
    assert await countdowns(server) == before


async def test_modal_of_nothing_known_gets_one_reply(server: Server) -> None:
    who = asker(server.moderator, server.channel)
    for custom_id in ("schedule:", "schedule:1x", "schedule:-1", "vote", "countdown:show:1"):
        result = await submit(server.env, who, custom_id, [])
        assert result.ephemeral
        assert "no longer" in text(result)


async def test_paused_countdown_is_resumed_where_it_was_paused(server: Server) -> None:
    paused = await press(server, await add(server, milestones="7"), "Pause")
    assert "Countdown paused" in text(paused)
    assert "Resume" in labels(paused)
    assert "Pause" not in labels(paused)
    resumed = await press(server, paused, "Resume")
    assert "Countdown resumed" in text(resumed)
    await until(server, "2026-05-07T10:00+00:00")
    assert len(posted(server)) == 1


async def test_countdown_is_removed_at_the_second_press(server: Server, database_url: str) -> None:
    added = await add(server)
    before = rows_of(database_url, server.guild.id)
    asked = await press(server, added, "Remove")
    assert "Remove the countdown to Soul Mate in" in text(asked)
    assert rows_of(database_url, server.guild.id) == before
    kept = await press(server, asked, "Keep")
    assert "Next" in text(kept)
    assert rows_of(database_url, server.guild.id) == before
    removed = await press(server, await press(server, kept, "Remove"), "Remove")
    assert "Countdown to Soul Mate removed" in text(removed)
    assert rows_of(database_url, server.guild.id) == []
    assert "No countdowns yet" in text(await press(server, removed, "All countdowns"))


async def test_buttons_of_a_removed_countdown_say_that_it_is_gone(server: Server) -> None:
    added = await add(server)
    other = await mod(server, "countdown list")
    await mod(server, "countdown remove", countdown="1")
    assert text(await press(server, added, "Edit")) == GONE
    chosen = await server.moderator.select(other.response, values=["1"])
    assert text(chosen) == GONE


async def test_without_anything_to_announce_the_release_is_offered_instead_of_a_preview(
    open_server: OpenServer, tmp_path: Path
) -> None:
    folder = records.write(tmp_path / "catalog", records.title("show", "A Show"))
    server: Server = await open_server(folder)
    assert labels(await add(server, title="A Show")) == [
        "Edit", "Remove", "Pause", "All countdowns", "Release",
    ]  # fmt: skip


async def test_list_opens_countdowns_and_turns_pages(server: Server) -> None:
    for number in range(PAGE_SIZE + 1):
        await add(server, channel=server.guild.create_text_channel(f"news-{number}"))
    listed = await mod(server, "countdown list")
    [menu] = components(listed, 3)
    assert [option["description"].split(" · ")[-1] for option in menu["options"]] == [
        f"#news-{number}" for number in range(PAGE_SIZE)
    ]
    second = await press(server, listed, "More ▶")
    [menu] = components(second, 3)
    chosen = await server.moderator.select(second.response, values=[menu["options"][0]["value"]])
    assert "Posting time" in text(chosen)
    assert chosen.response.id == listed.response.id
    first = await press(server, chosen, "All countdowns")
    assert len(next(components(first, 3))["options"]) == PAGE_SIZE


async def test_truncated_and_forged_custom_ids_change_nothing(
    server: Server, database_url: str
) -> None:
    await add(server)
    before = rows_of(database_url, server.guild.id)
    who = asker(server.moderator, server.channel)
    real = "countdown:confirm:1"
    forged = ["countdown:confirm:0", "countdown:confirm:١", "countdown:confirm:" + "9" * 18,
              "countdown:confirm:" + "9" * 19, "countdown:confirm:1 ", "countdown:confirm:-1",
              "countdown:erase:1", "countdown:CONFIRM:1", "xcountdown:confirm:1"]  # fmt: skip
    for custom_id in (*forged, *(real[:length] for length in range(1, len(real)))):
        result = await press_button(server.env, who, custom_id)
        assert result.ephemeral
        assert "no longer" in text(result), custom_id
    assert rows_of(database_url, server.guild.id) == before


async def test_values_of_the_menu_are_untrusted(server: Server) -> None:
    await add(server)
    who = asker(server.moderator, server.channel)
    for value in ("0", "-1", "١", "9" * 18, "9" * 40, "show/soul-mate", "1 "):
        result = await use_component(server.env, who, "CountdownMenu", value)
        assert text(result) == GONE, value


async def test_slow_press_is_deferred_and_answered_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = await add(server)
    stored = server.env.bot.services.countdowns
    get = stored.get

    async def slow(*arguments: Any) -> Any:
        await asyncio.sleep(1.8)
        return await get(*arguments)

    monkeypatch.setattr(stored, "get", slow)
    before = len(server.env.http_requests)
    paused = await press(server, added, "Pause")
    assert len(server.env.http_requests) - before == 2
    assert "Countdown paused" in text(paused)
    assert paused.response.id != added.response.id


async def test_error_leaves_the_card_to_try_again(server: Server) -> None:
    added = await add(server)
    await mod(server, "countdown remove", countdown="1")
    result = await press(server, added, "Pause")
    assert "no longer exists" in text(result)
    assert result.response.id != added.response.id
    assert "Pause" in labels(added)
