"""Changed dates of a source count once they stood in two reads, some time apart.

A source's date may be a slip that is corrected soon. Members and channels learn only of dates that
lasted; everything else of a record changes at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.catalog.episodes import Episode, EpisodeKind, EpisodeStatus
from bot.catalog.model import Release, Title
from bot.catalog.window import ReleaseWindow, WindowState

CONFIRM_AFTER = timedelta(minutes=30)
"""How far apart the two reads must be, at least."""

Key = str
"""A release or an episode of a source's record."""

_MAX_VERSIONS = 50

# What is as it was while a change of an episode is not confirmed.
_DATED = ("season", "number", "kind", "window", "earlier", "status")
_MISSING = "cancelled"


@dataclass(frozen=True, slots=True)
class PendingDate:
    """A changed date that is not confirmed: what it says, and when it was first read."""

    value: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A title with the dates that count, and those that wait for another read."""

    title: Title
    pending: Mapping[Key, PendingDate] = field(default_factory=dict[Key, PendingDate])


def confirm_dates(
    stored: Title | None, pending: Mapping[Key, PendingDate], new: Title, now: datetime
) -> Confirmed:
    """Return the title to store: `new`, with `stored`'s dates where changes are unconfirmed.

    A release keeps its earlier versions, and so does an episode. A date that is no longer in the
    source stays; if it is ahead, an episode becomes cancelled.
    """
    if stored is None:
        return Confirmed(new)
    waiting = _Waiting(pending, now)
    releases = _confirm_releases(stored, new, waiting)
    episodes = _confirm_episodes(stored.episodes, new.episodes, waiting)
    title = new.model_copy(update={"releases": releases, "episodes": episodes})
    return Confirmed(title, waiting.pending)


class _Waiting:
    """Decides which changes are confirmed, and collects those that are not."""

    def __init__(self, before: Mapping[Key, PendingDate], now: datetime) -> None:
        self._before = before
        self.now = now
        self.pending: dict[Key, PendingDate] = {}

    def accepts(self, key: Key, old: str | None, new: str) -> bool:
        """Return whether a date counts: it is the same as before, or was read long enough ago."""
        if old == new:
            return True
        known = self._before.get(key)
        since = known.since if known and known.value == new else self.now
        # After the clock was set back, the time in between is unknown.
        since = min(since, self.now)
        if self.now - since >= CONFIRM_AFTER:
            return True
        self.pending[key] = PendingDate(new, since)
        return False


def _confirm_releases(stored: Title, new: Title, waiting: _Waiting) -> tuple[Release, ...]:
    """A source has one release for each event of each season, whose network may change."""
    before: dict[tuple[str, int | None], list[Release]] = {}
    for release in stored.releases:
        before.setdefault(_event(release), []).append(release)
    confirmed: list[Release] = []
    listed: set[tuple[str, int | None]] = set()
    for release, _earlier in new.release_history():
        key = _event(release)
        if key in listed:
            continue
        listed.add(key)
        history = before.pop(key, [])
        current = _text(history[-1]) if history else None
        if waiting.accepts(_release_key(key), current, _text(release)):
            earlier = history[:-1] if current == _text(release) else history
            # Versions of one release share its network and region.
            shared = {"network": release.network, "region": release.region}
            kept = [one.model_copy(update=shared) for one in earlier[-_MAX_VERSIONS:]]
            history = [*kept, release]
        confirmed += history
    return (*confirmed, *(one for history in before.values() for one in history))


def _confirm_episodes(
    stored: Sequence[Episode], new: Sequence[Episode], waiting: _Waiting
) -> tuple[Episode, ...]:
    before = {episode.id: episode for episode in stored}
    confirmed: list[Episode] = []
    for episode in new:
        old = before.pop(episode.id, None)
        key = f"episode:{episode.id}"
        if waiting.accepts(key, _episode_text(old) if old else None, _episode_text(episode)):
            confirmed.append(_with_history(old, episode))
        elif old is not None:
            update = {name: getattr(old, name) for name in _DATED}
            confirmed.append(episode.model_copy(update=update))
    confirmed += [_missing(episode, waiting) for episode in before.values()]
    return tuple(sorted(confirmed, key=lambda episode: episode.sort_key))


def _with_history(old: Episode | None, new: Episode) -> Episode:
    if old is None:
        return new
    update: dict[str, object] = {"earlier": old.earlier}
    if old.window is not None and _window(old.window) != _window(new.window):
        update["earlier"] = (*old.earlier, old.window)[-_MAX_VERSIONS:]
    if update["earlier"] and new.status is None:
        update["status"] = EpisodeStatus.MOVED
    return new.model_copy(update=update)


def _missing(episode: Episode, waiting: _Waiting) -> Episode:
    """Return an episode that is no longer listed: cancelled, unless it aired before."""
    if episode.status is EpisodeStatus.CANCELLED or _is_past(episode.window, waiting.now):
        return episode
    if not waiting.accepts(f"episode:{episode.id}", _episode_text(episode), _MISSING):
        return episode
    return episode.model_copy(update={"status": EpisodeStatus.CANCELLED})


def _is_past(window: ReleaseWindow | None, now: datetime) -> bool:
    return window is not None and window.state(now) is WindowState.PASSED


def _event(release: Release) -> tuple[str, int | None]:
    return release.event, release.season


def _release_key(event: tuple[str, int | None]) -> Key:
    name, season = event
    return f"release:{season or ''}:{name}"


def _text(release: Release) -> str:
    return f"{_window(release.window)} {release.status or ''}"


def _episode_text(episode: Episode) -> str:
    """Return what a countdown to an episode depends on: a number may get another date, too."""
    kind = "" if episode.kind is EpisodeKind.REGULAR else f"{episode.kind} "
    cancelled = " cancelled" if episode.status is EpisodeStatus.CANCELLED else ""
    window = _window(episode.window)
    return f"{kind}S{episode.season}E{episode.number or ''} {window}{cancelled}"


def _window(window: ReleaseWindow | None) -> str:
    return "" if window is None else str(window)
