"""A TVmaze on loopback: pages with holes, embeds, episodes, updates and merged shows."""

from collections.abc import Mapping, MutableMapping
from typing import Any, cast

from aiohttp import web

from tests.sources.fake_service import FakeService

Json = dict[str, Any]

PAGE_SIZE = 250
EMBEDS = ("cast", "akas", "seasons", "crew", "episodes")
KOREA = {"name": "Korea, Republic of", "code": "KR", "timezone": "Asia/Seoul"}
JAPAN = {"name": "Japan", "code": "JP", "timezone": "Asia/Tokyo"}
UNITED_STATES = {"name": "United States", "code": "US", "timezone": "America/New_York"}
TVN = {"id": 280, "name": "tvN", "country": KOREA, "officialSite": None}
TVING = {"id": 400, "name": "TVING", "country": KOREA, "officialSite": None}
NETFLIX = {"id": 1, "name": "Netflix", "country": None, "officialSite": None}
HBO = {"id": 8, "name": "HBO", "country": UNITED_STATES, "officialSite": None}


class FakeTvmaze(FakeService):
    """Serves `shows` by their ids, each with what may be embedded in it as `_embedded`.

    `newest` is the largest id, computed if it is 0: a large mapping may make its shows on demand.
    `changes` are the shows in the list of changes, with the times. `now` is when it is.
    """

    def __init__(self, shows: Mapping[int, Json] | None = None, newest: int = 0) -> None:
        super().__init__()
        self.shows: Mapping[int, Json] = {} if shows is None else shows
        self.newest = newest
        self.changes: dict[int, int] = {}
        self.now = 1_780_000_000
        self.merged: dict[int, int] = {}

    def change(self, show_id: int, **changes: Any) -> None:
        """Change a show, or add one, now."""
        shows = cast(MutableMapping[int, Json], self.shows)
        old = shows.get(show_id) or make_show(show_id)
        shows[show_id] = {**old, **changes, "updated": self.now}
        self.changes[show_id] = self.now

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer as TVmaze does, without rate limits."""
        match request.path.strip("/").split("/"):
            case ["shows"]:
                return self._page(int(request.query.get("page", "0")))
            case ["updates", "shows"]:
                return self._updates(request.query.get("since", ""))
            case ["shows", number]:
                return self._show(request, int(number), "")
            case ["shows", number, "episodes"]:
                return self._show(request, int(number), "/episodes")
            case _:
                return _not_found()

    def _page(self, page: int) -> web.Response:
        newest = self.newest or max(self.shows, default=0)
        if page > newest // PAGE_SIZE:
            return _not_found()
        ids = range(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
        return web.json_response([_bare(self.shows[i]) for i in ids if i in self.shows])

    def _updates(self, since: str) -> web.Response:
        seconds = {"day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400}.get(since, self.now)
        changes = {i: at for i, at in self.changes.items() if at >= self.now - seconds}
        return web.json_response(changes or [])

    def _show(self, request: web.Request, number: int, below: str) -> web.Response:
        if number in self.merged:
            query = f"?{request.query_string}" if request.query_string else ""
            location = f"/shows/{self.merged[number]}{below}{query}"
            return web.Response(status=301, headers={"Location": location})
        if number not in self.shows:
            return _not_found()
        show = self.shows[number]
        rows = cast(Json, show.get("_embedded", {}))
        if below:
            specials = request.query.get("specials") == "1"
            episodes = rows.get("episodes", [])
            return web.json_response(
                episodes if specials else [row for row in episodes if row["number"] is not None]
            )
        names = request.query.getall("embed[]", [])
        if unknown := [name for name in names if name not in EMBEDS]:
            return _error(400, f"Invalid embed type: {unknown[0]}")
        embedded = {"_embedded": {name: rows.get(name, []) for name in names}} if names else {}
        return web.json_response({**_bare(show), **embedded})


def _bare(show: Json) -> Json:
    return {key: value for key, value in show.items() if key != "_embedded"}


def _not_found() -> web.Response:
    return _error(404, "")


def _error(status: int, message: str) -> web.Response:
    body = {"name": "Not Found", "message": message, "code": 0, "status": status}
    return web.json_response(body, status=status)


def make_show(show_id: int, **changes: Any) -> Json:
    """Return a series of tvN that ended, with `changes`; lists of EMBEDS are embedded in it."""
    embedded = {name: changes.pop(name) for name in EMBEDS if name in changes}
    return {
        "id": show_id,
        "url": f"https://www.tvmaze.com/shows/{show_id}/show-{show_id}",
        "name": f"Show {show_id}",
        "type": "Scripted",
        "language": "Korean",
        "genres": ["Drama", "Romance"],
        "status": "Ended",
        "runtime": 80,
        "averageRuntime": 80,
        "premiered": "2016-12-02",
        "ended": "2017-01-21",
        "officialSite": "http://program.tving.com/tvn/show",
        "schedule": {"time": "20:00", "days": ["Friday", "Saturday"]},
        "rating": {"average": 8.1},
        "weight": 50,
        "network": TVN,
        "webChannel": None,
        "dvdCountry": None,
        "externals": {"tvrage": None, "thetvdb": 300_000 + show_id, "imdb": f"tt{show_id:07}"},
        "image": make_image(show_id),
        "summary": "<p>A <b>goblin</b> &amp; his bride.</p>",
        "updated": 1_700_000_000 + show_id,
        "_links": {"self": {"href": f"https://api.tvmaze.com/shows/{show_id}"}},
        **changes,
        "_embedded": embedded,
    }


def make_episode(episode_id: int, number: int | None = 1, **changes: Any) -> Json:
    """Return an episode of season 1 that aired at 20:00 in Seoul."""
    return {
        "id": episode_id,
        "url": f"https://www.tvmaze.com/episodes/{episode_id}/show",
        "name": f"Chapter {number}",
        "season": 1,
        "number": number,
        "type": "regular",
        "airdate": "2016-12-02",
        "airtime": "20:00",
        "airstamp": "2016-12-02T11:00:00+00:00",
        "runtime": 80,
        "rating": {"average": None},
        "image": None,
        "summary": None,
        **changes,
    }


def make_season(number: int, **changes: Any) -> Json:
    """Return a season without a date or a channel of its own."""
    return {
        "id": 9000 + number,
        "url": f"https://www.tvmaze.com/seasons/{9000 + number}/show",
        "number": number,
        "name": "",
        "episodeOrder": None,
        "premiereDate": None,
        "endDate": None,
        "network": None,
        "webChannel": None,
        **changes,
    }


def make_person(person_id: int, **changes: Any) -> Json:
    """Return a Korean actor."""
    return {
        "id": person_id,
        "url": f"https://www.tvmaze.com/people/{person_id}/person",
        "name": f"Person {person_id}",
        "country": KOREA,
        "birthday": "1979-07-10",
        "deathday": None,
        "gender": "Male",
        "image": make_image(person_id),
        "updated": 1_700_000_000,
        **changes,
    }


def make_cast(person: Json, character: str | None, **changes: Any) -> Json:
    """Return a row of a cast."""
    row = {"id": 500, "url": "https://www.tvmaze.com/characters/500/x", "name": character}
    return {"person": person, "character": row, "self": False, "voice": False, **changes}


def make_aka(name: str, country: str | None) -> Json:
    """Return another name of a show, in a country by its code."""
    return {"name": name, "country": {"name": country, "code": country} if country else None}


def make_image(number: int) -> Json:
    """Return the addresses of a picture."""
    base = "https://static.tvmaze.com/uploads/images"
    return {
        "medium": f"{base}/medium_portrait/1/{number}.jpg",
        "original": f"{base}/original_untouched/1/{number}.jpg",
    }
