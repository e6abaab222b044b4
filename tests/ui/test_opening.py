"""Cards that are asked for again: kept while they are true, and no longer."""

from pathlib import Path

from bot.demo.world import speak
from tests import records
from tests.conftest import OpenServer, text
from tests.test_countdowns import import_records


async def test_a_card_is_of_the_catalog_as_it_is_now(
    open_server: OpenServer, tmp_path: Path
) -> None:
    folder = records.write(tmp_path / "catalog", records.title("show", "A Show"))
    server = await open_server(folder)
    assert "A tale" not in text(await server.slash("show", title="A Show"))
    told = records.title("show", "A Show", premise={"en": "A tale."})
    await import_records(server, records.write(folder, told))
    assert "A tale" in text(await server.slash("show", title="A Show"))


async def test_a_card_is_of_the_time_at_which_it_is_asked_for(
    open_server: OpenServer, tmp_path: Path
) -> None:
    out = [{"window": "2026-05-01T09:02:00+00:00", "status": "confirmed"}]
    folder = records.write(tmp_path / "catalog", records.title("show", "A Show", releases=out))
    server = await open_server(folder)
    before = text(await server.slash("release", title="A Show"))
    assert text(await server.slash("release", title="A Show")) == before
    await server.env.advance_time(180)
    assert text(await server.slash("release", title="A Show")) != before


async def test_a_card_is_in_the_language_of_who_asks(
    open_server: OpenServer, tmp_path: Path
) -> None:
    folder = records.write(tmp_path / "catalog", records.title("show", "A Show"))
    server = await open_server(folder)
    english = text(await server.slash("show", title="A Show"))
    speak(server.env, "ko")
    assert text(await server.slash("show", title="A Show")) != english
