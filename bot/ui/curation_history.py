"""What curators do with the history of a record: look at it, undo changes, unlock fields."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from discord import Interaction

from bot.catalog.curation import CannotUndoError, HistoryEntry, InvalidEditError
from bot.catalog.model import Person, Title
from bot.errors import UserError
from bot.ui.cards.history import history_card, note_card
from bot.ui.curation_edits import curator_of, person_name
from bot.ui.curation_values import path_label
from bot.ui.interaction_context import context_of, services_of
from bot.ui.layout import bold, card, join_lines, subtext
from bot.ui.markdown import escape_inline
from bot.ui.responses import respond

# Of a choice of an option.
CHOICE_VALUE_LIMIT = 100

_MAX_UNDONE = 5
_HISTORY_LIMIT = 200


async def show_history(
    interaction: Interaction[Any], record: Title | Person, page: int = 1
) -> None:
    """Reply with a page of the history of a record, and its locked fields."""
    curation = services_of(interaction).curation
    entries = await curation.history(record, _HISTORY_LIMIT)
    locked = await curation.locked_paths(record)
    context = context_of(interaction)
    view = history_card(record, entries, locked, page, context, partial(person_name, interaction))
    await respond(interaction, view, private=True)


async def undo(interaction: Interaction[Any], text: str) -> None:
    """Undo entries of a history, by their ids with commas. `text` is untrusted.

    Raises UserError if all are undone already.
    """
    ids = [int(one) for one in re.findall(r"[0-9]{1,18}", text)[:_MAX_UNDONE]]
    undone: list[HistoryEntry] = []
    for edit_id in sorted(ids, reverse=True):
        try:
            curation = services_of(interaction).curation
            undone.append(await curation.undo(edit_id, curator_of(interaction)))
        except CannotUndoError:
            continue
        except InvalidEditError as error:
            _ = context_of(interaction).translations.gettext
            message = _("Without this change, the record would be invalid: {problem}")
            problem = escape_inline("; ".join(error.problems.values()), 300)
            raise UserError(message.format(problem=problem)) from error
    context = context_of(interaction)
    _ = context.translations.gettext
    if not undone:
        raise UserError(_("That was undone before."))
    name = partial(person_name, interaction)
    labels = {bold(escape_inline(path_label(one.path, context, name))) for one in undone}
    message = _("Undone: {fields}").format(fields=context.translations.join_list(sorted(labels)))
    record = services_of(interaction).catalog.record(f"{undone[0].entity}:{undone[0].record_id}")
    if record is not None and await _has_newer(interaction, record, undone):
        note = _("A newer change of the same field remains, so members see no difference.")
        message = join_lines(message, subtext(note))
    await _respond(interaction, message, record)


async def _has_newer(
    interaction: Interaction[Any], record: Title | Person, undone: Sequence[HistoryEntry]
) -> bool:
    """Return whether all fields of these entries were changed again later, and still are."""
    entries = await services_of(interaction).curation.history(record, _HISTORY_LIMIT)
    latest = {one.path: one.id for one in reversed(entries) if not one.undone_at}
    return all(latest.get(one.path, 0) > one.id for one in undone)


async def unlock(
    interaction: Interaction[Any], record: Title | Person, path: str, reason: str | None
) -> None:
    """Let sources decide a field of a record again. Raises UserError."""
    services, context = services_of(interaction), context_of(interaction)
    _ = context.translations.gettext
    locked = await services.curation.locked_paths(record)
    # Values of choices are shortened.
    path = next((one for one in locked if one[:CHOICE_VALUE_LIMIT] == path), "")
    if not path:
        raise UserError(_("That field is not locked. Pick one from the suggestions."))
    await services.curation.unlock(record, path, curator_of(interaction), reason)
    label = path_label(path, context, partial(person_name, interaction))
    message = _("Sources decide this again: {field}").format(field=bold(escape_inline(label)))
    await _respond(interaction, message, services.catalog.record(f"{record.entity}:{record.id}"))


def record_of_path(interaction: Interaction[Any], path: str) -> Title | Person:
    """Return the record of a path such as `title/soul-mate`, which is untrusted.

    Raises UserError.
    """
    record = services_of(interaction).catalog.record(path.replace("/", ":", 1))
    if record is None:
        _ = context_of(interaction).translations.gettext
        raise UserError(_("This is no longer in the catalog. Use a command to search again."))
    return record


async def _respond(
    interaction: Interaction[Any], message: str, record: Title | Person | None
) -> None:
    view = note_card(message, record, context_of(interaction)) if record else card(message)
    await respond(interaction, view, private=True)
