"""Which names of a record are shown, in which order."""

import pytest

from bot.catalog.display_names import best_name, other_names
from bot.catalog.model import Name, NameType

NAMES = [
    Name(text="Winter Sonata", lang="en", type=NameType.MAIN),
    Name(text="겨울연가", lang="ko", type=NameType.ORIGINAL),
    Name(text="冬のソナタ", lang="ja", type=NameType.MAIN),
    Name(text="Gyeoul Yeonga", lang="en", type=NameType.ALIAS),
]


@pytest.mark.parametrize(
    ("language", "best", "others"),
    [
        ("en", "Winter Sonata", ["겨울연가"]),
        ("ko", "겨울연가", ["Winter Sonata"]),
        ("ja", "冬のソナタ", ["겨울연가", "Winter Sonata"]),
        ("de", "Winter Sonata", ["겨울연가"]),
    ],
)
def test_original_and_english_names_are_below_the_best(
    language: str, best: str, others: list[str]
) -> None:
    assert best_name(NAMES, language) == best
    assert other_names(NAMES, language) == others


def test_name_spelled_alike_is_not_repeated() -> None:
    names = [
        Name(text="IRIS", lang="en", type=NameType.MAIN),
        Name(text="I-ris", lang="ko", type=NameType.ORIGINAL),
    ]
    assert other_names(names, "en") == []
