"""Exports layers, joins and edits, and imports those of another installation."""

import json
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.edits import EditAction
from bot.catalog.merging import CATALOG
from bot.catalog.model import Person, Title, record_class
from bot.catalog.transfer import ApartLine, EditLine, JoinLine, LayerLine, Transfer
from bot.clock import Clock
from bot.store.database import Database
from bot.store.joined_records import Ref, canonical_ids, rows_by
from bot.store.layer_tables import doubts, edits, joins, source_records
from bot.store.layers import LayerRecord, LayerRows, write_layers
from bot.store.record_merging import RecordMerger, TitlesChanged
from bot.store.record_rows import TABLES
from bot.store.timestamps import from_timestamp, to_timestamp

# Their terms do not allow to pass their data on.
_NOT_EXPORTED = (CATALOG, "tmdb")


class TransferStore:
    """Exports and imports what the records are merged from."""

    def __init__(self, database: Database, clock: Clock, on_titles_changed: TitlesChanged) -> None:
        self._database = database
        self._merger = RecordMerger(clock, on_titles_changed)

    async def records_by_hand(self) -> list[Title | Person]:
        """Return all records by hand: people, then titles, each by id."""
        found: list[Title | Person] = []
        for entity in TABLES:
            model = record_class(entity)
            query = (
                select(source_records.c.record)
                .where(source_records.c.source == CATALOG, source_records.c.entity == entity)
                .order_by(source_records.c.record_id)
            )
            rows = await self._database.fetch(query)
            found += [model.model_validate_json(row.record) for row in rows]
        return found

    async def export(self) -> Transfer:
        """Return all layers of sources whose terms allow it, joins and edits."""
        transfer = Transfer()
        async with self._database.read() as connection:
            for row in await _all(connection, source_records, "source", "entity", "external_id"):
                if row.source not in _NOT_EXPORTED:
                    transfer.layers.append(_layer_line(row))
            for row in await _all(connection, joins, "entity", "alias_id"):
                transfer.joins.append(_join_line(row))
            for row in await _all(connection, doubts, "entity", "first_id", "second_id"):
                if row.kept_apart_by is not None:
                    transfer.aparts.append(_apart_line(row))
            transfer.edits.extend(_edit_line(row) for row in await _all(connection, edits, "id"))
        return transfer

    async def import_(self, transfer: Transfer) -> int:
        """Store what is new or newer, in one transaction. Returns the number of new lines.

        The records by hand that it refers to have to be imported before.
        """
        async with self._database.write() as connection:
            layers = await _import_layers(connection, transfer.layers)
            joined = await _import_joins(connection, transfer.joins)
            aparts = await _import_aparts(connection, transfer.aparts)
            made = await _import_edits(connection, transfer.edits)
            changed = [*layers, *joined, *aparts, *made]
            moved = {ref for refs in joined for ref in refs}
            await self._merger.merge(connection, {ref for refs in changed for ref in refs}, moved)
        return len(changed)


async def _all(connection: AsyncConnection, table: Any, *order: str) -> list[Any]:
    query = select(table).order_by(*(table.c[name] for name in order))
    return list((await connection.execute(query)).all())


def _layer_line(row: Any) -> LayerLine:
    return LayerLine(
        source=row.source,
        external_id=row.external_id,
        record_id=row.record_id,
        fetched=from_timestamp(row.fetched_at),
        record=record_class(row.entity).model_validate_json(row.record),
    )


def _join_line(row: Any) -> JoinLine:
    return JoinLine(
        kind=row.entity,
        alias=row.alias_id,
        record_id=row.record_id,
        evidence=json.loads(row.evidence),
        user_id=row.user_id,
        made=from_timestamp(row.joined_at),
    )


def _apart_line(row: Any) -> ApartLine:
    return ApartLine(
        kind=row.entity, first=row.first_id, second=row.second_id, user_id=row.kept_apart_by
    )


def _edit_line(row: Any) -> EditLine:
    return EditLine(
        kind=row.entity,
        record_id=row.record_id,
        path=row.path,
        action=row.action,
        value=None if row.value is None else json.loads(row.value),
        before=None if row.before is None else json.loads(row.before),
        user_id=row.user_id,
        user_name=row.user_name,
        reason=row.reason,
        made=from_timestamp(row.made_at),
        undone=None if row.undone_at is None else from_timestamp(row.undone_at),
        undone_by=row.undone_by,
    )


