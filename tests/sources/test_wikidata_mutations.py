"""Whatever an entity contains, it becomes a record or is refused."""

import copy
import json
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from bot.sources.wikidata_mapping import (
    UnusableEntityError,
    find_label_ids,
    to_person,
    to_title,
)
from bot.sources.wikidata_names import read_labels
from tests.sources.wikidata_samples import (
    everything,
    goblin,
    gong_yoo,
)
from tests.sources.wikidata_server import (
    item,
    statement,
    text,
    time,
    value,
)

LABELS = {entity["id"]: read_labels(entity) for entity in everything()}


def paths(node: object, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children: list[tuple[Any, Any]] = []
    if isinstance(node, dict):
        children = list(node.items())
    elif isinstance(node, list):
        children = list(enumerate(node))
    return [
        path for key, child in children for path in [(*prefix, key), *paths(child, (*prefix, key))]
    ]


def mutated(entity: dict[str, Any], path: tuple[Any, ...], replacement: object) -> dict[str, Any]:
    changed = copy.deepcopy(entity)
    node: Any = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = replacement
    return changed


# Qualifiers, ranks, dates and names of stages, too: what mutations may hit.
FULL_TITLE = goblin(
    P577=[statement(time("+2016-12-02", 11), rank="preferred")],
    P57=[item("Q1")],
    P162=[statement(item("Q2"), rank="deprecated")],
)
FULL_PERSON = gong_yoo(P742=[value("공유")], P1559=[text("공지철", "ko")])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children),
    max_leaves=5,
)
TEMPTING = st.sampled_from(
    [
        *("", "\x00", "Q5", "tt1234567", "+2016-13-45T00:00:00Z", "x" * 20_000, "😀" * 400),
        *(10**400, -1, [], {}, ["Q5"], {"id": "Q5"}, {"language": [], "value": {}}, "\ud800"),
        *("mul", "preferred", "value", "1" * 5000, {"snaktype": "value"}, 11, 9.0, True),
    ]
)


@given(st.data())
def test_any_change_of_an_entity_gives_a_record_or_a_refusal(data: st.DataObject) -> None:
    entity = data.draw(st.sampled_from([FULL_TITLE, FULL_PERSON]))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(paths(entity)))
        entity = mutated(entity, path, data.draw(JSON | TEMPTING))
    find_label_ids(entity, "title")
    find_label_ids(entity, "person")
    try:
        records = [to_title(entity, LABELS), to_person(entity, LABELS)]
    except UnusableEntityError:
        return
    for record in records:
        stored = record.model_dump_json()
        assert type(record).model_validate(json.loads(stored)) == record
        assert len(stored.encode()) < 1_000_000
