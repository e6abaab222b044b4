"""The modal for a person's entry in the cast of a title."""

from collections.abc import Sequence

from bot.catalog.model import CastCredit, CastRole, Title
from bot.errors import UserError
from bot.ui.curation_fields import FieldReader, Json, parse_name, parse_number
from bot.ui.modals import FormField
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import Vocabulary, translate_term

_YES = "yes"


def cast_fields(title: Title, person_id: str, context: RenderContext) -> Sequence[FormField]:
    """Return the fields of a cast credit, empty if the person is not credited.

    Raises UserError if the person plays several characters.
    """
    _, translations = context.translations.gettext, context.translations
    credit = _credit(title, person_id, context)
    roles = [(str(one), translate_term(translations, Vocabulary.ROLE, one)) for one in CastRole]
    order = "" if credit is None or credit.order is None else str(credit.order)
    spoiler = _YES if credit and credit.spoiler else ""
    return [
        FormField(
            "character",
            _("Character"),
            _character_text(credit) if credit else "",
            _("The name in English. Below it, one per line: name | language | type"),
            limit=2000,
            multiline=True,
        ),
        FormField("role", _("Role"), str((credit and credit.role) or ""), choices=roles),
        FormField("order", _("Billing position"), order, _("A number, lowest first"), 7),
        FormField("spoiler", _("Hide as a spoiler"), spoiler, choices=[(_YES, _("Yes"))]),
    ]


def cast_changes(title: Title, person_id: str, reader: FieldReader, context: RenderContext) -> Json:
    """Return the edit of a cast credit. With every field empty, it is removed."""
    path, credit = f"cast.{person_id}", _credit(title, person_id, context)
    if not any(map(reader.text, ("character", "role", "order", "spoiler"))):
        return {path: None}
    character, names = reader.read("character", _parse_character) or (None, [])
    value: Json = {
        "person": person_id,
        "character": character,
        "character_names": names,
        "role": reader.text("role") or None,
        "order": reader.read("order", parse_number),
        "spoiler": bool(reader.text("spoiler")),
    }
    empty = CastCredit(person=person_id).model_dump(mode="json")
    kept = {name: one for name, one in value.items() if name == "person" or one != empty[name]}
    kept = {name: one for name, one in kept.items() if one not in (None, [])}
    reader.check(CastCredit, kept, {"character": "character", "role": "role", "order": "order"})
    unchanged = credit is not None and CastCredit.model_validate(kept) == credit
    return {} if unchanged else {path: kept}


def _credit(title: Title, person_id: str, context: RenderContext) -> CastCredit | None:
    credits = title.credits_of(person_id)
    if len(credits) > 1:
        _ = context.translations.gettext
        raise UserError(_("This person plays several characters, which can't be edited here."))
    return credits[0] if credits else None


def _character_text(credit: CastCredit) -> str:
    others = (f"{one.text} | {one.lang} | {one.type}" for one in credit.character_names)
    return "\n".join(filter(None, (credit.character, *others)))


def _parse_character(text: str, context: RenderContext) -> tuple[str | None, list[Json]]:
    """Parse the name of a character in English, if any, and its names in other languages."""
    numbered = ((number, one.strip()) for number, one in enumerate(text.splitlines(), 1))
    lines = [(number, line) for number, line in numbered if line]
    names = [parse_name(line, number, context) for number, line in lines]
    if names and "|" not in lines[0][1]:
        return names[0]["text"], names[1:]
    return None, names
