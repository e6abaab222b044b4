"""Countdowns, what is decided about them, and what has been announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.catalog.model import Release, Title
from bot.countdown.occasions import Occasion, Schedule


class PauseReason(StrEnum):
    """Why a countdown rests."""

    BY_HAND = "by_hand"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    ARCHIVED = "archived"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Countdown:
    """A channel that is counted down to one release of a title.

    `slot` names the release (`Release.slot_name`). Up to `cursor` everything has been dealt with;
    `seen` is the release as the channel knows it (`state_of`); `due` is when to look at it next,
    None for never. `version` grows with every change, so that of two who act on it one comes first.
    """

    id: int
    guild_id: int
    channel_id: int
    title_id: str
    slot: str
    schedule: Schedule
    language: str
    role_id: int | None
    publish: bool
    paused: PauseReason | None
    cursor: datetime
    seen: str
    due: datetime | None
    version: int

    def release_of(self, title: Title) -> Release | None:
        """The release counted down to, as it stands now.

        Where its slot is worded otherwise by now, the first release of the same event.
        """
        current = [release for release, _before in title.release_stories()]
        same_slot = (release for release in current if release.slot_name == self.slot)
        event = self.slot.split(" · ")[0]
        same_event = (release for release in current if release.event == event)
        return next(same_slot, None) or next(same_event, None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a countdown that is due: what to post, if anything, and what comes next."""

    post: Occasion | None
    skipped: Sequence[Occasion]
    cursor: datetime
    seen: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One announcement to one channel, claimed before it is sent.

    `id` is found again in the message itself. `before` is the release as the channel knew it when
    this was claimed: a change is told against it. `claimed` is when it was first about to be sent.
    """

    id: str
    countdown_id: int
    occasion: Occasion
    before: str
    claimed: datetime
    attempts: int

    @property
    def nonce(self) -> str:
        """What Discord knows a repeated message by; at most 25 characters."""
        return self.id
