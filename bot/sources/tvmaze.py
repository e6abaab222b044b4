"""TVmaze: series with schedules, episodes and casts. Needs no key; its data is CC BY-SA 4.0."""

from collections.abc import AsyncIterator, Container, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.sources.countries import Country
from bot.sources.errors import CutOffError, NotFoundError, SourceFormatError
from bot.sources.http import SourceClient
from bot.sources.ports import Fetched, Item, Listing, record_id
from bot.sources.text import as_mapping
from bot.sources.tvmaze_lists import list_changes, list_shows, must_list_all
from bot.sources.tvmaze_mapping import WrongShapeError, is_wanted, map_show, read_id

_EMBEDS = [("embed[]", name) for name in ("cast", "akas", "seasons", "crew")]

# After as many shows in a row that cannot be read, the fault is not theirs.
_MAX_FORMAT_ERRORS = 3


class TvmazeSource:
    """Scripted series of some countries, with their people. See `Source`."""

    name = "tvmaze"
    batch_size = 1
    interval = timedelta(hours=1)
    max_age: timedelta | None = None
    expiry: timedelta | None = None

    def __init__(self, client: SourceClient, countries: Sequence[Country], clock: Clock) -> None:
        self._client = client
        self._countries = countries
        self._clock = clock
        self._format_errors = 0

    async def list_items(
        self, state: Mapping[str, Any], known: Container[Item], *, full: bool
    ) -> AsyncIterator[Listing]:
        """Yield all wanted shows, a page each, or those that changed since the last time.

        New shows are among the changes, wanted or not: `fetch` decides. Everything is listed
        anew every 30 days, after 6 days without an update, and for other countries.
        """
        countries = ",".join(sorted(country.code for country in self._countries))
        state = state if state.get("countries") == countries else {}
        async for listing in self._list(state, known, full=full):
            yield replace(listing, state={**listing.state, "countries": countries})

    async def _list(
        self, state: Mapping[str, Any], known: Container[Item], *, full: bool
    ) -> AsyncIterator[Listing]:
        now = self._clock()
        if full or must_list_all(state, now):
            is_unfinished = not full and not state.get("complete")
            start: Mapping[str, Any] = state if is_unfinished else {}
            async for listing in list_shows(self._client, self._countries, start, now):
                yield listing
        else:
            yield await list_changes(self._client, state, known, now)

    async def fetch(self, items: Sequence[Item]) -> Fetched:
        """Return shows and their people. Makes two requests a show, one if it is not wanted."""
        parts = [await self._fetch_one(item) for item in items]
        return parts[0] if len(parts) == 1 else _join(parts)

    async def _fetch_one(self, item: Item) -> Fetched:
        try:
            fetched = await self._fetch_show(item)
        except NotFoundError:
            fetched = Fetched(missing=[item])
        except WrongShapeError as error:
            return Fetched(refused={item: str(error)})
        except CutOffError:
            raise
        except SourceFormatError as error:
            self._format_errors += 1
            if self._format_errors >= _MAX_FORMAT_ERRORS:
                raise
            return Fetched(refused={item: str(error)})
        self._format_errors = 0
        return fetched

    async def _fetch_show(self, item: Item) -> Fetched:
        number, show = await self._get_show(item.id)
        if str(number) != item.id and "_embedded" not in show:
            # The redirect of a merged show has lost what was asked for with it.
            number, show = await self._get_show(str(number))
        if not is_wanted(show, self._countries):
            return Fetched(unwanted=[item])
        episodes = await self._client.get(f"shows/{number}/episodes", {"specials": "1"})
        title, people = map_show(show, episodes, self._countries)
        asked = record_id(self.name, item.id)
        return Fetched(
            records=[title, *people],
            found={item: title.id},
            merged={asked: title.id} if asked != title.id else {},
        )

    async def _get_show(self, show_id: str) -> tuple[int, Mapping[str, Any]]:
        show = as_mapping(await self._client.get(f"shows/{show_id}", _EMBEDS))
        number = read_id(show)
        if number is None:
            raise WrongShapeError("`id` is missing or unusable")
        return number, show


def _join(parts: Sequence[Fetched]) -> Fetched:
    return Fetched(
        records=[record for part in parts for record in part.records],
        found={item: found for part in parts for item, found in part.found.items()},
        missing=[item for part in parts for item in part.missing],
        unwanted=[item for part in parts for item in part.unwanted],
        refused={item: reason for part in parts for item, reason in part.refused.items()},
        merged={old: new for part in parts for old, new in part.merged.items()},
    )
