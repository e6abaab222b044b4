"""The lists of TVmaze: all shows, by page, and those that changed."""

import re
from collections.abc import AsyncIterator, Container, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from bot.sources.countries import Country
from bot.sources.errors import NotFoundError, SourceFormatError
from bot.sources.http import SourceClient
from bot.sources.ports import Item, Listing
from bot.sources.text import as_mapping, clean_int
from bot.sources.tvmaze_mapping import is_wanted, read_id

_FULL_LIST_INTERVAL = timedelta(days=30)

# Lists of changes go back a day or a week, and caches keep them for an hour.
_DAY, _WEEK = timedelta(hours=20), timedelta(days=6)

# Ten times as many pages as there are, in case a server does not end the list.
_MAX_PAGES = 4000
_MAX_TIMESTAMP = 2**40


def must_list_all(state: Mapping[str, Any], now: datetime) -> bool:
    """Return whether the changes since `state` are not enough."""
    if state.get("complete") is not True:
        return True
    age = _age(state, "updated", now)
    full_age = _age(state, "listed_at", now)
    return age is None or age > _WEEK or full_age is None or full_age > _FULL_LIST_INTERVAL


async def list_shows(
    client: SourceClient, countries: Sequence[Country], state: Mapping[str, Any], now: datetime
) -> AsyncIterator[Listing]:
    """Yield the wanted shows of each page, from the page in `state` on. Raises SourceError."""
    first = page = _number(state, "page")
    newest, listed = _number(state, "newest"), _number(state, "listed")
    started = now.isoformat() if _age(state, "started", now) is None else state["started"]
    while (rows := await _get_page(client, page)) is not None:
        newest = _newest_id(rows, newest)
        stamps = dict(_stamp(row) for row in rows if is_wanted(row, countries))
        listed += len(stamps)
        page += 1
        next_state = {"page": page, "newest": newest, "listed": listed, "started": started}
        yield Listing(stamps, next_state, done=page)
    if page == first == 0:
        raise SourceFormatError("TVmaze has no list of shows at this URL")
    complete = {"newest": newest, "complete": True, "listed_at": started, "updated": started}
    yield Listing({}, complete, done=page, total=page, count=listed)


async def list_changes(
    client: SourceClient, state: Mapping[str, Any], known: Container[Item], now: datetime
) -> Listing:
    """Return the known shows that changed, and new ones, with one request. Raises SourceError."""
    age = _age(state, "updated", now)
    since = "day" if age is not None and age <= _DAY else "week"
    newest = _number(state, "newest")
    stamps = {
        number: stamp
        for number, stamp in _read_changes(await client.get("updates/shows", {"since": since}))
        if number > newest or _item(number) in known
    }
    next_state = {**state, "newest": max([newest, *stamps]), "updated": now.isoformat()}
    items = {_item(number): stamp for number, stamp in stamps.items()}
    return Listing(items, next_state, done=1, total=1)


def _item(number: int) -> Item:
    return Item("title", str(number))


async def _get_page(client: SourceClient, page: int) -> Sequence[Mapping[str, Any]] | None:
    """Return the shows of a page, or None after the last one."""
    if page >= _MAX_PAGES:
        raise SourceFormatError("TVmaze does not end its list of shows")
    try:
        rows = await client.get("shows", {"page": str(page)})
    except NotFoundError:
        return None
    if not isinstance(rows, list):
        raise SourceFormatError("TVmaze sent a page of shows that is not a list")
    return [row for row in map(as_mapping, cast(list[object], rows)) if read_id(row)]


def _newest_id(rows: Sequence[Mapping[str, Any]], newest: int) -> int:
    """Return the largest id. Raises SourceFormatError if a page is not newer than the last."""
    ids = [read_id(row) or 0 for row in rows]
    if ids and max(ids) <= newest:
        raise SourceFormatError("TVmaze sent a page of shows twice")
    return max(ids, default=newest)


def _stamp(row: Mapping[str, Any]) -> tuple[Item, str]:
    return _item(read_id(row) or 0), str(clean_int(row.get("updated"), 0, _MAX_TIMESTAMP) or 0)


def _read_changes(answer: object) -> Iterator[tuple[int, str]]:
    """Yield the ids of shows, and when they changed. An empty object may be sent as `[]`."""
    if not isinstance(answer, dict) and answer != []:
        raise SourceFormatError("TVmaze sent a list of changes that is not an object")
    for key, value in as_mapping(cast(object, answer)).items():
        updated = clean_int(value, 0, _MAX_TIMESTAMP)
        if re.fullmatch(r"[1-9]\d{0,11}", key, re.ASCII) and updated is not None:
            yield int(key), str(updated)


def _number(state: Mapping[str, Any], key: str) -> int:
    return clean_int(state.get(key), 0, 10**12) or 0


def _age(state: Mapping[str, Any], key: str, now: datetime) -> timedelta | None:
    """Return how long ago a time in `state` was, or None. A clock that was set back counts, too."""
    try:
        return abs(now - datetime.fromisoformat(state[key]))
    except (KeyError, TypeError, ValueError):
        return None
