"""What curators do to edit a record or to add a title, each in a modal."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from discord import Interaction

from bot.catalog.curation import Curator, InvalidEditError, RecordChangedError
from bot.catalog.model import Person, Title
from bot.errors import BonbangError, OperatorError, UserError
from bot.ui.cards.edits import exists_card, refused_card, typed_file
from bot.ui.cards.history import changed_card
from bot.ui.curation_drafts import Draft
from bot.ui.curation_fields import InvalidFieldsError
from bot.ui.curation_forms import edit_changes, edit_fields, fields_digest
from bot.ui.curation_targets import EditPart, EditTarget
from bot.ui.curation_titles import PERSON, add_fields, find_namesake, new_record
from bot.ui.interaction_context import context_of, services_of
from bot.ui.modals import (
    REASON,
    EditModal,
    FormField,
    fill_in,
    reason_field,
    submitted_values,
)
from bot.ui.permissions import require_curator
from bot.ui.responses import respond, respond_with_modal, start_auto_defer

_log = logging.getLogger(__name__)
_SUBMITTED = re.compile(r"(?P<form>edit:.+|add:[a-z]+):(?P<digest>[0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SubmittedEdit:
    """What a curator submitted with an `EditModal`. It is untrusted.

    `form` is `edit:TARGET` or `add:KIND`, and `digest` that of what it was filled in with.
    """

    form: str
    digest: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, interaction: Interaction[Any]) -> "SubmittedEdit | None":
        """Return what was submitted, or None if it is another modal."""
        custom_id = cast(dict[str, Any], interaction.data or {}).get("custom_id", "")
        match = _SUBMITTED.fullmatch(custom_id)
        return cls(match["form"], match["digest"], submitted_values(interaction)) if match else None


class _ChangedMeanwhileError(BonbangError):
    """Somebody changed the fields while they were edited. `current` has them as they are now."""

    def __init__(self, current: list[FormField]) -> None:
        super().__init__("changed meanwhile")
        self.current = current


async def open_form(
    interaction: Interaction[Any], form: str, typed: Mapping[str, str] | None = None
) -> None:
    """Open a modal, filled in with what members see now, or with what was typed before.

    `form` is `edit:TARGET` or `add:KIND`, and untrusted. Raises NotCuratorError, UserError.
    """
    require_curator(interaction)
    context = context_of(interaction)
    _ = context.translations.gettext
    kind, _colon, rest = form.partition(":")
    if kind == "add":
        title = _("Add a person") if rest == PERSON else _("Add a title")
        fields = add_fields(rest, context)
    else:
        target, record = _find(interaction, rest)
        title, fields = context.label(record), edit_fields(target, record, context)
    shown = fill_in([*fields, reason_field(context)], typed or {})
    custom_id = f"{form}:{fields_digest(fields)}"
    await respond_with_modal(interaction, EditModal(title, custom_id, shown))


async def edit_again(interaction: Interaction[Any], key: str) -> None:
    """Open a modal again with what was typed in it before. Raises NotCuratorError, UserError."""
    require_curator(interaction)
    draft = draft_of(interaction, key)
    await open_form(interaction, draft.form, draft.values)


async def submit(interaction: Interaction[Any], submitted: SubmittedEdit) -> None:
    """Save what was submitted. What cannot be saved is shown with a button to edit it again.

    Raises NotCuratorError, UserError.
    """
    require_curator(interaction)
    start_auto_defer(interaction)
    save = _save_new if submitted.form.startswith("add:") else _save_edit
    try:
        await save(interaction, submitted)
    except InvalidFieldsError as error:
        await _refuse(interaction, submitted, error.problems)
    except InvalidEditError as error:
        await _refuse(interaction, submitted, {"": "; ".join(error.problems.values())})
    except (UserError, _ChangedMeanwhileError) as error:
        current = error.current if isinstance(error, _ChangedMeanwhileError) else None
        await _refuse(interaction, submitted, {"": "" if current else str(error)}, current)
    except OperatorError as error:
        _log.error("could not save an edit: %s", error)
        _ = context_of(interaction).translations.gettext
        await _refuse(interaction, submitted, {"": _("I couldn't save this. Try again soon.")})


async def add_anyway(interaction: Interaction[Any], key: str) -> None:
    """Add the title or person of a draft, although there is one of that name."""
    require_curator(interaction)
    start_auto_defer(interaction)
    draft, drafts = draft_of(interaction, key), interaction.client.drafts
    kind = draft.form.partition(":")[2]
    catalog, context = services_of(interaction).catalog, context_of(interaction)
    record = new_record(kind, draft.values, catalog, context)
    # The button may be pressed twice.
    drafts.remove(key)
    try:
        await _add(interaction, record, draft.values.get(REASON))
    except BonbangError:
        drafts.add(draft, key)
        raise


def draft_of(interaction: Interaction[Any], key: str) -> Draft:
    """Return what the user typed before. Raises UserError if it is kept no longer."""
    draft: Draft | None = interaction.client.drafts.get(key, interaction.user.id)
    if draft is None:
        _ = context_of(interaction).translations.gettext
        raise UserError(
            _("I no longer have what you typed. Copy it from the message above and start again.")
        )
    return draft


def curator_of(interaction: Interaction[Any]) -> Curator:
    """Return the user as a curator."""
    return Curator(interaction.user.id, interaction.user.display_name)


def person_name(interaction: Interaction[Any], person_id: str) -> str:
    """Return the name of a person, or the id if the catalog has no such person."""
    person = services_of(interaction).catalog.snapshot.person(person_id)
    return context_of(interaction).label(person) if person else person_id


async def _save_edit(interaction: Interaction[Any], submitted: SubmittedEdit) -> None:
    context, services = context_of(interaction), services_of(interaction)
    target, record = _find(interaction, submitted.form.partition(":")[2])
    current = edit_fields(target, record, context)
    if fields_digest(current) != submitted.digest:
        raise _ChangedMeanwhileError(current)
    changes = edit_changes(target, record, submitted.values, context)
    if not changes:
        raise UserError(context.translations.gettext("Nothing was changed."))
    reason = submitted.values.get(REASON, "").strip() or None
    try:
        entries = await services.curation.edit(record, changes, curator_of(interaction), reason)
    except RecordChangedError:
        _target, record = _find(interaction, submitted.form.partition(":")[2])
        raise _ChangedMeanwhileError(edit_fields(target, record, context)) from None
    _target, record = _find(interaction, submitted.form.partition(":")[2])
    view = changed_card(record, entries, context, partial(person_name, interaction))
    await respond(interaction, view, private=True)


async def _save_new(interaction: Interaction[Any], submitted: SubmittedEdit) -> None:
    context, catalog = context_of(interaction), services_of(interaction).catalog
    record = new_record(submitted.form.partition(":")[2], submitted.values, catalog, context)
    if namesake := find_namesake(record, catalog):
        key = _keep(interaction, submitted)
        typed = _typed(submitted.values, _fields_of(interaction, submitted.form))
        await respond(interaction, exists_card(namesake, key, typed, context), private=True)
        return
    await _add(interaction, record, submitted.values.get(REASON))


async def _add(interaction: Interaction[Any], record: Title | Person, reason: str | None) -> None:
    services, context = services_of(interaction), context_of(interaction)
    try:
        await services.curation.add(record, curator_of(interaction), (reason or "").strip() or None)
    except RecordChangedError:
        raise UserError(
            context.translations.gettext("Somebody has just added this, too. Try again.")
        ) from None
    added = services.catalog.entry(f"{record.entity}:{record.id}") or record
    await respond(interaction, interaction.client.cards.card(added, context), private=True)


async def _refuse(
    interaction: Interaction[Any],
    submitted: SubmittedEdit,
    problems: Mapping[str, str],
    current: list[FormField] | None = None,
) -> None:
    """Say what is wrong, and keep and show what was typed."""
    context = context_of(interaction)
    fields = _fields_of(interaction, submitted.form)
    typed = _typed(submitted.values, fields)
    key, file = _keep(interaction, submitted), typed_file(typed)
    labels = {field.name: field.label for field in fields}
    listed = {labels.get(name, ""): problem for name, problem in problems.items()}
    view = refused_card(listed, typed, key, context, current, file.filename if file else None)
    await respond(interaction, view, private=True, file=file)


def _fields_of(interaction: Interaction[Any], form: str) -> list[FormField]:
    context = context_of(interaction)
    if form.startswith("add:"):
        return [*add_fields(form.partition(":")[2], context), reason_field(context)]
    try:
        target, record = _find(interaction, form.partition(":")[2])
        return [*edit_fields(target, record, context), reason_field(context)]
    except UserError:
        # The record is gone, or cannot be edited any more.
        return []


def _typed(values: Mapping[str, str], fields: list[FormField]) -> dict[str, str]:
    """Return what was typed, by the label of the field. Empty fields are left out."""
    labels = {field.name: field.label for field in fields}
    return {labels.get(name, name): text for name, text in values.items() if text.strip()}


def _keep(interaction: Interaction[Any], submitted: SubmittedEdit) -> str:
    draft = Draft(interaction.user.id, submitted.form, submitted.values)
    key: str = interaction.client.drafts.add(draft)
    return key


def _find(interaction: Interaction[Any], text: str) -> tuple[EditTarget, Title | Person]:
    """Return a target and its record. `text` is untrusted. Raises UserError."""
    catalog, target = services_of(interaction).catalog, EditTarget.parse(text)
    record = catalog.record(target.ref) if target else None
    if target and target.part is EditPart.CAST and catalog.snapshot.person(target.key) is None:
        record = None
    if target is None or record is None:
        _ = context_of(interaction).translations.gettext
        raise UserError(_("This is no longer in the catalog. Use a command to search again."))
    return target, record
