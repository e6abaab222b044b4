"""The fonts have every character that the pictures may show."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bot.catalog.model import Release
from bot.i18n import get_translations
from bot.pictures import typeface
from bot.pictures.characters import coverage
from bot.pictures.picture import is_showable
from bot.pictures.thai import CLUSTERS, compose_clusters
from bot.pictures.typeface import Style, Typeface, prepare_text
from bot.ui.cards.releases import event_label
from bot.ui.date_format import format_day
from tests.ui.builders import ALL_LOCALES, context

FONTS = Path(typeface.__file__).parent / "fonts"
EVENTS = ("premiere", "finale", "trailer", "special", "theatrical", "digital")


@pytest.mark.parametrize("file", coverage())
def test_font_has_exactly_the_characters_it_is_listed_with(file: str) -> None:
    assert {chr(code) for code in TTFont(FONTS / file).getBestCmap()} == coverage()[file]


def test_fonts_and_their_licence_are_all_that_is_shipped() -> None:
    files = list(FONTS.iterdir())
    assert {file.name for file in files} == {*coverage(), "OFL.txt"}
    assert sum(file.stat().st_size for file in files) < 8_000_000


@pytest.mark.parametrize("locale", ALL_LOCALES)
def test_dates_and_events_of_every_language_can_be_shown(locale: str) -> None:
    translations = get_translations(locale)
    texts = [format_day(translations, date(2026, month, 28)) for month in range(1, 13)]
    texts += [event_label(Release(event=one, season=2), context(locale)) for one in EVENTS]
    assert [text for text in texts if not is_showable(text)] == []


@pytest.mark.parametrize(
    ("text", "showable"),
    [
        ("Crash Landing on You", True),
        ("쓸쓸하고 찬란하神 – 도깨비", True),
        ("똠방각하 뷁", True),
        ("私の夫と結婚して〜", True),
        ("淚之女王", True),
        ("Nữ hoàng của những giọt nước mắt", True),
        (unicodedata.normalize("NFD", "Nữ hoàng"), True),
        ("ปิ่นปั้นน้ำผึ้ง", True),
        ("Любовь в ночи", True),
        ("밤에 피는 꽃 ♥", True),
        ("محاسب العدالة", False),
        ("Goblin 🔥", False),
        ("हीर", False),
        ("ก่่่", False),
    ],
)
def test_text_is_showable_if_every_character_has_a_glyph(text: str, showable: bool) -> None:
    assert is_showable(text) is showable


def test_thai_marks_belong_to_the_glyph_of_their_consonant() -> None:
    prepared = prepare_text("ผู้ที่")
    assert len(prepared) == 2
    assert set(prepared) <= set(CLUSTERS.values())
    assert compose_clusters("กา ขe") == "กา ขe"


def test_thai_marks_take_no_width_of_their_own() -> None:
    thai = Typeface(Style.TEXT, "th")
    assert thai.width(prepare_text("ที่"), 60) == thai.width("ท", 60)
    assert thai.width(prepare_text("นำ"), 60) > thai.width("น", 60)


@pytest.mark.parametrize(("language", "file"), [("ja", "Japanese.otf"), ("zh", "Chinese.otf")])
def test_han_characters_have_the_form_of_the_language(language: str, file: str) -> None:
    runs = [(text, Path(str(font.path)).name) for text, font in _runs(language, "直 D-7 궁")]
    assert runs == [("直", file), (" D-7 ", "Display.ttf"), ("궁", "Korean.otf")]


def test_han_character_missing_in_one_font_is_taken_from_the_other() -> None:
    [(_, font)] = _runs("ja", "妳")
    assert Path(str(font.path)).name == "Chinese.otf"


def _runs(language: str, text: str) -> list[tuple[str, typeface.FreeTypeFont]]:
    return list(Typeface(Style.DISPLAY, language).runs(text, 40))
