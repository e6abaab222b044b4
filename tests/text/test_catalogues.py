"""The languages: each has every message and no other, and each text fits where it is shown."""

import string
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.text import LOCALES, is_spoken, texts_for

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = LOCALES.parent / "messages.pot"
LANGUAGES = sorted(file.stem for file in LOCALES.glob("*.po"))
# What differs from the Spanish of all; the rest falls back to it.
PARTIAL = ("es-419",)
ASKED_FOR = ("ko", "ja", "es-ES", "es-419", "pt-BR", "id", "fr", "de", "th", "vi", "zh-TW")


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as lines:
        return read_po(lines)


def messages(catalog: Catalog) -> dict[str, Message]:
    return {singular(message): message for message in catalog if message.id}


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def translations(message: Message) -> tuple[str, ...]:
    text = message.string
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _t, name, _f, _c in string.Formatter().parse(text) if name)


def test_the_languages_asked_for_are_there() -> None:
    assert [tag for tag in ASKED_FOR if not is_spoken(tag)] == []
    assert not is_spoken("xx")


def test_the_template_is_what_the_code_says() -> None:
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None, "locale_str": None}
    said: set[str] = set()
    for folder in ("bot", "cogs"):
        for _file, _line, found, _comments, _context in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=keywords
        ):
            said.add(found if isinstance(found, str) else found[0])
    assert said == set(messages(catalogue(TEMPLATE))), "run `make messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_message_and_no_other(language: str) -> None:
    known, own = messages(catalogue(TEMPLATE)), messages(catalogue(LOCALES / f"{language}.po"))
    assert set(own) == set(known)
    if language in PARTIAL:
        return
    empty = [text for text, message in own.items() if not all(translations(message))]
    assert empty == []
    assert [text for text, message in own.items() if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    own = catalogue(LOCALES / f"{language}.po")
    for message in messages(own).values():
        if message.pluralizable and any(translations(message)):
            assert len(translations(message)) == own.num_plurals, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_bold_agree(language: str) -> None:
    for text, message in messages(catalogue(LOCALES / f"{language}.po")).items():
        for translated in filter(None, translations(message)):
            assert placeholders(translated) == placeholders(text), text
            assert translated.count("**") == text.count("**"), text
            assert translated == translated.strip(), text


LIMITS = {
    "About the show": 80,
    "About the project": 80,
    "Cast": 80,
    "Synopsis": 80,
    "Release": 80,
    "◀ Back": 80,
    "More ▶": 80,
    "Hidden cameos (spoilers)": 80,
    "Full story (spoilers, only you see it)": 80,
    "Choose one": 100,
    "Source": 100,
}


@pytest.mark.parametrize("locale", ASKED_FOR)
def test_labels_and_descriptions_fit(locale: str) -> None:
    texts = texts_for(locale)
    for text, limit in LIMITS.items():
        assert 0 < len(texts.gettext(text)) <= limit
