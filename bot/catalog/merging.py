"""Merges what sources and people say of a record into the record that members see.

Merging is a pure function of the layers and the edits, whatever order they are given in. Edits win
over records by hand (`data/catalog`), and those over sources. Lists of names and credits are
unions; a date is taken from one source, and never computed from several.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.catalog.edits import Edit, apply_edits
from bot.catalog.merging_lists import merge_cast, merge_crew, merge_names
from bot.catalog.merging_releases import merge_releases
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


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says of a record. `external_id` is the record's id in that source."""

    source: str
    external_id: str
    record: Title | Person


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
    ordered = sorted(layers, key=_layer_order)
    if len(ordered) == 1 and ordered[0].source == CATALOG and not edits:
        merged = _record_by_hand(ordered[0].record, record_id, person_ids)
        if merged is not None:
            return merged
    fields: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    if ordered:
        _merge_fields(ordered, fields, provenance)
        _merge_lists(ordered, fields, provenance, person_ids)
    apply_edits(fields, provenance, edits, EDITS)
    if "names" not in fields or "entity" not in fields:
        return None
    fields["sources"] = _sources(ordered, fields, provenance)
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
    layers: Sequence[Layer],
    fields: dict[str, Any],
    provenance: dict[str, str],
    person_ids: Mapping[str, str] | None,
) -> None:
    named = [(layer.source, layer.record.names) for layer in _in_order(layers, "names")]
    merged: dict[str, Sequence[tuple[Any, str]]] = {"names": merge_names(named)}
    titles = [(one.source, one.record) for one in layers if isinstance(one.record, Title)]
    if titles:
        merged["releases"] = merge_releases(titles)
        merged["cast"] = merge_cast(titles, person_ids)
        merged["crew"] = merge_crew(titles, person_ids)
    for name, entries in merged.items():
        fields[name] = [_dump(entry) for entry, _source in entries]
        for number, (_entry, source) in enumerate(entries):
            provenance[f"{name}.{number}"] = source


def _sources(
    layers: Sequence[Layer], fields: Mapping[str, Any], provenance: Mapping[str, str]
) -> list[Any]:
    """Return the citations of all layers that contributed a field, by hand first."""
    contributed = set(provenance.values())
    cited = {fields.get("poster_source"), fields.get("portrait_source")}
    releases: Sequence[Mapping[str, Any]] = fields.get("releases") or []
    cited |= {release.get("source") for release in releases}
    sources: dict[str, Any] = {}
    for layer in layers:
        for source in layer.record.sources:
            if layer.source in contributed or source.id in cited:
                sources.setdefault(source.id, _dump(source))
    added: Sequence[Mapping[str, Any]] = fields.get("sources") or []
    for citation in added:
        sources.setdefault(citation["id"], citation)
    return list(sources.values())


def _dump(model: Any) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_unset=True, exclude_none=True)
