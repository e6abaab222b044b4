"""Merges what sources and people say of a record into the record that members see.

Merging is a pure function of the layers and the edits, whatever order they are given in. Edits win
over records by hand (`data/catalog`), and those over sources. Lists of names and credits are
unions; a date is taken from one source, and never computed from several.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.catalog.edits import Edit, apply_edits
from bot.catalog.layer import Layer
from bot.catalog.merging_lists import merge_cast, merge_crew, merge_names
from bot.catalog.merging_releases import merge_releases
from bot.catalog.merging_sources import merge_sources, with_distinct_sources
from bot.catalog.model import Person, Title, record_class

CATALOG = "catalog"
"""The layer of records by hand, from files."""

EDITS = "edits"
"""The source of fields that people edited in Discord."""

# The first layer that has a field decides it. TVmaze knows schedules best, Wikidata names and
# people, TMDB translations.
_ORDER = (CATALOG, "tvmaze", "wikidata", "tmdb")
_ORDER_BY_FIELD = {
    "names": (CATALOG, "wikidata", "tvmaze", "tmdb"),
    "born": (CATALOG, "wikidata", "tvmaze", "tmdb"),
    "external_ids": (CATALOG, "wikidata", "tvmaze", "tmdb"),
    "premise": (CATALOG, "tmdb", "tvmaze", "wikidata"),
    "synopsis": (CATALOG, "tmdb", "tvmaze", "wikidata"),
}
_BY_KEY = ("premise", "synopsis", "external_ids")
_SPECIAL = {"id", "entity", "names", "releases", "cast", "crew", "sources", *_BY_KEY}
# Fields that name the source of another field, and so come with it.
_WITH_FIELD = {"poster": "poster_source", "portrait": "portrait_source"}


_Entries = Sequence[tuple[dict[str, Any], str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged record, and the source of each of its fields by path, such as `cast.0`."""

    record: Title | Person
    provenance: Mapping[str, str]


def merge(
    record_id: str,
    layers: Iterable[Layer],
    edits: Sequence[Edit] = (),
    person_ids: Mapping[str, str] | None = None,
) -> Merged | None:
    """Merge the layers and edits of a record with this id.

    `person_ids` maps the ids of people in layers to the ids of their records. A credit whose person
    is not in it is left out; None leaves the ids as they are. Returns None if nothing is left, as
    after the removal of the only source. Raises pydantic's ValidationError if the edits make the
    record invalid.
    """
    ordered = with_distinct_sources(sorted(layers, key=_layer_order))
    if len(ordered) == 1 and ordered[0].source == CATALOG and not edits:
        merged = _record_by_hand(ordered[0].record, record_id, person_ids)
        if merged is not None:
            return merged
    fields: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    listed: dict[str, _Entries] = {}
    if ordered:
        _merge_fields(ordered, fields, provenance)
        listed = _merge_lists(ordered, person_ids)
    fields |= {name: [entry for entry, _source in entries] for name, entries in listed.items()}
    apply_edits(fields, provenance, edits, EDITS)
    _add_list_provenance(fields, provenance, listed)
    if "entity" not in fields:
        return None
    contributed = set(provenance.values())
    merge_sources([(one.source in contributed, one.record.sources) for one in ordered], fields)
    fields = {key: value for key, value in fields.items() if value not in (None, [], {})}
    model = record_class(fields["entity"])
    return Merged(model.model_validate({**fields, "id": record_id}), provenance)


def _record_by_hand(
    record: Title | Person, record_id: str, person_ids: Mapping[str, str] | None
) -> Merged | None:
    """Return a record that has no other layer as it is, or None if it refers to joined people."""
    people = (
        {credit.person for credit in (*record.cast, *record.crew)}
        if isinstance(record, Title)
        else set[str]()
    )
    is_plain = person_ids is None or all(person_ids.get(one) == one for one in people)
    if record.id != record_id or not is_plain:
        return None
    return Merged(record, dict.fromkeys(sorted(record.model_fields_set - {"id"}), CATALOG))


def _layer_order(layer: Layer) -> tuple[int, str, str]:
    known = _ORDER.index(layer.source) if layer.source in _ORDER else len(_ORDER)
    return known, layer.source, layer.external_id


def _in_order(layers: Sequence[Layer], field: str) -> list[Layer]:
    order = _ORDER_BY_FIELD.get(field, _ORDER)
    return sorted(
        layers, key=lambda one: order.index(one.source) if one.source in order else len(order)
    )


def _merge_fields(
    layers: Sequence[Layer], fields: dict[str, Any], provenance: dict[str, str]
) -> None:
    fields["entity"] = layers[0].record.entity
    dumped = {id(layer): _dump(layer.record) for layer in layers}
    names = dict.fromkeys(name for data in dumped.values() for name in data)
    for name in names:
        if name in _SPECIAL or name in _WITH_FIELD.values():
            continue
        for layer in _in_order(layers, name):
            if (value := dumped[id(layer)].get(name)) not in (None, [], {}):
                fields[name], provenance[name] = value, layer.source
                if source_field := _WITH_FIELD.get(name):
                    fields[source_field] = dumped[id(layer)].get(source_field)
                break
    for name in _BY_KEY:
        for layer in _in_order(layers, name):
            entries: Mapping[str, Any] = dumped[id(layer)].get(name) or {}
            for key, value in entries.items():
                if key not in fields.setdefault(name, {}):
                    fields[name][key] = value
                    provenance[f"{name}.{key}"] = layer.source


def _merge_lists(
    layers: Sequence[Layer], person_ids: Mapping[str, str] | None
) -> dict[str, _Entries]:
    """Return the entries of lists with their sources."""
    named = [(layer.source, layer.record.names) for layer in _in_order(layers, "names")]
    merged: dict[str, Sequence[tuple[Any, str]]] = {"names": merge_names(named)}
    titles = [(one.source, one.record) for one in layers if isinstance(one.record, Title)]
    if titles:
        merged["releases"] = merge_releases(titles)
        merged["cast"] = merge_cast(titles, person_ids)
        merged["crew"] = merge_crew(titles, person_ids)
    return {
        name: [(_dump(entry), source) for entry, source in entries]
        for name, entries in merged.items()
    }


def _add_list_provenance(
    fields: Mapping[str, Any], provenance: dict[str, str], listed: Mapping[str, _Entries]
) -> None:
    """Add the sources of the entries of lists, whose places edits may have changed."""
    for name, entries in listed.items():
        sources = {id(entry): source for entry, source in entries}
        for number, entry in enumerate(fields.get(name) or ()):
            provenance[f"{name}.{number}"] = sources.get(id(entry), EDITS)


def _dump(model: Any) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_unset=True, exclude_none=True)
