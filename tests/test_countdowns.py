"""Countdowns as moderators set them up and channels see them, through the simulated Discord."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.store.imports import CatalogImporter
from tests import records
from tests.conftest import OpenServer, Server, text


async def mod(server: Server, name: str, /, **options: Any) -> simcord.InteractionResult:
    """A command by the moderator, in the channel."""
    return await server.moderator.slash(server.channel, name, **options)


async def add(server: Server, **options: Any) -> simcord.InteractionResult:
    options = {"title": "Soul Mate", "channel": server.channel, **options}
    return await mod(server, "countdown add", **options)


async def until(server: Server, instant: str) -> None:
    """Let the time come."""
    ahead = datetime.fromisoformat(instant) - server.env.now()
    assert ahead > timedelta()
    await server.env.advance_time(ahead.total_seconds())


def posted(server: Server) -> list[str]:
    """What stands in the channel, oldest first, but for answers."""
    messages = server.channel.history()
    return [one.content for one in messages if one.content]


async def test_the_reply_shows_what_comes_next_and_that_no_zone_was_chosen(server: Server) -> None:
    result = await add(server)
    assert result.ephemeral
    read = text(result)
    assert "D-7: 2026-05-07 09:00 UTC" in read
    assert "D-3: 2026-05-11 09:00 UTC" in read
    assert "D-1: 2026-05-13 09:00 UTC" in read
    assert "D-Day" not in read.split("Next")[1].split("09:00 in UTC")[0]
    assert "09:00 in UTC" in read
    assert "No time zone was chosen, so it is UTC" in read


async def test_days_are_counted_down_at_the_chosen_hour(server: Server) -> None:
    await add(server, timezone="Asia/Seoul", time="21:00", milestones="7 1 0")
    await until(server, "2026-05-07T11:59:59+00:00")
    assert posted(server) == []
    await until(server, "2026-05-07T12:00:01+00:00")
    noon = int(datetime.fromisoformat("2026-05-14T12:00+09:00").timestamp())
    assert posted(server) == [f"**Soul Mate** D-7 · 7 days left · Premiere: <t:{noon}:D>"]
    await until(server, "2026-05-20T00:00+00:00")
    assert [line.split(" · ")[0] for line in posted(server)] == [
        "**Soul Mate** D-7",
        "**Soul Mate** D-1",
        "**Soul Mate** D-Day!",
    ]


async def test_an_announcement_is_a_line_an_embed_and_a_button(server: Server) -> None:
    await add(server, milestones="7")
    await until(server, "2026-05-07T10:00+00:00")
    message = server.channel.last_message
    assert message is not None
    [embed] = message.embeds
    assert embed.title == "Soul Mate"
    assert "two lonely young men" in (embed.description or "").casefold()
    assert embed.fields[0].name == "Source"
    assert "checked November 22, 2026" in (embed.fields[0].value or "")
    card = await server.member.click(message, label="About the show")
    assert "8 episodes" in text(card)


async def test_only_the_chosen_role_is_pinged(server: Server) -> None:
    fans = server.guild.create_role("fans")
    server.env.backend.get_guild(server.guild.id).roles[fans.id].mentionable = True
    await add(server, milestones="7", role=fans)
    await until(server, "2026-05-07T10:00+00:00")
    message = server.channel.last_message
    assert message is not None
    assert message.content.startswith(f"<@&{fans.id}> **Soul Mate** D-7")
    stored = server.env.backend.get_message(server.channel.id, message.id)
    assert stored.ping_role_ids == [fans.id]


async def test_the_same_countdown_twice_is_refused_with_the_one_there_is(server: Server) -> None:
    await add(server)
    result = await add(server)
    assert "is counted down to that already (Premiere)" in text(result)


async def test_members_may_not_set_countdowns_up(server: Server) -> None:
    with pytest.raises(simcord.SetupError, match="not visible"):
        await server.slash("countdown list")
    # Discord lets whoever is granted the command run it; the bot asks again.
    server.env.backend.commands[None]["countdown", 1]["default_member_permissions"] = None
    result = await server.slash("countdown list")
    assert "may manage the server" in text(result)


async def catalog_with(server: Server, folder: Path, **fields: Any) -> None:
    """Have the bot's catalog changed by somebody else, and the bot look for it."""
    title = records.title("show", "A Show", **fields)
    await import_records(server, records.write(folder, title))


