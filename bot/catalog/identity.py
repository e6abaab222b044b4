"""Whether two records are of the same title or person.

Titles are joined by external ids alone. TVmaze and Wikidata share no ids of people: those are
joined if the same title credits both, their names are the same, and their birthdays do not
contradict each other. Whatever is doubtful stays two records, for a curator to decide.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.catalog.model import Name, Person
from bot.catalog.window import Precision, ReleaseWindow


class Verdict(StrEnum):
    """Whether two records are the same."""

    SAME = "same"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict, with what speaks for and against it.

    Each reason is a code with an argument: `name:Gong Yoo`, `born:1979-07-10`, `title:goblin`,
    `imdb:tt1234567`, `born_differs:1979-07-10/1981-01-01`, `several_of_this_name`, and
    `same_source:tvmaze` if one source lists both.
    """

    verdict: Verdict
    evidence: tuple[str, ...] = ()


_DIFFERENT = Comparison(Verdict.DIFFERENT)

# What the same in two records means that they are the same.
_SCHEMES = {
    "title": ("tvmaze", "imdb", "thetvdb", "tmdb", "wikidata", "mydramalist"),
    "person": ("wikidata", "imdb", "tmdb", "tvmaze"),
}
_NOT_LETTERS = re.compile(r"[\W_]+")


def compare_ids(
    entity: Literal["title", "person"], one: Mapping[str, str], other: Mapping[str, str]
) -> Comparison:
    """Compare two records by their external ids. It is doubtful if some agree and others differ."""
    schemes = _SCHEMES[entity]
    same = [f"{scheme}:{one[scheme]}" for scheme in schemes if _agree(one, other, scheme)]
    differ = [
        f"{scheme}_differs:{one[scheme]}/{other[scheme]}"
        for scheme in schemes
        if scheme in one and scheme in other and not _agree(one, other, scheme)
    ]
    if same and differ:
        return Comparison(Verdict.DOUBTFUL, (*same, *differ))
    if same:
        return Comparison(Verdict.SAME, tuple(same))
    return Comparison(Verdict.DIFFERENT, tuple(differ))


def compare_people(one: Person, other: Person, shared_titles: Iterable[str]) -> Comparison:
    """Compare two people, who are credited in `shared_titles` (ids) both."""
    by_id = compare_ids("person", one.external_ids, other.external_ids)
    if by_id.verdict is not Verdict.DIFFERENT or by_id.evidence:
        return by_id
    names = sorted(_keys(one.names) & _keys(other.names))
    titles = sorted(set(shared_titles))
    if not names or not titles:
        return _DIFFERENT
    evidence = (f"name:{_shown(one.names, names[0])}", *(f"title:{title}" for title in titles[:5]))
    if _contradict(one.born, other.born):
        return Comparison(Verdict.DOUBTFUL, (*evidence, f"born_differs:{one.born}/{other.born}"))
    born = (f"born:{one.born}",) if one.born and other.born else ()
    return Comparison(Verdict.SAME, (*evidence, *born))


def name_key(text: str) -> str:
    """Return a name without case, accents, hyphens and spaces, and with its words in order.

    `Ok Taec-yeon`, `OK TAECYEON` and `Taecyeon Ok` have the same key only if their words are the
    same: a hyphen joins the parts of a word.
    """
    plain = unicodedata.normalize("NFKD", text).casefold().replace("-", "").replace("'", "")
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _NOT_LETTERS.split(unicodedata.normalize("NFC", letters))
    return " ".join(sorted(word for word in words if word))


def speaks_against(evidence: str) -> bool:
    """Return whether a code of a `Comparison` says that the records differ."""
    kind = evidence.partition(":")[0]
    return kind.endswith("_differs") or kind in ("several_of_this_name", "same_source")


def id_key(scheme: str, value: str) -> str:
    """Return what identifies in an external id: of MyDramaList's `18452-goblin`, the number."""
    return value.partition("-")[0] if scheme == "mydramalist" else value


def _agree(one: Mapping[str, str], other: Mapping[str, str], scheme: str) -> bool:
    if scheme not in one or scheme not in other:
        return False
    return id_key(scheme, one[scheme]) == id_key(scheme, other[scheme])


def _keys(names: Sequence[Name]) -> set[str]:
    return {key for name in names if (key := name_key(name.text))}


def _shown(names: Sequence[Name], key: str) -> str:
    return next(name.text for name in names if name_key(name.text) == key)


def _contradict(one: ReleaseWindow | None, other: ReleaseWindow | None) -> bool:
    """Return whether two birthdays differ. One that is not known to the day never does."""
    if one is None or other is None:
        return False
    exact = Precision.DAY
    return one.precision == other.precision == exact and one.earliest != other.earliest
