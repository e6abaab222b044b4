"""Countdowns and server settings, as moderators manage them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo

from bot.announcements.errors import DuplicateCountdownError, ReleaseNotFoundError
from bot.announcements.milestones import Milestone, Schedule
from bot.announcements.model import (
    DEFAULT_MILESTONE_DAYS,
    DEFAULT_POST_TIME,
    DEFAULT_TIMEZONE,
    Countdown,
    NewCountdown,
    PauseReason,
    ReleaseState,
)
from bot.announcements.planning import reschedule, upcoming_milestones
from bot.catalog.model import Release, Title
from bot.clock import Clock
from bot.store.countdowns import CountdownStore
from bot.store.guilds import GuildPreferences, GuildStore

_DEFAULT_EVENT = "premiere"


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings of a server; `timezone_chosen` tells whether somebody chose the time zone."""

    language: str
    timezone: ZoneInfo
    post_time: time
    timezone_chosen: bool


@dataclass(frozen=True, slots=True)
class CountdownOptions:
    """How a channel is told. None keeps an option as it is, or uses the server's settings.

    `clear_role` stops pinging a role.
    """

    role_id: int | None = None
    clear_role: bool = False
    post_time: time | None = None
    timezone: ZoneInfo | None = None
    milestone_days: Sequence[int] | None = None
    language: str | None = None
    publish: bool | None = None


class CountdownService:
    """Creates, changes and lists countdowns. Calls `wake` when something may be due sooner."""

    def __init__(
        self,
        countdowns: CountdownStore,
        guilds: GuildStore,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._countdowns = countdowns
        self._guilds = guilds
        self._clock = clock
        self._wake = wake

    async def get_settings(self, guild_id: int, language: str) -> GuildSettings:
        """The settings of a server; `language` is the one set in Discord."""
        preferences = await self._guilds.get_preferences(guild_id)
        return GuildSettings(
            preferences.language or language,
            ZoneInfo(preferences.timezone) if preferences.timezone else DEFAULT_TIMEZONE,
            preferences.post_time or DEFAULT_POST_TIME,
            preferences.timezone is not None,
        )

    async def update_settings(
        self,
        guild_id: int,
        *,
        language: str | None = None,
        timezone: ZoneInfo | None = None,
        post_time: time | None = None,
    ) -> None:
        """Change the settings given; without any, nothing is written."""
        zone = timezone.key if timezone else None
        changes = GuildPreferences(language, zone, post_time)
        if changes != GuildPreferences():
            await self._guilds.update_preferences(guild_id, changes)

    async def list_for_guild(self, guild_id: int) -> list[Countdown]:
        """A server's countdowns, oldest first."""
        return await self._countdowns.list_for_guild(guild_id)

    async def get(self, guild_id: int, countdown_id: int) -> Countdown | None:
        """One countdown of a server."""
        return await self._countdowns.get(guild_id, countdown_id)

    async def create(
        self,
        title: Title,
        guild_id: int,
        channel_id: int,
        *,
        event: str | None,
        guild_language: str,
        options: CountdownOptions,
    ) -> Countdown:
        """Start a countdown to a title in a channel.

        Raises ReleaseNotFoundError, DuplicateCountdownError, CountdownLimitError.
        """
        release, now = _find_release(title, event), self._clock()
        await self._require_new(title, guild_id, channel_id, release)
        settings = await self.get_settings(guild_id, guild_language)
        schedule = Schedule(
            tuple(options.milestone_days or DEFAULT_MILESTONE_DAYS),
            options.post_time or settings.post_time,
            options.timezone or settings.timezone,
        )
        draft = NewCountdown(
            guild_id=guild_id,
            channel_id=channel_id,
            title_id=title.id,
            release_key=release.key_text,
            schedule=schedule,
            language=options.language or settings.language,
            role_id=options.role_id,
            publish=bool(options.publish),
            paused=None,
            cursor=now,
            known_release=ReleaseState.of(release),
            next_at=None,
        )
        created = await self._countdowns.add(reschedule(draft, release, now))
        self._wake()
        return created

    async def edit(
        self,
        countdown: Countdown,
        title: Title,
        options: CountdownOptions,
        *,
        channel_id: int | None = None,
    ) -> Countdown:
        """Change a countdown where options are given. Raises DuplicateCountdownError."""
        before = countdown.schedule
        days = options.milestone_days
        schedule = Schedule(
            before.milestone_days if days is None else tuple(days),
            options.post_time or before.post_time,
            options.timezone or before.timezone,
        )
        changed = replace(
            countdown,
            schedule=schedule,
            channel_id=channel_id or countdown.channel_id,
            role_id=None if options.clear_role else options.role_id or countdown.role_id,
            language=options.language or countdown.language,
            publish=countdown.publish if options.publish is None else options.publish,
        )
        return await self._reschedule(changed, title, previous_schedule=before)

    async def pause(self, countdown: Countdown) -> Countdown:
        """Post nothing until the countdown is resumed."""
        paused = replace(countdown, paused=PauseReason.MANUAL, next_at=None)
        await self._countdowns.update(paused)
        return paused

    async def resume(self, countdown: Countdown, title: Title) -> Countdown:
        """Continue a countdown from now on; what it missed is not posted late."""
        return await self._reschedule(replace(countdown, paused=None), title)

    async def remove(self, countdown: Countdown) -> None:
        """Erase a countdown, and what is recorded of its announcements."""
        await self._countdowns.remove(countdown.guild_id, countdown.id)

    async def guild_left(self, guild_id: int) -> None:
        """Pause a server's countdowns: the bot was removed from it."""
        await self._guilds.mark_left(guild_id, self._clock())

    async def guild_joined(self, guild_id: int) -> None:
        """Keep what a server had: the bot is a member (again)."""
        await self._guilds.mark_joined(guild_id)

    def upcoming(self, countdown: Countdown, title: Title) -> list[Milestone]:
        """What will be announced, as far as is known today, soonest first."""
        return upcoming_milestones(countdown, countdown.find_release(title), self._clock())

    async def _require_new(
        self, title: Title, guild_id: int, channel_id: int, release: Release
    ) -> None:
        for one in await self._countdowns.list_for_guild(guild_id):
            same_channel = (one.title_id, one.channel_id) == (title.id, channel_id)
            # The key may have been reworded since; the release decides.
            if same_channel and one.find_release(title) == release:
                raise DuplicateCountdownError(one)

    async def _reschedule(
        self, countdown: Countdown, title: Title, previous_schedule: Schedule | None = None
    ) -> Countdown:
        release = countdown.find_release(title)
        planned = reschedule(countdown, release, self._clock(), previous_schedule)
        if planned.paused is not None:
            planned = replace(planned, next_at=None)
        await self._countdowns.update(planned)
        self._wake()
        return planned


def _find_release(title: Title, event: str | None) -> Release:
    """The release that an event names; without one the premiere, else the first there is."""
    current = [release for release, _before in title.release_history()]
    wanted = event or _DEFAULT_EVENT
    # Autocomplete values hold 100 characters at most.
    matching = (one for one in current if wanted in (one.key_text, one.event, one.key_text[:100]))
    if (found := next(matching, None)) is not None:
        return found
    if event is not None:
        raise ReleaseNotFoundError(event)
    return current[0] if current else Release()
