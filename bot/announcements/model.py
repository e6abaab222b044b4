"""Countdowns, what is decided about them, and what has been announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.announcements.milestones import Milestone, Schedule
from bot.catalog.model import Release, ReleaseStatus, Title
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
    """What a channel knows of a release."""

    window: ReleaseWindow | None = None
    status: ReleaseStatus | None = None

    @classmethod
    def of(cls, release: Release | None) -> Self:
        """The state of a release; of none, nothing is known."""
        return cls() if release is None else cls(release.window, release.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCountdown:
    """A countdown that is not stored yet.

    `release_key` names the release (`Release.key_text`). Everything up to `cursor` is dealt with.
    `known_release` is the release as the channel knows it; None where that is not certain, as
    after a restored backup: then the release is taken as it stands, and not announced as changed.
    `next_at` is when to look at it next, None for never.
    """

    guild_id: int
    channel_id: int
    title_id: str
    release_key: str
    schedule: Schedule
    language: str
    role_id: int | None
    publish: bool
    paused: PauseReason | None
    cursor: datetime
    known_release: ReleaseState | None
    next_at: datetime | None

    def find_release(self, title: Title) -> Release | None:
        """The release counted down to, as it stands now.

        If its key has been reworded since, the first release of the same event.
        """
        current = [release for release, _before in title.release_history()]
        same_key = (release for release in current if release.key_text == self.release_key)
        event = self.release_key.split(" · ")[0]
        same_event = (release for release in current if release.event == event)
        return next(same_key, None) or next(same_event, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Countdown(NewCountdown):
    """A stored countdown of a channel to one release of a title.

    `version` grows with every change, so that only the first of two concurrent changes is kept.
    """

    id: int
    version: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a countdown that is due: what to post, if anything, and what comes next."""

    post: Milestone | None
    skipped: Sequence[Milestone]
    cursor: datetime
    known_release: ReleaseState | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One announcement to one channel, claimed before it is sent.

    `id` is part of the message, so that it can be found again. `previous_release` is the release
    as the channel knew it when this was claimed: a change is announced against it. `claimed_at` is
    when it was first about to be sent.
    """

    id: str
    countdown_id: int
    milestone: Milestone
    previous_release: ReleaseState | None
    claimed_at: datetime
    attempts: int

    @property
    def nonce(self) -> str:
        """Discord recognizes a repeated message by this; at most 25 characters."""
        return self.id
