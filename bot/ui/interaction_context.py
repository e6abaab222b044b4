"""Provides the services, language and time of an interaction."""

from typing import Any

from discord import Interaction

from bot.i18n import SOURCE_LANGUAGE, get_translations
from bot.services import BotServices
from bot.ui.render_context import RenderContext


def services_of(interaction: Interaction[Any]) -> BotServices:
    """Return the services of the bot."""
    return interaction.client.services


def context_of(interaction: Interaction[Any]) -> RenderContext:
    """Return the render context of an interaction: the user's language and the current time."""
    services = services_of(interaction)
    translations = get_translations(interaction.locale.value)
    return RenderContext(translations, services.clock(), services.command_ids)


def guild_language(interaction: Interaction[Any]) -> str:
    """Return the server's language in Discord, as a Discord locale."""
    return str(interaction.guild_locale or SOURCE_LANGUAGE)
