"""How the list of all shows of TMDB is divided: it has at most 500 pages for one question."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from bot.sources.countries import Country
from bot.sources.text import clean_int

MAX_PAGES = 500

_NEWS, _REALITY, _TALK = 10763, 10764, 10767
UNSCRIPTED = (_REALITY, _TALK, _NEWS)
"""The ids of the genres that are left out."""

_CANTONESE = "cn"
_FIRST_YEAR = 1960
# Shows without a date are in no slice. They are found once they have one.
_YEARS_AHEAD = 3


class Slice(NamedTuple):
    """The shows of a country, in one language, that premiered in one year."""

    country: str
    language: str
    year: int


def country_languages(countries: Sequence[Country]) -> Iterator[tuple[str, str]]:
    """Yield each country with each of its languages, as TMDB writes them."""
    for country in countries:
        yield country.code, country.language
        if country.code == "HK":
            yield country.code, _CANTONESE


def year_slices(pairs: Sequence[tuple[str, str]], today: date) -> list[Slice]:
    """Return the slices for pairs of a country and a language, up to the years announced now."""
    return [
        Slice(country, language, year)
        for country, language in pairs
        for year in range(_FIRST_YEAR, today.year + _YEARS_AHEAD + 1)
    ]


def discover_params(country: str, language: str) -> dict[str, str]:
    """Return the parameters for the scripted shows of a country in a language, newest first."""
    return {
        "with_origin_country": country,
        "with_original_language": language,
        "without_genres": ",".join(map(str, UNSCRIPTED)),
        "sort_by": "first_air_date.desc",
    }


def slice_params(part: Slice) -> dict[str, str]:
    """Return the parameters for the shows of a slice."""
    days = {
        "first_air_date.gte": f"{part.year}-01-01",
        "first_air_date.lte": f"{part.year}-12-31",
    }
    return discover_params(part.country, part.language) | days


def describe_position(
    slices: Sequence[Slice], number: int, page: int, listed: int
) -> dict[str, Any]:
    """Return the state with which to continue at a page of a slice, empty after the last one."""
    if number == len(slices):
        return {}
    return {**slices[number]._asdict(), "page": page, "listed": listed}


def find_position(state: Mapping[str, Any], slices: Sequence[Slice]) -> tuple[int, int, int]:
    """Return the slice and the page with which to continue, and how many items were listed."""
    page = clean_int(state.get("page"), 1, MAX_PAGES)
    listed = clean_int(state.get("listed"), 0, 10**9)
    for number, part in enumerate(slices):
        if page and listed is not None and part._asdict().items() <= state.items():
            return number, page, listed
    return 0, 1, 0
