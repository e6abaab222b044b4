"""One name → the keys it can be found by."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.search import hangul
from bot.search.fold import join_words
from bot.search.search_keys import (
    KEYS_VERSION,
    SearchKeys,
    make_search_keys,
    query_variants,
    typed_variant,
)

SYLLABLES = st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), max_size=20)
ANY_TEXT = st.text(max_size=2000)


def folded(name: str) -> str:
    return join_words(make_search_keys(name).fold)


def test_stored_keys_stay_as_their_version_says() -> None:
    """If this fails, keys stored before are no longer right: raise KEYS_VERSION, then mend it."""
    assert KEYS_VERSION == 2
    assert make_search_keys("Ok Taec-yeon") == SearchKeys("ok taec yeon", "ok tek yon", "ㅇㅌㅇ")
    assert make_search_keys("옥택연") == SearchKeys("ㅇㅗㄱㅌㅐㄱㅇㅕㄴ", "oktekyon", "ㅇㅌㅇ")
    assert make_search_keys("응답하라 1988").initials == "ㅇㄷㅎㄹ 1988"
    assert make_search_keys("いそむら はやと") == SearchKeys(
        "いそむら はやと", "isomola hayato", ""
    )
    assert make_search_keys("磯村勇斗") == SearchKeys("磯村勇斗", "", "")
    assert make_search_keys("Spřízněná duše") == SearchKeys("spriznena duse", "splijnena tose", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TAEC·YEON", "taec-yeon"),
        ("ソウルメイト", "そうるめいと"),
        ("ｿｳﾙﾒｲﾄ", "ソウルメイト"),
        ("What’s Wrong", "whats wrong"),
        ("\u1109\u1169\u11bc", "송"),  # as macOS writes it
        ("Ｋｉｍ", "kim"),
        ("Ahn Łukasz", "ahn lukasz"),
    ],
)
def test_letters_are_alike_however_written(one: str, other: str) -> None:
    assert make_search_keys(one).letters == make_search_keys(other).letters


def test_voiced_kana_are_other_letters() -> None:
    assert make_search_keys("が").letters != make_search_keys("か").letters


@pytest.mark.parametrize(
    "spellings",
    [
        ("박서준", "Park Seo-joon", "Pak Seo-jun", "Bak Suh Joon"),
        ("이민호", "Lee Min Ho", "Yi Min-ho", "Rhee Minho", "Ri Min-ho"),
        ("최우식", "Choi Woo Shik", "Choe U-sik"),
        ("정해인", "Jung Hae-in", "Jeong Hae In", "Chung Haein"),
        ("남궁민", "Namkoong Min", "Nam Gung-min", "Namgoong Min"),
        ("옥택연", "Ok Taecyeon", "Ok Taegyeon", "Ock Taek Yeon"),
        ("고은", "Go Eun", "Goeun", "Ko-eun"),
        ("류선재", "Ryu Sun-jae", "Yoo Seon Jae"),
        ("승언", "Seung Eon", "Seungeon"),
        ("로운", "Rowoon", "Ro Un"),
        ("빈센조", "Vincenzo"),
        ("いそむらはやと", "Isomura Hayato", "イソムラハヤト"),
        ("おおたりょう", "Ota Ryo", "Ohta Ryou"),
    ],
)
def test_spellings_of_one_name_fold_alike(spellings: tuple[str, ...]) -> None:
    assert len({folded(spelling) for spelling in spellings}) == 1, list(map(folded, spellings))


def test_different_names_fold_apart() -> None:
    names = ["박서준", "박보검", "송중기", "옥택연", "김고은", "전지현", "차은우"]
    assert len({folded(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("katakana", "hangul_name"),
    [
        ("パク・ソジュン", "박서준"),
        ("オク・テギョン", "옥택연"),
        ("キム・スヒョン", "김수현"),
        ("ファン・ヨハン", "황요한"),
        ("チェ・ウシク", "최우식"),
        ("ペ・スジ", "배수지"),
        ("ソン・ジュンギ", "송중기"),
        ("パク・チャンムン", "박창문"),
        ("ハン・ソッキュ", "한석규"),
    ],
)
def test_katakana_can_spell_korean(katakana: str, hangul_name: str) -> None:
    folds = {join_words(reading.keys.fold) for reading in query_variants(katakana)}
    assert folded(hangul_name) in folds


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dhrxordus", "옥택연"),
        ("DHRXORDUS", "옥택연"),
        ("ehRoql", "도깨비"),
        ("thd wndrl", "송 중기"),
        ("ㅅㅁㄷㅊ", "taec"),
        ("녀쿄", "suzy"),
        ("ㅏㅑㅡ", "kim"),
    ],
)
def test_the_wrong_keyboard_layout_is_read_too(typed: str, meant: str) -> None:
    assert make_search_keys(meant) in [reading.keys for reading in query_variants(typed)]


def test_latin_words_are_not_taken_for_hangul() -> None:
    assert [reading.keys for reading in query_variants("taec")] == [make_search_keys("taec")]


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Wi Ha Joon", "ㅇㅎㅈ"),
        ("Byeon Woo-seok", "ㅂㅇㅅ"),
        ("Park Bo Gum", "ㅂㅂㄱ"),
        ("Lee Do Hyun", "ㅇㄷㅎ"),
        ("Isomura Hayato", ""),
        ("Goblin", ""),
    ],
)
def test_a_romanised_name_has_likely_initials(name: str, initials: str) -> None:
    assert make_search_keys(name).initials == initials


def test_a_cluster_of_initials_is_two() -> None:
    assert make_search_keys("ㄳㅇ").initials == "ㄱㅅㅇ"


@given(SYLLABLES)
def test_each_keystroke_is_a_prefix(name: str) -> None:
    typed = make_search_keys(name).letters
    for count in range(len(typed) + 1):
        half_typed = hangul.compose(typed[:count])
        assert typed.startswith(make_search_keys(half_typed).letters)


@given(SYLLABLES)
def test_hangul_survives_both_layouts(name: str) -> None:
    keys = "".join(key for key in _latin_strokes(name))
    assert hangul.letters(hangul.from_latin_keys(keys)) == hangul.letters(name)


def _latin_strokes(name: str) -> list[str]:
    shifted = dict(zip("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP", strict=True))
    return [shifted.get(letter) or hangul.to_latin_keys(letter) for letter in hangul.letters(name)]


@given(ANY_TEXT)
@example("ヷ")  # katakana that hiragana has no letter for
def test_any_text_has_keys_made_of_words(text: str) -> None:
    keys = make_search_keys(text)
    for key in (keys.letters, keys.fold, keys.initials):
        assert key == " ".join(key.split())
    assert typed_variant(text).keys == keys


@given(ANY_TEXT)
def test_letters_are_letters_of_themselves(text: str) -> None:
    letters = make_search_keys(text).letters
    assert make_search_keys(letters).letters == letters
