"""The fields of each modal in which curators edit a record, and the edits that they make."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.catalog.model import Person, Title
from bot.errors import UserError
from bot.ui.curation_cast import cast_changes, cast_fields
from bot.ui.curation_dates import date_changes, date_fields
from bot.ui.curation_fields import (
    FieldReader,
    Json,
    names_text,
    parse_lines,
    parse_names,
    parse_number,
    parse_window,
)
from bot.ui.curation_targets import EditPart, EditTarget
from bot.ui.modals import TEXT_LIMIT, FormField, digest
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import Vocabulary, terms, translate_term

Record = Title | Person
_Fields = Callable[[Any, str, RenderContext], Sequence[FormField]]
_Changes = Callable[[Any, str, FieldReader, RenderContext], Json]

KINDS = ("series", "film", "special")


def edit_fields(target: EditTarget, record: Record, context: RenderContext) -> list[FormField]:
    """Return the fields of a target, filled in with what members see now.

    Raises UserError if a text is too long for a modal.
    """
    fields_of, _changes = _FORMS[target.part]
    fields = list(fields_of(record, target.key, context))
    if any(len(field.value) > field.limit for field in fields):
        _ = context.translations.gettext
        raise UserError(_("This text is too long to be edited in Discord."))
    return fields


def edit_changes(
    target: EditTarget, record: Record, values: Mapping[str, str], context: RenderContext
) -> Json:
    """Return the edits that submitted values make, by path: of the fields that differ.

    Raises InvalidFieldsError.
    """
    shown = {field.name: field.value for field in edit_fields(target, record, context)}
    if all(values.get(name, "").strip() == value.strip() for name, value in shown.items()):
        return {}
    _fields, changes_of = _FORMS[target.part]
    reader = FieldReader(values, context)
    changes = changes_of(record, target.key, reader, context)
    reader.finish()
    return changes


def fields_digest(fields: Sequence[FormField]) -> str:
    """Return a digest of what fields are filled in with, to notice that somebody changed it."""
    shown = "\0".join(f"{field.name}={field.value}" for field in fields)
    return digest(shown)


def _name_fields(record: Record, _key: str, context: RenderContext) -> Sequence[FormField]:
    _ = context.translations.gettext
    description = _("One per line: name | language | type, such as 도깨비 | ko | original")
    value = names_text(record.names)
    return [FormField("names", _("Names"), value, description, TEXT_LIMIT, True, True)]


def _name_changes(_record: Record, _key: str, reader: FieldReader, context: RenderContext) -> Json:
    _ = context.translations.gettext
    names = reader.read("names", parse_names)
    if not names:
        reader.reject("names", _("Enter at least one name."))
    return {"names": names}


def _premise_fields(title: Title, key: str, context: RenderContext) -> Sequence[FormField]:
    _ = context.translations.gettext
    label = _("Premise ({language})").format(language=context.translations.language_name(key))
    description = _("What the show is about, without spoilers. Leave empty to remove it.")
    value = title.premise.get(key, "")
    return [FormField("premise", label, value, description, TEXT_LIMIT, True)]


def _premise_changes(_title: Title, key: str, reader: FieldReader, _context: RenderContext) -> Json:
    return {f"premise.{key}": reader.text("premise") or None}


def _title_fields(title: Title, _key: str, context: RenderContext) -> Sequence[FormField]:
    _, translations = context.translations.gettext, context.translations
    kinds = [(one, translate_term(translations, Vocabulary.KIND, one)) for one in KINDS]
    known = dict.fromkeys([*terms(Vocabulary.TITLE_STATUS), *filter(None, [title.status])])
    statuses = [
        (one[:100], translate_term(translations, Vocabulary.TITLE_STATUS, one)) for one in known
    ]
    count = "" if title.episode_count is None else str(title.episode_count)
    return [
        FormField("kind", _("Kind"), title.kind, choices=kinds, required=True),
        FormField("status", _("Status"), (title.status or "")[:100], choices=statuses),
        FormField("episode_count", _("Number of episodes"), count, limit=7),
        FormField("genres", _("Genres"), "\n".join(title.genres), _("One per line"), 1000, True),
    ]


def _title_changes(title: Title, _key: str, reader: FieldReader, context: RenderContext) -> Json:
    shown = {one.name: one.value for one in _title_fields(title, _key, context)}
    for name, choices in (("kind", KINDS), ("status", (*terms(Vocabulary.TITLE_STATUS), ""))):
        if reader.text(name) not in (*choices, shown[name]):
            reader.reject(name, context.translations.gettext("Pick one from the list."))
    read = {
        "kind": reader.text("kind"),
        "status": reader.text("status") or None,
        "episode_count": reader.read("episode_count", parse_number),
        "genres": reader.read("genres", parse_lines),
    }
    return _changed(read, shown, reader)


def _person_fields(person: Person, _key: str, context: RenderContext) -> Sequence[FormField]:
    _ = context.translations.gettext
    per_line = _("One per line")
    born, dates = str(person.born or ""), _("Such as 1979-07-10, 1979-07 or 1979")
    return [
        FormField("born", _("Born"), born, dates, 50),
        FormField("groups", _("Groups"), "\n".join(person.groups), per_line, 1000, True),
        FormField(
            "occupations", _("Occupations"), "\n".join(person.occupations), per_line, 1000, True
        ),
    ]


def _person_changes(person: Person, _key: str, reader: FieldReader, context: RenderContext) -> Json:
    shown = {one.name: one.value for one in _person_fields(person, _key, context)}
    read = {
        "born": reader.read("born", parse_window),
        "groups": reader.read("groups", parse_lines),
        "occupations": reader.read("occupations", parse_lines),
    }
    return _changed(read, shown, reader)


def _changed(read: Json, shown: Mapping[str, str], reader: FieldReader) -> Json:
    """Return what was read from the fields that differ from what they were filled in with."""
    return {name: value for name, value in read.items() if reader.text(name) != shown[name].strip()}


_FORMS: Mapping[EditPart, tuple[_Fields, _Changes]] = {
    EditPart.NAMES: (_name_fields, _name_changes),
    EditPart.PERSON_NAMES: (_name_fields, _name_changes),
    EditPart.DATES: (date_fields, date_changes),
    EditPart.CAST: (cast_fields, cast_changes),
    EditPart.PREMISE: (_premise_fields, _premise_changes),
    EditPart.DETAILS: (_title_fields, _title_changes),
    EditPart.PERSON_DETAILS: (_person_fields, _person_changes),
}
