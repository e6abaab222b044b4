"""The modal with which curators add a title or a person."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from bot.catalog.identity import name_key
from bot.catalog.model import NameType, Person, Title
from bot.services.catalog import CatalogService
from bot.ui.curation_dates import parse_date
from bot.ui.curation_fields import FieldReader, Json, parse_name, parse_window
from bot.ui.curation_forms import KINDS
from bot.ui.modals import FormField
from bot.ui.render_context import RenderContext

PERSON = "person"
"""What is added, besides the kinds of titles."""

_ID_LIMIT = 40
_SUFFIX_LIMIT = 8


def add_fields(kind: str, context: RenderContext) -> list[FormField]:
    """Return the fields of a new title of a kind, or of a new person."""
    _ = context.translations.gettext
    others = _person_fields(context) if kind == PERSON else _title_fields(context)
    return [
        FormField("name", _("Name in English"), required=True),
        FormField(
            "original",
            _("Original name and language"),
            description=_("Such as 도깨비 | ko"),
            limit=350,
        ),
        *others,
    ]


def _person_fields(context: RenderContext) -> list[FormField]:
    _ = context.translations.gettext
    return [FormField("born", _("Born"), "", _("Such as 1979-07-10, 1979-07 or 1979"), 50)]


def _title_fields(context: RenderContext) -> list[FormField]:
    _ = context.translations.gettext
    return [
        FormField(
            "window",
            _("Premiere"),
            description=_("2026-11-22, 2026-11, 2026-Q4, 2026 … Empty: not announced"),
            limit=50,
        ),
        FormField("network", _("Network"), description=_("Such as tvN or Netflix")),
    ]


def new_record(
    kind: str, values: Mapping[str, str], catalog: CatalogService, context: RenderContext
) -> Title | Person:
    """Return the title or person that submitted values describe, with an id that the catalog does
    not have.

    Raises InvalidFieldsError.
    """
    reader = FieldReader(values, context)
    is_person = kind == PERSON
    record = _person(reader, context) if is_person else _title(kind, reader, context)
    model, find = (
        (Person, catalog.snapshot.person) if is_person else (Title, catalog.snapshot.title)
    )
    reader.check(model, {**record, "id": "new"}, {"names": "name", "networks": "network"})
    reader.finish()
    year = (reader.text("window") or reader.text("born"))[:4]
    return model.model_validate({**record, "id": _new_id(reader.text("name"), year, kind, find)})


def find_namesake(record: Title | Person, catalog: CatalogService) -> Title | Person | None:
    """Return a record of the same kind and exactly the same name, or None."""
    names = {name_key(name.text) for name in record.names}
    search = catalog.title_names if isinstance(record, Title) else catalog.person_names
    for name in record.names:
        result = search.resolve(name.text)
        for entry in catalog.entries([*result.matches, *result.similar]).values():
            if isinstance(entry, type(record)) and names & {
                name_key(one.text) for one in entry.names
            }:
                return entry
    return None


def _names(reader: FieldReader, context: RenderContext) -> list[Json]:
    name = reader.text("name")
    if not name:
        reader.reject("name", context.translations.gettext("Enter at least one name."))
    original = reader.read("original", lambda text, context: parse_name(text, 1, context))
    main = {"text": name, "lang": "en", "type": str(NameType.MAIN)}
    return [main, {**original, "type": str(NameType.ORIGINAL)}] if original else [main]


def _person(reader: FieldReader, context: RenderContext) -> Json:
    born = reader.read("born", parse_window)
    names = _names(reader, context)
    return {"names": names, "born": born} if born else {"names": names}


def _title(kind: str, reader: FieldReader, context: RenderContext) -> Json:
    network, window = reader.text("network"), reader.read("window", parse_date)
    record: Json = {
        "kind": kind if kind in KINDS else KINDS[0],
        "names": _names(reader, context),
    }
    language = record["names"][-1]["lang"]
    if len(record["names"]) > 1 and language != "und":
        record["original_language"] = language
    if network:
        record["networks"] = [{"name": network}]
    if window:
        release: Json = {"window": window, "checked": context.now.date().isoformat()}
        record["releases"] = [{**release, "network": network} if network else release]
    return record


def _new_id(name: str, year: str, kind: str, find: Callable[[str], object]) -> str:
    """Return the name as an id, with the year or a number behind it if `find` finds that id."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-") or (
        "person" if kind == PERSON else "title"
    )
    slug = words[: _ID_LIMIT - _SUFFIX_LIMIT].rstrip("-")
    candidates = [slug, *([f"{slug}-{year}"] if year else [])]
    number = 2
    while True:
        for candidate in candidates:
            if find(candidate) is None:
                return candidate
        candidates, number = [f"{slug}-{number}"], number + 1
