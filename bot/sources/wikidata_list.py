"""Lists the series of a country by Wikidata's query service."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.sources.countries import COUNTRIES, Country
from bot.sources.errors import CutOffError, SourceFormatError, SourceUnavailableError
from bot.sources.http import SourceClient
from bot.sources.text import as_list, as_mapping

_log = logging.getLogger(__name__)

# Series, web series, miniseries, programs, seasons, television films, and the classes that Korean
# dramas are in beside them. Subclasses are not followed: that takes longer than a query may.
_CLASSES = (
    *("Q5398426", "Q526877", "Q1259759", "Q482612", "Q24855895"),
    *("Q15416", "Q3464665", "Q506240", "Q12623153", "Q6863157"),
)
_QUERY = """\
SELECT DISTINCT ?item ?modified WHERE {{
  VALUES ?class {{ {classes} }}
  ?item wdt:P31 ?class .
  {condition}
  ?item schema:dateModified ?modified .
}}"""

_ITEM_URI = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d{0,9})", re.ASCII)
_MODIFIED = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]{5,20}(?:Z|[+-]\d{2}:\d{2})", re.ASCII)


async def list_series(client: SourceClient, country: Country) -> dict[str, str]:
    """Return when each series of a country, or in its language, was modified, by item id.

    It is one query; one for each condition if the service does not finish it in time. Raises
    SourceError.
    """
    conditions = _conditions(country)
    try:
        all_conditions = " UNION ".join(conditions)
        return await _query(client, all_conditions, repeat_slow=len(conditions) == 1)
    except (CutOffError, SourceUnavailableError) as error:
        if len(conditions) == 1:
            raise
        _log.info("the list of %s takes too long (%s); asking for parts", country.code, error)
    parts = [await _query(client, condition) for condition in conditions]
    return {item_id: item for part in parts for item_id, item in part.items()}


def _conditions(country: Country) -> Sequence[str]:
    """Return what makes a series one of a country.

    A language that several countries speak does not tell which one a series is from.
    """
    speakers = [each for each in COUNTRIES.values() if each.language == country.language]
    by_country = f"{{ ?item wdt:P495 wd:{country.item} }}"
    by_language = f"{{ ?item wdt:P364 wd:{country.language_item} }}"
    return (by_country, by_language) if len(speakers) == 1 else (by_country,)


async def _query(
    client: SourceClient, condition: str, *, repeat_slow: bool = True
) -> dict[str, str]:
    classes = " ".join(f"wd:{class_id}" for class_id in _CLASSES)
    query = _QUERY.format(classes=classes, condition=condition)
    form = {"query": query, "format": "json"}
    answer = as_mapping(await client.post_form("", form, repeat_slow=repeat_slow))
    results = as_mapping(answer.get("results"))
    if not isinstance(results.get("bindings"), list):
        raise SourceFormatError("Wikidata's query service sent no rows")
    return dict(_read_rows(as_list(results["bindings"])))


def _read_rows(rows: Sequence[object]) -> Iterator[tuple[str, str]]:
    """Yield the readable rows. An unknown value is a URI of another form (`genid`)."""
    for row in map(as_mapping, rows):
        item = _ITEM_URI.fullmatch(_value(row, "item"))
        modified = _MODIFIED.fullmatch(_value(row, "modified"))
        if item and modified:
            yield item[1], modified[0]


def _value(row: Mapping[str, object], name: str) -> str:
    value = as_mapping(row.get(name)).get("value")
    return value if isinstance(value, str) else ""
