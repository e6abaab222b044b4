"""Manages countdowns and server settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo

from bot.announcements.errors import (
    CountdownNotFoundError,
    DuplicateCountdownError,
    ReleaseNotFoundError,
)
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
    """The settings of a server. `timezone_chosen` is False if the time zone is the default."""

    language: str
    timezone: ZoneInfo
    post_time: time
    timezone_chosen: bool


@dataclass(frozen=True, slots=True)
class CountdownOptions:
    """Options for creating or editing a countdown.

    None means the server's setting for a new countdown, and no change for an existing one.
    `clear_role` removes the role to ping.
    """

    role_id: int | None = None
    clear_role: bool = False
    post_time: time | None = None
    timezone: ZoneInfo | None = None
    milestone_days: Sequence[int] | None = None
    language: str | None = None
    publish: bool | None = None
    picture: bool | None = None


class CountdownService:
    """Creates, edits and lists countdowns.

    `wake` is called when an announcement may be due earlier than before.
    """

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
        """Return the settings of a server. `language` is the default, as set in Discord."""
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
        """Update the given settings. Writes nothing if none is given."""
        zone = timezone.key if timezone else None
        changes = GuildPreferences(language, zone, post_time)
        if changes != GuildPreferences():
            await self._guilds.update_preferences(guild_id, changes)

    async def list_for_guild(self, guild_id: int) -> list[Countdown]:
        """Return the countdowns of a server, oldest first."""
        return await self._countdowns.list_for_guild(guild_id)

    async def get(self, guild_id: int, countdown_id: int) -> Countdown | None:
        """Return a countdown of a server, or None."""
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
        """Create a countdown to a title in a channel.

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
            picture=bool(options.picture),
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
        """Update the given options of a countdown.

        Raises DuplicateCountdownError, CountdownNotFoundError.
        """

        def edit(current: Countdown) -> Countdown:
            edited = _edit(current, options, channel_id)
            # What is due stays due.
            if edited.schedule == current.schedule:
                return edited
            return self._reschedule(edited, title, current.schedule, keep_due=True)

        return await self._change(countdown, edit)

    async def pause(self, countdown: Countdown) -> Countdown:
        """Pause a countdown until it is resumed. Raises CountdownNotFoundError."""
        return await self._change(
            countdown, lambda current: replace(current, paused=PauseReason.MANUAL, next_at=None)
        )

    async def resume(self, countdown: Countdown, title: Title) -> Countdown:
        """Resume a countdown. Milestones missed while it was paused are not posted.

        A countdown that is not paused stays as it is. Raises CountdownNotFoundError.
        """

        def resumed(current: Countdown) -> Countdown:
            if current.paused is None:
                return current
            return self._reschedule(replace(current, paused=None), title, current.schedule)

        return await self._change(countdown, resumed)

    async def remove(self, countdown: Countdown) -> None:
        """Delete a countdown and its deliveries."""
        await self._countdowns.remove(countdown.guild_id, countdown.id)

    def upcoming(self, countdown: Countdown, title: Title) -> list[Milestone]:
        """Return the currently planned milestones, soonest first."""
        return upcoming_milestones(countdown, countdown.find_release(title), self._clock())

    async def _require_new(
        self, title: Title, guild_id: int, channel_id: int, release: Release
    ) -> None:
        for existing in await self._countdowns.list_for_guild(guild_id):
            same_channel = (existing.title_id, existing.channel_id) == (title.id, channel_id)
            # Compare releases, not keys: the key of a release may have changed.
            if same_channel and existing.find_release(title) == release:
                raise DuplicateCountdownError(existing)

    async def _change(
        self, countdown: Countdown, change: Callable[[Countdown], Countdown]
    ) -> Countdown:
        """Store a change, and make it again if the countdown was changed in the meantime."""
        current: Countdown | None = countdown
        while current is not None:
            changed = change(current)
            if await self._countdowns.update(changed):
                self._wake()
                return replace(changed, version=changed.version + 1)
            current = await self._countdowns.get(countdown.guild_id, countdown.id)
        raise CountdownNotFoundError(countdown.id)

    def _reschedule(
        self,
        countdown: Countdown,
        title: Title,
        previous_schedule: Schedule,
        *,
        keep_due: bool = False,
    ) -> Countdown:
        release, now = countdown.find_release(title), self._clock()
        rescheduled = reschedule(countdown, release, now, previous_schedule, keep_due=keep_due)
        return rescheduled if rescheduled.paused is None else replace(rescheduled, next_at=None)


def _edit(countdown: Countdown, options: CountdownOptions, channel_id: int | None) -> Countdown:
    previous, days = countdown.schedule, options.milestone_days
    schedule = Schedule(
        previous.milestone_days if days is None else tuple(days),
        options.post_time or previous.post_time,
        options.timezone or previous.timezone,
    )
    return replace(
        countdown,
        schedule=schedule,
        channel_id=channel_id or countdown.channel_id,
        role_id=None if options.clear_role else options.role_id or countdown.role_id,
        language=options.language or countdown.language,
        publish=countdown.publish if options.publish is None else options.publish,
        picture=countdown.picture if options.picture is None else options.picture,
    )


def _find_release(title: Title, event: str | None) -> Release:
    """Return the release for an event.

    Without an event, return the premiere, the first release, or an empty release. Raises
    ReleaseNotFoundError.
    """
    current = title.countable_releases()
    wanted = event or _DEFAULT_EVENT
    for release in current:
        # Autocomplete values are limited to 100 characters.
        if wanted in (release.key_text, release.event, release.choice_value):
            return release
    if event is not None:
        raise ReleaseNotFoundError(event)
    return current[0] if current else Release()
