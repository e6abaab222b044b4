"""Who may manage a server, and what the bot lacks to post into a channel of it."""

from typing import Any

from discord import Guild, Interaction, Member, Role, Thread
from discord.app_commands import MissingPermissions

from bot.i18n import Translations
from bot.ui.channels import GuildChannelOrThread


def require_manage_guild(interaction: Interaction[Any]) -> bool:
    """Let through who may manage the server they ask in. Raises MissingPermissions for others.

    By their roles: `interaction.permissions` holds what a channel's overwrites allow, and whoever
    may edit those can allow themselves anything there.
    """
    asker = interaction.user
    if not (isinstance(asker, Member) and asker.guild_permissions.manage_guild):
        raise MissingPermissions(["manage_guild"])
    return True


def missing_permissions(
    guild: Guild,
    channel: GuildChannelOrThread | None,
    role: Role | None,
    translations: Translations,
) -> list[str]:
    """The permissions that the bot lacks in a channel; None stands for one that it cannot see."""
    _ = translations.gettext
    # The permissions in a thread are those of its channel.
    if channel is None or (isinstance(channel, Thread) and channel.parent is None):
        return [_("View Channel")]
    have = channel.permissions_for(guild.me)
    in_thread = isinstance(channel, Thread)
    needed = {
        _("View Channel"): have.view_channel,
        _("Send Messages in Threads") if in_thread else _("Send Messages"): (
            have.send_messages_in_threads if in_thread else have.send_messages
        ),
        _("Embed Links"): have.embed_links,
        _("Read Message History"): have.read_message_history,
        _("Mention @everyone, @here, and All Roles"): role is None
        or role.mentionable
        or have.mention_everyone,
    }
    return [name for name, there in needed.items() if not there]
