"""Wikidata as a source: names in every script, ids, people and birthdays. It is in the public
domain (CC0)."""

import asyncio
from collections.abc import AsyncIterator, Container, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.catalog.model import Person, Title
from bot.sources.countries import Country
from bot.sources.http import Sleep, SourceClient
from bot.sources.ports import Fetched, Item, Listing, record_id
from bot.sources.text import clean_line
from bot.sources.wikidata_api import BATCH_SIZE, WikidataApi
from bot.sources.wikidata_claims import is_item_id
from bot.sources.wikidata_list import list_series
from bot.sources.wikidata_mapping import (
    SOURCE,
    Labels,
    find_label_ids,
    is_scripted,
    to_person,
    to_title,
)

_PROPS = "labels|aliases|claims|info"
# The links are many, and only those of titles are counted.
_TITLE_PROPS = f"{_PROPS}|sitelinks"


class WikidataSource:
    """The series of some countries, and the people in them.

    `api` has the base URL of `w/api.php`, `sparql` that of the query service. `sleep` waits while
    Wikidata is busy.
    """

    name = SOURCE
    batch_size = BATCH_SIZE
    interval = timedelta(hours=24)
    # The list has no people, so it does not tell when they were modified.
    max_age: timedelta | None = timedelta(days=60)
    expiry: timedelta | None = None

    def __init__(
        self,
        api: SourceClient,
        sparql: SourceClient,
        countries: Sequence[Country],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._api = WikidataApi(api, sleep)
        self._sparql = sparql
        self._countries = countries

    async def list_items(
        self, state: Mapping[str, Any], known: Container[Item], *, full: bool
    ) -> AsyncIterator[Listing]:
        """Yield one listing with all series: a request for each country. Raises SourceError."""
        items: dict[str, str] = {}
        for country in self._countries:
            items |= await list_series(self._sparql, country)
        count = len(items)
        yield Listing(
            stamps={Item("title", item_id): modified for item_id, modified in items.items()},
            state={"count": count, "complete": True},
            done=count,
            total=count,
            count=count,
        )

    async def fetch(self, items: Sequence[Item]) -> Fetched:
        """Return titles and people: one request, and those for labels not known yet.

        Raises SourceError.
        """
        props = _TITLE_PROPS if any(item.entity == "title" for item in items) else _PROPS
        ids = list(dict.fromkeys(item.id for item in items if is_item_id(item.id)))
        entities = await self._api.read_entities(ids, props) if ids else {}
        label_ids = [
            label_id
            for item in items
            for label_id in find_label_ids(entities.get(item.id, {}), item.entity)
        ]
        labels = await self._api.read_labels(label_ids)
        return _to_fetched(items, entities, labels)


def _to_fetched(
    items: Sequence[Item],
    entities: Mapping[str, Mapping[str, Any]],
    labels: Labels,
) -> Fetched:
    missing = [item for item in items if "missing" in entities.get(item.id, {})]
    unwanted = [
        item
        for item in items
        if item.entity == "title" and item not in missing
        if item.id in entities and not is_scripted(entities[item.id], labels)
    ]
    results = {
        item: _to_record(item, entities.get(item.id), labels)
        for item in items
        if item not in missing and item not in unwanted
    }
    records = {item: each for item, each in results.items() if not isinstance(each, str)}
    return Fetched(
        records=list({record.id: record for record in records.values()}.values()),
        found={item: record.id for item, record in records.items()},
        missing=missing,
        unwanted=unwanted,
        refused={item: reason for item, reason in results.items() if isinstance(reason, str)},
        merged=dict(_find_merged(records)),
        referenced=_find_people(records.values()),
    )


def _to_record(
    item: Item, entity: Mapping[str, Any] | None, labels: Labels
) -> Title | Person | str:
    """Return the record of an item, or why it has none."""
    if entity is None:
        return "Wikidata's response does not have it"
    try:
        if item.entity == "person":
            return to_person(entity, labels)
        return to_title(entity, labels)
    except ValueError as error:
        return clean_line(str(error)) or "it cannot be read"


def _find_merged(records: Mapping[Item, Title | Person]) -> Iterator[tuple[str, str]]:
    """Yield the old and new ids of records whose items were merged into others."""
    for item, record in records.items():
        old = record_id(SOURCE, item.id)
        if old != record.id:
            yield old, record.id


def _find_people(records: Iterable[Title | Person]) -> list[Item]:
    """Return the people in the casts and crews of titles."""
    titles = (record for record in records if isinstance(record, Title))
    ids = (credit.person for title in titles for credit in (*title.cast, *title.crew))
    return [Item("person", each.removeprefix(f"{SOURCE}-")) for each in dict.fromkeys(ids)]
