"""A TMDB on loopback that answers as the real one does, as far as the bot asks it."""

import copy
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

API_KEY = "0123456789abcdef0123456789abcdef"
READ_ACCESS = "eyJ0ZXN0"
_MAX_BLOCKS = 20


class FakeTmdb:
    """Shows and people by id, as the details endpoints send them with every block appended.

    Blocks, such as `translations` or `season/1`, are sent only if they are asked for.
    """

    def __init__(self) -> None:
        self.shows: dict[int, dict[str, Any]] = {}
        self.people: dict[int, dict[str, Any]] = {}
        # By day, such as `2026-11-25`.
        self.changed_shows: dict[str, list[int]] = {}
        self.changed_people: dict[str, list[int]] = {}
        self.page_size = 20
        # Requests, as paths below the base URL with their parameters.
        self.requests: list[tuple[str, dict[str, str]]] = []
        # How many of the next requests are answered with 429.
        self.busy = 0
        # Answers to send instead, by path.
        self.replaced: dict[str, Any] = {}
        self.redirects_to_itself = False
        self.url = ""

    @asynccontextmanager
    async def serve(self) -> AsyncGenerator[Self]:
        """Serve at `url` until the block ends."""
        app = web.Application(middlewares=[self._check])
        app.router.add_get("/3/discover/tv", self._discover)
        app.router.add_get("/3/tv/changes", self._changes)
        app.router.add_get("/3/person/changes", self._changes)
        app.router.add_get("/3/tv/{id}", self._details)
        app.router.add_get("/3/person/{id}", self._details)
        server = TestServer(app)
        # Its log would have the URLs with the keys that tests look for in the bot's.
        await server.start_server(access_log=None)
        self.url = str(server.make_url("/3"))
        try:
            yield self
        finally:
            await server.close()

    def paths(self) -> list[str]:
        """Return the paths of the requests so far."""
        return [path for path, _ in self.requests]

    @web.middleware
    async def _check(self, request: web.Request, handler: Any) -> web.StreamResponse:
        path = request.path.removeprefix("/3/")
        self.requests.append((path, dict(request.query)))
        if self.redirects_to_itself:
            raise web.HTTPFound(request.rel_url)
        if not _is_authorized(request):
            return _failure(401, 7, "Invalid API key: You must be granted a valid key.")
        if self.busy:
            self.busy -= 1
            message = "Your request count (41) is over the allowed limit of 40."
            return _failure(429, 25, message, {"Retry-After": "2"})
        if path in self.replaced:
            return web.json_response(self.replaced[path])
        return await handler(request)

    async def _discover(self, request: web.Request) -> web.Response:
        query = request.query
        unwanted = {int(genre) for genre in query.get("without_genres", "").split(",") if genre}
        first = query.get("first_air_date.gte", "0000-00-00")
        last = query.get("first_air_date.lte", "9999-99-99")
        shows = [
            show
            for show in self.shows.values()
            if query["with_origin_country"] in show["origin_country"]
            and query["with_original_language"] == show["original_language"]
            and not unwanted & {genre["id"] for genre in show["genres"]}
            # A show without a date is in no range.
            and first <= (show["first_air_date"] or "") <= last
        ]
        shows.sort(key=lambda show: show["first_air_date"], reverse=True)
        return self._page(request, [{"id": show["id"], "name": show["name"]} for show in shows])

    async def _changes(self, request: web.Request) -> web.Response:
        is_show = request.path.endswith("tv/changes")
        changes = self.changed_shows if is_show else self.changed_people
        first, last = request.query["start_date"], request.query["end_date"]
        ids = [number for day, ids in changes.items() if first <= day <= last for number in ids]
        rows = [{"id": number, "adult": False} for number in dict.fromkeys(ids)]
        return self._page(request, rows)

    def _page(self, request: web.Request, rows: list[Any]) -> web.Response:
        page = int(request.query.get("page", 1))
        if page > 500:
            return _failure(400, 22, "Invalid page: Pages start at 1 and max at 500.")
        start = (page - 1) * self.page_size
        return web.json_response(
            {
                "page": page,
                "results": rows[start : start + self.page_size],
                "total_pages": -(-len(rows) // self.page_size),
                "total_results": len(rows),
            }
        )

    async def _details(self, request: web.Request) -> web.Response:
        records = self.shows if "/tv/" in request.path else self.people
        record = records.get(int(request.match_info["id"]))
        if record is None:
            return _failure(404, 34, "The resource you requested could not be found.")
        blocks = [
            block for block in request.query.get("append_to_response", "").split(",") if block
        ]
        if len(blocks) > _MAX_BLOCKS:
            return _failure(400, 27, "Too many append to response objects: The maximum is 20.")
        answer = copy.deepcopy(record)
        for block in _BLOCKS:
            answer.pop(block, None)
        for name in record:
            if name.startswith("season/"):
                del answer[name]
        return web.json_response(answer | {name: record[name] for name in blocks if name in record})


_BLOCKS = ("aggregate_credits", "alternative_titles", "translations", "external_ids")


def _is_authorized(request: web.Request) -> bool:
    bearer = request.headers.get("Authorization") == f"Bearer {READ_ACCESS}"
    return bearer or request.query.get("api_key") == API_KEY


def _failure(
    status: int, code: int, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    body = {"status_code": code, "status_message": message, "success": False}
    return web.json_response(body, status=status, headers=headers)
