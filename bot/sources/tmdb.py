"""TMDB: translated names and premises, posters, finale marks. Needs a token of the host's own."""

import re
from collections.abc import AsyncIterator, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from bot.clock import Clock
from bot.sources.countries import Country
from bot.sources.errors import NotFoundError, SourceError, SourceFormatError
from bot.sources.http import SourceClient
from bot.sources.ports import Entity, Fetched, Item, Listing
from bot.sources.text import as_list, as_mapping, clean_day, clean_int
from bot.sources.tmdb_episodes import season_block, season_numbers
from bot.sources.tmdb_mapping import map_person, map_show
from bot.sources.tmdb_slices import (
    MAX_PAGES,
    UNSCRIPTED,
    country_languages,
    describe_position,
    discover_params,
    find_position,
    slice_params,
    year_slices,
)

# The longest time of which TMDB lists the changes.
_MAX_CHANGES = timedelta(days=14)
# Shows are often added shortly before or after their premiere.
_NEW_SHOWS = timedelta(days=90)

_SHOW_BLOCKS = ("aggregate_credits", "alternative_titles", "translations", "external_ids")
_PERSON_BLOCKS = ("translations", "external_ids")
_MAX_BLOCKS = 20

_ITEM_ID = re.compile(r"[1-9][0-9]{0,8}")
_PATHS: Mapping[Entity, str] = {"title": "tv", "person": "person"}
# Lists of shows do not say when they were modified.
_LISTED = "listed"


@dataclass(frozen=True, slots=True, repr=False)
class TmdbOptions:
    """What every request needs: headers for the `SourceClient`, parameters for `TmdbSource`."""

    headers: Mapping[str, str]
    params: Mapping[str, str]


def tmdb_options(token: str) -> TmdbOptions:
    """Return the options for a token: an API read access token (`eyJ…`) or an API key."""
    token = token.strip()
    if token.startswith("eyJ"):
        return TmdbOptions({"Authorization": f"Bearer {token}"}, {})
    return TmdbOptions({}, {"api_key": token})


