"""The countries whose series can be asked for, as each source names them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """A country, by its ISO 3166-1 code, and its main language.

    `language` is an ISO 639-1 code, `language_name` its English name. `item` and `language_item`
    are Wikidata items.
    """

    code: str
    item: str
    language: str
    language_name: str
    language_item: str


COUNTRIES = {
    country.code: country
    for country in (
        Country("KR", "Q884", "ko", "Korean", "Q9176"),
        Country("JP", "Q17", "ja", "Japanese", "Q5287"),
        Country("CN", "Q148", "zh", "Chinese", "Q7850"),
        Country("TW", "Q865", "zh", "Chinese", "Q7850"),
        Country("HK", "Q8646", "zh", "Chinese", "Q7850"),
        Country("TH", "Q869", "th", "Thai", "Q9217"),
        Country("VN", "Q881", "vi", "Vietnamese", "Q9199"),
        Country("PH", "Q928", "tl", "Tagalog", "Q34057"),
    )
}


def find_countries(codes: Iterable[str]) -> tuple[Country, ...]:
    """Return the countries with these codes. Raises KeyError if one is unknown."""
    return tuple(COUNTRIES[code] for code in codes)
