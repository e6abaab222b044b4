"""Nothing the bot says pings anybody, whoever's words it repeats, but the role that was chosen."""

from pathlib import Path
from typing import Any

import pytest

from tests import records
from tests.conftest import OpenServer, Server, text
from tests.raw import asker, command, press_forged
from tests.test_countdowns import import_records


def words(*ids: int) -> str:
    """Every mention there is, of a role and a user that exist."""
    return " ".join(["@everyone", "@here", *(f"<@&{one}> <@{one}> <@!{one}>" for one in ids)])


def mentioning(said: str) -> list[dict[str, Any]]:
    """Records that mention everybody wherever they can."""
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
    """Whom each message pings that the bot asked Discord for; none may be left to Discord."""
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
    """A server whose bot knows records full of mentions of what there is, and those mentions."""
    folder = records.write(tmp_path / "catalog", records.title("twin-1", "Twin"))
    server: Server = await open_server(folder)
    fans = server.guild.create_role("fans")
    said = words(fans.id, server.other.id)
    await import_records(server, records.write(folder, *mentioning(said)))
    return server, said


async def test_no_answer_pings_whatever_the_records_and_the_asker_say(
    hostile: tuple[Server, str],
) -> None:
    (server, said), since = hostile, len(hostile[0].env.http_requests)
    who, answers = asker(server.moderator, server.channel), []
    for name in ("show", "cast", "synopsis", "release"):
        answers += [
            await command(server.env, who, name, {"title": t}) for t in ("title:show", said)
        ]
    for name in ("person:person", "character:show/person", said):
        answers.append(await command(server.env, who, "whois", {"name": name}))
    for path in ("show/show", "cast/show", "spoilers/show", "synopsis/show", "story/show",
                 "release/show", "person/person", "character/show/person", said):  # fmt: skip
        shown = answers[0].response
        answers.append(await press_forged(server.env, who, shown, f"card:{path}"[:100]))
    for option in ("title", "event", "time", "timezone", "milestones", "language"):
        options = {"title": "title:show", "channel": server.channel, option: said}
        answers.append(await command(server.env, who, "countdown add", options))
    for name in ("edit", "pause", "resume", "remove", "preview"):
        answers.append(await command(server.env, who, f"countdown {name}", {"countdown": said}))
    assert pings(server, since) == [[]] * len(answers)
    # The mentions are there to be read; so it is no empty card that pings nobody.
    assert sum("@everyone" in text(answer) for answer in answers) > 15


async def test_what_is_posted_pings_the_chosen_role_alone(hostile: tuple[Server, str]) -> None:
    (server, said), since = hostile, len(hostile[0].env.http_requests)
    chosen = server.guild.create_role("chosen")
    system = server.guild.create_text_channel("system")
    server.env.bot.get_guild(server.guild.id)._system_channel_id = system.id
    places = [server.guild.create_text_channel(name) for name in ("one", "two")]
    who = asker(server.moderator, server.channel)
    for place, role in zip(places, ({"role": chosen}, {}), strict=True):
        options = {"title": "title:show", "channel": place, "milestones": "3 1", **role}
        await command(server.env, who, "countdown add", options)
    previewed = await command(server.env, who, "countdown preview", {"countdown": "1"})
    assert pings(server, since) == [[], [], []]
    since = len(server.env.http_requests)
    await server.env.advance_time(5 * 86_400)
    assert sorted(pings(server, since)) == [[], [chosen.id]]
    posted = [place.last_message.content for place in places]
    assert "@everyone" in posted[1]
    assert posted[0] == f"<@&{chosen.id}> {posted[1]}" == previewed.response.content
    assert said not in posted[1]
    # What tells a server that a countdown is paused pings nobody either.
    since = len(server.env.http_requests)
    for place in places:
        server.env.backend.delete_channel(place.id)
    await server.env.advance_time(2 * 86_400)
    assert [one.content.count("@everyone") for one in system.history()] == [1, 1]
    assert sorted(pings(server, since)) == [[], [], [], [chosen.id]]
