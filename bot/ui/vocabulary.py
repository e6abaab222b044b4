"""Translates terms in records. Unknown terms are shown unchanged."""

from collections.abc import Mapping
from enum import StrEnum

from bot.i18n import Translations, capitalize, pgettext_noop
from bot.ui.markdown import escape_inline


class Vocabulary(StrEnum):
    """The vocabularies of terms. Values are the contexts of the translations.

    A word may need another form in each: a show and its premiere can differ in gender.
    """

    KIND = "kind of title"
    TITLE_STATUS = "status of a title"
    RELEASE_STATUS = "status of a release"
    EVENT = "event"
    REGION = "region"
    ROLE = "role"
    JOB = "job"
    OCCUPATION = "occupation"
    GENRE = "genre"


_TERMS: Mapping[Vocabulary, Mapping[str, str]] = {
    Vocabulary.KIND: {
        "series": pgettext_noop("kind of title", "Series"),
        "film": pgettext_noop("kind of title", "Film"),
        "special": pgettext_noop("kind of title", "Special"),
    },
    Vocabulary.TITLE_STATUS: {
        "planned": pgettext_noop("status of a title", "Planned"),
        "in_production": pgettext_noop("status of a title", "In production"),
        "post_production": pgettext_noop("status of a title", "In post-production"),
        "returning": pgettext_noop("status of a title", "Returning"),
        "ended": pgettext_noop("status of a title", "Ended"),
        "rumoured": pgettext_noop("status of a title", "Rumored"),
        "announced": pgettext_noop("status of a title", "Announced"),
        "confirmed": pgettext_noop("status of a title", "Confirmed"),
        "postponed": pgettext_noop("status of a title", "Postponed"),
        "cancelled": pgettext_noop("status of a title", "Canceled"),
        "released": pgettext_noop("status of a title", "Released"),
    },
    Vocabulary.RELEASE_STATUS: {
        "rumoured": pgettext_noop("status of a release", "Rumored"),
        "announced": pgettext_noop("status of a release", "Announced"),
        "confirmed": pgettext_noop("status of a release", "Confirmed"),
        "postponed": pgettext_noop("status of a release", "Postponed"),
        "cancelled": pgettext_noop("status of a release", "Canceled"),
        "released": pgettext_noop("status of a release", "Released"),
    },
    Vocabulary.EVENT: {
        "premiere": pgettext_noop("event", "Premiere"),
        "finale": pgettext_noop("event", "Finale"),
        "season": pgettext_noop("event", "Season premiere"),
    },
    Vocabulary.REGION: {
        "worldwide": pgettext_noop("region", "worldwide"),
    },
    Vocabulary.ROLE: {
        "main": pgettext_noop("role", "main role"),
        "support": pgettext_noop("role", "supporting role"),
        "guest": pgettext_noop("role", "guest role"),
    },
    Vocabulary.JOB: {
        "creator": pgettext_noop("job", "creator"),
        "director": pgettext_noop("job", "director"),
        "writer": pgettext_noop("job", "writer"),
        "screenplay": pgettext_noop("job", "screenplay"),
        "producer": pgettext_noop("job", "producer"),
        "executive_producer": pgettext_noop("job", "executive producer"),
        "credited": pgettext_noop("job", "credited"),
        "screenwriter": pgettext_noop("job", "screenwriter"),
        "author": pgettext_noop("job", "author"),
    },
    Vocabulary.OCCUPATION: {
        "actor": pgettext_noop("occupation", "Actor"),
        "actress": pgettext_noop("occupation", "Actress"),
        "singer": pgettext_noop("occupation", "Singer"),
        "model": pgettext_noop("occupation", "Model"),
        "comedian": pgettext_noop("occupation", "Comedian"),
        "novelist": pgettext_noop("occupation", "Novelist"),
        "screenwriter": pgettext_noop("occupation", "Screenwriter"),
        "director": pgettext_noop("occupation", "Director"),
        "writer": pgettext_noop("occupation", "Writer"),
        "creator": pgettext_noop("occupation", "Creator"),
        "producer": pgettext_noop("occupation", "Producer"),
    },
    Vocabulary.GENRE: {
        "action": pgettext_noop("genre", "Action"),
        "adult": pgettext_noop("genre", "Adult"),
        "adventure": pgettext_noop("genre", "Adventure"),
        "boys_love": pgettext_noop("genre", "Boys’ love"),
        "children": pgettext_noop("genre", "Children"),
        "comedy": pgettext_noop("genre", "Comedy"),
        "crime": pgettext_noop("genre", "Crime"),
        "drama": pgettext_noop("genre", "Drama"),
        "espionage": pgettext_noop("genre", "Espionage"),
        "family": pgettext_noop("genre", "Family"),
        "fantasy": pgettext_noop("genre", "Fantasy"),
        "food": pgettext_noop("genre", "Food"),
        "historical": pgettext_noop("genre", "Historical"),
        "horror": pgettext_noop("genre", "Horror"),
        "law": pgettext_noop("genre", "Legal"),
        "medical": pgettext_noop("genre", "Medical"),
        "melodrama": pgettext_noop("genre", "Melodrama"),
        "military": pgettext_noop("genre", "Military"),
        "music": pgettext_noop("genre", "Music"),
        "mystery": pgettext_noop("genre", "Mystery"),
        "nature": pgettext_noop("genre", "Nature"),
        "political": pgettext_noop("genre", "Political"),
        "romance": pgettext_noop("genre", "Romance"),
        "sci_fi": pgettext_noop("genre", "Science fiction"),
        "sports": pgettext_noop("genre", "Sports"),
        "supernatural": pgettext_noop("genre", "Supernatural"),
        "thriller": pgettext_noop("genre", "Thriller"),
        "travel": pgettext_noop("genre", "Travel"),
        "war": pgettext_noop("genre", "War"),
        "western": pgettext_noop("genre", "Western"),
        "youth": pgettext_noop("genre", "Youth"),
        "slice_of_life": pgettext_noop("genre", "Slice of life"),
    },
}


def translate_term(translations: Translations, vocabulary: Vocabulary, term: str) -> str:
    """Translate a term of a record, such as `executive producer` or `in_production`."""
    key = "_".join(term.casefold().replace("-", " ").replace("_", " ").split())
    if message := _TERMS[vocabulary].get(key):
        return translations.pgettext(vocabulary.value, message)
    # Jobs are shown within a line, after a name.
    return escape_inline(term if vocabulary is Vocabulary.JOB else capitalize(term))


def terms(vocabulary: Vocabulary) -> list[str]:
    """Return the known terms of a vocabulary, as records have them."""
    return list(_TERMS[vocabulary])
