"""Mutates JSON: fields removed, of another type, huge, or nested nulls."""

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

_VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, 2**31, 2**63, 10**30, -(10**30), 1e300, float("nan"), "",
    "x y", "- 5", "nope\n2026-01-01 ERROR forged: line\x1b[2J", "\u202e\0",
    "9" * 30, "x" * 10_000, [], {}, [None], {"": None}, [[None, [None]]], {"id": None}, [{}] * 60,
    {"id": {"id": {}}},
]  # fmt: skip

_Place = tuple[Any, Any]


def mutate(payload: Any, random: Random) -> Any:
    """A copy of a payload with one to three mutations."""
    whole = {"payload": deepcopy(payload)}
    for _ in range(random.randint(1, 3)):
        if places := list(_places(whole)):
            _mutate_at(*random.choice(places), random)
    return whole.get("payload")


def _places(node: Any) -> Iterator[_Place]:
    """Every container in a payload, with each of its keys."""
    items: Any = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _of_other_types(container: Any, value: Any) -> list[str]:
    """The keys of values that are of other types; an object's ids stay what they are."""
    if not isinstance(container, dict):
        return []
    return [key for key, other in container.items() if type(other) is not type(value)]


def _mutate_at(container: Any, key: Any, random: Random) -> None:
    kind = random.choice(["remove", "replace", "replace", "swap", "repeat"])
    value = container[key]
    if kind == "remove":
        del container[key]
    elif kind == "swap" and (others := _of_other_types(container, value)):
        other = random.choice(others)
        container[key], container[other] = container[other], value
    elif kind == "repeat" and isinstance(value, list):
        container[key] = value * 40
    else:
        container[key] = deepcopy(random.choice(_VALUES))
