"""Shows time zones by their cities, and finds the zone that is shown."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.announcements.timezones import resolve_timezone, search_timezones, utc_offset
from bot.i18n import Translations
from bot.ui.render_context import RenderContext


def timezone_label(translations: Translations, zone: ZoneInfo, now: datetime) -> str:
    """Return a time zone's city and its offset at an instant: `Seoul (UTC+9)`."""
    city, offset = translations.city(zone.key), utc_offset(zone, now)
    return offset if city == offset else f"{city} ({offset})"


def search_zones(text: str, context: RenderContext, limit: int = 25) -> dict[str, ZoneInfo]:
    """Return up to `limit` zones that match a text, best first, by their labels.

    Of several zones with one label, only the first is returned.
    """
    zones: dict[str, ZoneInfo] = {}
    for name in search_timezones(text, context.now, limit):
        zone = ZoneInfo(name)
        zones.setdefault(timezone_label(context.translations, zone, context.now), zone)
    return zones


def find_zone(text: str, context: RenderContext) -> ZoneInfo | None:
    """Return the zone for a name or a label, or None if there is none or there are several."""
    city = text.partition(" (")[0]
    return resolve_timezone(text, context.now) or search_zones(city, context).get(text)
