"""What comes first when several names fit a query."""

import pytest

from bot.search.name_index import NameEntry, NameIndex
from bot.search.search_keys import make_search_keys

POPULAR, KNOWN, UNKNOWN = 5.0, 0.5, 0.01


def entry(ref: str, text: str, popularity: float, *, is_main: bool = True) -> NameEntry:
    return NameEntry(ref, make_search_keys(text), popularity, is_main)


def found(entries: list[NameEntry], query: str) -> list[str]:
    return [hit.ref for hit in NameIndex(entries).search(query)]


@pytest.mark.parametrize("query", ["mother", "MOTHER", "mot her"])
def test_an_exact_main_name_comes_before_an_alias_of_something_more_popular(query: str) -> None:
    entries = [
        entry("title:popular", "Hi Bye, Mama!", POPULAR),
        entry("title:popular", "Mother", POPULAR, is_main=False),
        entry("title:unknown", "Mother", UNKNOWN),
    ]
    assert found(entries, query) == ["title:unknown", "title:popular"]


def test_an_exact_alias_comes_in_the_order_of_popularity_where_no_main_name_is_exact() -> None:
    entries = [
        entry("title:a", "Hi Bye, Mama!", UNKNOWN),
        entry("title:a", "Mother", UNKNOWN, is_main=False),
        entry("title:b", "The Good Bad Mother", KNOWN),
        entry("title:b", "Mother", KNOWN, is_main=False),
    ]
    assert found(entries, "mother") == ["title:b", "title:a"]


def test_a_name_that_is_main_and_alias_counts_as_main() -> None:
    entries = [
        entry("title:a", "Mother", UNKNOWN, is_main=False),
        entry("title:a", "Mo ther", UNKNOWN),
        entry("title:b", "Mother", POPULAR, is_main=False),
    ]
    assert found(entries, "mother") == ["title:a", "title:b"]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Park Seon Ho", "Park Seon Ho"),
        ("Park Seon Ho", "Pak Sun-ho"),
        ("Jo Yun Hee", "Cho Yun-hui"),
        ("Choi Woo Sung", "Choe U-seong"),
        ("Choi Woo Sung", "Choi Woo Sungg"),
        ("Choi Woo Sung", "Choi Woo Snug"),
        ("Choi Woo Sung", "Woo Sung"),
        ("Choi Woo Sung", "Choi W"),
        ("최우성", "ㅊㅇㅅ"),
        ("최우성", "최우ㅅ"),
    ],
)
def test_a_person_comes_before_a_character_whose_name_fits_as_well(name: str, query: str) -> None:
    entries = [entry("character:1/2", name, POPULAR), entry("person:3", name, UNKNOWN)]
    assert found(entries, query) == ["person:3", "character:1/2"]


@pytest.mark.parametrize(
    ("person", "character", "query"),
    [
        (("Park Sun Ho",), "Park Seon Ho", "Pak Sun-ho"),
        (("Jo Yoon Hee", "조윤희"), "Cho Yeon Hui", "Cho Yun-hui"),
        (("Choi Woo Sung",), "Choi Woo Seung", "Choe U-seong"),
    ],
)
def test_a_person_comes_before_a_character_of_another_spelling_with_the_same_sound(
    person: tuple[str, ...], character: str, query: str
) -> None:
    entries = [
        entry("character:1/2", character, KNOWN),
        *(entry("person:3", name, UNKNOWN) for name in person),
    ]
    assert found(entries, query) == ["person:3", "character:1/2"]


def test_a_character_whose_name_fits_better_comes_before_a_person() -> None:
    entries = [
        entry("character:1/2", "Kim Shin", KNOWN),
        entry("person:3", "Kim Shin Young", KNOWN),
    ]
    assert found(entries, "kim shin") == ["character:1/2", "person:3"]


def test_an_exact_name_of_a_person_comes_before_a_part_of_a_more_popular_one() -> None:
    entries = [entry("person:1", "Li Yi", UNKNOWN), entry("person:2", "Li Yi Tong", POPULAR)]
    assert found(entries, "li yi") == ["person:1", "person:2"]


def test_two_initials_find_a_name_of_two_syllables_before_longer_ones() -> None:
    entries = [
        entry("title:long", "학교 이천십칠", POPULAR),
        entry("title:within", "후아유 학교", POPULAR),
        entry("title:short", "호구", UNKNOWN),
    ]
    assert found(entries, "ㅎㄱ") == ["title:short", "title:long", "title:within"]


@pytest.mark.parametrize("typed", ["ㄱㅅ", "ㄳ"])  # keyboards join the two
def test_two_initials_find_names_that_begin_so_before_latin_letters_of_those_keys(
    typed: str,
) -> None:
    entries = [
        entry("title:latin", "RT", POPULAR),
        entry("title:hangul", "가시나무 새", UNKNOWN),
    ]
    assert found(entries, typed) == ["title:hangul"]


def test_initials_that_fit_nothing_are_read_as_latin_keys() -> None:
    assert found([entry("title:latin", "RT", KNOWN)], "ㄱㅅ") == ["title:latin"]


@pytest.mark.parametrize(
    ("name", "other", "query"),
    [
        ("Pluto", "Lute and Flute", "luto"),
        ("Bull Fighting", "Mr. Fighting", "ull Fighting"),
        ("Oh My Boss", "My Boss", "h My Boss"),
        ("Secret Crushes Season 3", "Secret Crushes Season 1", "ecret Crushes Season 3"),
    ],
)
def test_a_title_without_its_first_letter_comes_first(name: str, other: str, query: str) -> None:
    entries = [entry("title:meant", name, KNOWN), entry("title:other", other, 2 * KNOWN)]
    assert found(entries, query)[0] == "title:meant"


@pytest.mark.parametrize(
    ("name", "other", "query"),
    [
        ("Original Sin", "The Original Heir", "Original"),
        ("Legend of Fei", "The Legend of the Blue Sea", "Legend of"),
        ("눈물의 여왕", "그 눈물의 끝에서", "눈물의"),
    ],
)
def test_a_title_without_its_last_word_comes_before_one_with_these_words_within(
    name: str, other: str, query: str
) -> None:
    entries = [entry("title:meant", name, KNOWN), entry("title:other", other, 2 * KNOWN)]
    assert found(entries, query) == ["title:meant", "title:other"]


@pytest.mark.parametrize("query", ["Ji Hna", "iJ Han", "Ji aHn"])
def test_swapped_letters_find_a_short_name_among_many(query: str) -> None:
    crowd = [entry(f"person:{place}", f"Jina Hana {place}", UNKNOWN) for place in range(200)]
    assert found([*crowd, entry("person:short", "Ji Han", UNKNOWN)], query)[0] == "person:short"


def test_a_pair_of_letters_that_a_name_repeats_counts_once() -> None:
    crowd = [entry(f"title:{place}", f"A Man and an Aha {place}", POPULAR) for place in range(200)]
    assert found([*crowd, entry("title:meant", "Amachan", UNKNOWN)], "Amahcan")[0] == "title:meant"


def test_equal_names_come_in_the_order_of_refs_whatever_the_order_of_entries() -> None:
    entries = [entry(f"{kind}:{place}", "Kim Shin", KNOWN) for kind in "xy" for place in range(5)]
    expected = sorted(one.ref for one in entries)
    assert found(entries, "kim shin") == found(entries[::-1], "kim shin") == expected
