"""A query → the people and titles meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import hangul
from bot.search.name_index import LONGEST_QUERY, Hit, NameEntry, NameIndex, best_matches
from bot.search.search_keys import make_search_keys

PEOPLE = {
    "taecyeon": ("Ok Taec Yeon", "옥택연", "Ok Taecyeon"),
    "isomura": ("Isomura Hayato", "磯村勇斗", "いそむらはやと"),
    "joongki": ("Song Joong Ki", "송중기"),
    "seojoon": ("Park Seo Joon", "박서준"),
    "eunwoo": ("Cha Eun Woo", "차은우"),
    "goeun": ("Kim Go Eun", "김고은"),
    "hajoon": ("Wi Ha Joon",),
    "suzy": ("Bae Suzy", "수지"),
    "johan": ("Hwang Jo Han", "Johan Hwang", "황요한"),
    "narutaki": ("Narutaki Ryu", "鳴滝琉"),
}
TITLES = {
    "landing": ("Crash Landing on You", "사랑의 불시착"),
    "goblin": ("Guardian: The Lonely and Great God", "도깨비", "Goblin"),
    "secretary": ("What’s Wrong with Secretary Kim", "김비서가 왜 그럴까"),
    "soulmate": ("Soul Mate", "ソウルメイト"),
    "squid": ("Squid Game", "오징어 게임"),
}


def index_of(names: dict[str, tuple[str, ...]], popularity: float = 1.0) -> NameIndex:
    return NameIndex(
        NameEntry(ref, make_search_keys(text), popularity)
        for ref, texts in names.items()
        for text in texts
    )


def refs(hits: list[Hit]) -> list[str]:
    return [hit.ref for hit in hits]


people = index_of(PEOPLE)
titles = index_of(TITLES)


@pytest.mark.parametrize(
    ("query", "ref"),
    [
        ("ok taec yeon", "taecyeon"),
        ("OkTaecYeon", "taecyeon"),
        ("Taecyeon", "taecyeon"),
        ("Taec-yeon Ok", "taecyeon"),
        ("taecyon", "taecyeon"),
        ("Ok Taceyeon", "taecyeon"),
        ("Ok Taegyeon", "taecyeon"),
        ("옥 택연", "taecyeon"),
        ("옥태연", "taecyeon"),
        ("ㅇㅌㅇ", "taecyeon"),
        ("옥ㅌㅇ", "taecyeon"),
        ("dhrxordus", "taecyeon"),
        ("オク・テギョン", "taecyeon"),
        ("Hayato Isomura", "isomura"),
        ("磯村", "isomura"),
        ("イソムラハヤト", "isomura"),
        ("송중ㄱ", "joongki"),
        ("Pak Suh-jun", "seojoon"),
        ("パク・ソジュン", "seojoon"),
        ("Eunwoo", "eunwoo"),
        ("위하준", "hajoon"),
        ("ㅇㅎㅈ", "hajoon"),
        ("위하ㅈ", "hajoon"),
        ("배수지", "suzy"),
        ("녀쿄", "suzy"),
        ("Johan", "johan"),
        ("Hwang Yo-han", "johan"),
        ("Ryu Narutaki", "narutaki"),
    ],
)
def test_a_person_is_clear(query: str, ref: str) -> None:
    assert refs(list(best_matches(people.search(query)))) == [ref]


@pytest.mark.parametrize(
    ("query", "ref"),
    [
        ("crash land on you", "landing"),
        ("사랑의불시", "landing"),
        ("ㅅㄹㅇㅂㅅㅊ", "landing"),
        ("sarangui bulsichak", "landing"),
        ("ehRoql", "goblin"),
        ("dokkaebi", "goblin"),
        ("the lonely and great god", "goblin"),
        ("whats wrong secretary kim", "secretary"),
        ("soulmate", "soulmate"),
        ("squidgame", "squid"),
        ("ojingeo gaem", "squid"),
    ],
)
def test_a_title_is_clear(query: str, ref: str) -> None:
    assert refs(list(best_matches(titles.search(query)))) == [ref]


@pytest.mark.parametrize("query", ["xqzzv", "", "   ", "???", "-", "ⅷ", "what is on tonight"])
def test_gibberish_means_nobody(query: str) -> None:
    assert not best_matches(people.search(query))


def test_one_name_of_two_means_both() -> None:
    index = NameIndex(
        [
            NameEntry("person:1", make_search_keys("Kim Shin"), 0.01),
            NameEntry("character:9/2", make_search_keys("Kim Shin"), 5.0),
            NameEntry("person:3", make_search_keys("Kim Shin Young"), 1.0),
        ]
    )
    assert refs(list(best_matches(index.search("kim shin")))) == ["person:1", "character:9/2"]


def test_a_family_name_means_many() -> None:
    kims = {f"person:{given}": (f"Kim {given}",) for given in ("Go Eun", "Soo Hyun", "Shin")}
    assert len(best_matches(index_of(kims).search("Kim"))) == len(kims)


def test_an_exact_name_is_clear_among_others_like_it() -> None:
    index = index_of({"a": ("Kim So Hyun",), "b": ("Kim Soo Hyun",), "c": ("Hyun Kim So",)})
    assert refs(list(best_matches(index.search("Kim So Hyun")))) == ["a"]


def test_the_better_known_comes_first_among_equals() -> None:
    forms = [
        NameEntry(f"person:{place}", make_search_keys("Lee Jun Ho"), place / 10)
        for place in range(9)
    ]
    hits = NameIndex(forms).search("lee junho")
    assert refs(hits) == [f"person:{place}" for place in reversed(range(9))]


def test_fame_does_not_correct_a_name_spelled_right() -> None:
    forms = [
        NameEntry("known", make_search_keys("Goblin"), 7.0),
        NameEntry("unknown", make_search_keys("Gobline"), 0.0),
    ]
    assert refs(NameIndex(forms).search("gobline"))[0] == "unknown"


def test_equals_come_in_the_order_of_refs() -> None:
    forms = [NameEntry(f"title:{letter}", make_search_keys("Signal"), 1.0) for letter in "dbac"]
    assert refs(NameIndex(forms).search("signal")) == [f"title:{letter}" for letter in "abcd"]


def test_an_entity_is_hit_once_by_its_best_name() -> None:
    hits = people.search("Ok Taecyeon")
    assert refs(hits).count("taecyeon") == 1
    assert hits[0].score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("query", "least", "most"),
    [
        ("song joong ki", 1.0, 1.0),
        ("Joong-ki Song", 0.97, 0.99),
        ("Sohng Jung-gi", 0.8, 0.97),
        ("joong ki", 0.8, 0.97),
        ("Song Joo", 0.8, 0.97),
        ("Song Jxong Ki", 0.56, 0.8),
    ],
)
def test_scores_lie_in_their_bands(query: str, least: float, most: float) -> None:
    assert least <= people.search(query)[0].score <= most


def test_no_more_hits_than_asked_for() -> None:
    assert len(people.search("a", limit=2)) <= 2


def test_only_the_beginning_of_a_long_query_counts() -> None:
    name = "가나다라마바사아자차" * (LONGEST_QUERY // 10)
    index = index_of({"long": (name,), "other": ("가나다",)})
    assert refs(index.search(name + "파" * 500))[0] == "long"


def test_an_empty_index_finds_nothing() -> None:
    assert NameIndex([]).search("Taecyeon") == []
    assert best_matches([]) == []


@given(st.text(max_size=2000))
def test_any_text_can_be_asked(query: str) -> None:
    hits = people.search(query)
    assert all(0 < hit.score <= 1 for hit in hits)
    assert set(best_matches(hits)) <= set(hits)


NAMES = st.text(
    st.sampled_from("abegiklmnoprsty 가강고김민박서은준택연현かのはやと勇斗"), min_size=2
)


@given(
    st.lists(
        NAMES.filter(lambda name: bool(make_search_keys(name).letters)), min_size=1, max_size=12
    )
)
def test_an_exact_name_is_always_first(names: list[str]) -> None:
    index = NameIndex(NameEntry(f"title:{name}", make_search_keys(name), 1.0) for name in names)
    for name in names:
        first = index.search(name)[0]
        assert (
            make_search_keys(first.ref.removeprefix("title:")).letters
            == make_search_keys(name).letters
        )


@given(st.sampled_from(["옥택연", "송중기", "박서준", "차은우", "김고은"]), st.data())
def test_hangul_is_found_while_it_is_typed(name: str, data: st.DataObject) -> None:
    typed = hangul.letters(name)
    count = data.draw(st.integers(min_value=4, max_value=len(typed)))
    expected = next(ref for ref, names in PEOPLE.items() if name in names)
    assert refs(people.search(hangul.compose(typed[:count])))[0] == expected


@given(st.sampled_from(sorted(PEOPLE)), st.data())
def test_one_slip_in_a_whole_name_is_forgiven(ref: str, data: st.DataObject) -> None:
    name = PEOPLE[ref][0]
    place = data.draw(st.integers(min_value=0, max_value=len(name) - 1))
    assert refs(people.search(name[:place] + name[place + 1 :]))[0] == ref