class TmdbSource:
    """The scripted series of some countries, and their people."""

    name = "tmdb"
    batch_size = 1
    interval = timedelta(hours=24)
    max_age: timedelta | None = timedelta(days=150)
    # TMDB's terms allow to keep its data for six months.
    expiry: timedelta | None = timedelta(days=180)

    def __init__(
        self,
        client: SourceClient,
        countries: Sequence[Country],
        clock: Clock,
        params: Mapping[str, str] | None = None,
    ) -> None:
        self._client = client
        self._countries = [country.code for country in countries]
        self._pairs = list(country_languages(countries))
        self._clock = clock
        self._params = dict(params or {})

    async def list_items(
        self, state: Mapping[str, Any], known: Container[Item], *, full: bool
    ) -> AsyncIterator[Listing]:
        """Yield all shows, by year, or the known items that have changed and the new shows.

        Raises SourceError; what was yielded stays valid.
        """
        if state.get("countries") != self._countries:
            state = {}
        today = self._clock().date()
        since = _day(state.get("updated"))
        if full or "page" in state or since is None or abs(today - since) > _MAX_CHANGES:
            parts = self._list_everything(state, today)
        else:
            parts = self._list_changes(state, known, min(since, today), today)
        async for part in parts:
            yield part

    async def fetch(self, items: Sequence[Item]) -> Fetched:
        """Return what TMDB says of one item. Raises SourceError if it cannot be read."""
        (item,) = items
        if not _ITEM_ID.fullmatch(item.id):
            return Fetched(refused={item: "its id is none of TMDB's"})
        try:
            fetch = self._fetch_person if item.entity == "person" else self._fetch_show
            return await fetch(item)
        except NotFoundError:
            return Fetched(missing=[item])
        except ValueError as error:
            return Fetched(refused={item: _reason(error)})

    async def _list_everything(
        self, state: Mapping[str, Any], today: date
    ) -> AsyncIterator[Listing]:
        slices = year_slices(self._pairs, today)
        first, first_page, listed = find_position(state, slices)
        # What changes while everything is listed is listed by the next update.
        started = _day(state.get("updated")) if "page" in state else None
        finished = {"countries": self._countries, "updated": str(started or today)}
        for number, part in enumerate(slices[first:], start=first):
            async for page, pages, ids in self._pages(
                "discover/tv", slice_params(part), first_page
            ):
                listed += len(ids)
                # The part and the page with which to continue.
                after = (number, page + 1) if page < pages else (number + 1, 1)
                rest = describe_position(slices, *after, listed)
                yield Listing(
                    {Item("title", show_id): _LISTED for show_id in ids},
                    finished | (rest or {"complete": True}),
                    done=after[0],
                    total=len(slices),
                    count=None if rest else listed,
                )
            first_page = 1

    async def _list_changes(
        self, state: Mapping[str, Any], known: Container[Item], since: date, today: date
    ) -> AsyncIterator[Listing]:
        days = {"start_date": str(since), "end_date": str(today)}
        for entity, path in _PATHS.items():
            async for _, _, ids in self._pages(f"{path}/changes", days):
                items = (Item(entity, item_id) for item_id in ids)
                yield Listing({item: str(today) for item in items if item in known}, state)
        for country, language in self._pairs:
            new = discover_params(country, language) | {
                "first_air_date.gte": str(today - _NEW_SHOWS)
            }
            async for _, _, ids in self._pages("discover/tv", new):
                items = (Item("title", show_id) for show_id in ids)
                yield Listing({item: _LISTED for item in items if item not in known}, state)
        state = {"countries": self._countries, "updated": str(today), "complete": True}
        yield Listing({}, state)

    async def _pages(
        self, path: str, params: Mapping[str, str], page: int = 1
    ) -> AsyncIterator[tuple[int, int, list[str]]]:
        """Yield the number of each page, the number of pages, and the ids on it."""
        while True:
            answer = await self._get(path, {**params, "page": str(page)})
            pages = clean_int(answer.get("total_pages"), 0, 10**9)
            if pages is None or not isinstance(answer.get("results"), list):
                raise SourceFormatError("TMDB sent a list without results")
            pages = min(pages, MAX_PAGES)
            rows = map(as_mapping, as_list(answer["results"]))
            ids = (clean_int(row.get("id"), 1, 10**9 - 1) for row in rows)
            yield page, pages, [str(number) for number in ids if number]
            if page >= pages:
                return
            page += 1

    async def _fetch_show(self, item: Item) -> Fetched:
        show = await self._get_item(item, _SHOW_BLOCKS)
        if not self._is_wanted(show):
            return Fetched(unwanted=[item])
        blocks = [season_block(number) for number in season_numbers(show)]
        for start in range(0, len(blocks), _MAX_BLOCKS):
            chunk = blocks[start : start + _MAX_BLOCKS]
            seasons = await self._get_item(item, chunk)
            show = {**show, **{block: seasons.get(block) for block in chunk}}
        title = map_show(show, self._clock().date())
        people = dict.fromkeys(credit.person for credit in (*title.cast, *title.crew))
        return Fetched(
            records=[title],
            found={item: title.id},
            referenced=[Item("person", person.removeprefix("tmdb-")) for person in people],
        )

    async def _fetch_person(self, item: Item) -> Fetched:
        person = map_person(await self._get_item(item, _PERSON_BLOCKS))
        return Fetched(records=[person], found={item: person.id})

    def _is_wanted(self, show: Mapping[str, Any]) -> bool:
        """Return whether a show is scripted and of the countries. Raises ValueError if unknown."""
        countries, language = show.get("origin_country"), show.get("original_language")
        if not isinstance(countries, list) or not isinstance(language, str):
            raise ValueError("it has no country or no language")
        genres = (as_mapping(genre).get("id") for genre in as_list(show.get("genres")))
        return any(
            country in countries and language == spoken for country, spoken in self._pairs
        ) and not any(genre in UNSCRIPTED for genre in genres)

    async def _get_item(self, item: Item, blocks: Sequence[str]) -> Mapping[str, Any]:
        """Return an item with the appended blocks. Raises ValueError if it is another one."""
        params = {"append_to_response": ",".join(blocks)}
        answer = await self._get(f"{_PATHS[item.entity]}/{item.id}", params)
        if answer.get("id") != int(item.id):
            raise ValueError("the answer has another id")
        return answer

    async def _get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            return as_mapping(await self._client.get(path, {**params, **self._params}))
        except SourceError as error:
            # The cause may name the URL, which may have the token.
            raise error from None


def _day(value: object) -> date | None:
    day = clean_day(value)
    return date.fromisoformat(day) if day else None


def _reason(error: ValueError) -> str:
    """Return a reason in one line. Those of pydantic would quote what TMDB sent."""
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
