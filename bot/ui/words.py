"""The vocabulary of records, in the reader's language. A word not listed is shown as written."""

from bot.text import Texts, marked
from bot.ui.markdown import plain

_WORDS = {
    # kinds
    "series": marked("Series"),
    "film": marked("Film"),
    "special": marked("Special"),
    # status of a title
    "planned": marked("Planned"),
    "in_production": marked("In production"),
    "post_production": marked("In post-production"),
    "returning": marked("Returning"),
    "ended": marked("Ended"),
    # status of a release
    "rumoured": marked("Rumoured"),
    "announced": marked("Announced"),
    "confirmed": marked("Confirmed"),
    "postponed": marked("Postponed"),
    "cancelled": marked("Cancelled"),
    "released": marked("Released"),
    # events
    "premiere": marked("Premiere"),
    "finale": marked("Finale"),
    "season": marked("Season premiere"),
    # regions
    "worldwide": marked("worldwide"),
    # roles
    "main": marked("main role"),
    "support": marked("supporting role"),
    "guest": marked("guest role"),
    # jobs and occupations
    "creator": marked("Creator"),
    "director": marked("Director"),
    "writer": marked("Writer"),
    "screenplay": marked("Screenplay"),
    "producer": marked("Producer"),
    "executive_producer": marked("Executive producer"),
    "credited": marked("Credited"),
    "actor": marked("Actor"),
    "actress": marked("Actress"),
    "singer": marked("Singer"),
    "screenwriter": marked("Screenwriter"),
    "model": marked("Model"),
    # genres
    "action": marked("Action"),
    "boys_love": marked("Boys’ love"),
    "comedy": marked("Comedy"),
    "crime": marked("Crime"),
    "drama": marked("Drama"),
    "family": marked("Family"),
    "fantasy": marked("Fantasy"),
    "historical": marked("Historical"),
    "horror": marked("Horror"),
    "law": marked("Law"),
    "medical": marked("Medical"),
    "melodrama": marked("Melodrama"),
    "military": marked("Military"),
    "music": marked("Music"),
    "mystery": marked("Mystery"),
    "political": marked("Politics"),
    "romance": marked("Romance"),
    "sci_fi": marked("Science fiction"),
    "sports": marked("Sports"),
    "supernatural": marked("Supernatural"),
    "thriller": marked("Thriller"),
    "youth": marked("Youth"),
}


def word(texts: Texts, term: str) -> str:
    """A record's term (`executive producer`, `in_production`) as the reader says it."""
    key = "_".join(term.casefold().replace("-", " ").replace("_", " ").split())
    if key in _WORDS:
        return texts.gettext(_WORDS[key])
    return plain(term[:1].upper() + term[1:])
