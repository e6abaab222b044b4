"""/about, in a server and in a direct message."""

from tests.conftest import Server, text

EXPECTED = [
    "version",
    "8 titles, 4 people",
    "Last updated",
    "license",
    "I don't keep what you search for",
    "delete it 90 days after it is decided",
    "30 days after",
    "About the project",
]


async def test_about_in_a_server(server: Server) -> None:
    result = await server.slash("about")
    assert not result.ephemeral
    read = text(result)
    assert [part for part in EXPECTED if part.casefold() not in read.casefold()] == []


async def test_about_in_a_direct_message(server: Server) -> None:
    read = text(await server.member.user.slash("about"))
    assert [part for part in EXPECTED if part.casefold() not in read.casefold()] == []
