"""Stores edits with their history, and decisions about doubtful pairs of records."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.curation import (
    AlreadyDecidedError,
    CannotUndoError,
    Curator,
    Doubt,
    HistoryAction,
    HistoryEntry,
    InvalidEditError,
    RecordChangedError,
)
from bot.catalog.edits import active_edits, field_value
from bot.clock import Clock
from bot.store.database import Database
from bot.store.history_rows import doubt_of, edit_row, entry_of, problems_of, to_json
from bot.store.joined_records import Ref, alias_ids, canonical_ids, titles_crediting
from bot.store.kept_apart import allow_join, keep_apart, split
from bot.store.layer_tables import doubts, edits, joins
from bot.store.merge_input import edit_from_row
from bot.store.record_identity import join
from bot.store.record_merging import RecordMerger, TitlesChanged
from bot.store.record_rows import TABLES
from bot.store.timestamps import to_timestamp

_IDENTITY = "identity"


class EditStore:
    """Stores what curators change. Every change is merged into the records at once."""

    def __init__(self, database: Database, clock: Clock, on_titles_changed: TitlesChanged) -> None:
        self._database = database
        self._clock = clock
        self._merger = RecordMerger(clock, on_titles_changed)

    async def edit(
        self,
        ref: Ref,
        changes: Mapping[str, Any],
        curator: Curator,
        reason: str | None,
        action: HistoryAction = HistoryAction.SET,
        *,
        expected: Mapping[str, Any] | None = None,
    ) -> Sequence[HistoryEntry]:
        """Set or unlock fields of a record, by path. Returns the new entries of its history.

        `expected` is the record as the curator saw it, in the interchange form, and empty for a new
        one. Raises InvalidEditError, and RecordChangedError if one of these fields is not as
        expected.
        """
        made: list[HistoryEntry] = []
        async with self._database.write() as connection:
            ref = await _canonical(connection, ref)
            before = await _record(connection, ref)
            if expected is not None and any(
                field_value(before, path) != field_value(expected, path) for path in changes
            ):
                raise RecordChangedError
            for path, value in changes.items():
                values = edit_row(ref, path, action, curator, reason, self._clock())
                values |= {"value": to_json(value), "before": to_json(field_value(before, path))}
                made.append(await _insert(connection, values))
            try:
                await self._merger.merge(connection, [ref])
            except ValidationError as error:
                raise InvalidEditError(problems_of(error, changes)) from error
        return made

    async def history(self, ref: Ref, limit: int = 50) -> Sequence[HistoryEntry]:
        """Return what was changed in a record, and in those joined with it, newest first."""
        async with self._database.read() as connection:
            ref = await _canonical(connection, ref)
            ids = [ref.id, *await alias_ids(connection, ref.entity, [ref.id])]
            query = (
                select(edits)
                .where(edits.c.entity == ref.entity, edits.c.record_id.in_(ids))
                .order_by(edits.c.id.desc())
                .limit(limit)
            )
            return [entry_of(row) for row in (await connection.execute(query)).all()]

    async def locked_paths(self, ref: Ref) -> Sequence[str]:
        """Return the fields that edits lock against sources, by path."""
        async with self._database.read() as connection:
            ref = await _canonical(connection, ref)
            ids = [ref.id, *await alias_ids(connection, ref.entity, [ref.id])]
            query = select(edits).where(
                edits.c.entity == ref.entity,
                edits.c.record_id.in_(ids),
                edits.c.undone_at.is_(None),
                edits.c.path != _IDENTITY,
            )
            rows = (await connection.execute(query)).all()
        return sorted(active_edits([edit_from_row(row) for row in rows]))

    async def undo(self, edit_id: int, curator: Curator) -> HistoryEntry:
        """Undo an entry of a history. Raises CannotUndoError, InvalidEditError."""
        async with self._database.write() as connection:
            undone = await connection.execute(
                update(edits)
                .where(edits.c.id == edit_id, edits.c.undone_at.is_(None))
                .values(undone_at=to_timestamp(self._clock()), undone_by=curator.user_id)
            )
            if undone.rowcount == 0:
                raise CannotUndoError
            row = (await connection.execute(select(edits).where(edits.c.id == edit_id))).one()
            entry = entry_of(row)
            refs = _refs_of(entry)
            refs += await titles_crediting(connection, refs)
            if entry.action is HistoryAction.JOIN:
                await split(connection, refs[0], str(entry.after))
            elif entry.action is HistoryAction.APART:
                pair = (entry.record_id, str(entry.after))
                refs += await allow_join(connection, entry.entity, pair, entry.before or [])
            try:
                moved = refs if entry.path == _IDENTITY else ()
                await self._merger.merge(connection, refs, moved)
            except ValidationError as error:
                raise InvalidEditError(problems_of(error, {entry.path: None})) from error
        return entry

    async def doubts(self, limit: int = 25) -> Sequence[Doubt]:
        """Return the pairs that are not decided, oldest first."""
        joined = joins.c.entity == doubts.c.entity
        is_alias = joins.c.alias_id.in_((doubts.c.first_id, doubts.c.second_id))
        query = (
            select(doubts)
            .where(doubts.c.kept_apart_by.is_(None))
            .where(~select(joins.c.alias_id).where(joined, is_alias).exists())
            .order_by(doubts.c.id)
            .limit(limit)
        )
        return [doubt_of(row) for row in await self._database.fetch(query)]

    async def count_doubts(self) -> int:
        """Return the number of pairs that are not decided, including those joined since."""
        query = select(func.count()).select_from(doubts).where(doubts.c.kept_apart_by.is_(None))
        [row] = await self._database.fetch(query)
        return int(row[0])

    async def doubt(self, doubt_id: int) -> Doubt | None:
        """Return a pair, or None."""
        rows = await self._database.fetch(select(doubts).where(doubts.c.id == doubt_id))
        return doubt_of(rows[0]) if rows else None

    async def join(
        self, entity: Any, pair: tuple[str, str], curator: Curator, reason: str | None = None
    ) -> HistoryEntry | None:
        """Join two records. Returns None if a rule has joined them already.

        Raises AlreadyDecidedError.
        """
        async with self._database.write() as connection:
            await _require_undecided(connection, entity, pair)
            canonical = await canonical_ids(connection, entity, pair)
            first, second = (canonical[one] for one in pair)
            if first == second:
                return None
            evidence = ("curator",)
            user = curator.user_id
            refs = await join(connection, entity, (first, second), evidence, self._clock(), user)
            kept = (await canonical_ids(connection, entity, [first]))[first]
            alias = second if kept == first else first
            entry = await self._log_identity(
                connection, Ref(entity, kept), alias, HistoryAction.JOIN, curator, reason
            )
            await self._merger.merge(connection, refs, refs)
        return entry

    async def keep_apart(
        self, entity: Any, pair: tuple[str, str], curator: Curator, reason: str | None = None
    ) -> HistoryEntry:
        """Keep two records apart for good, even if a rule would join them, or has done so.

        Raises AlreadyDecidedError.
        """
        first, second = sorted(pair)
        async with self._database.write() as connection:
            await _require_undecided(connection, entity, pair)
            refs = [Ref(entity, first), Ref(entity, second)]
            refs += await titles_crediting(connection, refs)
            undone = await keep_apart(connection, entity, (first, second), curator.user_id)
            entry = await self._log_identity(
                connection, Ref(entity, first), second, HistoryAction.APART, curator, reason, undone
            )
            refs += [Ref(entity, one["record_id"]) for one in undone]
            await self._merger.merge(connection, refs, refs)
        return entry

    async def _log_identity(
        self,
        connection: AsyncConnection,
        ref: Ref,
        other: str,
        action: HistoryAction,
        curator: Curator,
        reason: str | None,
        before: Any = None,
    ) -> HistoryEntry:
        values = edit_row(ref, _IDENTITY, action, curator, reason, self._clock())
        row = {"value": to_json(other), "before": to_json(before or None), **values}
        return await _insert(connection, row)


async def _insert(connection: AsyncConnection, values: Mapping[str, Any]) -> HistoryEntry:
    inserted = await connection.execute(edits.insert().values(**values).returning(edits))
    return entry_of(inserted.one())


async def _canonical(connection: AsyncConnection, ref: Ref) -> Ref:
    return Ref(ref.entity, (await canonical_ids(connection, ref.entity, [ref.id]))[ref.id])


async def _record(connection: AsyncConnection, ref: Ref) -> dict[str, Any]:
    table = TABLES[ref.entity]
    query = select(table.c.record).where(table.c.id == ref.id)
    stored = (await connection.execute(query)).scalar()
    return json.loads(stored) if stored else {}


async def _require_undecided(
    connection: AsyncConnection, entity: Any, pair: tuple[str, str]
) -> None:
    """Raise AlreadyDecidedError if a curator has joined a pair, or keeps it apart."""
    canonical = await canonical_ids(connection, entity, pair)
    ids = {*pair, *canonical.values()}
    query = (
        select(edits)
        .where(edits.c.entity == entity, edits.c.record_id.in_(ids))
        .where(edits.c.path == _IDENTITY, edits.c.undone_at.is_(None))
        .order_by(edits.c.id.desc())
    )
    # Other records may have been joined with either.
    is_joined = len(set(canonical.values())) == 1
    for entry in map(entry_of, (await connection.execute(query)).all()):
        both = {entry.record_id, str(entry.after)}
        is_join = entry.action is HistoryAction.JOIN and is_joined and both <= ids
        if is_join or (entry.action is HistoryAction.APART and both == set(pair)):
            raise AlreadyDecidedError(entry)


def _refs_of(entry: HistoryEntry) -> list[Ref]:
    refs = [Ref(entry.entity, entry.record_id)]
    if entry.path == _IDENTITY:
        refs.append(Ref(entry.entity, str(entry.after)))
    return refs
