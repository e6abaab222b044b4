"""What moderators can ask for: countdowns made, changed and looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo

from bot.catalog.model import Release, Title
from bot.clock import Clock
from bot.countdown.choices import DEFAULT_MILESTONES, DEFAULT_TIME, DEFAULT_ZONE
from bot.countdown.deciding import rescheduled, state_of, upcoming
from bot.countdown.model import Countdown, PauseReason
from bot.countdown.occasions import Occasion, Schedule
from bot.errors import BonbangError
from bot.store.countdowns import AlreadyThereError, CountdownStore, ServerChoices

_DEFAULT_EVENT = "premiere"


class NoSuchEventError(BonbangError):
    """The title has no release of that event."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What holds in a server; `zone_chosen` tells whether somebody chose the zone."""

    language: str
    zone: ZoneInfo
    at: time
    zone_chosen: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """How a channel is told. None leaves a term as it is, or as the server's settings have it."""

    role_id: int | None = None
    at: time | None = None
    zone: ZoneInfo | None = None
    milestones: Sequence[int] | None = None
    language: str | None = None
    publish: bool | None = None


class Desk:
    """Countdowns as moderators manage them. `wake` is called when something may be due sooner."""

    def __init__(self, store: CountdownStore, clock: Clock) -> None:
        self.store = store
        self._clock = clock
        self._wake: Callable[[], None] = lambda: None

    def on_change(self, wake: Callable[[], None]) -> None:
        """Have `wake` called after each change."""
        self._wake = wake

    async def settings(self, guild_id: int, language: str) -> ServerSettings:
        """What holds in a server; `language` is Discord's own setting of it."""
        choices = await self.store.choices(guild_id)
        return ServerSettings(
            choices.language or language,
            ZoneInfo(choices.zone or DEFAULT_ZONE),
            choices.at or DEFAULT_TIME,
            choices.zone is not None,
        )

    async def choose(self, guild_id: int, terms: Terms) -> None:
        """Change a server's settings where terms are given."""
        before = await self.store.choices(guild_id)
        choices = ServerChoices(
            terms.language or before.language,
            terms.zone.key if terms.zone else before.zone,
            terms.at or before.at,
        )
        await self.store.choose(guild_id, choices)

    async def add(
        self, title: Title, place: tuple[int, int], event: str | None, language: str, terms: Terms
    ) -> Countdown:
        """Count a channel down to a title; `place` is the server's and the channel's id.

        Raises NoSuchEventError, AlreadyThereError, TooManyError.
        """
        release, now = _release(title, event), self._clock()
        settings = await self.settings(place[0], language)
        schedule = Schedule(
            tuple(terms.milestones or DEFAULT_MILESTONES),
            terms.at or settings.at,
            terms.zone or settings.zone,
        )
        new = Countdown(
            id=0,
            guild_id=place[0],
            channel_id=place[1],
            title_id=title.id,
            slot=release.slot_name,
            schedule=schedule,
            language=terms.language or settings.language,
            role_id=terms.role_id,
            publish=bool(terms.publish),
            paused=None,
            cursor=now,
            seen=state_of(release),
            due=None,
            version=1,
        )
        for one in await self.store.of_server(place[0]):
            same_channel = (one.title_id, one.channel_id) == (title.id, place[1])
            # A slot may have been worded otherwise since; the release is what counts.
            if same_channel and one.release_of(title) == release:
                raise AlreadyThereError(one)
        added = await self.store.add(rescheduled(new, release, now))
        self._wake()
        return added

    async def edit(
        self, countdown: Countdown, title: Title, terms: Terms, *, channel_id: int | None
    ) -> Countdown:
        """Change a countdown where terms are given. A `role_id` of 0 pings nobody any more.

        Raises AlreadyThereError.
        """
        before = countdown.schedule
        schedule = Schedule(
            before.milestones if terms.milestones is None else tuple(terms.milestones),
            terms.at or before.time,
            terms.zone or before.zone,
        )
        changed = replace(
            countdown,
            schedule=schedule,
            channel_id=channel_id or countdown.channel_id,
            role_id=countdown.role_id if terms.role_id is None else terms.role_id or None,
            language=terms.language or countdown.language,
            publish=countdown.publish if terms.publish is None else terms.publish,
        )
        return await self._keep(changed, title, told_by=before)

    async def pause(self, countdown: Countdown) -> Countdown:
        """Let a countdown rest until it is resumed."""
        resting = replace(countdown, paused=PauseReason.BY_HAND, due=None)
        await self.store.change(resting)
        return resting

    async def resume(self, countdown: Countdown, title: Title) -> Countdown:
        """Take a countdown up again, from now on."""
        return await self._keep(replace(countdown, paused=None), title)

    def ahead(self, countdown: Countdown, title: Title) -> list[Occasion]:
        """What will be announced, as far as is known today, soonest first."""
        return upcoming(countdown, countdown.release_of(title), self._clock())

    async def _keep(
        self, countdown: Countdown, title: Title, told_by: Schedule | None = None
    ) -> Countdown:
        kept = rescheduled(countdown, countdown.release_of(title), self._clock(), told_by)
        if kept.paused is not None:
            kept = replace(kept, due=None)
        await self.store.change(kept)
        self._wake()
        return kept


def _release(title: Title, event: str | None) -> Release:
    """The release that an event names; without one the premiere, else the first there is."""
    current = [release for release, _before in title.release_stories()]
    asked = event or _DEFAULT_EVENT
    named = (one for one in current if asked in (one.slot_name, one.event, one.slot_name[:100]))
    found = next(named, None)
    if found is not None:
        return found
    if event is not None:
        raise NoSuchEventError(event)
    return current[0] if current else Release()
