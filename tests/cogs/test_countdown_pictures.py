"""Pictures of countdowns: the option, the permission and the messages."""

from typing import Any

import discord
import pytest

from tests.conftest import Server, text
from tests.support.countdowns import add, mod, until

D_7 = "2026-05-07T10:00+00:00"
DENY = discord.PermissionOverwrite(attach_files=False)


def without_attaching(server: Server) -> Any:
    """A channel in which the bot may not attach files."""
    return server.guild.create_text_channel(
        "no-files", overwrites={server.guild.default_role: DENY}
    )


async def has_picture(server: Server) -> bool:
    [countdown] = await server.env.bot.services.countdowns.list_for_guild(server.guild.id)
    return bool(countdown.picture)


def attachments(channel: Any) -> list[list[str]]:
    """The names of the files of each announcement in a channel."""
    return [[one.filename for one in message.attachments] for message in channel.history()]


async def test_new_countdown_posts_a_picture_where_the_bot_may_attach_files(
    server: Server,
) -> None:
    assert "With pictures" in text(await add(server, milestones="7"))
    await until(server, D_7)
    message = server.channel.last_message
    assert message is not None
    assert message.content.startswith("**Soul Mate** D-7 · 7 days left")
    [picture] = message.attachments
    assert picture.filename == "countdown.jpg"
    assert picture.description == "Soul Mate · D-7 · Premiere · May 14, 2026"
    assert [embed.title for embed in message.embeds] == ["Soul Mate"]


async def test_new_countdown_posts_no_picture_where_the_bot_may_not(server: Server) -> None:
    channel = without_attaching(server)
    added = text(await add(server, channel=channel, milestones="7"))
    assert "Attach Files" not in added
    assert "With pictures" not in added
    await until(server, D_7)
    assert attachments(channel) == [[]]


async def test_picture_that_is_asked_for_without_the_permission_is_warned_of(
    server: Server,
) -> None:
    channel = without_attaching(server)
    added = text(await add(server, channel=channel, milestones="7", picture=True))
    assert "I'm missing permissions in that channel: Attach Files" in added
    await until(server, D_7)
    assert attachments(channel) == [[]]


async def test_picture_can_be_turned_off_and_on(server: Server) -> None:
    await add(server, milestones="7 5 3", picture=False)
    await until(server, D_7)
    await mod(server, "countdown edit", countdown="1", time="8:00")
    assert not await has_picture(server)
    await mod(server, "countdown edit", countdown="1", picture=True)
    await until(server, "2026-05-09T10:00+00:00")
    await mod(server, "countdown edit", countdown="1", time="9:00")
    assert await has_picture(server)
    await mod(server, "countdown edit", countdown="1", picture=False)
    await until(server, "2026-05-11T10:00+00:00")
    assert attachments(server.channel) == [[], ["countdown.jpg"], []]


async def test_announcement_without_a_picture_is_as_it_was(server: Server) -> None:
    await add(server, milestones="7", picture=False)
    await until(server, D_7)
    [request] = _sent(server)
    nonce = request.json["nonce"]
    [embed] = request.json["embeds"]
    assert request.json == {
        "content": "**Soul Mate** D-7 · 7 days left · Premiere: <t:1778760000:D>",
        "embeds": [embed],
        "components": [
            {
                "type": 1,
                "components": [
                    {
                        "type": 2,
                        "style": 2,
                        "label": "More info",
                        "disabled": False,
                        "custom_id": f"card:show/soul-mate#{nonce}",
                    }
                ],
            }
        ],
        "tts": False,
        "nonce": nonce,
        "enforce_nonce": True,
        "allowed_mentions": {"parse": []},
    }
    assert embed.keys() == {"title", "description", "color", "type", "fields", "flags"}


async def test_picture_changes_nothing_else_of_an_announcement(server: Server) -> None:
    elsewhere = server.guild.create_text_channel("elsewhere")
    await add(server, milestones="7", picture=False)
    await add(server, milestones="7", picture=True, channel=elsewhere)
    await until(server, D_7)
    plain, pictured = (_comparable(request.json) for request in _sent(server))
    assert pictured.pop("attachments")
    assert pictured == plain


def _sent(server: Server) -> list[Any]:
    """The requests that posted announcements."""
    return [
        one
        for one in server.env.http_requests
        if one.method == "POST" and one.path.endswith("/messages")
    ]


def _comparable(body: dict[str, Any]) -> dict[str, Any]:
    [button] = body["components"][0]["components"]
    button["custom_id"] = button["custom_id"].partition("#")[0]
    return {**body, "nonce": None}


async def test_preview_shows_the_picture(server: Server) -> None:
    await add(server, milestones="7")
    result = await mod(server, "countdown preview", countdown="1")
    assert [one.filename for one in result.response.attachments] == ["countdown.jpg"]
    await mod(server, "countdown edit", countdown="1", picture=False)
    result = await mod(server, "countdown preview", countdown="1")
    assert result.response.attachments == []


async def test_announcement_whose_picture_cannot_be_drawn_goes_without(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr("bot.pictures.renderer.draw_picture", fail)
    await add(server, milestones="7")
    await until(server, D_7)
    assert attachments(server.channel) == [[]]
    assert "no picture of D-7" in caplog.text
