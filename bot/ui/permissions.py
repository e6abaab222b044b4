"""What the bot lacks to post announcements into a channel, in Discord's words."""

from discord import Guild, Role, Thread
from discord.abc import GuildChannel

from bot.text import Texts


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
