"""Properties of merging, whatever sources and people say."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.catalog.edits import Edit, EditAction, active_edits, field_value
from bot.catalog.layer import Layer
from bot.catalog.merging import EDITS, Merged, merge
from bot.catalog.model import Title
from tests.catalog.layer_strategies import edits, entities, layers, person_ids

Pair = tuple[list[Layer], list[Edit]]
EXPLAINED_ELSEWHERE = {"id", "entity", "sources", "poster_source", "portrait_source"}


@st.composite
def cases(draw: st.DrawFn, *, min_size: int = 1) -> Pair:
    entity = draw(entities)
    return draw(layers(entity, min_size=min_size)), draw(edits(entity))


def encoded(merged: Merged | None) -> Any:
    return merged and (merged.record.model_dump_json(exclude_unset=True), dict(merged.provenance))


@settings(deadline=None)
@given(cases(), person_ids, st.randoms())
def test_order_in_which_layers_come_does_not_matter(
    case: Pair, people: Mapping[str, str] | None, random: Any
) -> None:
    given_layers, made = case
    shuffled, reordered = list(given_layers), list(made)
    random.shuffle(shuffled)
    random.shuffle(reordered)
    merged = merge("r", given_layers, made, people)
    assert encoded(merge("r", shuffled, reordered, people)) == encoded(merged)


@settings(deadline=None)
@given(cases(), person_ids)
def test_merged_record_merges_into_itself(case: Pair, people: Mapping[str, str] | None) -> None:
    merged = merge("r", *case, people)
    assert merged is not None
    again = merge("r", [Layer("catalog", "r", merged.record)])
    assert again is not None
    assert again.record == merged.record


@settings(deadline=None)
@given(cases(), person_ids)
def test_every_field_has_the_source_that_says_so(
    case: Pair, people: Mapping[str, str] | None
) -> None:
    given_layers, made = case
    merged = merge("r", given_layers, made, people)
    assert merged is not None
    record = merged.record.model_dump(mode="json", exclude_unset=True)
    for name, value in record.items():
        if name in EXPLAINED_ELSEWHERE:
            continue
        for path, entry in entries(name, value):
            source = merged.provenance.get(path) or merged.provenance[name]
            if source == EDITS:
                assert is_edited(path, entry, made), path
            else:
                records = [one.record for one in given_layers if one.source == source]
                assert any(says(one, name, path, entry, people) for one in records), path
    paths = {path for name, value in record.items() for path, _entry in entries(name, value)}
    sources = {path for path, source in merged.provenance.items() if source != EDITS}
    assert sources <= paths | set(record)


def entries(name: str, value: Any) -> list[tuple[str, Any]]:
    """The entries of a field that have sources of their own."""
    if isinstance(value, dict):
        return [(f"{name}.{key}", entry) for key, entry in value.items()]
    if name in ("names", "releases", "cast", "crew"):
        return [(f"{name}.{number}", entry) for number, entry in enumerate(value)]
    return [(name, value)]


def is_edited(path: str, entry: Any, made: Sequence[Edit]) -> bool:
    name, _, key = path.partition(".")
    active = active_edits(made)
    if name == "cast":
        return f"cast.{entry['person']}" in active
    if name == "releases":
        dates = [one.value for one in active.values() if one.path.startswith("releases.")]
        return entry["window"] in [date["window"] for date in dates if date]
    return name in active or path in active or f"{name}.{key}" in active


def says(record: Any, name: str, path: str, entry: Any, people: Mapping[str, str] | None) -> bool:
    """Whether a record of a source has an entry, but for details that others may add."""
    data = record.model_dump(mode="json", exclude_unset=True)
    value = data.get(name)
    if name == "names":
        return entry["text"] in [one["text"] for one in value]
    if name == "releases":
        windows = [(one["event"], one["window"]) for one in value or ()]
        return (entry["event"], entry["window"]) in windows
    if name in ("cast", "crew"):
        named = [one["person"] for one in value or ()]
        return entry["person"] in [people.get(one) if people is not None else one for one in named]
    key = path.partition(".")[2]
    return (value or {}).get(key) == entry if key else value == entry


@settings(deadline=None)
@given(st.data(), person_ids)
def test_locked_field_stays_whatever_sources_say(
    data: st.DataObject, people: Mapping[str, str] | None
) -> None:
    entity = data.draw(entities)
    made = data.draw(edits(entity))
    before = merge("r", data.draw(layers(entity)), made, people)
    after = merge("r", data.draw(layers(entity)), made, people)
    assert before is not None
    assert after is not None
    for path, edit in active_edits(made).items():
        one, other = (field_value(dump(merged), path) for merged in (before, after))
        assert one == other, path
        assert (one or None) == (without_defaults(edit.value, path)), path


def dump(merged: Merged) -> dict[str, Any]:
    return merged.record.model_dump(mode="json", exclude_unset=True)


def without_defaults(value: Any, path: str) -> Any:
    if path.startswith("cast.") and value is not None:
        return {**value, "person": path.removeprefix("cast.")}
    return value or None


@settings(deadline=None)
@given(cases(), st.data())
def test_unlocked_field_is_what_sources_say(case: Pair, data: st.DataObject) -> None:
    given_layers, made = case
    path = data.draw(st.sampled_from(sorted(active_edits(made)) or ["names"]))
    unlocked = [*made, Edit(path, EditAction.UNLOCK, None, 99)]
    without = [edit for edit in made if edit.path != path]
    assert encoded(merge("r", given_layers, unlocked)) == encoded(merge("r", given_layers, without))


@settings(deadline=None)
@given(cases(min_size=2))
def test_release_cites_the_source_of_its_own_layer(case: Pair) -> None:
    given_layers, _made = case
    merged = merge("r", given_layers)
    assert merged is not None
    if not isinstance(merged.record, Title):
        return
    for number, release in enumerate(merged.record.releases):
        if release.source is not None:
            source = merged.provenance[f"releases.{number}"]
            cited = [one.record.source("s1") for one in given_layers if one.source == source]
            found = merged.record.source(release.source)
            assert found is not None
            assert found.model_copy(update={"id": "s1"}) in cited


def test_edited_date_outlasts_the_source_that_it_cites() -> None:
    source = {"id": "tvmaze", "title": "Goblin"}
    title = {"id": "tvmaze-1", "kind": "series", "names": [{"text": "Goblin"}]}
    said = Layer("tvmaze", "1", Title.model_validate({**title, "sources": [source]}))
    other = Layer("wikidata", "Q1", Title.model_validate(title))
    edit = Edit("releases.premiere", EditAction.SET, {"window": "2026-01", "source": "tvmaze"}, 1)
    merged = [merge("r", layers, [edit]) for layers in ([said, other], [other])]
    releases = [one.record.releases for one in merged if one and isinstance(one.record, Title)]
    assert [(str(one.window), one.source) for [one] in releases] == [
        ("2026-01", "tvmaze"),
        ("2026-01", None),
    ]


def test_edit_cannot_take_the_last_name() -> None:
    data = {"id": "tvmaze-1", "kind": "series", "names": [{"text": "Goblin"}]}
    said = Layer("tvmaze", "1", Title.model_validate(data))
    with pytest.raises(ValidationError, match="names"):
        merge("r", [said], [Edit("names", EditAction.SET, None, 1)])
