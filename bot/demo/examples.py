"""Chooses examples from a catalog: names to try, and a title to count down to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.catalog.display_names import best_name
from bot.catalog.model import NameType, Person, Title
from bot.catalog.window import WindowState
from bot.search.name_search import NameSearch
from bot.services.catalog import CatalogService
from bot.ui.markdown import plain_text

# Preferred if the catalog has them: the demo starts eight days before this premiere.
_PERSON = "person:ok-taec-yeon"
_TITLE = "title:soul-mate"
_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Examples:
    """The names of a person and of a title, and the ref of an upcoming title.

    Each is None if the catalog has none. A name finds exactly one entry.
    """

    person: str | None
    title: str | None
    upcoming: str | None


def choose_examples(catalog: CatalogService, language: str, now: datetime) -> Examples:
    """Choose examples, preferably the shipped catalog's, otherwise the most popular.

    Names are in `language` (BCP 47, without region) where there is such a name.
    """
    people = _names(catalog, catalog.person_names, _PERSON, language)
    titles = _names(catalog, catalog.title_names, _TITLE, language)
    upcoming = (
        ref
        for ref, title in catalog.entries(_refs(catalog.title_names, _TITLE)).items()
        if isinstance(title, Title) and _is_upcoming(title, now)
    )
    return Examples(next(people, None), next(titles, None), next(upcoming, None))


def _names(
    catalog: CatalogService, names: NameSearch, preferred: str, language: str
) -> Iterator[str]:
    """Yield names of people or titles that find only their entry."""
    for ref, entry in catalog.entries(_refs(names, preferred)).items():
        if isinstance(entry, (Person, Title)):
            name = _familiar_name(entry, language)
            if names.resolve(name).matches == [ref]:
                yield name


def _refs(names: NameSearch, preferred: str) -> list[str]:
    return [preferred, *names.suggest("")]


def _familiar_name(entry: Person | Title, language: str) -> str:
    """Return the name that fans type: the stage name, if there is one in their language."""
    stage_names = [
        name for name in entry.names if name.type is NameType.STAGE and name.lang == language
    ]
    return plain_text(best_name(stage_names or entry.names, language), _NAME_LIMIT)


def _is_upcoming(title: Title, now: datetime) -> bool:
    windows = (current.window for current, _ in title.release_history())
    return any(window and window.state(now) is not WindowState.PASSED for window in windows)
