"""What an interaction is answered with: the bot's services, and the asker's language."""

from typing import Any

from discord import Interaction

from bot.i18n import SOURCE_LANGUAGE, get_translations
from bot.services import BotServices
from bot.ui.render_context import RenderContext


def services_of(interaction: Interaction[Any]) -> BotServices:
    """The services of the bot that received an interaction."""
    return interaction.client.services


def context_of(interaction: Interaction[Any]) -> RenderContext:
    """The user's language and the current time."""
    now = services_of(interaction).clock()
    return RenderContext(get_translations(interaction.locale.value), now)


def guild_language(interaction: Interaction[Any]) -> str:
    """The language that the server set in Discord, as a Discord locale."""
    return str(interaction.guild_locale or SOURCE_LANGUAGE)
