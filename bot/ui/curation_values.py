"""Names of edited fields, and their values in a line."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from bot.catalog.edits import release_key
from bot.i18n import gettext_noop
from bot.ui.layout import join_dotted
from bot.ui.markdown import escape_inline
from bot.ui.render_context import RenderContext

PersonName = Callable[[str], str]
"""Returns the name of a person by id, unescaped."""

_VALUE_LIMIT = 120
_CONTEXT = 20
_LABELS = {
    "names": gettext_noop("Names"),
    "kind": gettext_noop("Kind"),
    "status": gettext_noop("Status"),
    "episode_count": gettext_noop("Number of episodes"),
    "genres": gettext_noop("Genres"),
    "networks": gettext_noop("Networks"),
    "born": gettext_noop("Born"),
    "groups": gettext_noop("Groups"),
    "occupations": gettext_noop("Occupations"),
    "identity": gettext_noop("Same or different"),
    "": gettext_noop("Whole record"),
}
_LABELS_WITH_KEY = {
    "premise": gettext_noop("Premise ({language})"),
    "synopsis": gettext_noop("Synopsis ({language})"),
    "cast": gettext_noop("Cast: {person}"),
    "releases": gettext_noop("Release: {release}"),
    "external_ids": gettext_noop("ID: {scheme}"),
}


def path_label(path: str, context: RenderContext, person_name: PersonName) -> str:
    """Return the name of an edited field (`bot.catalog.edits.Edit.path`), unescaped."""
    _ = context.translations.gettext
    name, _dot, key = path.partition(".")
    if message := _LABELS_WITH_KEY.get(name):
        return _(message).format(
            language=context.translations.language_name(key),
            person=person_name(key),
            release=key,
            scheme=key,
        )
    return _(_LABELS[name]) if name in _LABELS else name.replace("_", " ")


def change_text(before: Any, after: Any, context: RenderContext) -> str:
    """Return what changed between two values in the interchange form, in a line: `8 → 16`.

    Of two lists, it is what was added and removed; long texts begin shortly before they differ.
    """
    if isinstance(before, list) and isinstance(after, list) and before and after:
        old, new = cast(list[Any], before), cast(list[Any], after)
        added = [one for one in new if one not in old]
        removed = [one for one in old if one not in new]
        if added or removed:
            return join_dotted(
                f"+ {value_text(added, context)}" if added else None,
                f"− {value_text(removed, context)}" if removed else None,
            )
    old_text, new_text = _from_difference(_plain(before), _plain(after))
    if isinstance(before, str) and isinstance(after, str):
        before, after = old_text, new_text
    return f"{value_text(before, context)} → {value_text(after, context)}"


def _from_difference(before: str, after: str) -> tuple[str, str]:
    pairs = enumerate(zip(before, after, strict=False))
    differs = next((n for n, (one, other) in pairs if one != other), min(len(before), len(after)))
    start = differs - _CONTEXT
    if start <= 0 or max(len(before), len(after)) <= _VALUE_LIMIT:
        return before, after
    return f"…{before[start:]}", f"…{after[start:]}"


def value_text(value: Any, context: RenderContext) -> str:
    """Return a value in the interchange form in a line, shortened and escaped."""
    if value in (None, [], {}, ""):
        return context.translations.gettext("nothing")
    return escape_inline(_plain(value), _VALUE_LIMIT)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, cast(list[Any], value)))
    if isinstance(value, Mapping):
        return _of_object(cast(Mapping[str, Any], value))
    return str(value)


def _of_object(value: Mapping[str, Any]) -> str:
    """Return a name, a release, a cast credit, or any other object in a line."""
    if "text" in value:
        return join_dotted(value["text"], value.get("lang"), value.get("type"))
    if "window" in value or "event" in value:
        return join_dotted(release_key(value), value.get("window"), value.get("status"))
    if "person" in value:
        names: list[Any] = value.get("character_names") or []
        order = value.get("order")
        return join_dotted(
            value.get("character") or _plain(names[:1]),
            value.get("role"),
            None if order is None else str(order),
            "spoiler" if value.get("spoiler") else None,
        )
    if "names" in value:
        return _plain(value["names"])
    if "name" in value:
        return str(value["name"])
    return json.dumps(value, ensure_ascii=False)
