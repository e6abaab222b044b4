"""A countdown posts and pings only where the moderator who sets it could do so themselves."""

from typing import Any

import pytest
from discord import PermissionOverwrite, Permissions
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle
from simcord.enums import OverwriteType

from tests.conftest import Server, text
from tests.support.raw_interactions import Asker, asker, command, rows_of

CANNOT_POST = "You can't post in that channel"
CANNOT_PING = "You can't ping that role in that channel"
CANNOT_PING_EVERYONE = "A countdown can't ping @everyone"
CREATED, UPDATED = "Countdown created", "Countdown updated"


class Moderation:
    """A server whose moderator has Manage Server and may not mention the role `fans`."""

    def __init__(self, server: Server, database_url: str) -> None:
        self.server, self.guild = server, server.guild
        self.open = server.channel
        self.moderator = asker(server.moderator, server.channel)
        self.fans = self.guild.create_role("fans")
        self._database_url = database_url

    def colleague(self, **permissions: bool) -> Asker:
        """Another moderator, with more permissions."""
        granted = Permissions(manage_guild=True, **permissions)
        role = self.guild.create_role("colleagues", permissions=granted)
        user = self.server.env.create_user("colleague")
        return asker(self.guild.add_member(user, roles=[role]), self.open)

    def channel(self, **overwrites: bool) -> ChannelHandle:
        """A channel with overwrites for the moderator."""
        return self.guild.create_text_channel(
            "elsewhere", overwrites={self.server.moderator: PermissionOverwrite(**overwrites)}
        )

    def let_everyone_mention_fans(self) -> None:
        """Make the role mentionable."""
        self.server.env.backend.edit_role(self.guild.id, self.fans.id, {"mentionable": True})

    async def add(self, who: Asker | None = None, **options: Any) -> str:
        """Add a countdown. Returns the reply."""
        return await self._send("countdown add", who, {"title": "Soul Mate", **options})

    async def edit(self, who: Asker | None = None, **options: Any) -> str:
        """Edit the only countdown. Returns the reply."""
        return await self._send("countdown edit", who, {"countdown": "1", **options})

    def rows(self) -> list[tuple[Any, ...]]:
        """What is stored about the server."""
        return rows_of(self._database_url, self.guild.id)

    async def _send(self, name: str, who: Asker | None, options: dict[str, Any]) -> str:
        result = await command(self.server.env, who or self.moderator, name, options)
        assert result.ephemeral
        return text(result)


@pytest.fixture
def moderation(server: Server, database_url: str) -> Moderation:
    return Moderation(server, database_url)


@pytest.mark.parametrize("denied", ["view_channel", "send_messages"])
async def test_countdown_needs_a_channel_that_the_moderator_can_post_in(
    moderation: Moderation, denied: str
) -> None:
    closed = moderation.channel(**{denied: False})
    assert CANNOT_POST in await moderation.add(channel=closed)
    assert moderation.rows() == []
    assert CREATED in await moderation.add(channel=moderation.open)
    before = moderation.rows()
    assert CANNOT_POST in await moderation.edit(channel=closed)
    assert moderation.rows() == before
    assert UPDATED in await moderation.edit(channel=moderation.channel())


async def test_thread_needs_the_permission_for_threads(moderation: Moderation) -> None:
    def thread(**overwrites: bool) -> ChannelHandle:
        parent = moderation.channel(**overwrites)
        owner_id = moderation.server.moderator.id
        created = moderation.server.env.backend.create_thread(parent.id, "talk", owner_id=owner_id)
        return ChannelHandle(moderation.server.env, moderation.guild, created)

    closed = thread(send_messages_in_threads=False)
    assert CANNOT_POST in await moderation.add(channel=closed)
    assert CREATED in await moderation.add(channel=thread(send_messages=False))