async def import_records(server: Server, folder: Path) -> None:
    database = server.env.bot._database
    await CatalogImporter(database, server.env.now).import_path(folder)
    await server.env.bot.library.refresh()
    server.env.bot.get_cog("Countdowns")._rounds.wake()
    # Announcements are spaced, and only a clock that moves lets the next one go.
    await server.env.advance_time(1)


@pytest.fixture
async def announced(open_server: OpenServer, tmp_path: Path) -> tuple[Server, Path]:
    """A server that counts down to a show announced for 2027, and the show's folder."""
    folder = tmp_path / "catalog"
    release = {"window": "2027", "status": "announced"}
    records.write(folder, records.title("show", "A Show", releases=[release]))
    server: Server = await open_server(folder)
    await add(server, title="A Show", milestones="30 7 0")
    return server, folder


async def test_a_year_is_not_counted_down_to(announced: tuple[Server, Path]) -> None:
    server, _folder = announced
    await until(server, "2028-01-02T00:00+00:00")
    lines = posted(server)
    assert [line.split(": ")[1].split(" (")[0] for line in lines] == [
        "the time announced begins",
        "half of the time announced",
        "the last month of the time announced begins",
        "the time announced",
    ]
    assert lines[-1].endswith("(2027) has ended without a date.")
    assert not any("left" in line for line in lines)


async def test_a_moved_window_is_told_once_and_its_milestones_are_planned(
    announced: tuple[Server, Path],
) -> None:
    server, folder = announced
    before = {"window": "2027", "status": "announced"}
    after = {"window": "2026-05-20", "status": "confirmed"}
    await catalog_with(server, folder, releases=[before, after])
    assert posted(server) == ["**A Show** · Premiere: moved from 2027 to May 20, 2026."]
    await catalog_with(server, folder, releases=[before, after], genres=["drama"])
    assert len(posted(server)) == 1
    await until(server, "2026-06-01T00:00+00:00")
    assert [line.split(" · ")[0] for line in posted(server)[1:]] == [
        "**A Show** D-7",
        "**A Show** D-Day!",
    ]


async def test_milestones_already_behind_are_not_posted_late(
    announced: tuple[Server, Path],
) -> None:
    server, folder = announced
    await catalog_with(server, folder, releases=[{"window": "2026-05-02"}])
    assert posted(server) == ["**A Show** · Premiere: moved from 2027 to May 2, 2026."]


async def test_postponed_and_cancelled_are_told_and_end_it(announced: tuple[Server, Path]) -> None:
    server, folder = announced
    await catalog_with(server, folder, releases=[{"window": "2027", "status": "postponed"}])
    await catalog_with(server, folder, releases=[{"window": "2027", "status": "cancelled"}])
    assert [line.split(": ")[1] for line in posted(server)] == [
        "postponed; no new date is known.",
        "cancelled.",
    ]
    assert "nothing left to announce" in text(await mod(server, "countdown list"))


async def test_a_channel_it_may_not_post_to_pauses_the_countdown_and_tells_once(
    server: Server,
) -> None:
    main = server.guild.create_text_channel("main")
    server.env.backend.get_guild(server.guild.id).system_channel_id = main.id
    server.env.bot.get_guild(server.guild.id)._system_channel_id = main.id
    deny = discord.PermissionOverwrite(send_messages=False)
    closed = server.guild.create_text_channel(
        "closed", overwrites={server.guild.default_role: deny}
    )
    result = await add(server, channel=closed, milestones="7 1")
    assert "I lack permissions there: Send Messages" in text(result)
    await add(server, milestones="7 1")
    await until(server, "2026-05-13T10:00+00:00")
    assert len(posted(server)) == 2
    assert [one.content for one in main.history()] == [
        f"The countdown to **Soul Mate** in <#{closed.id}> is paused: I may not post there. Let me "
        "see the channel, send messages, embed links and read its history, then resume it."
    ]
    assert "paused: I may not post there" in text(await mod(server, "countdown list"))


