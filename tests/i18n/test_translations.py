"""What `Translations` says beyond messages: contexts, lists, cities and names of languages."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.frontend import parse_keywords

from bot.i18n import get_translations, native_name, pgettext_noop

MAKEFILE = Path(__file__).parent.parent.parent / "Makefile"

OCCUPATION = 'msgctxt "occupation"\nmsgid "Writer"\nmsgstr "{}"\n\n'
HEADER = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);"\n\n'


def test_context_selects_the_message(tmp_path: Path) -> None:
    plain = 'msgid "Writer"\nmsgstr "plain"\n\n'
    (tmp_path / "xx.po").write_text(HEADER + plain + OCCUPATION.format("by trade"))
    translations = get_translations("xx", tmp_path)
    assert translations.gettext("Writer") == "plain"
    assert translations.pgettext("occupation", "Writer") == "by trade"
    assert translations.pgettext("occupation", pgettext_noop("occupation", "Writer")) == "by trade"


def test_untranslated_context_falls_back_to_the_language_then_to_english(tmp_path: Path) -> None:
    (tmp_path / "xx.po").write_text(HEADER + OCCUPATION.format("by trade"))
    plain = 'msgid "Writer"\nmsgstr "plain"\n\n'
    (tmp_path / "xx-YY.po").write_text(HEADER + plain + OCCUPATION.format(""))
    translations = get_translations("xx-YY", tmp_path)
    assert translations.pgettext("occupation", "Writer") == "by trade"
    assert translations.pgettext("job", "Writer") == "Writer"


def test_make_messages_collects_contexts() -> None:
    given = MAKEFILE.read_text().split("extract -F babel.cfg", 1)[1].split("--no-location")[0]
    options = given.replace("\\\n", " ").split("-k ")[1:]
    keywords = DEFAULT_KEYWORDS | parse_keywords([option.strip() for option in options])
    code = (
        b'_ = pgettext_noop("occupation", "Writer"), pgettext("job", "Writer"), locale_str("add")'
    )
    found = extract("python", BytesIO(code), keywords)
    assert [(context, message) for _line, message, _comments, context in found] == [
        ("occupation", "Writer"),
        ("job", "Writer"),
        (None, "add"),
    ]


@pytest.mark.parametrize(
    ("locale", "joined"),
    [
        ("en-US", "A, B, C"),
        ("ko", "A, B, C"),
        ("ja", "A、B、C"),
        ("zh-TW", "A、B、C"),
        ("es-ES", "A, B, C"),
        ("id", "A, B, C"),
        ("th", "A, B, C"),
    ],
)
def test_lists_are_joined_as_the_language_does(locale: str, joined: str) -> None:
    translations = get_translations(locale)
    assert translations.join_list("ABC") == joined
    assert translations.join_list([]) == ""
    assert translations.join_list(["{0}"]) == "{0}"


@pytest.mark.parametrize(
    ("locale", "zone", "city"),
    [
        ("en-US", "Asia/Seoul", "Seoul"),
        ("ko", "Asia/Seoul", "서울"),
        ("es-419", "America/New_York", "Nueva York"),
        # CLDR has these cities under an earlier name of the zone, or does not have them.
        ("vi", "Asia/Ho_Chi_Minh", "TP Hồ Chí Minh"),
        ("de", "Asia/Kolkata", "Kalkutta"),
        ("en-US", "America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("en-US", "US/Pacific", "Los Angeles"),
        ("de", "EST", "EST"),
    ],
)
def test_zone_is_named_after_its_city(locale: str, zone: str, city: str) -> None:
    assert get_translations(locale).city(zone) == city


def test_languages_are_capitalized_as_in_a_menu() -> None:
    assert [native_name(one) for one in ("es-419", "fr", "id", "ko")] == [
        "Español (Latinoamérica)",
        "Français",
        "Bahasa Indonesia",
        "한국어",
    ]
