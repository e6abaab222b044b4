import pytest

from bot.sources import wikidata_terms
from bot.sources.wikidata_terms import find_genres, find_occupations, is_unscripted
from bot.ui.vocabulary import _TERMS, Vocabulary


@pytest.mark.parametrize(
    ("label", "genres"),
    [
        ("romance television series", ("romance",)),
        ("Romantic comedy", ("romance", "comedy")),
        ("medical drama", ("medical", "drama")),
        ("science fiction television series", ("sci-fi",)),
        ("boys' love", ("boys love",)),
        ("slice of life", ("slice of life",)),
        ("popular science television series", ()),
        ("teenage", ()),
        ("LGBT-related television series", ()),
        ("텔레비전 드라마", ()),
    ],
)
def test_genres_are_found_in_the_words_of_a_label(label: str, genres: tuple[str, ...]) -> None:
    assert find_genres([label]) == genres


def test_genres_are_distinct() -> None:
    assert find_genres(["crime drama", "drama", "police procedural"]) == ("crime", "drama")


@pytest.mark.parametrize(
    ("labels", "unscripted"),
    [
        (["variety show"], True),
        (["reality television", "comedy"], True),
        (["Korean drama", "talk show"], False),
        (["documentary film"], True),
        (["docudrama", "documentary"], False),
        (["mockumentary"], False),
        (["romance television series"], False),
        ([], False),
    ],
)
def test_variety_shows_are_told_from_dramas(labels: list[str], unscripted: bool) -> None:
    assert is_unscripted(labels) is unscripted


def test_occupations_without_their_medium() -> None:
    labels = ["television actor", "film actor", "Film director", "singer", "record producer"]
    assert find_occupations(labels) == ("actor", "director", "singer")


def test_every_term_can_be_translated() -> None:
    def key(term: str) -> str:
        return term.replace("-", "_").replace(" ", "_")

    genres, occupations = wikidata_terms._GENRES.values(), wikidata_terms._OCCUPATIONS
    assert {key(term) for term in genres} <= set(_TERMS[Vocabulary.GENRE])
    assert {key(term) for term in occupations} <= set(_TERMS[Vocabulary.OCCUPATION])
