"""The catalog as it is written: records are taken in all or not at all."""

import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.files import (
    Batch,
    Parsed,
    Progress,
    check_references,
    raise_problems,
    read_records,
)
from bot.catalog.model import CastCredit, CastRole, Name, Person, Title
from bot.catalog.names import KEYS_VERSION, keys_of
from bot.clock import Clock
from bot.store.catalog import CHANGED, VERSION
from bot.store.database import Database, remember
from bot.store.instants import seconds
from bot.store.tables import catalog_files, countdowns, credits, forms, people, titles

_log = logging.getLogger(__name__)

# How much a character is asked about beside others of the title: the lead is, the guest is not.
_ROLE_WEIGHT = {CastRole.MAIN: 1.0, CastRole.SUPPORT: 0.6, CastRole.GUEST: 0.3, None: 0.5}
_KEYS_FACT = "keys_version"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records an import wrote, and how many it found unchanged."""

    written: int
    unchanged: int


def _no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


class CatalogImporter:
    """Writes the catalog."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def check(self, path: Path) -> Imported:
        """Tell what an import of `path` would do. Raises CatalogError as it would."""
        batch = await self._read(path)
        return Imported(len(batch.parsed), len(batch.unchanged))

    async def import_path(self, path: Path, progress: Progress = _no_progress) -> Imported:
        """Take in every record at `path` that is new or changed.

        Raises CatalogError, with everything that is wrong, before anything is written.
        """
        batch = await self._read(path)
        async with self._database.write() as connection:
            await _write(connection, batch.parsed, progress)
            await _look_again(connection, batch.parsed, self._clock())
            if batch.parsed:
                await remember(connection, CHANGED, self._clock().isoformat())
                await remember(connection, VERSION, secrets.token_hex(8))
        return Imported(len(batch.parsed), len(batch.unchanged))

    async def import_changed(self, folder: Path) -> Imported:
        """Take in a folder's records if any of its files is new or changed since last time.

        Raises CatalogError as `import_path` does.
        """
        now = _stamps(folder)
        rows = await self._database.fetch(select(catalog_files))
        if now == {row.path: (row.size, row.mtime_ns) for row in rows}:
            return Imported(0, len(now))
        imported = await self.import_path(folder)
        async with self._database.write() as connection:
            await connection.execute(delete(catalog_files))
            if now:
                await connection.execute(catalog_files.insert(), _stamp_rows(now))
        return imported

    async def renew_keys(self) -> int:
        """Make the names' keys again if a newer Bonbang makes other ones. Returns how many."""
        if await self._database.fact(_KEYS_FACT) == str(KEYS_VERSION):
            return 0
        count = 0
        async with self._database.write() as connection:
            await connection.execute(delete(forms))
            for table, model in ((people, Person), (titles, Title)):
                for row in (await connection.execute(select(table.c.record))).all():
                    rows = list(_forms_of(model.model_validate_json(row.record)))
                    await _insert_into(connection, forms.insert(), rows)
                    count += len(rows)
            await remember(connection, _KEYS_FACT, str(KEYS_VERSION))
        return count

    async def _read(self, path: Path) -> Batch:
        digests: dict[str, str] = {}
        for kind, table in (("title", titles), ("person", people)):
            for row in await self._database.fetch(select(table.c.id, table.c.digest)):
                digests[f"{kind}:{row.id}"] = row.digest
        batch = read_records(path, digests)
        check_references(batch, {ref.removeprefix("person:") for ref in digests})
        raise_problems(batch)
        return batch


async def _write(connection: AsyncConnection, parsed: list[Parsed], progress: Progress) -> None:
    # People first: a credit refers to them.
    ordered = sorted(parsed, key=lambda one: isinstance(one.record, Title))
    for start in range(0, len(ordered), _CHUNK):
        chunk = ordered[start : start + _CHUNK]
        for entity, table in (("person", people), ("title", titles)):
            await _replace(connection, table, [p for p in chunk if p.record.entity == entity])
        progress(start + len(chunk), len(ordered))


