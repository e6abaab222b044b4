"""Short lists on cards."""

import pytest

from tests.ui.builders import context


@pytest.mark.parametrize(("locale", "joined"), [("en-US", "A, B"), ("ja", "A、B"), ("th", "A B")])
def test_short_list_is_separated_as_in_the_language(locale: str, joined: str) -> None:
    assert context(locale).join_short("ABC", limit=2) == joined
    assert context(locale).join_short([]) == ""
