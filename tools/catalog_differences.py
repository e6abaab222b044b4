"""Finds the facts in which two catalogs differ.

Titles are matched by name and year, people by a Latin name and one in another script. A fact that
only one side states is not compared.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TypeVar

from bot.catalog.display_names import all_names
from bot.catalog.model import CastCredit, Name, NameType, Person, Title
from bot.catalog.window import ReleaseWindow
from bot.search.fold import join_words
from bot.search.search_keys import make_search_keys

Record = TypeVar("Record", Title, Person)
Names = Iterable[Name]
Windows = Iterable[ReleaseWindow | None]
Difference = tuple[str, object, object]
"""A field, and its value in the catalog and in the reference."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a catalog, by id."""

    titles: Mapping[str, Title]
    people: Mapping[str, Person]

    def cast(self, title: Title) -> Iterator[tuple[Person, CastCredit]]:
        """Yield actors and their credits in billing order. Actors without a record are left out."""
        for credit in title.billing():
            if person := self.people.get(credit.person):
                yield person, credit


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field in which a record differs from the reference. `record` is the record's ref."""

    record: str
    field: str
    ours: str
    reference: str


@dataclass(slots=True)
class Comparison:
    """The number of records compared, the refs that the reference lacks, and what differs."""

    compared: int = 0
    missing: list[str] = field(default_factory=list[str])
    disagreements: list[Disagreement] = field(default_factory=list[Disagreement])

    @property
    def summary(self) -> dict[str, int]:
        """The number of records compared, found, agreeing and disagreeing."""
        found = self.compared - len(self.missing)
        wrong = len({disagreement.record for disagreement in self.disagreements})
        counts = {"compared": self.compared, "found": found, "agreeing": found - wrong}
        return counts | {"disagreeing": wrong}

    def add(self, record: Title | Person, differences: Iterable[Difference] | None) -> None:
        """Count a record and its differences. None means that the reference lacks the record."""
        ref = f"{record.entity}:{record.id}"
        self.compared += 1
        if differences is None:
            self.missing.append(ref)
        for name, ours, theirs in differences or ():
            self.disagreements.append(Disagreement(ref, name, str(ours), str(theirs)))


def compare(ours: Records, reference: Records) -> Comparison:
    """Compare each record with its counterpart in the reference."""
    result = Comparison()
    find_title = _finder(reference.titles.values(), _may_be_same_title)
    find_person = _finder(reference.people.values(), _is_same_person)
    for title in ours.titles.values():
        differences = None
        if other := find_title(title):
            cast = _cast_differences(list(ours.cast(title)), list(reference.cast(other)))
            differences = [*_title_differences(title, other), *cast]
        result.add(title, differences)
    for person in ours.people.values():
        match = find_person(person)
        result.add(person, match and _window_differences("born", [person.born], [match.born]))
    return result


def _finder(
    records: Iterable[Record], is_same: Callable[[Record, Record], bool]
) -> Callable[[Record], Record | None]:
    """Return a function that finds the record with the most names in common with another."""
    by_key: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        for key in _keys(record.names):
            by_key[key].append(record)

    def find(record: Record) -> Record | None:
        keys = _keys(record.names)
        candidates = {one.id: one for key in keys for one in by_key.get(key, ())}
        ranked = [
            (len(keys & _keys(one.names)), one.popularity, one.id)
            for one in candidates.values()
            if is_same(record, one)
        ]
        return candidates[max(ranked)[-1]] if ranked else None

    return find


def _may_be_same_title(ours: Title, theirs: Title) -> bool:
    # One year apart, so that a wrong date is not a missing title.
    return ours.year is None or theirs.year is None or abs(ours.year - theirs.year) <= 1


def _is_same_person(ours: Person, theirs: Person) -> bool:
    return len({key.isascii() for key in _keys(ours.names) & _keys(theirs.names)}) > 1


def _title_differences(ours: Title, theirs: Title) -> Iterator[Difference]:
    yield from _name_differences("original name", _originals(ours), _originals(theirs))
    for event in dict.fromkeys(release.event for release in ours.releases):
        yield from _window_differences(event, _windows(ours, event), _windows(theirs, event))
    if ours.episode_count and theirs.episode_count and ours.episode_count != theirs.episode_count:
        yield "episodes", ours.episode_count, theirs.episode_count
    yield from _name_differences("networks", _networks(ours), _networks(theirs), _is_within)


def _cast_differences(
    ours: list[tuple[Person, CastCredit]], theirs: list[tuple[Person, CastCredit]]
) -> Iterator[Difference]:
    places: dict[str, int] = {}
    for person, credit in ours:
        for place, (other, other_credit) in enumerate(theirs):
            if _keys(person.names) & _keys(other.names):
                places.setdefault(person.id, place)
                yield from _credit_differences(person, credit, other, other_credit)
                break
    if (order := sorted(places, key=lambda person_id: places[person_id])) != list(places):
        yield "billing", ", ".join(places), ", ".join(order)


def _credit_differences(
    person: Person, credit: CastCredit, other: Person, other_credit: CastCredit
) -> Iterator[Difference]:
    yield from _name_differences(f"name of {person.id}", _originals(person), _originals(other))
    names = credit.names, other_credit.names
    yield from _name_differences(f"character of {person.id}", *names, _is_within)
    if credit.role and other_credit.role and credit.role != other_credit.role:
        yield f"role of {person.id}", credit.role, other_credit.role


def _name_differences(
    label: str, ours: Names, theirs: Names, is_same: Callable[[str, str], bool] = str.__eq__
) -> Iterator[Difference]:
    """Yield a difference if names share a script, but no two of them are the same."""
    pairs = product(_keys(ours), _keys(theirs))
    comparable = [pair for pair in pairs if pair[0].isascii() == pair[1].isascii()]
    if comparable and not any(is_same(key, other) for key, other in comparable):
        yield label, " / ".join(all_names(ours)), " / ".join(all_names(theirs))


def _is_within(key: str, other: str) -> bool:
    # Henry and Dr. Henry Kim, KBS and KBS2.
    return key in other or other in key


def _window_differences(label: str, ours: Windows, theirs: Windows) -> Iterator[Difference]:
    known = [[window for window in side if window] for side in (ours, theirs)]
    pairs = list(product(*known))
    if pairs and not any(a.earliest <= b.latest and b.earliest <= a.latest for a, b in pairs):
        yield label, ", ".join(map(str, known[0])), ", ".join(map(str, known[1]))


def _windows(title: Title, event: str) -> Windows:
    return [current.window for current, _ in title.release_history() if current.event == event]


def _networks(title: Title) -> list[Name]:
    return [Name(text=network.name) for network in title.networks if network.name]


def _originals(record: Title | Person) -> list[Name]:
    return [name for name in record.names if name.type == NameType.ORIGINAL]


def _keys(names: Names) -> set[str]:
    """Spellings to compare: folded without spaces if Latin, also with the last word first."""
    keys: set[str] = set()
    for name in names:
        found = make_search_keys(name.text)
        words = found.fold.split() if found.letters.isascii() else found.letters.split()
        keys |= {join_words(" ".join(words)), join_words(" ".join(words[-1:] + words[:-1]))}
    return keys - {""}
