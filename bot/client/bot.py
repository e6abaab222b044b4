"""The Discord client: intents, cogs, persistent components and command sync."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from hashlib import blake2b
from typing import Any, cast

from aiohttp import TraceConfig
from discord import AllowedMentions, Intents, Interaction, InteractionType, MemberCacheFlags
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.ext import commands

from bot.client.command_tree import BonbangTree, respond_with_error
from bot.client.retry import describe
from bot.client.translator import GettextTranslator
from bot.services import BotServices
from bot.store.database import COMMAND_IDS, COMMANDS_DIGEST, Database
from bot.ui.buttons import CardButton, CardMenu
from bot.ui.card_router import CardRouter
from bot.ui.countdown_actions import run_action, submit_schedule
from bot.ui.countdown_buttons import CountdownAction, CountdownButton, CountdownMenu
from bot.ui.curation_actions import run_action as run_curation_action
from bot.ui.curation_buttons import CurationAction, CurationButton, CurationMenu, SuggestButton
from bot.ui.curation_drafts import DraftStore
from bot.ui.curation_edits import SubmittedEdit, open_form, submit
from bot.ui.curation_history import record_of_path
from bot.ui.interaction_context import context_of
from bot.ui.responses import respond
from bot.ui.schedule_modal import SubmittedSchedule
from bot.ui.suggestion_actions import open_suggestion, submit_suggestion
from bot.ui.suggestion_modal import SubmittedSuggestion

_log = logging.getLogger(__name__)

# In seconds. Within it discord.py tries five times.
SYNC_TIMEOUT = 30.0

Lifespan = Callable[["Bonbang"], AbstractAsyncContextManager[None]]
"""Entered after login, and exited before the connection is closed."""


class Bonbang(commands.AutoShardedBot):
    """The bot.

    `extensions` are the names of the extension modules to load. `http_trace` observes its requests.
    """

    def __init__(
        self,
        services: BotServices,
        database: Database,
        extensions: Iterable[str],
        lifespan: Lifespan,
        http_trace: TraceConfig,
    ) -> None:
        # The bot reads no messages, so it needs no other intents.
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
            http_trace=http_trace,
        )
        self.services = services
        self.cards = CardRouter(services.catalog)
        self.drafts = DraftStore()
        self.telling = asyncio.Lock()
        self._database = database
        self._extension_names = extensions
        self._lifespan = lifespan
        self._running = AsyncExitStack()

    async def setup_hook(self) -> None:
        """Load extensions, components and translations, sync commands, and enter the lifespan."""
        for name in self._extension_names:
            await self.load_extension(name)
        self.add_dynamic_items(CardButton, CardMenu, CountdownButton, CountdownMenu)
        self.add_dynamic_items(CurationButton, CurationMenu, SuggestButton)
        await self.tree.set_translator(GettextTranslator())
        await self._sync_commands()
        await self._running.enter_async_context(self._lifespan(self))

    async def close(self) -> None:
        """Exit the lifespan while still connected, then disconnect."""
        await self._running.aclose()
        await super().close()

    async def on_ready(self) -> None:
        """Log that the bot is connected."""
        _log.info("logged in as %s, in %d servers", self.user, len(self.guilds))

    def is_member(self, guild_id: int) -> bool | None:
        """Return whether the bot is in a server.

        Returns None if that is not known: before the bot is ready, and for servers whose events
        another process receives.
        """
        shard_id = (guild_id >> 22) % (self.shard_count or 1)
        if not self.is_ready() or shard_id not in self.shards:
            return None
        return self.get_guild(guild_id) is not None

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Dispatch an event.

        Dispatches `unhandled_component` for components and modals that nothing handles.
        """
        super().dispatch(event_name, *args, **kwargs)
        # Check before any callback runs: a callback may stop its view, which removes it.
        if event_name == "interaction" and self._is_unhandled(args[0]):
            super().dispatch("unhandled_component", args[0])

    async def on_unhandled_component(self, interaction: Interaction[Any]) -> None:
        """Change what a modal of the bot was submitted for, or reply that the component or modal
        is outdated."""
        is_modal = interaction.type is InteractionType.modal_submit
        if is_modal and (schedule := SubmittedSchedule.of(interaction)):
            await self._respond(interaction, partial(submit_schedule, interaction, schedule))
        elif is_modal and (edit := SubmittedEdit.of(interaction)):
            await self._respond(interaction, partial(submit, interaction, edit))
        elif is_modal and (suggestion := SubmittedSuggestion.of(interaction)):
            await self._respond(interaction, partial(submit_suggestion, interaction, suggestion))
        else:
            await self.open_card(interaction, "")

    async def open_card(self, interaction: Interaction[Any], path: str) -> None:
        """Reply to a component interaction with the card at `path`, which is untrusted."""

        async def open_() -> None:
            await respond(interaction, self.cards.open_path(path, context_of(interaction)))

        await self._respond(interaction, open_)

    async def run_countdown_action(
        self, interaction: Interaction[Any], action: CountdownAction, number: int
    ) -> None:
        """Run an action on a countdown. `number` is untrusted."""
        await self._respond(interaction, partial(run_action, interaction, action, number))

    async def run_curation_action(
        self, interaction: Interaction[Any], action: CurationAction, argument: str
    ) -> None:
        """Run an action of a curator. `argument` is untrusted."""
        await self._respond(
            interaction, partial(run_curation_action, interaction, action, argument)
        )

    async def open_edit(self, interaction: Interaction[Any], target: str) -> None:
        """Open the modal in which a curator edits `target`, which is untrusted."""
        await self._respond(interaction, partial(open_form, interaction, f"edit:{target}"))

    async def open_suggestion(self, interaction: Interaction[Any], path: str) -> None:
        """Open the modal for a suggestion about the record at `path`, which is untrusted."""

        async def open_() -> None:
            await open_suggestion(interaction, record_of_path(interaction, path))

        await self._respond(interaction, open_)

    async def _respond(
        self, interaction: Interaction[Any], respond_to: Callable[[], Awaitable[None]]
    ) -> None:
        """Respond to a component or modal, within the member's limits. Any error becomes a
        reply."""
        if not await cast(BonbangTree, self.tree).admit(interaction):
            return
        try:
            await respond_to()
        except Exception as error:
            await respond_with_error(interaction, error)

    def _is_unhandled(self, interaction: Interaction[Any]) -> bool:
        """Return whether nothing handles a component or a modal: no dynamic item, active view or
        modal.

        discord.py silently drops such interactions and has no public API to detect them.
        """
        store = self._connection._view_store  # pyright: ignore[reportPrivateUsage]
        data: dict[str, Any] = dict(interaction.data or {})
        custom_id, component_type = data.get("custom_id", ""), data.get("component_type", 0)
        if interaction.type is InteractionType.modal_submit:
            return custom_id not in store._modals  # pyright: ignore[reportPrivateUsage]
        if interaction.type is not InteractionType.component:
            return False
        dynamic = store._dynamic_items  # pyright: ignore[reportPrivateUsage]
        if any(pattern.fullmatch(custom_id) for pattern in dynamic):
            return False
        views = store._views  # pyright: ignore[reportPrivateUsage]
        message_id = interaction.message.id if interaction.message else None
        key = (component_type, custom_id)
        return not any(key in views.get(entity_id, {}) for entity_id in (message_id, None))

    async def _sync_commands(self) -> None:
        # Discord limits command updates per day, so sync only if the commands have changed.
        translator = self.tree.translator
        payload = [
            await command.get_translated_payload(self.tree, translator)
            if translator
            else command.to_dict(self.tree)
            for command in self.tree.get_commands()
        ]
        serialized = json.dumps([self.application_id, payload], sort_keys=True).encode()
        digest = blake2b(serialized, digest_size=16).hexdigest()
        ids = await self._database.get_meta(COMMAND_IDS)
        if ids and await self._database.get_meta(COMMANDS_DIGEST) == digest:
            self.services.command_ids.update(json.loads(ids))
            return
        try:
            async with asyncio.timeout(SYNC_TIMEOUT):
                synced = await self.tree.sync()
        except Exception as error:
            # The commands that Discord knows keep working.
            _log.warning(
                "could not register the commands (%s). Restart the bot to try again.",
                describe(error),
            )
        else:
            self.services.command_ids.update({command.name: command.id for command in synced})
            await self._database.set_meta(COMMAND_IDS, json.dumps(self.services.command_ids))
            await self._database.set_meta(COMMANDS_DIGEST, digest)
