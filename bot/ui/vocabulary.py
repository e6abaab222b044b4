"""Translates terms in records. Unknown terms are shown unchanged."""

from bot.i18n import Translations, gettext_noop
from bot.ui.markdown import escape_inline

_TERMS = {
    # kinds
    "series": gettext_noop("Series"),
    "film": gettext_noop("Film"),
    "special": gettext_noop("Special"),
    # status of a title
    "planned": gettext_noop("Planned"),
    "in_production": gettext_noop("In production"),
    "post_production": gettext_noop("In post-production"),
    "returning": gettext_noop("Returning"),
    "ended": gettext_noop("Ended"),
    # status of a release
    "rumoured": gettext_noop("Rumored"),
    "announced": gettext_noop("Announced"),
    "confirmed": gettext_noop("Confirmed"),
    "postponed": gettext_noop("Postponed"),
    "cancelled": gettext_noop("Canceled"),
    "released": gettext_noop("Released"),
    # events
    "premiere": gettext_noop("Premiere"),
    "finale": gettext_noop("Finale"),
    "season": gettext_noop("Season premiere"),
    # regions
    "worldwide": gettext_noop("worldwide"),
    # roles
    "main": gettext_noop("main role"),
    "support": gettext_noop("supporting role"),
    "guest": gettext_noop("guest role"),
    # jobs and occupations
    "creator": gettext_noop("Creator"),
    "director": gettext_noop("Director"),
    "writer": gettext_noop("Writer"),
    "screenplay": gettext_noop("Screenplay"),
    "producer": gettext_noop("Producer"),
    "executive_producer": gettext_noop("Executive producer"),
    "credited": gettext_noop("Credited"),
    "actor": gettext_noop("Actor"),
    "actress": gettext_noop("Actress"),
    "singer": gettext_noop("Singer"),
    "screenwriter": gettext_noop("Screenwriter"),
    "model": gettext_noop("Model"),
    # genres
    "action": gettext_noop("Action"),
    "boys_love": gettext_noop("Boys’ love"),
    "comedy": gettext_noop("Comedy"),
    "crime": gettext_noop("Crime"),
    "drama": gettext_noop("Drama"),
    "family": gettext_noop("Family"),
    "fantasy": gettext_noop("Fantasy"),
    "historical": gettext_noop("Historical"),
    "horror": gettext_noop("Horror"),
    "law": gettext_noop("Legal"),
    "medical": gettext_noop("Medical"),
    "melodrama": gettext_noop("Melodrama"),
    "military": gettext_noop("Military"),
    "music": gettext_noop("Music"),
    "mystery": gettext_noop("Mystery"),
    "political": gettext_noop("Political"),
    "romance": gettext_noop("Romance"),
    "sci_fi": gettext_noop("Science fiction"),
    "sports": gettext_noop("Sports"),
    "supernatural": gettext_noop("Supernatural"),
    "thriller": gettext_noop("Thriller"),
    "youth": gettext_noop("Youth"),
}


def translate_term(translations: Translations, term: str) -> str:
    """Translate a term of a record, such as `executive producer` or `in_production`."""
    key = "_".join(term.casefold().replace("-", " ").replace("_", " ").split())
    if key in _TERMS:
        return translations.gettext(_TERMS[key])
    return escape_inline(term[:1].upper() + term[1:])