async def test_a_paused_countdown_posts_nothing_and_goes_on_from_now(server: Server) -> None:
    await add(server, milestones="7 3 1")
    await mod(server, "countdown pause", countdown="1")
    await until(server, "2026-05-12T00:00+00:00")
    assert posted(server) == []
    assert "Next" in text(await mod(server, "countdown resume", countdown="1"))
    await until(server, "2026-05-14T00:00+00:00")
    assert [line.split(" · ")[0] for line in posted(server)] == ["**Soul Mate** D-1"]


async def test_an_edited_countdown_is_told_by_its_new_terms(server: Server) -> None:
    elsewhere = server.guild.create_text_channel("elsewhere")
    await add(server, milestones="7")
    await mod(
        server, "countdown edit", countdown="1", channel=elsewhere, milestones="5", time="8:30"
    )
    await until(server, "2026-05-09T08:31+00:00")
    assert posted(server) == []
    assert len(elsewhere.history()) == 1


async def test_a_preview_is_the_announcement_and_pings_nobody(server: Server) -> None:
    fans = server.guild.create_role("fans")
    server.env.backend.get_guild(server.guild.id).roles[fans.id].mentionable = True
    await add(server, milestones="7", role=fans)
    result = await mod(server, "countdown preview", countdown="1")
    assert result.ephemeral
    previewed = result.response
    await until(server, "2026-05-07T10:00+00:00")
    message = server.channel.last_message
    assert message is not None
    assert previewed.content == message.content
    assert [one.to_dict() for one in previewed.embeds] == [one.to_dict() for one in message.embeds]
    stored = server.env.backend.get_message(server.channel.id, previewed.id)
    assert stored.ping_role_ids == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("time", "25:00", "such as 21:00"),
        ("timezone", "Atlantis", "no such time zone"),
        ("milestones", "soon", "such as 100, 30"),
        ("language", "xx", "Choose a language"),
        ("event", "wedding", "no such release"),
    ],
)
async def test_what_cannot_be_read_is_answered_with_what_to_write(
    server: Server, option: str, value: str, said: str
) -> None:
    assert said in text(await add(server, **{option: value}))
    assert "Begin with /countdown add" in text(await mod(server, "countdown list"))


async def test_threads_and_announcement_channels_can_be_counted_down_to(server: Server) -> None:
    news = server.guild.create_news_channel("news")
    await add(server, channel=news, milestones="7", publish=True)
    await until(server, "2026-05-07T10:00+00:00")
    assert len(news.history()) == 1
    assert any(request.path.endswith("/crosspost") for request in server.env.http_requests)


async def test_a_title_without_a_date_can_be_counted_down_to(
    open_server: OpenServer, tmp_path: Path
) -> None:
    folder = tmp_path / "catalog"
    records.write(folder, records.title("show", "A Show"))
    server: Server = await open_server(folder)
    assert "Nothing is left to announce" in text(await add(server, title="A Show"))
    await catalog_with(server, folder, releases=[{"window": "2026-06"}])
    assert posted(server) == ["**A Show** · Premiere: announced for June 2026."]


async def test_removal_stops_countdowns_and_a_return_finds_them_paused(server: Server) -> None:
    await add(server, milestones="7 1")
    guild = server.env.bot.get_guild(server.guild.id)
    cog = server.env.bot.get_cog("Countdowns")
    await cog.on_guild_remove(guild)
    await until(server, "2026-05-10T00:00+00:00")
    assert posted(server) == []
    await cog.on_guild_join(guild)
    assert "paused while I was away" in text(await mod(server, "countdown list"))
