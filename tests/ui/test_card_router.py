"""Cached cards: reused while they are up to date, and no longer."""

from pathlib import Path

from bot.demo.simulation import set_client_locale
from tests.conftest import OpenServer, text
from tests.support import records
from tests.support.countdowns import import_records


async def test_card_shows_the_current_catalog(open_server: OpenServer, tmp_path: Path) -> None:
    folder = records.write(tmp_path / "catalog", records.title("show", "A Show"))
    server = await open_server(folder)
    assert "A tale" not in text(await server.slash("show", title="A Show"))
    changed = records.title("show", "A Show", premise={"en": "A tale."})
    await import_records(server, records.write(folder, changed))
    assert "A tale" in text(await server.slash("show", title="A Show"))


async def test_card_changes_with_the_time(open_server: OpenServer, tmp_path: Path) -> None:
    releases = [{"window": "2026-05-01T09:02:00+00:00", "status": "confirmed"}]
    folder = records.write(tmp_path / "catalog", records.title("show", "A Show", releases=releases))
    server = await open_server(folder)
    before = text(await server.slash("release", title="A Show"))
    assert text(await server.slash("release", title="A Show")) == before
    await server.env.advance_time(180)
    assert text(await server.slash("release", title="A Show")) != before


async def test_card_is_in_the_language_of_the_member(
    open_server: OpenServer, tmp_path: Path
) -> None:
    folder = records.write(tmp_path / "catalog", records.title("show", "A Show"))
    server = await open_server(folder)
    english = text(await server.slash("show", title="A Show"))
    set_client_locale(server.env, "ko")
    assert text(await server.slash("show", title="A Show")) != english
