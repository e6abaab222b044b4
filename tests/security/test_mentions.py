"""The bot pings nobody but the chosen role, whatever the records and the users say."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenServer, Server, text
from tests.support import records
from tests.support.countdowns import import_records
from tests.support.raw_interactions import asker, command, press_forged


def every_mention(*ids: int) -> str:
    """Every kind of mention, of a role and a user that exist."""
    return " ".join(["@everyone", "@here", *(f"<@&{one}> <@{one}> <@!{one}>" for one in ids)])


def mentioning(said: str) -> list[dict[str, Any]]:
    """Records with mentions in every field."""
    name = {"text": f"A Show {said}", "lang": "en", "type": "main"}
    title = records.title(
        "show", names=[name], original_language="en", genres=[said], networks=[{"name": said}],
        premise={"en": said}, synopsis={"en": said}, settings=[said], filmed_in=[said],
        sources=[{"id": "s", "title": said, "publisher": said, "author": said}],
        releases=[{"window": "2026-05-08", "network": said, "region": said, "note": said,
                   "source": "s", "event": said}],
        cast=[{"person": "person", "character": f"Hero {said}", "order": 1}],
        crew=[{"person": "person", "job": said}],
    )  # fmt: skip
    person = records.person(
        "person", names=[{**name, "text": f"Somebody {said}"}], groups=[said], occupations=[said],
        sources=[{"id": "s", "title": said}],
    )  # fmt: skip
    return [title, person]


def pings(server: Server, since: int) -> list[list[int | str]]:
    """The mentions each message allows; every message has to say which it allows."""
    bodies = [one.json for one in server.env.http_requests[since:] if isinstance(one.json, dict)]
    found = []
    for body in (body.get("data") or body for body in bodies):
        if body.keys() & {"components", "content", "embeds"}:
            allowed = body["allowed_mentions"]
            named = (*allowed.get("roles", []), *allowed.get("users", []))
            found.append([*allowed["parse"], *named])
    return found


@pytest.fixture
async def hostile(open_server: OpenServer, tmp_path: Path) -> tuple[Server, str]:
    """A server whose bot has records full of mentions, and those mentions."""
    folder = records.write(tmp_path / "catalog", records.title("twin-1", "Twin"))
    server: Server = await open_server(folder)
    fans = server.guild.create_role("fans")
    said = every_mention(fans.id, server.other.id)
    await import_records(server, records.write(folder, *mentioning(said)))
    return server, said


async def test_no_reply_pings_anybody(
    hostile: tuple[Server, str],
) -> None:
    (server, said), since = hostile, len(hostile[0].env.http_requests)
    who, replies = asker(server.moderator, server.channel), []
    for name in ("show", "cast", "synopsis", "release"):
        replies += [
            await command(server.env, who, name, {"title": t}) for t in ("title:show", said)
        ]
    for name in ("person:person", "character:show/person", said):
        replies.append(await command(server.env, who, "whois", {"name": name}))
    for path in ("show/show", "cast/show", "spoilers/show", "synopsis/show", "story/show",
                 "release/show", "person/person", "character/show/person", said):  # fmt: skip
        shown = replies[0].response
        replies.append(await press_forged(server.env, who, shown, f"card:{path}"[:100]))
    for option in ("title", "event", "time", "timezone", "milestones", "language"):
        options = {"title": "title:show", "channel": server.channel, option: said}
        replies.append(await command(server.env, who, "countdown add", options))
    for name in ("edit", "pause", "resume", "remove", "preview"):
        replies.append(await command(server.env, who, f"countdown {name}", {"countdown": said}))
    assert pings(server, since) == [[]] * len(replies)
    # The mentions do show in the cards.
    assert sum("@everyone" in text(reply) for reply in replies) > 15


async def test_announcement_pings_the_chosen_role_only(hostile: tuple[Server, str]) -> None:
    (server, said), since = hostile, len(hostile[0].env.http_requests)
    chosen = server.guild.create_role("chosen")
    server.env.backend.edit_role(server.guild.id, chosen.id, {"mentionable": True})
    system = server.guild.create_text_channel("system")
    server.env.bot.get_guild(server.guild.id)._system_channel_id = system.id
    channels = [server.guild.create_text_channel(name) for name in ("one", "two")]
    who = asker(server.moderator, server.channel)
    for channel, role in zip(channels, ({"role": chosen}, {}), strict=True):
        options = {"title": "title:show", "channel": channel, "milestones": "3 1", **role}
        await command(server.env, who, "countdown add", options)
    previewed = await command(server.env, who, "countdown preview", {"countdown": "1"})
    assert pings(server, since) == [[], [], []]
    since = len(server.env.http_requests)
    await server.env.advance_time(5 * 86_400)
    assert sorted(pings(server, since)) == [[], [chosen.id]]
    posted = [channel.last_message.content for channel in channels]
    assert "@everyone" in posted[1]
    assert posted[0] == f"<@&{chosen.id}> {posted[1]}" == previewed.response.content
    assert said not in posted[1]
    # The notice that a countdown was paused pings nobody either.
    since = len(server.env.http_requests)
    for channel in channels:
        server.env.backend.delete_channel(channel.id)
    await server.env.advance_time(2 * 86_400)
    assert [one.content.count("@everyone") for one in system.history()] == [1, 1]
    assert sorted(pings(server, since)) == [[], [], [], [chosen.id]]
