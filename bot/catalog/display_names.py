"""Selects the names to display in a language."""

import re
from collections.abc import Iterable, Sequence

from bot.catalog.model import Name, NameType

_HAN = re.compile(r"[\u3400-\u9fff]+")

# The display priority of name types, best first. Readings and working titles can be searched for
# but are not displayed as the name.
_PRIORITY = {
    NameType.MAIN: 0,
    NameType.ORIGINAL: 1,
    NameType.STAGE: 2,
    NameType.ROMANISED: 3,
    NameType.ALIAS: 4,
}

# The types of the names that are shown below it, best first.
_SECONDARY = (NameType.ORIGINAL, NameType.STAGE, NameType.MAIN)


def best_name(names: Sequence[Name], language: str) -> str:
    """Return the display name in `language` (BCP 47, without region).

    Falls back to the main name if there is none in that language. `names` must not be empty.
    """
    displayable = [name for name in names if name.type in _PRIORITY] or names[:1]
    localized = [name for name in displayable if _is_in_language(name, language)]
    return min(localized or displayable, key=_rank).text


def other_names(names: Sequence[Name], language: str, limit: int = 2) -> list[str]:
    """Return up to `limit` names to show below the best one: original, stage, English main name.

    Names that are spelled alike except for case, spaces and hyphens are the same name.
    """
    best = best_name(names, language)
    secondary = [name for name in names if _is_secondary(name)]
    ranked = sorted(secondary, key=lambda name: _SECONDARY.index(name.type))
    others = {_spelling(name.text): name.text for name in reversed(ranked)}
    others.pop(_spelling(best), None)
    return list(others.values())[::-1][:limit]


def all_names(names: Iterable[Name]) -> list[str]:
    """Return all distinct spellings."""
    return list(dict.fromkeys(name.text for name in names))


def _is_secondary(name: Name) -> bool:
    # Main names in other languages are for the readers of these languages.
    is_foreign_main = name.type is NameType.MAIN and name.lang.partition("-")[0] != "en"
    return name.type in _SECONDARY and not is_foreign_main


def _spelling(text: str) -> str:
    return re.sub(r"[\s-]+", "", text.casefold())


def _rank(name: Name) -> int:
    return _PRIORITY.get(name.type, len(_PRIORITY))


def _is_in_language(name: Name, language: str) -> bool:
    """Return whether a name is in a language. For Chinese, any name in Han characters counts."""
    if language == "zh" and _HAN.fullmatch(name.text):
        return True
    return name.lang.partition("-")[0] == language
