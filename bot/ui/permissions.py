"""Permission checks for members and the bot."""

from typing import Any

from discord import Guild, Interaction, Member, Role, Thread
from discord.app_commands import MissingPermissions

from bot.i18n import Translations
from bot.ui.channels import GuildChannelOrThread


def require_manage_guild(interaction: Interaction[Any]) -> bool:
    """Check that the member has the Manage Server permission. Raises MissingPermissions.

    The check uses the member's roles, not `interaction.permissions`. Those include the overwrites
    of the channel, and members who can edit overwrites can grant themselves any permission there.
    """
    user = interaction.user
    if not (isinstance(user, Member) and user.guild_permissions.manage_guild):
        raise MissingPermissions(["manage_guild"])
    return True


def missing_permissions(
    guild: Guild,
    channel: GuildChannelOrThread | None,
    role: Role | None,
    translations: Translations,
) -> list[str]:
    """Return the names of the permissions that the bot is missing in a channel.

    `channel` is None if the bot cannot see it.
    """
    _ = translations.gettext
    # A thread inherits the permissions of its parent channel.
    if channel is None or (isinstance(channel, Thread) and channel.parent is None):
        return [_("View Channel")]
    permissions = channel.permissions_for(guild.me)
    in_thread = isinstance(channel, Thread)
    required = {
        _("View Channel"): permissions.view_channel,
        _("Send Messages in Threads") if in_thread else _("Send Messages"): (
            permissions.send_messages_in_threads if in_thread else permissions.send_messages
        ),
        _("Embed Links"): permissions.embed_links,
        _("Read Message History"): permissions.read_message_history,
        _("Mention @everyone, @here, and All Roles"): role is None
        or role.mentionable
        or permissions.mention_everyone,
    }
    return [name for name, granted in required.items() if not granted]
