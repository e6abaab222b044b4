"""A catalog of several sources that say whatever a random walk makes them say."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from bot.app import catalog_importer
from bot.catalog.curation import Curator, HistoryAction, HistoryEntry
from bot.catalog.merging import merge
from bot.catalog.model import record_class
from bot.services.sync import SyncStores
from bot.sources.ports import Fetched, Item
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.joined_records import Ref, canonical_ids
from bot.store.layer_tables import edits, joins, source_records
from bot.store.merge_input import load_merge_input
from bot.store.record_rows import TABLES, RecordRows
from bot.store.tables import credits, search_keys, titles
from bot.store.transfer import TransferStore
from tests.conftest import NOW
from tests.support import records

CURATOR = Curator(7, "moon")
SOURCES = ("tvmaze", "wikidata", "tmdb")
_NAMES = ("Gong Yoo", "Kim Go-eun", "Lee Dong-wook")
_TITLES = ("Goblin", "Guardian", "Coffee Prince")
QUERIES = ("goblin", "guard", "coffee prince", "gong yoo", "kim goeun", "lee", "shin", "")


@dataclass
class LayeredCatalog:
    """An open database, with the ids of everything that was ever in it."""

    database: Database
    folder: Path
    now: Any = NOW
    seen: set[Ref] = field(default_factory=set[Ref])

    def __post_init__(self) -> None:
        self.stores = SyncStores.of(
            self.database, self.clock, CountdownStore(self.database).requeue
        )
        self.edits = self.stores.edits
        self.transfer = TransferStore(
            self.database, self.clock, CountdownStore(self.database).requeue
        )

    def clock(self) -> Any:
        return self.now

    async def sync(self, source: str, *made: Mapping[str, Any], **merged: str) -> None:
        """Store what a source says of records. `merged` are ids that it merged into others."""
        self.now += timedelta(minutes=40)
        lease = await self.stores.states.acquire(source, "walk", self.now)
        assert lease is not None
        parsed = [record_class(one["entity"]).model_validate(one) for one in made]
        items = {Item(one.entity, one.id.removeprefix(f"{source}-")): "1" for one in parsed}
        found = {item: one.id for item, one in zip(items, parsed, strict=True)}
        fetched = Fetched(parsed, found, merged=merged)
        await self.stores.records.save(lease, items, fetched, None)
        self.seen |= {Ref(one.entity, one.id) for one in parsed}

    async def import_(self, *made: dict[str, Any]) -> None:
        """Import records by hand."""
        self.now += timedelta(minutes=1)
        shutil.rmtree(self.folder, ignore_errors=True)
        importer = catalog_importer(self.database, self.clock)
        await importer.import_path(records.write(self.folder, *made))
        self.seen |= {Ref(one["entity"], one["id"]) for one in made}

    async def edit(
        self, ref: Ref, changes: Mapping[str, Any], action: HistoryAction = HistoryAction.SET
    ) -> Sequence[HistoryEntry]:
        self.now += timedelta(minutes=1)
        return await self.edits.edit(ref, changes, CURATOR, None, action)

    async def rows(self, table: Any) -> list[Any]:
        return await self.database.fetch(select(table))

    async def stored(self) -> dict[str, Any]:
        """Everything that members see, from the tables that it is read from."""
        found: dict[str, Any] = {}
        for entity, table in TABLES.items():
            query = select(table).where(titles.c.joined_into.is_(None)) if table is titles else None
            for row in await self.database.fetch(select(table) if query is None else query):
                found[f"{entity}:{row.id}"] = row.record, row.popularity
        found["keys"] = sorted(
            str({k: v for k, v in row._mapping.items() if k != "id"})
            for row in await self.rows(search_keys)
        )
        found["credits"] = sorted(map(tuple, await self.rows(credits)))
        return found

    async def rebuilt(self) -> dict[str, Any]:
        """The same, merged anew from all layers and edits."""
        found: dict[str, Any] = {}
        keys: list[Any] = []
        credited: list[Any] = []
        async with self.database.read() as connection:
            for entity in TABLES:
                ids = {
                    row.record_id
                    for table in (source_records, edits)
                    for row in (await connection.execute(select(table))).all()
                    if row.entity == entity
                }
                canonical = sorted(set((await canonical_ids(connection, entity, ids)).values()))
                loaded = await load_merge_input(connection, entity, canonical)
                merged = [
                    merge(
                        one,
                        loaded.layers.get(one, ()),
                        loaded.edits.get(one, ()),
                        loaded.person_ids,
                    )
                    for one in canonical
                ]
                rows = RecordRows.of(entity, [one.record for one in merged if one])
                for row in rows.records:
                    found[f"{entity}:{row['id']}"] = row["record"], row["popularity"]
                keys += rows.search_keys
                credited += [(row["title_id"], row["person_id"]) for row in rows.credits]
        found["keys"] = sorted(str(row) for row in keys)
        found["credits"] = sorted(credited)
        return found

    async def layers(self, title_id: str) -> list[str]:
        """The records of sources that a title is merged from, as `SOURCE-ID`."""
        roots = await self.clusters("title")
        return sorted(
            f"{row.source}-{row.external_id}"
            for row in await self.rows(source_records)
            if row.entity == "title" and roots[row.record_id] == roots[title_id]
        )

    async def clusters(self, entity: str, *, by_rule: bool = False) -> dict[str, str]:
        """The record that answers for each id, with or without the joins that people made."""
        parents = {
            row.alias_id: row.record_id
            for row in await self.rows(joins)
            if row.entity == entity and not (by_rule and row.user_id is not None)
        }

        def root(one: str) -> str:
            while one in parents:
                one = parents[one]
            return one

        ids = {row.record_id for row in await self.rows(source_records) if row.entity == entity}
        ids |= {ref.id for ref in self.seen if ref.entity == entity} | set(parents)
        return {one: root(one) for one in ids | set(parents.values())}


def said(random: Random, source: str) -> list[dict[str, Any]]:
    """What a source says of a title and its people; any of them may have changed."""
    people = [_person(random, source, number) for number in random.sample("1234", 2)]
    number = random.choice("123")
    title = records.title(
        _id(source, number),
        random.choice(_TITLES),
        external_ids=_ids(random, source, number, "tt"),
        cast=[
            {"person": one["id"], "character": random.choice(("Kim Shin", "Reaper"))}
            for one in people
        ],
        popularity=random.choice((0.0, 1.0, 2.0)),
    )
    title["sources"] = [{"id": source, "title": title["names"][0]["text"]}]
    if random.random() < 0.7:
        day = random.choice(("2026-06", "2026-07-01"))
        title["releases"] = [{"window": day, "source": source}]
    if random.random() < 0.2:
        del title["cast"]
    return [*people, title]


def _person(random: Random, source: str, number: str) -> dict[str, Any]:
    person = records.person(
        _id(source, number),
        random.choice(_NAMES),
        external_ids=_ids(random, source, number, "nm"),
        popularity=random.choice((0.0, 1.0)),
    )
    if random.random() < 0.5:
        person["born"] = random.choice(("1979-07-10", "1991-07-02", "1979"))
    return person


def _id(source: str, number: str) -> str:
    return f"hand{number}" if source == "catalog" else f"{source}-{number}"


def _ids(random: Random, source: str, number: str, prefix: str) -> dict[str, str]:
    own = {} if source == "catalog" else {source: number}
    for scheme in ("imdb", "tmdb", "wikidata", "tvmaze"):
        if scheme != source and random.random() < 0.25:
            digits = random.choice("123")
            own[scheme] = f"{prefix}000000{digits}" if scheme == "imdb" else digits
    return own