async def _look_again(connection: AsyncConnection, parsed: list[Parsed], now: datetime) -> None:
    """Have the countdowns to titles that changed looked at: what they count down to may have."""
    ids = [one.record.id for one in parsed if isinstance(one.record, Title)]
    for start in range(0, len(ids), _CHUNK):
        changed = countdowns.c.title_id.in_(ids[start : start + _CHUNK])
        await connection.execute(
            update(countdowns)
            .where(changed, countdowns.c.paused.is_(None))
            .values(due=seconds(now), version=countdowns.c.version + 1)
        )


async def _replace(connection: AsyncConnection, table: Any, parsed: list[Parsed]) -> None:
    """Write records of one kind in place of those of the same ids, with their credits and names."""
    if not parsed:
        return
    ids = [one.record.id for one in parsed]
    known = set(await connection.scalars(select(table.c.id).where(table.c.id.in_(ids))))
    rows = [_row(one) for one in parsed]
    await _insert_into(connection, table.insert(), [row for row in rows if row["id"] not in known])
    for row in rows:
        if row["id"] in known:
            await connection.execute(table.update().where(table.c.id == row["id"]).values(row))
    await _forget_names(connection, table, sorted(known))
    names = [form for one in parsed for form in _forms_of(one.record)]
    await _insert_into(connection, forms.insert(), names)
    if table is titles:
        await connection.execute(delete(credits).where(credits.c.title_id.in_(ids)))
        pairs = [pair for one in parsed for pair in _credit_rows(one.record)]
        await _insert_into(connection, credits.insert(), pairs)


async def _forget_names(connection: AsyncConnection, table: Any, ids: list[str]) -> None:
    if not ids:
        return
    if table is titles:
        await connection.execute(delete(forms).where(forms.c.title_id.in_(ids)))
    else:
        own = forms.c.person_id.in_(ids) & forms.c.title_id.is_(None)
        await connection.execute(delete(forms).where(own))


async def _insert_into(
    connection: AsyncConnection, statement: Any, rows: list[dict[str, Any]]
) -> None:
    if rows:
        await connection.execute(statement, rows)


def _row(parsed: Parsed) -> dict[str, Any]:
    record = parsed.record
    return {
        "id": record.id,
        "record": record.model_dump_json(exclude_unset=True),
        "digest": parsed.digest,
        "popularity": record.popularity,
    }


def _credit_rows(record: Title | Person) -> Iterator[dict[str, str]]:
    if isinstance(record, Title):
        for person in sorted({credit.person for credit in (*record.cast, *record.crew)}):
            yield {"title_id": record.id, "person_id": person}


def _forms_of(record: Title | Person) -> Iterator[dict[str, Any]]:
    """The rows for every name a record can be found by: its own, and those of its characters."""
    if isinstance(record, Person):
        yield from _name_rows(record.names, None, record.id, 1.0)
        return
    yield from _name_rows(record.names, record.id, None, 1.0)
    for credit in record.cast:
        # Whom a cameo is by, and that there is one, is for those who ask for spoilers.
        if not credit.spoiler:
            yield from _character_rows(record.id, credit)


def _character_rows(title_id: str, credit: CastCredit) -> Iterator[dict[str, Any]]:
    yield from _name_rows(credit.names, title_id, credit.person, _ROLE_WEIGHT[credit.role])


def _name_rows(
    names: Iterable[Name], title_id: str | None, person_id: str | None, weight: float
) -> Iterator[dict[str, Any]]:
    for keys in sorted({keys_of(name.text) for name in names}, key=lambda k: k.letters):
        yield {
            "title_id": title_id,
            "person_id": person_id,
            "weight": weight,
            "letters": keys.letters,
            "fold": keys.fold,
            "initials": keys.initials,
        }


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of each record file in a folder, by its path within it."""
    stamps: dict[str, tuple[int, int]] = {}
    for file in sorted(folder.rglob("*.toml")):
        stat = file.stat()
        stamps[file.relative_to(folder).as_posix()] = (stat.st_size, stat.st_mtime_ns)
    return stamps


def _stamp_rows(stamps: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {"path": path, "size": size, "mtime_ns": mtime} for path, (size, mtime) in stamps.items()
    ]
