"""Merges names and credits: unions, in which the first source decides the details."""

from collections.abc import Mapping, Sequence

from bot.catalog.model import CastCredit, CrewCredit, Name, NameType, Title

# One per language; further ones become aliases.
_UNIQUE_TYPES = (NameType.MAIN, NameType.ORIGINAL)
_MAX_NAMES, _MAX_CREDITS = 200, 1000

PersonIds = Mapping[str, str] | None


def merge_names(layers: Sequence[tuple[str, Sequence[Name]]]) -> Sequence[tuple[Name, str]]:
    """Return the names of all layers with their sources, without repetitions."""
    merged: dict[tuple[str, str], tuple[Name, str]] = {}
    taken: dict[tuple[NameType, str], str] = {}
    texts: set[str] = set()
    for source, names in layers:
        for name in names:
            # In another language it is a name of its own, unless it only repeats one.
            key = (name.text.casefold(), name.lang)
            if key in merged or (source != layers[0][0] and key[0] in texts):
                continue
            if name.type in _UNIQUE_TYPES and taken.setdefault((name.type, name.lang), source) != (
                source
            ):
                name = Name(text=name.text, lang=name.lang, type=NameType.ALIAS)
            merged[key] = (name, source)
            texts.add(key[0])
    return list(merged.values())[:_MAX_NAMES]


def merge_cast(
    layers: Sequence[tuple[str, Title]], person_ids: PersonIds
) -> Sequence[tuple[CastCredit, str]]:
    """Return the cast of all layers with its sources.

    The first layer with a cast decides the billing order. Others add people, after those, and what
    the first does not say of a credit.
    """
    merged: dict[str, list[tuple[CastCredit, str]]] = {}
    leading = None
    for source, title in layers:
        own: dict[str, list[CastCredit]] = {}
        for credit in title.billing():
            if person := _resolve(credit.person, person_ids):
                own.setdefault(person, []).append(credit.model_copy(update={"person": person}))
        leading = leading or (source if own else None)
        for person, credits in own.items():
            if person in merged:
                merged[person] = _fill(merged[person], credits)
            else:
                merged[person] = [
                    (one if source == leading else _unordered(one), source) for one in credits
                ]
    return [entry for credits in merged.values() for entry in credits][:_MAX_CREDITS]


def merge_crew(
    layers: Sequence[tuple[str, Title]], person_ids: PersonIds
) -> Sequence[tuple[CrewCredit, str]]:
    """Return the crew of all layers with its sources, each person once per job."""
    merged: dict[tuple[str, str], tuple[CrewCredit, str]] = {}
    for source, title in layers:
        for credit in title.crew:
            if person := _resolve(credit.person, person_ids):
                resolved = CrewCredit(person=person, job=credit.job)
                merged.setdefault((person, credit.job), (resolved, source))
    return list(merged.values())[:_MAX_CREDITS]


def _resolve(person: str, person_ids: PersonIds) -> str | None:
    return person if person_ids is None else person_ids.get(person)


def _unordered(credit: CastCredit) -> CastCredit:
    """Return a credit without its place in another source's billing order."""
    set_fields = credit.model_fields_set - {"order"}
    return CastCredit(**{name: getattr(credit, name) for name in set_fields})


def _fill(
    credits: list[tuple[CastCredit, str]], others: Sequence[CastCredit]
) -> list[tuple[CastCredit, str]]:
    """Return a person's only credit with what another source's only credit adds."""
    if len(credits) != 1 or len(others) != 1:
        return credits
    [(credit, source)], [other] = credits, others
    added = {
        name: getattr(other, name)
        for name in ("character", "role")
        if getattr(credit, name) is None and getattr(other, name) is not None
    }
    return [(credit.model_copy(update=added), source)] if added else credits
