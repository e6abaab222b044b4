"""A random walk: whatever sources and curators do, records are what all layers together say."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.app import catalog_importer, open_database
from bot.catalog.curation import AlreadyDecidedError, CannotUndoError, HistoryAction
from bot.catalog.interchange import write_records
from bot.catalog.transfer import read_transfer
from bot.services.catalog import CatalogService
from bot.store.catalog import CatalogStore
from bot.store.explanation import explain
from bot.store.joined_records import Ref
from bot.store.layer_tables import edits, source_records
from tests.store.layered_catalog import CURATOR, QUERIES, SOURCES, LayeredCatalog, said
from tests.support import records

STEPS = 40


class Walk:
    """Does something at random, and checks what must always be true."""

    service: CatalogService

    def __init__(self, catalog: LayeredCatalog, random: Random, sources: Sequence[str]) -> None:
        self.catalog, self.random, self.sources = catalog, random, sources
        self.apart: set[tuple[str, str, str]] = set()

    async def step(self) -> None:
        steps = {
            self.sync: 10,
            self.import_: 3,
            self.edit: 4,
            self.unlock: 2,
            self.join: 4,
            self.keep_apart: 2,
            self.undo: 4,
            self.remove_source: 0.5,
            self.merge_in_source: 0.5,
        }
        [step] = self.random.choices(list(steps), list(steps.values()))
        await step()
        await self.check(step.__name__)

    async def sync(self) -> None:
        source = self.random.choice(self.sources)
        await self.catalog.sync(source, *said(self.random, source))

    async def import_(self) -> None:
        await self.catalog.import_(*said(self.random, "catalog"))

    async def merge_in_source(self) -> None:
        source = self.random.choice(self.sources)
        old, new = self.random.sample("123", 2)
        record = next(one for one in said(self.random, source) if one["entity"] == "title")
        record["id"], record["external_ids"] = f"{source}-{new}", {source: new}
        merged = {f"{source}-{old}": f"{source}-{new}"}
        await self.catalog.sync(source, record, **merged)

    async def remove_source(self) -> None:
        await self.catalog.stores.records.remove_source(self.random.choice(self.sources))

    async def edit(self) -> None:
        ref = await self._record()
        if ref is None:
            return
        changes: dict[str, Any] = {"names": [{"text": self.random.choice(("Shin", "Reaper"))}]}
        if ref.entity == "title":
            people = [one.id for one in await self._refs("person")]
            key = self.random.choice(people) if people else "nobody"
            value = self.random.choice((None, {"character": "Shin"}))
            window = {"event": "premiere", "window": "2027", "source": "tvmaze"}
            choices = [changes, {"premise.en": "A goblin."}, {"releases.premiere": window}]
            if people:
                choices.append({f"cast.{key}": value})
            changes = self.random.choice(choices)
            if "tvmaze" not in str((await self.catalog.stored()).get(f"title:{ref.id}")):
                window.pop("source")
        before = await self.catalog.stored()
        entries = await self.catalog.edit(ref, changes)
        if self.random.random() < 0.5:
            await self.catalog.edits.undo(entries[0].id, CURATOR)
            assert await self.catalog.stored() == before

    async def unlock(self) -> None:
        ref = await self._record()
        if ref is not None:
            for path in await self.catalog.edits.locked_paths(ref):
                if path:
                    await self.catalog.edit(ref, {path: None}, HistoryAction.UNLOCK)

    async def join(self) -> None:
        doubts = await self.catalog.edits.doubts()
        if not doubts:
            return
        doubt = self.random.choice(doubts)
        before = await self.catalog.stored()
        entry = await self.catalog.edits.join(
            doubt.entity, (doubt.first_id, doubt.second_id), CURATOR
        )
        if entry and self.random.random() < 0.5:
            await self.catalog.edits.undo(entry.id, CURATOR)
            assert await self.catalog.stored() == before
            return
        roots = await self.catalog.clusters(doubt.entity)
        self.apart = {
            (kind, one, other)
            for kind, one, other in self.apart
            if kind != doubt.entity or roots[one] != roots[other]
        }

    async def keep_apart(self) -> None:
        entity = self.random.choice(("title", "person"))
        roots = await self.catalog.clusters(entity)
        joined = [
            pair for pair in combinations(sorted(roots), 2) if len({roots[x] for x in pair}) == 1
        ]
        doubts = [
            (one.first_id, one.second_id)
            for one in await self.catalog.edits.doubts()
            if one.entity == entity
        ]
        if not joined and not doubts:
            return
        pair = self.random.choice(joined + doubts)
        before = await self.catalog.stored()
        try:
            entry = await self.catalog.edits.keep_apart(entity, pair, CURATOR)
        except AlreadyDecidedError:
            return
        if self.random.random() < 0.5:
            await self.catalog.edits.undo(entry.id, CURATOR)
            assert await self.catalog.stored() == before
        else:
            self.apart.add((entity, *pair))

    async def undo(self) -> None:
        rows = [row for row in await self.catalog.rows(edits) if row.undone_at is None]
        if rows:
            row = self.random.choice(rows)
            await self.catalog.edits.undo(row.id, CURATOR)
            with pytest.raises(CannotUndoError):
                await self.catalog.edits.undo(row.id, CURATOR)
            if row.action == "apart":
                pair = sorted((row.record_id, row.value.strip('"')))
                self.apart.discard((row.entity, *pair))

    async def check(self, step: str) -> None:
        assert await self.catalog.stored() == await self.catalog.rebuilt(), step
        for entity in ("title", "person"):
            await self._check_identity(entity, step)
        await self.service.refresh()
        fresh = await CatalogService.open(CatalogStore(self.catalog.database))
        assert self._seen_by(self.service) == self._seen_by(fresh), step

    async def _check_identity(self, entity: str, step: str) -> None:
        roots = await self.catalog.clusters(entity)
        for kind, one, other in self.apart:
            assert kind != entity or roots[one] != roots[other], (step, one, other)
        by_rule = await self.catalog.clusters(entity, by_rule=True)
        own: set[tuple[str, str]] = set()
        for row in await self.catalog.rows(source_records):
            if row.entity == entity:
                key = by_rule[row.record_id], row.source
                assert key not in own, (step, key)
                own.add(key)

    def _seen_by(self, service: CatalogService) -> dict[str, Any]:
        snapshot = service.snapshot
        seen: dict[str, Any] = {"size": snapshot.size}
        for entity, one in sorted(self.catalog.seen):
            found = snapshot.title(one) if entity == "title" else snapshot.person(one)
            seen[f"{entity}:{one}"] = found and found.model_dump_json(exclude_unset=True)
            if entity == "person":
                seen[f"filmography:{one}"] = [
                    entry.title.id
                    for entry in snapshot.filmography(snapshot.record_id(entity, one))
                ]
        for query in QUERIES:
            for names in (service.title_names, service.person_names):
                hits = names.search(query) if query else names.suggest(query)
                seen.setdefault(f"search:{query}", []).append(hits)
        return seen

    async def _refs(self, entity: str) -> list[Ref]:
        stored = await self.catalog.stored()
        return [Ref(*one.split(":")) for one in stored if one.startswith(f"{entity}:")]

    async def _record(self) -> Ref | None:
        refs = [*await self._refs("title"), *await self._refs("person")]
        return self.random.choice(refs) if refs else None


@asynccontextmanager
async def walking(
    folder: Path, seed: int, sources: Sequence[str] = SOURCES
) -> AsyncGenerator[Walk]:
    """A walk in a new database."""
    folder.mkdir()
    async with await open_database(f"sqlite:///{folder}/walk.db", lambda: catalog.now) as opened:
        catalog = LayeredCatalog(opened, folder / "records")
        walk = Walk(catalog, Random(seed), sources)  # noqa: S311
        walk.service = await CatalogService.open(CatalogStore(opened))
        yield walk


@pytest.mark.parametrize("seed", range(6))
async def test_records_are_what_all_layers_say_whatever_happens(tmp_path: Path, seed: int) -> None:
    async with walking(tmp_path / "walk", seed) as walk:
        for _step in range(STEPS):
            await walk.step()


@pytest.mark.parametrize("seed", range(4))
async def test_import_of_an_export_is_the_same_catalog(tmp_path: Path, seed: int) -> None:
    async with (
        # The terms of TMDB do not allow to export what it says.
        walking(tmp_path / "one", seed, ("tvmaze", "wikidata")) as one,
        walking(tmp_path / "other", seed) as other,
    ):
        for _step in range(STEPS):
            await one.step()
        exported = await export(one.catalog, tmp_path / "one.jsonl")
        assert await import_(other.catalog, exported) > 0
        other.catalog.seen |= one.catalog.seen
        await other.check("import")
        assert await other.catalog.stored() == await one.catalog.stored()
        for ref in sorted(one.catalog.seen):
            shown = await explain(one.catalog.database, ref)
            assert await explain(other.catalog.database, ref) == shown, ref
        again = await export(other.catalog, tmp_path / "other.jsonl")
        assert again.read_text("utf-8") == exported.read_text("utf-8")
        last = await CatalogStore(other.catalog.database).last_change()
        for _again in range(3):
            assert await import_(other.catalog, exported) == 0
        assert await CatalogStore(other.catalog.database).last_change() == last


@pytest.mark.parametrize("seed", range(6))
async def test_removed_source_leaves_what_was_there_before_it(tmp_path: Path, seed: int) -> None:
    """Of two sources: what a third one shows to be the same stays joined, as the ids answer."""
    async with walking(tmp_path / "walk", seed, ("tvmaze",)) as walk:
        for step in (walk.sync, walk.edit) * 5:
            await step()
        before = await walk.catalog.stored()
        walk.sources = ("wikidata",)
        for _sync in range(8):
            await walk.sync()
            await walk.check("sync")
        assert await walk.catalog.stored() != before
        await walk.remove_source()
        await walk.check("remove_source")
        assert await walk.catalog.stored() == before


async def test_newer_export_undoes_what_was_undone_since(tmp_path: Path) -> None:
    async with walking(tmp_path / "one", 0) as one, walking(tmp_path / "other", 0) as other:
        await one.catalog.import_(records.title("goblin"))
        [entry] = await one.catalog.edit(Ref("title", "goblin"), {"premise.en": "A goblin."})
        await import_(other.catalog, await export(one.catalog, tmp_path / "first.jsonl"))
        await one.catalog.edits.undo(entry.id, CURATOR)
        exported = await export(one.catalog, tmp_path / "second.jsonl")
        assert [await import_(other.catalog, exported) for _again in range(2)] == [1, 0]
        assert await other.catalog.stored() == await one.catalog.stored()


async def export(catalog: LayeredCatalog, file: Path) -> Path:
    store = catalog.transfer
    write_records(file, await store.records_by_hand(), await store.export())
    return file


async def import_(catalog: LayeredCatalog, file: Path) -> int:
    transfer = read_transfer(file)
    await catalog_importer(catalog.database, catalog.clock).import_path(file)
    return await catalog.transfer.import_(transfer)
