"""Languages are found by their names in several languages."""

from typing import Any

import pytest

from bot.demo.simulation import set_client_locale
from bot.i18n import native_name
from tests.conftest import Server, text


async def suggested(server: Server, typed: str, locale: str = "en-US") -> list[str]:
    """The locales suggested for a text."""
    set_client_locale(server.env, locale)
    choices: list[Any] = await server.moderator.autocomplete(
        server.channel, "settings", "language", typed
    )
    return [choice["value"] for choice in choices]


@pytest.mark.parametrize(
    ("typed", "locale", "expected"),
    [
        ("Spanish", "en-US", ["es-419", "es-ES"]),
        ("espa", "en-US", ["es-419", "es-ES"]),
        ("spanisch", "de", ["es-419", "es-ES"]),
        ("Korean", "de", ["ko"]),
        ("한국어", "en-US", ["ko"]),
        ("th", "en-US", ["th"]),
        ("bahasa", "en-US", ["id"]),
        ("klingon", "en-US", []),
    ],
)
async def test_language_is_found_by_its_name(
    server: Server, typed: str, locale: str, expected: list[str]
) -> None:
    found = await suggested(server, typed, locale)
    assert [tag for tag in found if tag in expected] == expected or not expected
    assert bool(found) == bool(expected)


@pytest.mark.parametrize("typed", ["ko", "한국어", "korean", "KOREAN", "Korea"])
async def test_typed_name_of_one_language_is_accepted(server: Server, typed: str) -> None:
    shown = text(await server.moderator.slash(server.channel, "settings", language=typed))
    assert "Language 한국어" in shown


@pytest.mark.parametrize("typed", ["Spanish", "klingon", "xx"])
async def test_unknown_or_ambiguous_language_is_refused(server: Server, typed: str) -> None:
    shown = text(await server.moderator.slash(server.channel, "settings", language=typed))
    assert "I couldn't find that language" in shown


async def test_language_is_shown_by_its_own_name_and_the_members(server: Server) -> None:
    set_client_locale(server.env, "de")
    choices = await server.moderator.autocomplete(server.channel, "settings", "language", "sch")
    shown = {choice["value"]: choice["name"] for choice in choices}
    assert shown["es-419"] == "Español (Latinoamérica) · Spanisch (Lateinamerika)"
    assert shown["de"] == "Deutsch"


def test_indonesian_is_named_as_its_speakers_do() -> None:
    assert native_name("id") == "Bahasa Indonesia"