async def test_administrator_can_use_any_channel_and_role(moderation: Moderation) -> None:
    everyone = moderation.guild.default_role
    hidden = moderation.guild.create_text_channel(
        "hidden", overwrites={everyone: PermissionOverwrite(view_channel=False)}
    )
    administrator = moderation.colleague(administrator=True)
    assert CANNOT_POST in await moderation.add(channel=hidden)
    assert CREATED in await moderation.add(administrator, channel=hidden, role=moderation.fans)


async def test_role_needs_to_be_one_that_the_moderator_can_ping(moderation: Moderation) -> None:
    fans, channel = moderation.fans, moderation.open
    assert CANNOT_PING in await moderation.add(channel=channel, role=fans)
    assert moderation.rows() == []
    assert CREATED in await moderation.add(channel=channel)
    before = moderation.rows()
    assert CANNOT_PING in await moderation.edit(role=fans)
    assert moderation.rows() == before
    assert UPDATED in await moderation.edit(moderation.colleague(mention_everyone=True), role=fans)
    moderation.let_everyone_mention_fans()
    assert UPDATED in await moderation.edit(role=fans)


async def test_right_to_ping_is_that_of_the_target_channel(moderation: Moderation) -> None:
    fans, allowed = moderation.fans, moderation.channel(mention_everyone=True)
    assert CREATED in await moderation.add(channel=allowed, role=fans)
    # Its role would be pinged in the other channel.
    assert CANNOT_PING in await moderation.edit(channel=moderation.open)
    assert UPDATED in await moderation.edit(channel=moderation.open, no_role=True)
    assert CANNOT_PING in await moderation.edit(role=fans)
    assert UPDATED in await moderation.edit(channel=allowed, role=fans)


async def test_other_options_can_be_edited_whoever_chose_the_role(moderation: Moderation) -> None:
    colleague = moderation.colleague(mention_everyone=True)
    assert CREATED in await moderation.add(colleague, channel=moderation.open, role=moderation.fans)
    assert UPDATED in await moderation.edit(time="8:00")


async def test_no_countdown_pings_everyone(moderation: Moderation) -> None:
    everyone, channel = moderation.guild.default_role, moderation.open
    administrator = moderation.colleague(administrator=True)
    for who in (moderation.moderator, administrator):
        assert CANNOT_PING_EVERYONE in await moderation.add(who, channel=channel, role=everyone)
    assert CREATED in await moderation.add(channel=channel)
    assert CANNOT_PING_EVERYONE in await moderation.edit(administrator, role=everyone)


async def test_role_of_a_countdown_whose_channel_is_gone_can_still_be_judged(
    moderation: Moderation,
) -> None:
    gone = moderation.channel()
    assert CREATED in await moderation.add(channel=gone)
    moderation.server.env.backend.delete_channel(gone.id)
    assert CANNOT_PING in await moderation.edit(role=moderation.fans)
    moderation.let_everyone_mention_fans()
    assert UPDATED in await moderation.edit(role=moderation.fans)


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        ("view_channel", "View Channel"),
        ("send_messages", "Send Messages"),
        ("embed_links", "Embed Links"),
        # Without it, an announcement whose response was lost cannot be looked up.
        ("read_message_history", "Read Message History"),
    ],
)
async def test_moderator_is_told_what_the_bot_lacks_when_a_countdown_is_made_or_moved(
    moderation: Moderation, permission: str, name: str
) -> None:
    bot = moderation.server.env.backend.bot_user.id
    lacking = moderation.guild.create_text_channel("lacking")
    moderation.server.env.backend.set_overwrite(
        lacking.id,
        Overwrite(bot, OverwriteType.MEMBER, deny=Permissions(**{permission: True}).value),
    )
    for reply in (await moderation.add(channel=lacking), await _moved(moderation, lacking)):
        assert name in reply
        assert "I'm missing permissions in that channel" in reply


async def _moved(moderation: Moderation, channel: ChannelHandle) -> str:
    """Move the countdown away and back. Returns the last reply."""
    assert "missing permissions" not in await moderation.edit(channel=moderation.open)
    return await moderation.edit(channel=channel)
