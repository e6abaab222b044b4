from typing import Any

import pytest

from bot.catalog.display_names import best_name
from bot.sources.tmdb_names import language_of, language_tag, person_names, show_names
from tests.sources.tmdb_answers import person, show, translation


def names_of(record: dict[str, Any]) -> list[tuple[str, str, str]]:
    names = person_names(record) if "birthday" in record else show_names(record)
    return [(name.text, name.lang, name.type.value) for name in names]


@pytest.mark.parametrize(
    ("language", "country", "tag"),
    [
        ("en", "US", "en"),
        ("en", "GB", "en-GB"),
        ("ko", "KR", "ko"),
        ("ja", "JP", "ja"),
        ("zh", "TW", "zh-TW"),
        ("zh", "CN", "zh-CN"),
        ("zh", "HK", "zh-HK"),
        ("cn", "CN", "zh-HK"),
        ("pt", "BR", "pt-BR"),
        ("pt", "PT", "pt-PT"),
        ("es", "ES", "es"),
        ("es", "MX", "es-419"),
        ("fr", "CA", "fr-CA"),
        ("th", "TH", "th"),
        ("ko", None, "ko"),
        ("ko", "", "ko"),
        ("xx", None, None),
        ("KO", "KR", None),
        ("", "KR", None),
        (None, "KR", None),
        ([], {}, None),
    ],
)
def test_languages_are_tagged_as_in_the_catalog(
    language: Any, country: Any, tag: str | None
) -> None:
    assert language_tag(language, country) == tag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("이정재", "ko"),
        ("イ・ジョンジェ", "ja"),
        ("磯村はやと", "ja"),
        ("李政宰", "und"),
        ("อีจองแจ", "th"),
        ("Lee Jung-jae", "und"),
        ("Ли Джон Джэ", "und"),
        ("1%", "und"),
    ],
)
def test_the_script_shows_the_language_of_a_name(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_show_has_its_names_in_each_language_once() -> None:
    assert names_of(show()) == [
        ("Vincenzo", "en", "main"),
        ("빈센조", "ko", "original"),
        ("黑道律師文森佐", "zh-TW", "main"),
        ("文森佐", "zh-CN", "main"),
        ("Vincenzo, el abogado", "es-419", "main"),
        ("Винченцо", "ru", "main"),
        ("Binsenjo", "und", "alias"),
        ("빈센조 까사노", "ko", "alias"),
        ("文森佐", "zh-TW", "alias"),
    ]


def test_readers_see_the_name_in_their_language_or_english() -> None:
    names = show_names(show())

    assert [best_name(names, language) for language in ("en", "ko", "fr")] == [
        "Vincenzo",
        "빈센조",
        "Vincenzo",
    ]


def test_the_original_name_is_not_taken_for_an_english_one() -> None:
    record = show(name="빈센조", translations={}, alternative_titles={})

    assert names_of(record) == [("빈센조", "ko", "original")]


def test_an_original_name_in_latin_letters_is_english_too() -> None:
    record = show(name="VIP", original_name="VIP", translations={}, alternative_titles={})

    assert names_of(record) == [("VIP", "en", "main"), ("VIP", "ko", "original")]


def test_a_show_without_an_original_name_has_its_only_one() -> None:
    record = show(name="빈센조", original_name=None, translations={}, alternative_titles={})

    assert names_of(record) == [("빈센조", "ko", "main")]


def test_names_are_bounded_and_clean() -> None:
    rows = [translation("ru", "RU", f"Имя\u202e {number}\n" + "x" * 900) for number in range(1000)]
    names = show_names(show(translations={"translations": rows}))

    assert len(names) == 80
    assert max(len(name.text) for name in names) == 300
    assert not [name for name in names if not name.text.isprintable()]


def test_a_person_has_names_by_translation_and_script() -> None:
    assert names_of(person()) == [
        ("Lee Jung-jae", "en", "main"),
        ("이정재", "ko", "main"),
        ("イ・ジョンジェ", "ja", "alias"),
        ("李政宰", "und", "alias"),
        ("Lee Jeong-Jae", "und", "alias"),
    ]


def test_the_english_name_of_a_person_comes_first() -> None:
    rows = {"translations": [translation("en", "US", "HoYeon Jung")]}
    record = person(name="정호연", also_known_as=[], translations=rows)

    assert names_of(record) == [("HoYeon Jung", "en", "main"), ("정호연", "ko", "main")]
