"""Merges releases: each event is taken from the first source that has it."""

from collections.abc import Sequence

from bot.catalog.model import Release, Title
from bot.catalog.window import ReleaseWindow

Event = tuple[str, int | None]
_Versions = Sequence[Release]
_CATALOG = "catalog"


def merge_releases(layers: Sequence[tuple[str, Title]]) -> Sequence[tuple[Release, str]]:
    """Return the releases of all layers with their sources, each event from the first layer.

    Only a date by hand may become more exact: a source's date that lies within it is its latest
    version. Broadcasts and streams of one event are taken from the same source.
    """
    merged: dict[Event, list[tuple[Release, str]]] = {}
    for source, title in layers:
        for event, versions in _by_event(title).items():
            if event not in merged:
                merged[event] = [(release, source) for release in versions]
            elif merged[event][0][1] == _CATALOG:
                _make_more_exact(merged[event], versions, source)
    return [entry for entries in merged.values() for entry in entries]


def _by_event(title: Title) -> dict[Event, list[Release]]:
    events: dict[Event, list[Release]] = {}
    for release in title.releases:
        events.setdefault((release.event, release.season), []).append(release)
    return events


def _make_more_exact(entries: list[tuple[Release, str]], versions: _Versions, source: str) -> None:
    current = {release.key: release for release, _source in entries}
    latest = {release.key: release for release in versions}
    for other in latest.values():
        by_hand = _matching(other, list(current.values()), alone=len(latest) == 1)
        if by_hand is not None and is_more_exact(other.window, by_hand.window):
            update = {
                "network": by_hand.network,
                "region": by_hand.region,
                "status": other.status or by_hand.status,
            }
            entries.append((other.model_copy(update=update), source))
            current[by_hand.key] = entries[-1][0]


def _matching(release: Release, others: _Versions, *, alone: bool) -> Release | None:
    """Return the release on the same network; if both sources have only one, that one."""
    network = (release.network or "").casefold()
    same = [one for one in others if (one.network or "").casefold() == network]
    if len(same) == 1:
        return same[0]
    return others[0] if alone and len(others) == 1 else None


def is_more_exact(window: ReleaseWindow | None, other: ReleaseWindow | None) -> bool:
    """Return whether a window says more than another one without contradicting it."""
    if window is None or window == other:
        return False
    if other is None:
        return True
    if other.instant is not None:
        return False
    if window.earliest == other.earliest and window.latest == other.latest:
        return window.instant is not None
    return window.is_within(other)
