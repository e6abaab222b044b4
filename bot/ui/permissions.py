"""Who may manage a server, and what the bot lacks to post into a channel of it."""

from typing import Any

from discord import Guild, Interaction, Member, Role, Thread
from discord.abc import GuildChannel
from discord.app_commands import MissingPermissions

from bot.text import Texts


def manages_server(interaction: Interaction[Any]) -> bool:
    """Let through who may manage the server they ask in. Raises MissingPermissions for others.

    By their roles: `interaction.permissions` holds what a channel's overwrites allow, and whoever
    may edit those can allow themselves anything there.
    """
    asker = interaction.user
    if not (isinstance(asker, Member) and asker.guild_permissions.manage_guild):
        raise MissingPermissions(["manage_guild"])
    return True


def missing_permissions(
    guild: Guild, channel: GuildChannel | Thread | None, role: Role | None, texts: Texts
) -> list[str]:
    """The permissions that the bot lacks there; a channel it cannot even see is given as None."""
    _ = texts.gettext
    if channel is None:
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
        _("Mention all roles"): role is None or role.mentionable or have.mention_everyone,
    }
    return [name for name, there in needed.items() if not there]
