"""/countdown: what moderators set up once, and the scheduled task that posts it."""

import asyncio
from datetime import time
from typing import TypeVar
from zoneinfo import ZoneInfo

from discord import Guild, Interaction, Permissions, Role, app_commands
from discord.app_commands import Group, Transform, describe, locale_str, rename
from discord.ext.commands import Cog

from bot.catalog.model import Title
from bot.client import Bonbang
from bot.clock import Clock
from bot.countdown.announcer import Announcer
from bot.countdown.model import Countdown
from bot.countdown.rounds import Rounds
from bot.desk import Desk, Terms
from bot.errors import AnswerError
from bot.library import Library
from bot.text import marked, texts_for
from bot.ui.announcements import announcement
from bot.ui.answering import answer, answer_privately
from bot.ui.cards.answers import problem_card
from bot.ui.cards.countdowns import countdown_card, list_card
from bot.ui.countdown_options import (
    ChannelOption,
    CountdownOption,
    EventOption,
    LanguageOption,
    MilestonesOption,
    PostableChannel,
    RoleOption,
    TimeOption,
    ZoneOption,
)
from bot.ui.links import Card
from bot.ui.options import title_option
from bot.ui.permissions import manages_server, missing_permissions
from bot.ui.reader import Reader

_TERMS = {
    "channel": locale_str("Where to post"),
    "role": locale_str("A role to ping"),
    "time": locale_str("The time of day to post at, such as 21:00"),
    "timezone": locale_str("Whose time of day: a city, a zone, or KST"),
    "milestones": locale_str("Days before the release, such as 100, 30, 7, 1, 0"),
    "language": locale_str("The language to post in"),
    "publish": locale_str("Publish to following servers (announcement channels)"),
}
_NAMES = {
    "channel": locale_str("channel"),
    "role": locale_str("role"),
    "time": locale_str("time"),
    "timezone": locale_str("timezone"),
    "milestones": locale_str("milestones"),
    "language": locale_str("language"),
    "publish": locale_str("publish"),
}
_COUNTDOWN = locale_str("countdown")
_WHICH = locale_str("Which of this server's countdowns")

Named = TypeVar("Named")


def _names_a_countdown(method: Named) -> Named:
    """What the commands that take nothing but a countdown call their option, and say of it."""
    return rename(countdown=_COUNTDOWN)(describe(countdown=_WHICH)(method))


