"""The languages of the bot, and the gettext catalogs that hold their texts."""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.i18n import LOCALES

TEMPLATE = LOCALES.parent / "messages.pot"

REQUIRED_LOCALES = (
    "ko", "ja", "es-ES", "es-419", "pt-BR", "id", "fr", "de", "th", "vi", "zh-TW",
)  # fmt: skip


def read_catalog(file: Path) -> Catalog:
    """A .po or .pot file."""
    with file.open("rb") as lines:
        return read_po(lines)


def messages(catalog: Catalog) -> dict[tuple[str | None, str], Message]:
    """The messages of a catalog by their context and English text, but for its header."""
    return {(message.context, singular(message)): message for message in catalog if message.id}


def singular(message: Message) -> str:
    """The English text of a message, of a plural one the singular."""
    return message.id if isinstance(message.id, str) else message.id[0]
