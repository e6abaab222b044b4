"""Merges citations: each field keeps citing what its own layer cites."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from itertools import count
from typing import Any

from bot.catalog.layer import Layer
from bot.catalog.model import Source, Title

_FIELDS = ("poster_source", "portrait_source")


def with_distinct_sources(layers: Iterable[Layer]) -> list[Layer]:
    """Return layers in which the id of a source means the same source in all of them.

    A later layer that has another source of this id gets another id for it.
    """
    taken: dict[str, Source] = {}
    return [_renamed(layer, taken) for layer in layers]


def merge_sources(
    layers: Iterable[tuple[bool, Sequence[Source]]], fields: MutableMapping[str, Any]
) -> None:
    """Set the sources of a record: all of layers that contributed a field, and others it cites.

    A release that cites a source of which nothing is left keeps its date, without a source.
    """
    releases: Sequence[Mapping[str, Any]] = fields.get("releases") or []
    cited = {fields.get(name) for name in _FIELDS}
    cited |= {release.get("source") for release in releases}
    sources: dict[str, Any] = {}
    for contributed, of_layer in layers:
        for source in of_layer:
            if contributed or source.id in cited:
                dumped = source.model_dump(mode="json", exclude_unset=True, exclude_none=True)
                sources.setdefault(source.id, dumped)
    added: Sequence[Mapping[str, Any]] = fields.get("sources") or []
    for citation in added:
        sources.setdefault(citation["id"], citation)
    fields["sources"] = list(sources.values())
    fields["releases"] = [_without_unknown(release, sources) for release in releases]


def _without_unknown(release: Mapping[str, Any], sources: Mapping[str, Any]) -> Mapping[str, Any]:
    is_known = release.get("source") in {None, *sources}
    return release if is_known else {name: one for name, one in release.items() if name != "source"}


def _renamed(layer: Layer, taken: dict[str, Source]) -> Layer:
    ids: dict[str, str] = {}
    for source in layer.record.sources:
        free = (one for one in _candidates(source.id) if _is_same(taken.get(one), source))
        ids[source.id] = next(free)
        taken.setdefault(ids[source.id], source)
    if all(old == new for old, new in ids.items()):
        return layer
    return Layer(layer.source, layer.external_id, _with_ids(layer.record, ids))


def _candidates(source_id: str) -> Iterable[str]:
    yield source_id
    for number in count(2):
        yield f"{source_id[:35]}-{number}"


def _is_same(known: Source | None, source: Source) -> bool:
    return known is None or known == source.model_copy(update={"id": known.id})


def _with_ids(record: Any, ids: Mapping[str, str]) -> Any:
    """Return a record with other ids of its sources, wherever it cites them."""
    update: dict[str, Any] = {
        name: ids.get(cited, cited) for name in _FIELDS if (cited := getattr(record, name, None))
    }
    update["sources"] = tuple(one.model_copy(update={"id": ids[one.id]}) for one in record.sources)
    if isinstance(record, Title):
        for name in ("releases", "episodes"):
            if entries := getattr(record, name):
                update[name] = tuple(_citing(one, ids) for one in entries)
    return record.model_copy(update=update)


def _citing(entry: Any, ids: Mapping[str, str]) -> Any:
    return entry.model_copy(update={"source": ids[entry.source]}) if entry.source in ids else entry
