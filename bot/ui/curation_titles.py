"""The modal with which curators add a title."""

import re
import unicodedata
from collections.abc import Mapping

from bot.catalog.identity import name_key
from bot.catalog.model import NameType, Title
from bot.services.catalog import CatalogService
from bot.ui.curation_fields import FieldReader, Json, parse_name, parse_window
from bot.ui.curation_forms import KINDS
from bot.ui.curation_modals import FormField
from bot.ui.render_context import RenderContext

_ID_LIMIT = 40
_SUFFIX_LIMIT = 8


def add_fields(context: RenderContext) -> list[FormField]:
    """Return the fields of a new title."""
    _ = context.translations.gettext
    return [
        FormField("name", _("Name in English"), required=True),
        FormField(
            "original",
            _("Original name and language"),
            description=_("Such as 도깨비 | ko"),
            limit=350,
        ),
        FormField(
            "window",
            _("Premiere"),
            description=_("2026-11-22, 2026-11, 2026-Q4, 2026 … Empty: not announced"),
            limit=50,
        ),
        FormField("network", _("Network"), description=_("Such as tvN or Netflix")),
    ]


def new_title(
    kind: str, values: Mapping[str, str], catalog: CatalogService, context: RenderContext
) -> Title:
    """Return the title that submitted values describe, with an id that the catalog does not have.

    Raises InvalidFieldsError.
    """
    reader = FieldReader(values, context)
    record = _record(kind, reader, context)
    reader.check(Title, {**record, "id": "new"}, {"names": "name", "networks": "network"})
    reader.finish()
    year = (reader.text("window") or "")[:4]
    return Title.model_validate({**record, "id": _new_id(reader.text("name"), year, catalog)})


def find_namesake(title: Title, catalog: CatalogService) -> Title | None:
    """Return a title of exactly the same name, or None."""
    names = {name_key(name.text) for name in title.names}
    for name in title.names:
        result = catalog.title_names.resolve(name.text)
        for entry in catalog.entries([*result.matches, *result.similar]).values():
            if isinstance(entry, Title) and names & {name_key(one.text) for one in entry.names}:
                return entry
    return None


def _record(kind: str, reader: FieldReader, context: RenderContext) -> Json:
    name, network = reader.text("name"), reader.text("network")
    if not name:
        reader.reject("name", context.translations.gettext("Enter at least one name."))
    original = reader.read("original", lambda text, context: parse_name(text, 1, context))
    window = reader.read("window", parse_window)
    record: Json = {
        "kind": kind if kind in KINDS else KINDS[0],
        "names": [{"text": name, "lang": "en", "type": str(NameType.MAIN)}],
    }
    if original:
        record["names"].append({**original, "type": str(NameType.ORIGINAL)})
        if original["lang"] != "und":
            record["original_language"] = original["lang"]
    if network:
        record["networks"] = [{"name": network}]
    if window:
        release: Json = {"window": window, "checked": context.now.date().isoformat()}
        record["releases"] = [{**release, "network": network} if network else release]
    return record


def _new_id(name: str, year: str, catalog: CatalogService) -> str:
    """Return the name as an id, with the year or a number behind it if that id is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-") or "title"
    slug = words[: _ID_LIMIT - _SUFFIX_LIMIT].rstrip("-")
    candidates = [slug, *([f"{slug}-{year}"] if year else [])]
    number = 2
    while True:
        for candidate in candidates:
            if catalog.snapshot.title(candidate) is None:
                return candidate
        candidates, number = [f"{slug}-{number}"], number + 1
