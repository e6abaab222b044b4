"""Short lists, and commands as texts name them."""

import pytest

from bot.i18n import get_translations
from bot.ui.render_context import RenderContext
from tests.ui.builders import NOW, context

IDS = {"countdown": 42}


@pytest.mark.parametrize(("locale", "joined"), [("en-US", "A, B"), ("ja", "A、B"), ("th", "A, B")])
def test_short_list_is_separated_as_in_the_language(locale: str, joined: str) -> None:
    assert context(locale).join_short("ABC", limit=2) == joined
    assert context(locale).join_short([]) == ""


def test_command_is_mentioned_by_the_id_of_its_root() -> None:
    german = RenderContext(get_translations("de"), NOW, IDS)
    # Discord shows the name in the language of the reader's client.
    assert german.command("countdown add") == "</countdown add:42>"


def test_command_without_an_id_is_named_in_the_readers_language() -> None:
    assert context().command("countdown add") == "/countdown add"
    spanish = RenderContext(get_translations("es-ES"), NOW, {"other": 42})
    _ = spanish.translations.gettext
    expected = f"/{_('countdown')} {_('add')}"
    assert spanish.command("countdown add") == spanish.command_label("countdown add") == expected
    assert expected != "/countdown add"
