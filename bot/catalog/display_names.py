"""Which of its names something is called by, for a reader of some language."""

import re
from collections.abc import Iterable, Sequence

from bot.catalog.model import Name, NameType

_HAN = re.compile(r"[\u3400-\u9fff]+")

# How something is called, best first. A reading and a working title are looked up by, not shown
# as the name.
_SHOWN = {
    NameType.MAIN: 0,
    NameType.ORIGINAL: 1,
    NameType.STAGE: 2,
    NameType.ROMANISED: 3,
    NameType.ALIAS: 4,
}


def best_name(names: Sequence[Name], language: str) -> str:
    """The name for a reader of `language` (BCP 47, without region).

    It is the record's name in that language where it has one, otherwise its main name. `names`
    holds one at least.
    """
    shown = [name for name in names if name.type in _SHOWN] or names[:1]
    own = [name for name in shown if _is_of(name, language)]
    return min(own or shown, key=_rank).text


def other_names(names: Sequence[Name], language: str, limit: int = 4) -> list[str]:
    """The names beside the best one: originals first, each once, `limit` at most."""
    best = best_name(names, language)
    ranked = sorted(names, key=lambda name: (name.lang == "und", _rank(name)))
    others = dict.fromkeys(name.text for name in ranked if name.text.casefold() != best.casefold())
    return list(others)[:limit]


def all_names(names: Iterable[Name]) -> list[str]:
    """Every spelling, each once."""
    return list(dict.fromkeys(name.text for name in names))


def _rank(name: Name) -> int:
    return _SHOWN.get(name.type, len(_SHOWN))


def _is_of(name: Name, language: str) -> bool:
    """Whether readers of a language call it so: it is in theirs, or, for those of Chinese, in
    characters they read as well."""
    if language == "zh" and _HAN.fullmatch(name.text):
        return True
    return name.lang.partition("-")[0] == language
