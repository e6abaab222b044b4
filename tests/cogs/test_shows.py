"""/show, /cast, /synopsis and /release, in a server and in a direct message."""

import pytest

from tests.conftest import Server, labels, text

REPLIES = [
    (
        "show",
        {"title": "Soul Mate"},
        ["ソウルメイト", "Netflix", "8 episodes", "Berlin", "Germany"],
    ),
    ("show", {"title": "Soul Mate"}, ["May 14, 2026", "two lonely young men"]),
    (
        "cast",
        {"title": "soul mate"},
        [
            "Isomura Hayato as Ryu Narutaki",
            "Ok Taec-yeon as Johan Hwang",
            "Shunki Hashizume · creator, writer, director",
            "Dai Ota · executive producer",
        ],
    ),
    ("synopsis", {"title": "소울"}, ["two lonely young men", "Full story"]),
    (
        "release",
        {"title": "soulmate"},
        ["May 14, 2026", "Netflix", "worldwide", "Previously: 2025", "Jonnalyn Cortez"],
    ),
    ("release", {"title": "soulmate"}, ["checked November 22, 2026", "Secondary reports"]),
]


@pytest.mark.parametrize(("command", "options", "expected"), REPLIES)
async def test_command_in_a_server(
    server: Server, command: str, options: dict[str, str], expected: list[str]
) -> None:
    result = await server.slash(command, **options)
    assert not result.ephemeral
    read = text(result)
    assert [part for part in expected if part.casefold() not in read.casefold()] == []


@pytest.mark.parametrize(("command", "options", "expected"), REPLIES)
async def test_command_in_a_direct_message(
    server: Server, command: str, options: dict[str, str], expected: list[str]
) -> None:
    read = text(await server.member.user.slash(command, **options))
    assert [part for part in expected if part.casefold() not in read.casefold()] == []


async def test_cast_lists_actors_in_billing_order_before_the_crew(server: Server) -> None:
    read = text(await server.slash("cast", title="Soul Mate"))
    positions = [read.index(part) for part in ("Isomura", "Ok Taec-yeon", "Shunki", "Dai Ota")]
    assert positions == sorted(positions)


async def test_full_story_is_private(server: Server) -> None:
    synopsis = await server.slash("synopsis", title="Soul Mate")
    assert "boxer" not in text(synopsis)
    story = await server.press(synopsis.response, "Full story (spoilers, only you can see it)")
    assert story.ephemeral
    assert "Johan Hwang, a boxer" in text(story)


async def test_show_card_links_to_the_other_cards_of_the_show(server: Server) -> None:
    show = await server.slash("show", title="Soul Mate")
    assert labels(show) == [
        "Cast",
        "Synopsis",
        "Release",
        "Sources",
        "Suggest a correction",
    ]


async def test_day_ahead_has_the_days_left(server: Server) -> None:
    """The clock of the tests is on May 1, 2026."""
    assert "Premiere May 14, 2026 · D-13" in text(await server.slash("show", title="Soul Mate"))
    assert "May 14, 2026 · D-13" in text(await server.slash("release", title="Soul Mate"))


async def test_sources_are_one_line_and_a_card_of_their_own(server: Server) -> None:
    show = await server.slash("show", title="Soul Mate")
    assert "Sources: Jonnalyn Cortez, +3" in text(show)
    sources = text(await server.press(show.response, "Sources"))
    assert "Press release on 소울 메이트, Netflix Korea (June 28, 2024)" in sources
    person = await server.slash("whois", name="Taecyeon")
    sources = text(await server.press(person.response, "Sources"))
    assert sources.startswith("Ok Taec-yeon")
    assert "Netflix Korea" in sources
