"""Labels of buttons, menus and suggestions are plain text without control characters."""

from pathlib import Path

import pytest

from tests.conftest import OpenServer, Server, components, labels, text
from tests.support import records

HOSTILE = "a\x00\u202e\u061c\u200f_b_"
SHOWN = "a_b_"


@pytest.fixture
async def hostile(open_server: OpenServer, tmp_path: Path) -> Server:
    """A server whose catalog has two shows of one hostile name, and a name that is invisible."""
    releases = [
        {"event": HOSTILE, "window": "2027", "network": HOSTILE},
        {"event": "x" * 150, "window": "2028"},
    ]
    shows = [
        records.title(
            f"show-{number}",
            f"Moon {HOSTILE}",
            releases=releases,
            networks=[{"name": HOSTILE}],
            links=[{"label": HOSTILE, "url": "https://example.org/"}],
            popularity=number,
        )
        for number in range(2)
    ]
    invisible = [{"text": "\u2066", "lang": "en", "type": "main"}, {"text": "Sunset", "lang": "ko"}]
    folder = records.write(
        tmp_path / "catalog", *shows, {**records.title("sunset"), "names": invisible}
    )
    server: Server = await open_server(folder)
    return server


async def test_suggestions_have_no_control_characters(hostile: Server) -> None:
    async def suggested(command: str, option: str, typed: str, **filled: str) -> set[str]:
        choices = await hostile.moderator.autocomplete(
            hostile.channel, command, option, typed, **filled
        )
        return {choice["name"] for choice in choices}

    assert await suggested("show", "title", "Moon") == {f"Moon {SHOWN} · 2027 · {SHOWN}"}
    assert await suggested("show", "title", "Sunset") == {"…"}
    events = await suggested("countdown add", "event", "", title="title:show-1")
    assert events == {f"A_b_ · {SHOWN}", f"X{'x' * 98}…"}


async def test_buttons_and_menus_have_no_control_characters(hostile: Server) -> None:
    [menu] = components(await hostile.slash("show", title=f"Moon {HOSTILE}"), 3)
    assert {option["label"] for option in menu["options"]} == {f"Moon {SHOWN}"}
    assert {option["description"] for option in menu["options"]} == {f"2027 · {SHOWN}"}
    assert SHOWN in labels(await hostile.slash("show", title="title:show-1"))


async def test_suggested_event_of_any_length_can_be_chosen(hostile: Server) -> None:
    choices = await hostile.moderator.autocomplete(
        hostile.channel, "countdown add", "event", "", title="title:show-1"
    )
    values = {"title": "title:show-1", "channel": hostile.channel}
    for choice in choices:
        added = await hostile.moderator.slash(
            hostile.channel, "countdown add", event=choice["value"], **values
        )
        assert f"Moon {SHOWN}" in text(added)
    assert len(choices) == 2
