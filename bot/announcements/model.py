"""Data classes for countdowns, decisions and deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.announcements.milestones import Milestone, Schedule
from bot.catalog.model import EPISODE_EVENT, Release, ReleaseStatus, Title
from bot.catalog.window import ReleaseWindow

DEFAULT_MILESTONE_DAYS = (100, 50, 30, 14, 7, 3, 1, 0)
DEFAULT_POST_TIME = time(9)
DEFAULT_TIMEZONE = ZoneInfo("UTC")


class PauseReason(StrEnum):
    """Why a countdown is paused."""

    MANUAL = "manual"
    FORBIDDEN = "forbidden"
    CHANNEL_MISSING = "missing"
    THREAD_ARCHIVED = "archived"
    GUILD_LEFT = "left"


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """The window and status of a release, as last announced in a channel."""

    window: ReleaseWindow | None = None
    status: ReleaseStatus | None = None

    @classmethod
    def of(cls, release: Release | None) -> Self:
        """Return the state of a release. The state is empty if there is no release."""
        return cls() if release is None else cls(release.window, release.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCountdown:
    """A countdown that is not stored yet.

    `release_key` identifies the release (`Release.key_text`). Milestones up to `cursor` have been
    handled. `known_release` is the state last announced in the channel. It is None if unknown, as
    after a backup is restored; countdown and state are then brought up to date silently.
    `next_at` is when to handle the countdown next, or None for never. `picture` is whether
    announcements of a day carry a picture.
    """

    guild_id: int
    channel_id: int
    title_id: str
    release_key: str
    schedule: Schedule
    language: str
    role_id: int | None
    publish: bool
    picture: bool
    paused: PauseReason | None
    cursor: datetime
    known_release: ReleaseState | None
    next_at: datetime | None

    def find_release(self, title: Title) -> Release | None:
        """Return the current release of this countdown.

        If no release has the same key, return the first one with the same event; of episodes, also
        of the same season.
        """
        current = title.countable_releases()
        same_key = (release for release in current if release.key_text == self.release_key)
        event, *rest = self.release_key.split(" · ")
        same_event = (release for release in current if release.event == event)
        if event.startswith(EPISODE_EVENT):
            seasons = {f"S{one.season}" for one in current if one.season} & set(rest[:1])
            season = next(iter(seasons), None)
            same_event = (one for one in same_event if season == (one.season and f"S{one.season}"))
        return next(same_key, None) or next(same_event, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Countdown(NewCountdown):
    """A stored countdown in a channel to one release of a title.

    `version` increases with every change. It is used for optimistic locking.
    """

    id: int
    version: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of handling a countdown: the milestone to post, if any, and the new state.

    `announced_release` is the state that a change announces, and None for other milestones. The
    countdown is changed only once the change has been announced.
    """

    post: Milestone | None
    skipped: Sequence[Milestone]
    cursor: datetime
    known_release: ReleaseState | None
    next_at: datetime | None
    announced_release: ReleaseState | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One announcement in one channel, claimed before it is sent.

    `id` is part of the message, so that the message can be found later. A change is announced as
    a change from `previous_release` to `announced_release`. `maybe_posted`
    is False if certainly no attempt has posted it; otherwise, `claimed_at` is the earliest time at
    which one may have. `attempts` is the number of failed attempts, `claim_number` that of claims:
    only the latest may change it, unless it has posted the message.
    """

    id: str
    countdown_id: int
    channel_id: int
    milestone: Milestone
    previous_release: ReleaseState | None
    announced_release: ReleaseState | None
    claimed_at: datetime
    maybe_posted: bool = False
    attempts: int = 0
    claim_number: int = 1

    @property
    def nonce(self) -> str:
        """The nonce by which Discord recognizes a duplicate message. At most 25 characters."""
        return self.id
