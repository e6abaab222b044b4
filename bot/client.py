"""The Discord bot: intents, cogs, persistent buttons, command sync."""

import json
import logging
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

from discord import AllowedMentions, Intents, Interaction, MemberCacheFlags
from discord.app_commands import (
    AppCommandContext,
    AppInstallationType,
    TranslationContextTypes,
    Translator,
    locale_str,
)
from discord.enums import Locale
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.clock import Clock
from bot.desk import Desk
from bot.global_limit import GlobalLimit
from bot.library import Library
from bot.store.database import COMMANDS_DIGEST, Database
from bot.text import SOURCE_LANGUAGE, texts_for
from bot.tree import BonbangTree, answer_error
from bot.ui.answering import answer
from bot.ui.buttons import CardButton, CardMenu, Outdated
from bot.ui.opening import Cards
from bot.ui.reader import Reader

_log = logging.getLogger(__name__)


class Bonbang(commands.AutoShardedBot):
    """The bot, of the collaborators it is given. `cogs` are made for it before it connects."""

    def __init__(
        self,
        database: Database,
        library: Library,
        desk: Desk,
        clock: Clock,
        cogs: Callable[["Bonbang"], Iterable[commands.Cog]],
    ) -> None:
        # Guilds alone: what members write is none of the bot's business.
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=Intents(guilds=True),
            tree_cls=BonbangTree,
            allowed_mentions=AllowedMentions.none(),
            allowed_installs=AppInstallationType(guild=True, user=True),
            allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            member_cache_flags=MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            http_trace=GlobalLimit().trace(),
        )
        self.library = library
        self.cards = Cards(library)
        self.desk = desk
        self._database = database
        self._clock = clock
        self._make_cogs = cogs

    async def setup_hook(self) -> None:
        """Take in cogs, buttons and languages, and tell Discord of commands that changed."""
        for cog in self._make_cogs(self):
            await self.add_cog(cog)
        self.add_dynamic_items(CardButton, CardMenu, Outdated)
        await self.tree.set_translator(GettextTranslator())
        await self._sync_commands()

    async def on_ready(self) -> None:
        """Say so in the log."""
        _log.info("ready as %s in %d servers", self.user, len(self.guilds))

    def reader(self, interaction: Interaction[Any]) -> Reader:
        """Who asks: their language, and the present."""
        return Reader(texts_for(interaction.locale.value), self._clock())

    def server_language(self, interaction: Interaction[Any]) -> str:
        """The language that the server set in Discord."""
        return str(interaction.guild_locale or SOURCE_LANGUAGE)

    async def open_card(self, interaction: Interaction[Any], path: str) -> None:
        """Answer a button or a menu with the card it leads to."""
        try:
            view = self.cards.open_path(path, self.reader(interaction))
            await answer(interaction, view)
        except Exception as error:
            await answer_error(interaction, error)

    async def find_gateway(self) -> None:
        """Ask where the gateway is; to be done between `login` and `connect`."""
        # After a session that cannot be resumed discord.py goes back to this address, which is
        # Discord's own and not that of DISCORD_API_URL unless it is told.
        _shards, address, _limits = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = URL(address)

    async def _sync_commands(self) -> None:
        # Discord takes few changes of commands a day, so it is told only when there is one.
        translator = self.tree.translator
        payload = [
            await command.get_translated_payload(self.tree, translator)
            if translator
            else command.to_dict(self.tree)
            for command in self.tree.get_commands()
        ]
        told = json.dumps([self.application_id, payload], sort_keys=True).encode()
        digest = blake2b(told, digest_size=16).hexdigest()
        if await self._database.fact(COMMANDS_DIGEST) != digest:
            await self.tree.sync()
            await self._database.remember(COMMANDS_DIGEST, digest)


class GettextTranslator(Translator):
    """Gives Discord the names and descriptions of commands in each language there is."""

    async def translate(
        self, string: locale_str, locale: Locale, context: TranslationContextTypes
    ) -> str | None:
        """The text in that language; None where there is no other than English."""
        translated = texts_for(locale.value).gettext(string.message)
        return translated if translated != string.message else None
