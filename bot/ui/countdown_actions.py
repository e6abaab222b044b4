"""What moderators do with a countdown of their server, by a command or by a button."""

from typing import Any

from discord import Guild, Interaction
from discord.app_commands import NoPrivateMessage

from bot.announcements.model import Countdown
from bot.catalog.model import Title
from bot.errors import UserError
from bot.i18n import get_translations, gettext_noop
from bot.services.countdowns import CountdownOptions
from bot.ui.announcement_pictures import announcement_picture
from bot.ui.announcements import build_announcement
from bot.ui.cards.countdowns import countdown_card, list_card, removal_card, removed_card
from bot.ui.channels import GuildChannelOrThread, channel_label, find_channel
from bot.ui.countdown_buttons import CountdownAction
from bot.ui.countdown_options import MilestonesOption, TimeOption
from bot.ui.interaction_context import context_of, services_of
from bot.ui.layout import join_dotted, join_lines, subtext
from bot.ui.markdown import escape_inline
from bot.ui.permissions import missing_permissions, require_manage_guild
from bot.ui.render_context import RenderContext
from bot.ui.responses import respond, respond_with_embed, start_auto_defer
from bot.ui.schedule_modal import ScheduleModal, SubmittedSchedule, schedule_digest


async def run_action(interaction: Interaction[Any], action: CountdownAction, number: int) -> None:
    """Run the action of a button. `number` is untrusted, and so is who pressed it.

    Raises MissingPermissions, UserError.
    """
    require_manage_guild(interaction)
    if action is CountdownAction.EDIT:
        # A modal has to be the first response.
        countdown = await _find(interaction, number)
        await interaction.response.send_modal(ScheduleModal(countdown, context_of(interaction)))
        return
    start_auto_defer(interaction)
    if action is CountdownAction.LIST:
        await show_list(interaction, number)
        return
    run = {
        CountdownAction.SHOW: show,
        CountdownAction.PREVIEW: preview,
        CountdownAction.PAUSE: pause,
        CountdownAction.RESUME: resume,
        CountdownAction.REMOVE: ask_before_removal,
        CountdownAction.CONFIRM_REMOVAL: remove,
    }[action]
    await run(interaction, await _find(interaction, number))


async def submit_schedule(interaction: Interaction[Any], submitted: SubmittedSchedule) -> None:
    """Change the posting time and the milestones to those of a modal, which are untrusted.

    Raises MissingPermissions, UserError.
    """
    require_manage_guild(interaction)
    start_auto_defer(interaction)
    context = context_of(interaction)
    countdown = await _find(interaction, submitted.countdown_id)
    title = await get_title(interaction, countdown)
    try:
        options = await _read_schedule(interaction, countdown, submitted)
    except UserError as error:
        # Beside the button that opens the modal again.
        await show(interaction, countdown, title=title, warning=_refusal(error, submitted, context))
        return
    changed = await services_of(interaction).countdowns.edit(countdown, title, options)
    await show(interaction, changed, gettext_noop("Countdown updated"), title=title)


async def _read_schedule(
    interaction: Interaction[Any], countdown: Countdown, submitted: SubmittedSchedule
) -> CountdownOptions:
    if submitted.digest not in (None, schedule_digest(countdown)):
        _ = context_of(interaction).translations.gettext
        raise UserError(_("Someone just edited this countdown. Check it and try again."))
    return CountdownOptions(
        post_time=await TimeOption().transform(interaction, submitted.post_time),
        milestone_days=await MilestonesOption().transform(interaction, submitted.milestones),
    )


def _refusal(error: UserError, submitted: SubmittedSchedule, context: RenderContext) -> str:
    """Return why a submitted schedule was refused, and what was entered, which would be lost."""
    _ = context.translations.gettext
    entered = join_dotted(escape_inline(submitted.post_time), escape_inline(submitted.milestones))
    return join_lines(str(error), subtext(_("You entered: {text}").format(text=entered)))


async def show(
    interaction: Interaction[Any],
    countdown: Countdown,
    headline: str | None = None,
    *,
    title: Title | None = None,
    channel: GuildChannelOrThread | None = None,
    timezone_chosen: bool = True,
    warning: str | None = None,
) -> None:
    """Reply with the card of a countdown. Its title and channel are looked up if not given.

    `headline` is an untranslated text that says what was done to it.
    """
    guild, context = guild_of(interaction), context_of(interaction)
    title = title or await get_title(interaction, countdown)
    channel = channel or await find_channel(guild, countdown.channel_id)
    role = guild.get_role(countdown.role_id or 0)
    view = countdown_card(
        context.translations.gettext(headline) if headline else None,
        title,
        countdown,
        services_of(interaction).countdowns.upcoming(countdown, title),
        missing_permissions(guild, channel, role, context.translations, picture=countdown.picture),
        context,
        timezone_chosen=timezone_chosen,
        warning=warning,
    )
    await respond(interaction, view, private=True)


async def show_list(interaction: Interaction[Any], page: int) -> None:
    """Reply with a page of the server's countdowns."""
    guild, services = guild_of(interaction), services_of(interaction)
    context = context_of(interaction)
    countdowns = await services.countdowns.list_for_guild(guild.id)
    titles = await services.catalog.get_titles({one.title_id for one in countdowns})
    channel_ids = {one.channel_id for one in countdowns}
    channels = {id_: channel_label(guild, id_, context.translations) for id_ in channel_ids}
    view = list_card(countdowns, titles, channels, page, context)
    await respond(interaction, view, private=True)


async def preview(interaction: Interaction[Any], countdown: Countdown) -> None:
    """Show the next announcement privately, without pinging a role. Raises UserError."""
    title = await get_title(interaction, countdown)
    upcoming = services_of(interaction).countdowns.upcoming(countdown, title)
    if not upcoming:
        _ = context_of(interaction).translations.gettext
        raise UserError(_("Nothing left to announce for now."))
    milestone = upcoming[0]
    context = RenderContext(get_translations(countdown.language), milestone.at)
    message = build_announcement(title, countdown, milestone, None, context, "preview")
    pictures = services_of(interaction).pictures
    picture = await announcement_picture(pictures, title, countdown, milestone, context)
    await respond_with_embed(interaction, message.content, message.embed, message.view, picture)


async def pause(interaction: Interaction[Any], countdown: Countdown) -> None:
    """Pause a countdown until it is resumed."""
    paused = await services_of(interaction).countdowns.pause(countdown)
    await show(interaction, paused, gettext_noop("Countdown paused"))


async def resume(interaction: Interaction[Any], countdown: Countdown) -> None:
    """Resume a countdown. Milestones missed while it was paused are not posted."""
    title = await get_title(interaction, countdown)
    resumed = await services_of(interaction).countdowns.resume(countdown, title)
    await show(interaction, resumed, gettext_noop("Countdown resumed"), title=title)


async def ask_before_removal(interaction: Interaction[Any], countdown: Countdown) -> None:
    """Ask whether to remove a countdown."""
    title = await get_title(interaction, countdown)
    await respond(interaction, removal_card(title, countdown, context_of(interaction)))


async def remove(interaction: Interaction[Any], countdown: Countdown) -> None:
    """Delete a countdown. Its messages are kept."""
    title = await get_title(interaction, countdown)
    await services_of(interaction).countdowns.remove(countdown)
    await respond(interaction, removed_card(title, context_of(interaction)), private=True)


async def get_title(interaction: Interaction[Any], countdown: Countdown) -> Title:
    """Return the title of a countdown."""
    titles = await services_of(interaction).catalog.get_titles([countdown.title_id])
    if (title := titles.get(countdown.title_id)) is None:
        raise LookupError(f"countdown {countdown.id} is to no title")
    return title


def guild_of(interaction: Interaction[Any]) -> Guild:
    """Return the server of an interaction. Raises NoPrivateMessage."""
    if interaction.guild is None:
        raise NoPrivateMessage
    return interaction.guild


async def _find(interaction: Interaction[Any], countdown_id: int) -> Countdown:
    """Return a countdown of the server. Raises UserError."""
    countdowns = services_of(interaction).countdowns
    countdown = await countdowns.get(guild_of(interaction).id, countdown_id)
    if countdown is None:
        context = context_of(interaction)
        message = context.translations.gettext(
            "This countdown no longer exists. {command} shows those that do."
        )
        raise UserError(message.format(command=context.command("countdown list")))
    return countdown
