"""Options of countdown commands: what is not valid is refused, with what to enter instead."""

import pytest

from tests.conftest import Server, text
from tests.support.countdowns import add, mod


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("time", "25:00", "such as 9:00 PM or 21:00"),
        ("timezone", "Atlantis", "couldn't find that time zone"),
        ("milestones", "soon", "such as 100, 30"),
        ("language", "xx", "couldn't find that language"),
        ("event", "wedding", "couldn't find that release"),
    ],
)
async def test_invalid_option_is_answered_with_what_to_enter(
    server: Server, option: str, value: str, said: str
) -> None:
    assert said in text(await add(server, **{option: value}))
    assert "Start one with /countdown add" in text(await mod(server, "countdown list"))


async def test_countdown_is_suggested_by_title_event_and_channel(server: Server) -> None:
    await add(server)
    gone = server.guild.create_text_channel("gone")
    await add(server, channel=gone)
    server.env.bot.get_guild(server.guild.id)._channels.pop(gone.id)
    choices = await server.moderator.autocomplete(
        server.channel, "countdown pause", "countdown", "premiere"
    )
    assert [(choice["name"], choice["value"]) for choice in choices] == [
        (f"Soul Mate · Premiere · Netflix · worldwide · #{server.channel.name}", "1"),
        ("Soul Mate · Premiere · Netflix · worldwide · #unknown", "2"),
    ]