class Countdowns(Cog):
    """Countdowns of a server, for members who may manage it."""

    countdown = Group(
        name=locale_str("countdown"),
        description=locale_str("Count a channel down to a release"),
        default_permissions=Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(
        self, library: Library, desk: Desk, announcer: Announcer, rounds: Rounds, clock: Clock
    ) -> None:
        self._library = library
        self._desk = desk
        self._announcer = announcer
        self._rounds = rounds
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Begin the rounds. They post over REST, so nothing need be waited for."""
        self._task = asyncio.create_task(self._rounds.run(), name="rounds")

    async def cog_unload(self) -> None:
        """End the rounds, and let what is on its way arrive while the connection still stands."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._announcer.settle_down()

    async def interaction_check(self, interaction: Interaction[Bonbang], /) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Ask again what Discord was told: this is for members who may manage the server."""
        return manages_server(interaction)

    @Cog.listener()
    async def on_guild_remove(self, guild: Guild) -> None:
        """Let the countdowns of a server rest that the bot was removed from."""
        await self._desk.store.left(guild.id, self._clock())

    @Cog.listener()
    async def on_guild_join(self, guild: Guild) -> None:
        """Keep what a server had, now that the bot is back."""
        await self._desk.store.returned(guild.id)

    @countdown.command(
        name=locale_str("add"), description=locale_str("Count a channel down to a show")
    )
    @rename(title=locale_str("title"), event=locale_str("event"), **_NAMES)
    @describe(
        title=locale_str("The show, in any script; part of its name will do"),
        event=locale_str("Which release of it; its premiere unless you choose"),
        **_TERMS,
    )
    async def add(
        self,
        interaction: Interaction[Bonbang],
        title: Transform[Title, title_option(Card.SHOW)],
        channel: Transform[PostableChannel, ChannelOption],
        event: Transform[str, EventOption] | None = None,
        role: Transform[Role, RoleOption] | None = None,
        time: Transform[time, TimeOption] | None = None,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        milestones: Transform[tuple[int, ...], MilestonesOption] | None = None,
        language: Transform[str, LanguageOption] | None = None,
        publish: bool | None = None,
    ) -> None:
        """Set a countdown up, and show what it will post next and what stands in its way."""
        guild = _guild(interaction)
        terms = Terms(role.id if role else None, time, timezone, milestones, language, publish)
        place = (guild.id, channel.id)
        added = await self._desk.add(
            title, place, event, interaction.client.server_language(interaction), terms
        )
        settings = await self._desk.settings(
            guild.id, interaction.client.server_language(interaction)
        )
        chosen = settings.zone_chosen or timezone is not None
        await self._show(
            interaction, marked("The countdown is set"), added, title, role, zone_chosen=chosen
        )

    @countdown.command(
        name=locale_str("list"), description=locale_str("The countdowns of this server")
    )
    @rename(page=locale_str("page"))
    @describe(page=locale_str("Which page of them"))
    async def list_(
        self, interaction: Interaction[Bonbang], page: app_commands.Range[int, 1, 99] = 1
    ) -> None:
        """What each is next, or why it rests."""
        own = await self._desk.store.of_server(_guild(interaction).id)
        titles = await self._library.titles({one.title_id for one in own})
        reader = interaction.client.reader(interaction)
        await answer(interaction, list_card(own, titles, page, reader), private=True)

    @countdown.command(
        name=locale_str("edit"), description=locale_str("Change how a countdown is told")
    )
    @rename(countdown=_COUNTDOWN, no_role=locale_str("no_role"), **_NAMES)
    @describe(
        countdown=_WHICH,
        no_role=locale_str("Ping no role any more"),
        **_TERMS,
    )
    async def edit(
        self,
        interaction: Interaction[Bonbang],
        countdown: Transform[Countdown, CountdownOption],
        channel: Transform[PostableChannel, ChannelOption] | None = None,
        role: Transform[Role, RoleOption] | None = None,
        no_role: bool = False,
        time: Transform[time, TimeOption] | None = None,
        timezone: Transform[ZoneInfo, ZoneOption] | None = None,
        milestones: Transform[tuple[int, ...], MilestonesOption] | None = None,
        language: Transform[str, LanguageOption] | None = None,
        publish: bool | None = None,
    ) -> None:
        """Change the terms given, and leave the others."""
        role_id = 0 if no_role else role.id if role else None
        terms = Terms(role_id, time, timezone, milestones, language, publish)
        title = await self._title_of(countdown)
        channel_id = channel.id if channel else None
        changed = await self._desk.edit(countdown, title, terms, channel_id=channel_id)
        await self._show(interaction, marked("The countdown is changed"), changed, title, role)

    @countdown.command(name=locale_str("pause"), description=locale_str("Let a countdown rest"))
    @_names_a_countdown
    async def pause(
        self,
        interaction: Interaction[Bonbang],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Post nothing of it until it is resumed."""
        resting = await self._desk.pause(countdown)
        await self._show(
            interaction, marked("The countdown rests"), resting, await self._title_of(countdown)
        )

    @countdown.command(
        name=locale_str("resume"), description=locale_str("Take a countdown up again")
    )
    @_names_a_countdown
    async def resume(
        self,
        interaction: Interaction[Bonbang],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Go on from now; what it missed is not posted late."""
        title = await self._title_of(countdown)
        resumed = await self._desk.resume(countdown, title)
        await self._show(interaction, marked("The countdown goes on"), resumed, title)

    @countdown.command(
        name=locale_str("remove"), description=locale_str("Remove a countdown for good")
    )
    @_names_a_countdown
    async def remove(
        self,
        interaction: Interaction[Bonbang],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """Erase it; what it posted stays."""
        await self._desk.store.remove(_guild(interaction).id, countdown.id)
        reader = interaction.client.reader(interaction)
        title = await self._title_of(countdown)
        message = reader.texts.gettext("The countdown to **{title}** is removed.")
        card = problem_card(message.format(title=reader.name(title)), reader)
        await answer(interaction, card, private=True)

    @countdown.command(
        name=locale_str("preview"),
        description=locale_str("See the next announcement as it will be posted"),
    )
    @_names_a_countdown
    async def preview(
        self,
        interaction: Interaction[Bonbang],
        countdown: Transform[Countdown, CountdownOption],
    ) -> None:
        """The next announcement, to the asker alone and pinging nobody."""
        title = await self._title_of(countdown)
        ahead = self._desk.ahead(countdown, title)
        if not ahead:
            _ = interaction.client.reader(interaction).texts.gettext
            raise AnswerError(_("Nothing is left to announce, as far as is known today."))
        reader = Reader(texts_for(countdown.language), ahead[0].at)
        what = announcement(title, countdown, ahead[0], "", reader, "preview")
        await answer_privately(interaction, what.content, what.embed, what.view)

    async def _title_of(self, countdown: Countdown) -> Title:
        title = (await self._library.titles([countdown.title_id])).get(countdown.title_id)
        if title is None:
            raise LookupError(f"countdown {countdown.id} is to no title")
        return title

    async def _show(
        self,
        interaction: Interaction[Bonbang],
        heading: str,
        countdown: Countdown,
        title: Title,
        role: Role | None = None,
        *,
        zone_chosen: bool = True,
    ) -> None:
        guild, reader = _guild(interaction), interaction.client.reader(interaction)
        channel = guild.get_channel_or_thread(countdown.channel_id)
        role = role or guild.get_role(countdown.role_id or 0)
        missing = missing_permissions(guild, channel, role, reader.texts)
        ahead = self._desk.ahead(countdown, title)
        headline = reader.texts.gettext(heading)
        view = countdown_card(
            headline, title, countdown, ahead, missing, reader, zone_chosen=zone_chosen
        )
        await answer(interaction, view, private=True)


def _guild(interaction: Interaction[Bonbang]) -> Guild:
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild
