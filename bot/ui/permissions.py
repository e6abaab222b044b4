"""Permission checks for members and the bot."""

from typing import Any

from discord import (
    AppInfo,
    Guild,
    Interaction,
    Member,
    Permissions,
    Role,
    TeamMembershipState,
    Thread,
)
from discord.app_commands import CheckFailure, MissingPermissions

from bot.errors import UserError
from bot.i18n import Translations
from bot.ui.channels import GuildChannelOrThread
from bot.ui.interaction_context import context_of, services_of


class NotCuratorError(CheckFailure):
    """The user may not edit the catalog."""


def can_manage_guild(interaction: Interaction[Any]) -> bool:
    """Return whether the member has the Manage Server permission.

    The check uses the member's roles, not `interaction.permissions`. Those include the overwrites
    of the channel, and members who can edit overwrites can grant themselves any permission there.
    """
    user = interaction.user
    return isinstance(user, Member) and user.guild_permissions.manage_guild


def require_manage_guild(interaction: Interaction[Any]) -> bool:
    """Check that the member has the Manage Server permission. Raises MissingPermissions."""
    if not can_manage_guild(interaction):
        raise MissingPermissions(["manage_guild"])
    return True


def is_curator(interaction: Interaction[Any]) -> bool:
    """Return whether the user may edit the catalog: as the owner of the bot's application, as a
    member of the team that owns it, or as a member of the server with one of the curators' roles.
    """
    user, application = interaction.user, interaction.client.application
    if application is not None and user.id in _owner_ids(application):
        return True
    roles = services_of(interaction).curator_roles
    # A role that the bot does not see in this server counts for nothing.
    return isinstance(user, Member) and any(user.get_role(role) for role in roles)


def require_curator(interaction: Interaction[Any]) -> bool:
    """Check that the user may edit the catalog. Raises NotCuratorError."""
    if not is_curator(interaction):
        raise NotCuratorError
    return True


def _owner_ids(application: AppInfo) -> set[int]:
    team = application.team
    if team is None:
        return {application.owner.id}
    accepted = TeamMembershipState.accepted
    return {one.id for one in team.members if one.membership_state is accepted}


def require_can_post(interaction: Interaction[Any], channel: GuildChannelOrThread) -> None:
    """Check that the member can post in a channel. Raises UserError."""
    # Members who cannot view a channel have no permissions in it.
    if not _sends(channel, _permissions_of(interaction, channel)):
        _ = context_of(interaction).translations.gettext
        raise UserError(
            _("You can't post in that channel. Choose one where you can send messages.")
        )


def require_can_ping(
    interaction: Interaction[Any], role: Role, channel: GuildChannelOrThread | None
) -> None:
    """Check that the member can ping a role in a channel. Raises UserError.

    `channel` is None if the bot cannot see it. Then the permissions in the server count.
    """
    if role.mentionable or _permissions_of(interaction, channel).mention_everyone:
        return
    _ = context_of(interaction).translations.gettext
    raise UserError(
        _(
            "You can't ping that role in that channel. Choose a role that anyone can mention, or "
            "ask someone with this permission: {permission}"
        ).format(permission=_("Mention @everyone, @here, and All Roles"))
    )


def _permissions_of(
    interaction: Interaction[Any], channel: GuildChannelOrThread | None
) -> Permissions:
    """Return what a member may do in a channel. Discord sends that only for channels that are an
    option of the command, so it is computed from the member's roles and the overwrites."""
    user = interaction.user
    if not isinstance(user, Member) or _is_orphan(channel):
        return Permissions.none()
    return user.guild_permissions if channel is None else channel.permissions_for(user)


def _is_orphan(channel: GuildChannelOrThread | None) -> bool:
    """Return whether a thread's parent is unknown. A thread inherits its permissions."""
    return isinstance(channel, Thread) and channel.parent is None


def _sends(channel: GuildChannelOrThread, permissions: Permissions) -> bool:
    in_thread = isinstance(channel, Thread)
    return permissions.send_messages_in_threads if in_thread else permissions.send_messages


def can_attach_files(guild: Guild, channel: GuildChannelOrThread) -> bool:
    """Return whether the bot can attach files in a channel."""
    return not _is_orphan(channel) and channel.permissions_for(guild.me).attach_files


def missing_permissions(
    guild: Guild,
    channel: GuildChannelOrThread | None,
    role: Role | None,
    translations: Translations,
    *,
    picture: bool,
) -> list[str]:
    """Return the names of the permissions that the bot is missing in a channel.

    `channel` is None if the bot cannot see it. `picture` is whether it is to post pictures.
    """
    _ = translations.gettext
    if channel is None or _is_orphan(channel):
        return [_("View Channel")]
    permissions = channel.permissions_for(guild.me)
    in_thread = isinstance(channel, Thread)
    pings = role is None or role.mentionable or permissions.mention_everyone
    required = [
        (_("View Channel"), permissions.view_channel),
        (
            _("Send Messages in Threads") if in_thread else _("Send Messages"),
            _sends(channel, permissions),
        ),
        (_("Embed Links"), permissions.embed_links),
        (_("Attach Files"), not picture or permissions.attach_files),
        (_("Read Message History"), permissions.read_message_history),
        (_("Mention @everyone, @here, and All Roles"), pings),
    ]
    return [name for name, granted in required if not granted]
