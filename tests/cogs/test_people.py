"""/whois, in a server and in a direct message."""

import pytest

from tests.conftest import Server, text

REPLIES = [
    (
        "Taecyeon",
        ["Ok Taec-yeon", "옥택연", "2PM", "Soul Mate (2026) · as Johan Hwang"],
    ),
    (
        "Johan",
        ["Johan Hwang", "황요한", "Character in Soul Mate (2026)", "played by Ok Taec-yeon"],
    ),
]


@pytest.mark.parametrize(("name", "expected"), REPLIES)
async def test_whois_in_a_server(server: Server, name: str, expected: list[str]) -> None:
    result = await server.slash("whois", name=name)
    assert not result.ephemeral
    read = text(result)
    assert [part for part in expected if part.casefold() not in read.casefold()] == []


@pytest.mark.parametrize(("name", "expected"), REPLIES)
async def test_whois_in_a_direct_message(server: Server, name: str, expected: list[str]) -> None:
    read = text(await server.member.user.slash("whois", name=name))
    assert [part for part in expected if part.casefold() not in read.casefold()] == []
