"""/countdown, from the moderator's command to the announcement in the channel."""

from datetime import datetime
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.announcements.model import PauseReason
from bot.ui.notices import pause_reason_text
from tests.conftest import OpenServer, Server, text
from tests.support import records
from tests.support.countdowns import add, import_records, mod, posted, until
from tests.support.raw_interactions import asker, command
from tests.support.threads import uncached_thread
from tests.ui.builders import context


async def test_add_replies_with_what_comes_next_and_that_no_time_zone_is_set(
    server: Server,
) -> None:
    result = await add(server)
    assert result.ephemeral
    read = text(result)
    assert "D-7 2026-05-07 09:00 UTC" in read
    assert "D-3 2026-05-11 09:00 UTC" in read
    assert "D-1 2026-05-13 09:00 UTC" in read
    ahead, options = read.split("Next")[1].split("Posting time")
    assert "D-Day" not in ahead
    assert options.startswith(" 9:00\N{NARROW NO-BREAK SPACE}AM in UTC")
    assert "No time zone set, so I'm using UTC. Set one with /settings." in read


async def test_milestones_are_posted_at_the_chosen_time(server: Server) -> None:
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


async def test_announcement_has_content_an_embed_and_a_button(server: Server) -> None:
    await add(server, milestones="7")
    await until(server, "2026-05-07T10:00+00:00")
    message = server.channel.last_message
    assert message is not None
    [embed] = message.embeds
    assert embed.title == "Soul Mate"
    assert "two lonely young men" in (embed.description or "").casefold()
    assert embed.fields[0].name == "Source"
    assert "checked November 22, 2026" in (embed.fields[0].value or "")
    card = await server.member.click(message, label="More info")
    assert "8 episodes" in text(card)


async def test_announcement_pings_only_the_chosen_role(server: Server) -> None:
    fans = server.guild.create_role("fans")
    server.env.backend.get_guild(server.guild.id).roles[fans.id].mentionable = True
    await add(server, milestones="7", role=fans)
    await until(server, "2026-05-07T10:00+00:00")
    message = server.channel.last_message
    assert message is not None
    assert message.content.startswith(f"<@&{fans.id}> **Soul Mate** D-7")
    stored = server.env.backend.get_message(server.channel.id, message.id)
    assert stored.ping_role_ids == [fans.id]


async def test_duplicate_countdown_is_refused_and_the_existing_one_named(server: Server) -> None:
    await add(server)
    result = await add(server)
    assert "already has this countdown (Premiere)" in text(result)


async def test_members_without_manage_server_are_refused(server: Server) -> None:
    with pytest.raises(simcord.SetupError, match="not visible"):
        await server.slash("countdown list")
    # Discord lets members run a command they were granted; the bot checks again.
    server.env.backend.commands[None]["countdown", 1]["default_member_permissions"] = None
    result = await server.slash("countdown list")
    assert "Manage Server permission" in text(result)


async def change_show(server: Server, folder: Path, **fields: Any) -> None:
    """Change the show in the catalog, as another process would, and have the bot notice."""
    title = records.title("show", "A Show", **fields)
    await import_records(server, records.write(folder, title))


@pytest.fixture
async def announced(open_server: OpenServer, tmp_path: Path) -> tuple[Server, Path]:
    """A server with a countdown to a show announced for 2027, and the catalog folder."""
    folder = tmp_path / "catalog"
    release = {"window": "2027", "status": "announced"}
    records.write(folder, records.title("show", "A Show", releases=[release]))
    server: Server = await open_server(folder)
    await add(server, title="A Show", milestones="30 7 0")
    return server, folder


async def test_year_window_is_announced_by_its_phases_not_by_days(
    announced: tuple[Server, Path],
) -> None:
    server, _folder = announced
    await until(server, "2028-01-02T00:00+00:00")
    lines = posted(server)
    assert [line.split(": ")[1].split(" (")[0] for line in lines] == [
        "the announced window has started",
        "halfway through the announced window",
        "the last month of the announced window has started",
        "the announced window",
    ]
    assert lines[-1].endswith("(2027) has ended without a date.")
    assert not any("left" in line for line in lines)


async def test_moved_window_is_announced_once_and_its_milestones_are_planned(
    announced: tuple[Server, Path],
) -> None:
    server, folder = announced
    before = {"window": "2027", "status": "announced"}
    after = {"window": "2026-05-20", "status": "confirmed"}
    await change_show(server, folder, releases=[before, after])
    assert posted(server) == ["**A Show** · Premiere: moved from 2027 to May 20, 2026."]
    await change_show(server, folder, releases=[before, after], genres=["drama"])
    assert len(posted(server)) == 1
    await until(server, "2026-06-01T00:00+00:00")
    assert [line.split(" · ")[0] for line in posted(server)[1:]] == [
        "**A Show** D-7",
        "**A Show** D-Day!",
    ]


async def test_milestones_in_the_past_are_not_posted_late(
    announced: tuple[Server, Path],
) -> None:
    server, folder = announced
    await change_show(server, folder, releases=[{"window": "2026-05-02"}])
    assert posted(server) == ["**A Show** · Premiere: moved from 2027 to May 2, 2026."]


async def test_postponement_and_cancellation_are_announced_and_end_the_countdown(
    announced: tuple[Server, Path],
) -> None:
    server, folder = announced
    await change_show(server, folder, releases=[{"window": "2027", "status": "postponed"}])
    await change_show(server, folder, releases=[{"window": "2027", "status": "cancelled"}])
    assert [line.split(": ")[1] for line in posted(server)] == [
        "postponed. No new date yet.",
        "canceled.",
    ]
    assert "Nothing left to announce" in text(await mod(server, "countdown list"))


