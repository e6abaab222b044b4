"""The modal for a release of a title: its event, date, status and place."""

from collections.abc import Sequence

from bot.catalog.edits import release_key
from bot.catalog.model import Release, ReleaseStatus, Title
from bot.ui.curation_fields import FieldReader, Json, parse_window, split_pair
from bot.ui.curation_targets import find_release
from bot.ui.markdown import escape_inline
from bot.ui.modals import FormField
from bot.ui.render_context import RenderContext
from bot.ui.vocabulary import Vocabulary, translate_term

# As networks and fans write it.
_NOT_ANNOUNCED = ("tba", "tbd")


def date_fields(title: Title, code: str, context: RenderContext) -> Sequence[FormField]:
    """Return the fields of a release; those of a new one if there is none with this code."""
    _, translations = context.translations.gettext, context.translations
    release = find_release(title, code) or Release()
    statuses = [
        (str(one), translate_term(translations, Vocabulary.RELEASE_STATUS, one))
        for one in ReleaseStatus
    ]
    season = None if release.season is None else str(release.season)
    return [
        FormField(
            "event",
            _("Event and season"),
            _pair(release.event, season),
            _("premiere, finale, or season | 2. Leave empty to remove the release."),
        ),
        FormField(
            "window",
            _("Date"),
            str(release.window or ""),
            _("2026-11-22, 2026-11, 2026-Q4, 2026 … Empty: not announced"),
            limit=50,
        ),
        FormField("status", _("Status"), str(release.status or ""), choices=statuses),
        FormField(
            "place",
            _("Network and region"),
            _pair(release.network, release.region),
            _("Such as tvN | KR, or Netflix | worldwide"),
            limit=600,
        ),
    ]


def date_changes(title: Title, code: str, reader: FieldReader, context: RenderContext) -> Json:
    """Return the edits of a release. Without an event, it is removed."""
    release = find_release(title, code)
    removed: Json = {f"releases.{release.key_text}": None} if release else {}
    if not reader.text("event"):
        if release is None:
            reader.reject("event", context.translations.gettext("Enter an event."))
        return removed
    value = _value(release, reader, context)
    fields = {"event": "event", "season": "event", "network": "place", "region": "place"}
    reader.check(Release, value, {**fields, "status": "status", "window": "window"})
    path = f"releases.{release_key(value)}"
    return {path: value} if path in removed else {**removed, path: value}


def _value(release: Release | None, reader: FieldReader, context: RenderContext) -> Json:
    """Return the new version of a release. What another source said of its date is left out."""
    before = release.model_dump(mode="json", exclude_none=True) if release else {}
    event, season = split_pair(reader.text("event"))
    network, region = split_pair(reader.text("place"))
    said: Json = {
        "window": reader.read("window", parse_date),
        "status": reader.text("status") or None,
    }
    value: Json = {**before, **said, "event": event, "network": network, "region": region}
    if any(said[name] != before.get(name) for name in said):
        value |= {"source": None, "checked": context.now.date().isoformat(), "note": None}
    value["season"] = _season(season, reader, context)
    return {name: one for name, one in value.items() if one is not None}


def parse_date(text: str, context: RenderContext) -> str | None:
    """Check the date of a release; None if it is not announced. Raises ValueError."""
    return None if text.casefold() in _NOT_ANNOUNCED else parse_window(text, context)


def _season(text: str | None, reader: FieldReader, context: RenderContext) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 9999):
        _ = context.translations.gettext
        reader.reject("event", _("{text} is not a number.").format(text=escape_inline(text, 40)))
        return None
    return int(text)


def _pair(first: str | None, second: str | None) -> str:
    return f"{first or ''} | {second}" if second else first or ""
