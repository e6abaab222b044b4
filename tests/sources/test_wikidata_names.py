import pytest

from bot.catalog.display_names import best_name
from bot.sources.countries import COUNTRIES
from bot.sources.wikidata_names import (
    LANGUAGES,
    english_label,
    name_from_text,
    person_names,
    read_labels,
    title_names,
)
from tests.sources.wikidata_server import make_item, text, value


def plain(names: object) -> list[tuple[str, str, str]]:
    return [(each.text, each.lang, each.type.value) for each in names]  # type: ignore[attr-defined]


def test_labels_have_the_tags_of_the_records() -> None:
    labels = {
        "zh-tw": "孤單又燦爛的神",
        "zh-hk": "孤獨又燦爛的神",
        "zh-hans": "孤单又灿烂的神",
        "pt-br": "Goblin (série)",
        "ru": "Токкэби",
        "en": "Goblin",
    }
    assert read_labels(make_item("Q1", labels)) == {
        "en": "Goblin",
        "zh-CN": "孤单又灿烂的神",
        "zh-TW": "孤單又燦爛的神",
        "zh-HK": "孤獨又燦爛的神",
        "pt-BR": "Goblin (série)",
    }


@pytest.mark.parametrize(
    ("label", "tag"),
    [("김은숙", "ko"), ("コン・ユ", "ja"), ("ณเดชน์", "th"), ("Gong Yoo", "und"), ("孔劉", "und")],
)
def test_script_of_a_label_for_all_languages_tells_its_language(label: str, tag: str) -> None:
    assert read_labels(make_item("Q1", {"mul": label})) == {tag: label}


def test_korean_label_is_not_replaced_by_a_mistagged_one() -> None:
    labels = {"en": "도깨비 (드라마)", "mul": "깨비", "ko": "도깨비"}
    assert read_labels(make_item("Q1", labels)) == {"ko": "도깨비"}


@pytest.mark.parametrize(
    ("alias", "kept"),
    [
        ("Пхурын падаи чонсоль", None),
        ("도깨비", ("도깨비", "ko", "alias")),
        ("1988", ("1988", "en", "alias")),
        ("Q99999999", None),
        ("Q10", ("Q10", "en", "alias")),
        (" \u200b ", None),
        ("Gob\u202elin\x00", ("Goblin", "en", "alias")),
    ],
)
def test_english_aliases_in_another_script(alias: str, kept: object) -> None:
    names = title_names(make_item("Q1", {"en": "Guardian"}, {"en": [alias]}), "ko")
    assert plain(names)[1:] == ([kept] if kept else [])


def test_label_in_the_original_language_and_official_title_are_original() -> None:
    labels = {"ko": "도깨비", "en": "Goblin"}
    entity = make_item(
        "Q1", labels, {"ko": ["깨비", "도깨비"]}, {"P1476": [text("도깨비神", "ko")]}
    )
    assert plain(title_names(entity, "ko")) == [
        ("Goblin", "en", "main"),
        ("도깨비", "ko", "original"),
        ("도깨비神", "ko", "original"),
        ("깨비", "ko", "alias"),
    ]


def test_official_title_in_a_language_that_is_not_kept_is_left_out() -> None:
    entity = make_item("Q1", {"en": "Goblin"}, {}, {"P1476": [text("Токкэби", "ru")]})
    assert plain(title_names(entity, None)) == [("Goblin", "en", "main")]


def test_native_and_stage_names_of_people() -> None:
    claims = {"P1559": [text("공지철", "ko")], "P742": [value("Gong Yoo"), value("공유")]}
    labels = {"en": "Gong Ji-cheol", "ko": "공유", "ja": "コン・ユ"}
    names = person_names(make_item("Q1", labels, {}, claims), None)
    assert plain(names) == [
        ("Gong Ji-cheol", "en", "main"),
        ("공유", "ko", "original"),
        ("コン・ユ", "ja", "main"),
        ("공지철", "ko", "original"),
        ("Gong Yoo", "und", "stage"),
    ]
    assert best_name(names, "ko") == "공유"


@pytest.mark.parametrize(
    ("claims", "country_language", "original"),
    [
        ({"P1559": [text("김고은", "ko")]}, None, ["김고은"]),
        ({"P1559": [text("김고은", "ko")]}, "zh", ["김고은"]),
        ({"P1559": [text("金高銀", "zh-hant")]}, "ko", ["金高銀"]),
        ({}, "ko", ["김고은"]),
        ({}, None, []),
    ],
)
def test_label_in_the_language_of_the_native_name_or_the_country_is_original(
    claims: dict[str, object], country_language: str | None, original: list[str]
) -> None:
    labels = {"en": "Kim Go-eun", "ko": "김고은", "zh-tw": "金高銀"}
    names = person_names(make_item("Q1", labels, {}, claims), country_language)  # type: ignore[arg-type]
    assert [name.text for name in names if name.type == "original"] == original
    assert len(names) == len(labels)


def test_copies_of_the_english_name_are_dropped() -> None:
    labels = {"en": "Gong Yoo", "fr": "Gong Yoo", "mul": "gong yoo", "vi": "Gong Yoo (diễn viên)"}
    names = person_names(make_item("Q1", labels, {"en": ["Gong Yoo", "Kong Yoo"]}), "ko")
    assert [(name.text, name.lang) for name in names] == [
        ("Gong Yoo", "en"),
        ("Gong Yoo (diễn viên)", "vi"),
        ("Kong Yoo", "en"),
    ]


def test_original_title_that_is_spelled_as_the_english_one_is_kept() -> None:
    names = title_names(make_item("Q1", {"en": "Bao Chung", "vi": "Bao Chung"}), "vi")
    assert plain(names) == [("Bao Chung", "en", "main"), ("Bao Chung", "vi", "original")]


def test_aliases_alone_are_no_name() -> None:
    entity = make_item("Q1", {"ru": "Гон Ю"}, {"en": ["Gong Yoo"]})
    assert person_names(entity, "ko") == title_names(entity, "ko") == ()


def test_at_most_sixty_names() -> None:
    aliases = {tag: [f"{tag} {number}" for number in range(30)] for tag in ("en", "es", "fr", "de")}
    assert len(title_names(make_item("Q1", {"en": "Goblin"}, aliases), "ko")) == 60


def test_label_for_all_languages_is_english_if_it_is_in_latin_letters() -> None:
    assert english_label({"en": "Netflix", "und": "x"}) == "Netflix"
    assert english_label({"und": "Netflix"}) == "Netflix"
    assert english_label({"und": "網飛"}) is None
    assert english_label({"und": "Netflix 網飛"}) is None
    assert english_label({"ko": "넷플릭스"}) is None


def test_text_without_a_language_gets_that_of_its_script() -> None:
    assert [name_from_text(each).lang for each in ("김신", "Kim Shin", "金信")] == [
        "ko",
        "und",
        "und",
    ]


def test_languages_of_every_country_are_kept() -> None:
    assert {country.language for country in COUNTRIES.values()} <= set(LANGUAGES)