async def _import_layers(
    connection: AsyncConnection, lines: list[LayerLine]
) -> list[tuple[Ref, ...]]:
    columns = source_records.c
    key = tuple_(columns.source, columns.entity, columns.external_id)
    stored: dict[tuple[str, str, str], Any] = {}
    keys = [(line.source, line.record.entity, line.external_id) for line in lines]
    for start in range(0, len(keys), 300):
        query = select(source_records).where(key.in_(keys[start : start + 300]))
        for row in (await connection.execute(query)).all():
            stored[row.source, row.entity, row.external_id] = row
    by_source: dict[str, list[LayerRecord]] = {}
    for line, one in zip(lines, keys, strict=True):
        known = stored.get(one)
        if known is None or known.fetched_at < to_timestamp(line.fetched):
            record_id = known.record_id if known else line.record_id
            layer = LayerRecord(line.record, record_id, line.fetched)
            by_source.setdefault(line.source, []).append(layer)
    for source, layers in by_source.items():
        await write_layers(connection, LayerRows.of(source, layers))
    return [
        (Ref(layer.record.entity, layer.record_id),)
        for layers in by_source.values()
        for layer in layers
    ]


async def _import_joins(
    connection: AsyncConnection, lines: list[JoinLine]
) -> list[tuple[Ref, ...]]:
    changed: list[tuple[Ref, ...]] = []
    for line in lines:
        pair = (line.alias, line.record_id)
        canonical = await canonical_ids(connection, line.kind, pair)
        # Joined already, or otherwise.
        if canonical[line.alias] != line.alias or canonical[line.record_id] == line.alias:
            continue
        await connection.execute(
            joins.insert().values(
                entity=line.kind,
                alias_id=line.alias,
                record_id=line.record_id,
                evidence=json.dumps(line.evidence, ensure_ascii=False),
                user_id=line.user_id,
                joined_at=to_timestamp(line.made),
            )
        )
        changed.append((Ref(line.kind, line.alias), Ref(line.kind, line.record_id)))
    return changed


async def _import_aparts(
    connection: AsyncConnection, lines: list[ApartLine]
) -> list[tuple[Ref, ...]]:
    changed: list[tuple[Ref, ...]] = []
    for line in lines:
        first, second = sorted((line.first, line.second))
        of_pair = (doubts.c.entity == line.kind, doubts.c.second_id == second)
        rows = await rows_by(connection, doubts, doubts.c.first_id, [first], *of_pair)
        if rows and rows[0].kept_apart_by is not None:
            continue
        if rows:
            await connection.execute(doubts.delete().where(doubts.c.id == rows[0].id))
        await connection.execute(
            doubts.insert().values(
                entity=line.kind,
                first_id=first,
                second_id=second,
                evidence=rows[0].evidence if rows else "[]",
                found_at=0.0,
                kept_apart_by=line.user_id,
            )
        )
        changed.append((Ref(line.kind, first), Ref(line.kind, second)))
    return changed


async def _import_edits(
    connection: AsyncConnection, lines: list[EditLine]
) -> list[tuple[Ref, ...]]:
    known = {
        (row.entity, row.record_id, row.path, row.action, row.user_id, row.made_at): row
        for row in await rows_by(
            connection, edits, edits.c.record_id, {line.record_id for line in lines}
        )
    }
    changed: list[tuple[Ref, ...]] = []
    for line in lines:
        made = to_timestamp(line.made)
        row = known.get((line.kind, line.record_id, line.path, line.action, line.user_id, made))
        if row is None:
            await connection.execute(edits.insert().values(_edit_values(line)))
        elif line.undone and row.undone_at is None and line.action in tuple(EditAction):
            undone = {"undone_at": to_timestamp(line.undone), "undone_by": line.undone_by}
            await connection.execute(update(edits).where(edits.c.id == row.id).values(undone))
        else:
            continue
        changed.append((Ref(line.kind, line.record_id),))
    return changed


def _edit_values(line: EditLine) -> dict[str, Any]:
    def encode(value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    return {
        "entity": line.kind,
        "record_id": line.record_id,
        "path": line.path,
        "action": line.action,
        "value": encode(line.value),
        "before": encode(line.before),
        "user_id": line.user_id,
        "user_name": line.user_name,
        "reason": line.reason,
        "made_at": to_timestamp(line.made),
        "undone_at": to_timestamp(line.undone),
        "undone_by": line.undone_by,
    }
