"""What speaks for and against two records being the same."""

import pytest

from bot.ui.cards.doubts import evidence_text
from tests.ui.builders import context


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("imdb:tt1", "Both have the IMDb ID tt1."),
        ("tmdb_differs:5/6", "Their TMDB IDs differ: 5, 6."),
        ("several_of_this_name", "Several people with this name are credited."),
        ("same_source:tvmaze", "TVmaze lists them separately."),
        ("merged:wikidata", "Wikidata has merged them."),
    ],
)
def test_evidence_is_said_as_a_sentence(code: str, text: str) -> None:
    assert evidence_text(code, {}, context()) == text