def system_and_closed_channel(server: Server) -> tuple[Any, Any]:
    """A system channel, and a channel in which the bot may not post."""
    main = server.guild.create_text_channel("main")
    server.env.backend.get_guild(server.guild.id).system_channel_id = main.id
    server.env.bot.get_guild(server.guild.id)._system_channel_id = main.id
    deny = discord.PermissionOverwrite(send_messages=False)
    allow = discord.PermissionOverwrite(send_messages=True)
    closed = server.guild.create_text_channel(
        "closed", overwrites={server.guild.default_role: deny, server.moderator: allow}
    )
    return main, closed


async def test_forbidden_channel_pauses_the_countdown_with_one_notice(
    server: Server,
) -> None:
    main, closed = system_and_closed_channel(server)
    result = await add(server, channel=closed, milestones="7 1")
    assert "I'm missing permissions in that channel: Send Messages" in text(result)
    await add(server, milestones="7 1")
    await until(server, "2026-05-13T10:00+00:00")
    assert len(posted(server)) == 2
    assert [one.content for one in main.history()] == [
        f"Countdown to **Soul Mate** in <#{closed.id}> · Paused: I can't post in that "
        "channel. Let me view the channel, send messages, embed links, and read message "
        "history, then resume the countdown."
    ]
    assert "Paused: I can't post in that channel" in text(await mod(server, "countdown list"))


@pytest.mark.parametrize(("chosen", "expected"), [("de", "de"), (None, "fr")])
async def test_pause_notice_is_in_the_servers_language(
    server: Server, chosen: str | None, expected: str
) -> None:
    main, closed = system_and_closed_channel(server)
    server.env.bot.get_guild(server.guild.id).preferred_locale = discord.Locale.french
    if chosen:
        await mod(server, "settings", language=chosen)
    await add(server, channel=closed, milestones="7", language="ko")
    await until(server, "2026-05-07T10:00+00:00")
    [notice] = main.history()
    paused = pause_reason_text(PauseReason.FORBIDDEN, context(expected))
    assert paused in notice.content


async def test_paused_countdown_posts_nothing_and_resumes_from_now(server: Server) -> None:
    await add(server, milestones="7 3 1")
    await mod(server, "countdown pause", countdown="1")
    await until(server, "2026-05-12T00:00+00:00")
    assert posted(server) == []
    assert "Next" in text(await mod(server, "countdown resume", countdown="1"))
    await until(server, "2026-05-14T00:00+00:00")
    assert [line.split(" · ")[0] for line in posted(server)] == ["**Soul Mate** D-1"]


async def test_edited_countdown_uses_its_new_options(server: Server) -> None:
    elsewhere = server.guild.create_text_channel("elsewhere")
    await add(server, milestones="7")
    await mod(
        server, "countdown edit", countdown="1", channel=elsewhere, milestones="5", time="8:30"
    )
    await until(server, "2026-05-09T08:31+00:00")
    assert posted(server) == []
    assert len(elsewhere.history()) == 1


async def test_preview_equals_the_announcement_and_pings_nobody(server: Server) -> None:
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


async def test_announcement_channel_is_posted_to_and_published(server: Server) -> None:
    news = server.guild.create_news_channel("news")
    await add(server, channel=news, milestones="7", publish=True)
    await until(server, "2026-05-07T10:00+00:00")
    assert len(news.history()) == 1
    assert any(request.path.endswith("/crosspost") for request in server.env.http_requests)


@pytest.mark.parametrize("archived", [False, True])
async def test_thread_outside_the_cache_can_be_counted_down_in_without_a_warning(
    server: Server, archived: bool
) -> None:
    moderator = asker(server.moderator, server.channel)
    owner_id = server.moderator.id
    thread = uncached_thread(server.env, server.channel, owner_id, archived=archived)
    options = {"title": "Soul Mate", "channel": thread}
    added = text(await command(server.env, moderator, "countdown add", options))
    [countdown] = await server.env.bot.services.countdowns.list_for_guild(server.guild.id)
    assert countdown.channel_id == thread.id
    assert "Next" in added
    assert "permission" not in added
    edited = await command(
        server.env, moderator, "countdown edit", {"countdown": "1", "time": "8:00"}
    )
    assert "08:00" in text(edited)
    assert "permission" not in text(edited)


async def test_title_without_a_date_is_announced_once_it_has_one(
    open_server: OpenServer, tmp_path: Path
) -> None:
    folder = tmp_path / "catalog"
    records.write(folder, records.title("show", "A Show"))
    server: Server = await open_server(folder)
    assert "Nothing left to announce" in text(await add(server, title="A Show"))
    await change_show(server, folder, releases=[{"window": "2026-06"}])
    assert posted(server) == ["**A Show** · Premiere: announced for June 2026."]


async def test_removal_from_a_server_pauses_its_countdowns(server: Server) -> None:
    await add(server, milestones="7 1")
    guild = server.env.bot.get_guild(server.guild.id)
    cog = server.env.bot.get_cog("GuildsCog")
    await cog.on_guild_remove(guild)
    await until(server, "2026-05-10T00:00+00:00")
    assert posted(server) == []
    await cog.on_guild_join(guild)
    assert "Paused while I wasn't in this server" in text(await mod(server, "countdown list"))
