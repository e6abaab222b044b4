"""Cards of what could not be saved, with everything that was typed."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from discord import ButtonStyle, File
from discord.ui import LayoutView

from bot.catalog.model import Person, Title
from bot.ui.buttons import CardButton
from bot.ui.curation_buttons import CurationAction, CurationButton
from bot.ui.layout import bold, card, join_dotted, join_lines, subtext
from bot.ui.links import card_link
from bot.ui.markdown import escape_inline, truncate
from bot.ui.modals import FormField
from bot.ui.render_context import RenderContext

# Longer texts are sent as a file: the rest of a message is for what is wrong with them.
_TYPED_LIMIT = 2000
_CURRENT_LIMIT = 1400
_FILE_NAME = "text.txt"


def refused_card(
    problems: Mapping[str, str],
    typed: Mapping[str, str],
    draft_key: str,
    context: RenderContext,
    current: Sequence[FormField] | None = None,
    attachment: str | None = None,
) -> LayoutView:
    """Return what is wrong, by the label of a field, and what was typed, in code blocks.

    `current` are the fields as somebody else changed them meanwhile. If `attachment` is given,
    what was typed is in that file instead.
    """
    _ = context.translations.gettext
    lines = [
        join_dotted(bold(escape_inline(label)) if label else None, problem)
        for label, problem in problems.items()
    ]
    return card(
        join_lines("⚠️ " + bold(_("Not saved")), *lines),
        _current_section(current, typed, context) if current else None,
        subtext(_("You entered:")) if typed else None,
        None if attachment else _code_blocks(typed),
        buttons=[
            CurationButton(
                CurationAction.EDIT_AGAIN, draft_key, _("Edit again"), ButtonStyle.primary
            )
        ],
        attachment=attachment,
    )


def exists_card(
    namesake: Title | Person, draft_key: str, typed: Mapping[str, str], context: RenderContext
) -> LayoutView:
    """Return the question whether to add a record although there is one of the same name."""
    _ = context.translations.gettext
    message = _("**{title}** is in the catalog already. Is it the same?")
    return card(
        message.format(title=context.name(namesake)),
        _code_blocks(typed),
        buttons=[
            CardButton(context.label(namesake), card_link(namesake)),
            CurationButton(CurationAction.ADD_ANYWAY, draft_key, _("Add anyway")),
            CurationButton(CurationAction.EDIT_AGAIN, draft_key, _("Edit again")),
        ],
    )


def typed_file(typed: Mapping[str, str]) -> File | None:
    """Return what was typed as a file, or None if it fits into a card."""
    if len(_code_blocks(typed)) <= _TYPED_LIMIT:
        return None
    text = "\n\n".join(f"{label}:\n{value}" for label, value in typed.items())
    # A lone surrogate cannot be encoded.
    return File(BytesIO(text.encode("utf-8", "replace")), _FILE_NAME)


def _code_blocks(typed: Mapping[str, str]) -> str:
    return join_lines(*(_code_block(label, text) for label, text in typed.items()))


def _code_block(label: str, text: str) -> str:
    # An invisible space keeps the text from ending the block.
    safe = text.replace("`", "`\u200b") if "```" in text else text
    return f"{bold(escape_inline(label))}\n```\n{safe}\n```"


def _current_section(
    current: Sequence[FormField], typed: Mapping[str, str], context: RenderContext
) -> str:
    _ = context.translations.gettext
    # What was typed may be what the other one typed.
    differ = [
        field for field in current if field.value.strip() != typed.get(field.label, "").strip()
    ]
    limit = _CURRENT_LIMIT // max(len(differ), 1)
    values = [
        _code_block(field.label, truncate(field.value, limit) or _("nothing")) for field in differ
    ]
    return join_lines(
        _("Somebody changed this while you were editing. Now it is:"),
        *values,
        _("{button} shows what you entered again, and saves it over this.").format(
            button=bold(_("Edit again"))
        ),
    )
