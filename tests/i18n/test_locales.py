"""Each language has every message and no other, and each text fits where it is shown."""

import re
import string
from collections import Counter
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from bot.i18n import LOCALES, get_translations, is_supported
from tests.support.locales import REQUIRED_LOCALES, TEMPLATE, messages, read_catalog

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = sorted(file.stem for file in LOCALES.glob("*.po"))
# Has only what differs from the Spanish of all countries; the rest falls back to that.
PARTIAL = ("es-419",)


def translated_forms(message: Message) -> tuple[str, ...]:
    text = message.string
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _t, name, _f, _c in string.Formatter().parse(text) if name)


def test_required_languages_are_supported() -> None:
    assert [tag for tag in REQUIRED_LOCALES if not is_supported(tag)] == []
    assert not is_supported("xx")


def test_template_has_exactly_the_messages_of_the_code() -> None:
    keywords = DEFAULT_KEYWORDS | {
        "gettext_noop": None,
        "pgettext_noop": ((1, "c"), 2),
        "locale_str": None,
    }
    said: set[tuple[str | None, str]] = set()
    for folder in ("bot", "cogs"):
        for _file, _line, found, _comments, context in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=keywords
        ):
            said.add((context, found if isinstance(found, str) else found[0]))
    assert said == set(messages(read_catalog(TEMPLATE))), "run `make messages`"


def test_no_text_is_translated_inside_an_f_string() -> None:
    """Babel does not find it there."""
    sources = [file for folder in ("bot", "cogs") for file in (ROOT / folder).rglob("*.py")]
    assert [f.name for f in sources if "{_(" in f.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_has_every_message_and_no_other(language: str) -> None:
    known, own = (
        messages(read_catalog(TEMPLATE)),
        messages(read_catalog(LOCALES / f"{language}.po")),
    )
    assert set(own) == set(known)
    if language in PARTIAL:
        return
    empty = [text for text, message in own.items() if not all(translated_forms(message))]
    assert empty == []
    assert [text for text, message in own.items() if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_messages_have_as_many_forms_as_the_language(language: str) -> None:
    own = read_catalog(LOCALES / f"{language}.po")
    for message in messages(own).values():
        if message.pluralizable and any(translated_forms(message)):
            assert len(translated_forms(message)) == own.num_plurals, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_counts_as_in_cldr(language: str) -> None:
    # `many` is for a million and more, in languages that have it.
    forms = Locale.parse(language, sep="-").plural_form.tags - {"many"}
    assert read_catalog(LOCALES / f"{language}.po").num_plurals == len(forms | {"other"})


def test_regional_text_differs_from_that_of_its_language() -> None:
    for regional in PARTIAL:
        own = messages(read_catalog(LOCALES / f"{regional}.po"))
        general = messages(read_catalog(LOCALES / f"{regional.split('-')[0]}.po"))
        translated = {text: one.string for text, one in own.items() if any(one.string)}
        assert [x for x, string in translated.items() if string == general[x].string] == []


# 은/는, 이/가 … depend on the last letter of the word before them.
KOREAN_PARTICLE = re.compile(r"\}\**(?:은|는|이|가|을|를|과|와|으?로|이?랑|이?나|아|야)(?![가-힣])")


def test_no_korean_particle_depends_on_a_name() -> None:
    korean = messages(read_catalog(LOCALES / "ko.po"))
    texts = [text for message in korean.values() for text in translated_forms(message)]
    assert [text for text in texts if KOREAN_PARTICLE.search(text)] == []
    assert KOREAN_PARTICLE.search("**{title}**을 찾을 수 없어요.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_and_bold(language: str) -> None:
    for (_context, text), message in messages(read_catalog(LOCALES / f"{language}.po")).items():
        for translated in filter(None, translated_forms(message)):
            assert placeholders(translated) == placeholders(text), text
            assert translated.count("**") == text.count("**"), text
            assert translated == translated.strip(), text


LIMITS = {
    "More info": 80,
    "About the project": 80,
    "Cast": 80,
    "Overview": 80,
    "Sources": 80,
    "Synopsis": 80,
    "Release": 80,
    "◀ Back": 80,
    "More ▶": 80,
    "Hidden cameos (spoilers)": 80,
    "Full story (spoilers, only you can see it)": 80,
    "Choose one": 100,
    "Choose a person": 100,
    "Choose a show": 100,
    "Source": 100,
}


@pytest.mark.parametrize("locale", REQUIRED_LOCALES)
def test_labels_fit_into_their_components(locale: str) -> None:
    translations = get_translations(locale)
    for text, limit in LIMITS.items():
        assert 0 < len(translations.gettext(text)) <= limit
