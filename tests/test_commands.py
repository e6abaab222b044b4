"""Every command, as a member uses it: in a server and in a direct message."""

from typing import Any

import pytest

from tests.conftest import Server, labels, text

ANSWERS = [
    (
        "show",
        {"title": "Soul Mate"},
        ["ソウルメイト", "소울 메이트", "Netflix", "8 episodes", "Berlin", "Germany"],
    ),
    ("show", {"title": "Soul Mate"}, ["May 14, 2026", "two lonely young men"]),
    (
        "cast",
        {"title": "soul mate"},
        [
            "Isomura Hayato as Ryu Narutaki (main role)",
            "Ok Taec-yeon as Johan Hwang (main role)",
            "Director: Shunki Hashizume",
            "Executive producer: Dai Ota",
        ],
    ),
    ("synopsis", {"title": "소울"}, ["two lonely young men", "Full story"]),
    (
        "release",
        {"title": "soulmate"},
        ["May 14, 2026", "Netflix", "worldwide", "Before that: 2025", "Jonnalyn Cortez"],
    ),
    ("release", {"title": "soulmate"}, ["checked November 22, 2026", "Secondary reports"]),
    (
        "whois",
        {"name": "Taecyeon"},
        ["Ok Taec-yeon", "옥택연", "オク・テギョン", "2PM", "2026 Soul Mate · as Johan Hwang"],
    ),
    (
        "whois",
        {"name": "Johan"},
        ["Johan Hwang", "황요한", "Character in Soul Mate (2026)", "played by Ok Taec-yeon"],
    ),
    (
        "about",
        {},
        [
            "version",
            "8 shows, 4 people",
            "licence",
            "forgotten",
            "30 days after",
            "About the project",
        ],
    ),
]


@pytest.mark.parametrize(("command", "options", "expected"), ANSWERS)
async def test_command_in_a_server(
    server: Server, command: str, options: dict[str, Any], expected: list[str]
) -> None:
    result = await server.slash(command, **options)
    assert not result.ephemeral
    read = text(result)
    assert [part for part in expected if part.casefold() not in read.casefold()] == []


@pytest.mark.parametrize(("command", "options", "expected"), ANSWERS)
async def test_command_in_a_direct_message(
    server: Server, command: str, options: dict[str, Any], expected: list[str]
) -> None:
    result = await server.member.user.slash(command, **options)
    read = text(result)
    assert [part for part in expected if part.casefold() not in read.casefold()] == []


async def test_actors_stand_in_billing_order_before_the_crew(server: Server) -> None:
    read = text(await server.slash("cast", title="Soul Mate"))
    places = [read.index(part) for part in ("Isomura", "Ok Taec-yeon", "Creator:", "Director:")]
    assert places == sorted(places)


async def test_commands_are_for_servers_direct_messages_and_user_installs(server: Server) -> None:
    registered = server.env.backend.commands[None].values()
    assert {command["name"] for command in registered} == {
        "show", "cast", "synopsis", "release", "whois", "about", "countdown", "settings",
    }  # fmt: skip
    for command in registered:
        everywhere = command["name"] not in ("countdown", "settings")
        assert sorted(command["contexts"]) == ([0, 1, 2] if everywhere else [0]), command["name"]
        assert sorted(command["integration_types"]) == ([0, 1] if everywhere else [0])
        assert command["default_member_permissions"] == (None if everywhere else 32)


async def test_no_privileged_intent_is_asked_for(server: Server) -> None:
    intents = server.env.bot.intents
    assert [name for name, on in intents if on] == ["guilds"]


async def test_commands_are_told_to_discord_only_when_they_changed(
    database_url: str, server: Server
) -> None:
    from bot.app import open_bot
    from tests.conftest import SHIPPED, clock

    def syncs() -> int:
        return sum(request.method == "PUT" for request in server.env.http_requests)

    assert syncs() == 1
    async with open_bot(database_url, SHIPPED, clock) as again:
        await server.env.restart_bot(again)
        assert syncs() == 1


async def test_the_full_story_is_for_the_asker_alone(server: Server) -> None:
    synopsis = await server.slash("synopsis", title="Soul Mate")
    assert "boxer" not in text(synopsis)
    story = await server.press(synopsis.response, "Full story (spoilers, only you see it)")
    assert story.ephemeral
    assert "Johan Hwang, a boxer" in text(story)


async def test_a_shown_title_links_to_its_other_cards(server: Server) -> None:
    assert labels(await server.slash("show", title="Soul Mate")) == ["Cast", "Synopsis", "Release"]
