"""A small Wikidata on loopback: its API and its query service, as far as the bot uses them."""

import copy
import json
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.project import Project
from bot.sources.countries import find_countries
from bot.sources.http import SourceClient, open_session
from bot.sources.wikidata import WikidataSource

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"

Fault = Callable[[object], web.Response]
"""Makes a response out of the JSON that would have been sent."""


def some_value() -> dict[str, Any]:
    return {"snaktype": "somevalue"}


def no_value() -> dict[str, Any]:
    return {"snaktype": "novalue"}


def value(content: object) -> dict[str, Any]:
    """A string, such as an external id."""
    return {"snaktype": "value", "datavalue": {"value": content, "type": "string"}}


def item(item_id: str) -> dict[str, Any]:
    return value({"entity-type": "item", "numeric-id": int(item_id[1:]), "id": item_id})


def text(content: str, language: str) -> dict[str, Any]:
    return value({"text": content, "language": language})


def quantity(amount: str) -> dict[str, Any]:
    return value({"amount": amount, "unit": "1"})


def time(content: str, precision: int) -> dict[str, Any]:
    """A time as `+2016-12-02`: with a precision of 9 or 10, the month and the day may be 00."""
    return value(
        {
            "time": f"{content}T00:00:00Z",
            "timezone": 0,
            "before": 0,
            "after": 0,
            "precision": precision,
            "calendarmodel": GREGORIAN,
        }
    )


def statement(
    snak: Mapping[str, Any], *, rank: str = "normal", **qualifiers: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """A statement, with its qualifiers by property, such as `P1545=[value("1")]`."""
    return {
        "mainsnak": dict(snak),
        "type": "statement",
        "rank": rank,
        "qualifiers": {key: [dict(each) for each in snaks] for key, snaks in qualifiers.items()},
    }


def make_item(
    item_id: str,
    labels: Mapping[str, str] | None = None,
    aliases: Mapping[str, Iterable[str]] | None = None,
    claims: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    *,
    modified: str = "2026-11-01T00:00:00Z",
    links: int = 0,
) -> dict[str, Any]:
    """An entity. Claims are snaks or statements, by property. Empty maps are `[]`, as they are."""
    return {
        "type": "item",
        "id": item_id,
        "lastrevid": 1,
        "modified": modified,
        "labels": {tag: {"language": tag, "value": name} for tag, name in (labels or {}).items()}
        or [],
        "aliases": {
            tag: [{"language": tag, "value": name} for name in names]
            for tag, names in (aliases or {}).items()
        }
        or [],
        "claims": {
            property_id: [each if "mainsnak" in each else statement(each) for each in given]
            for property_id, given in (claims or {}).items()
        }
        or [],
        "sitelinks": {f"wiki{number}": {"title": item_id} for number in range(links)} or [],
    }


def maxlag(lag: float = 6.2) -> Fault:
    error = {"code": "maxlag", "info": f"Waiting for a host: {lag} seconds lagged", "lag": lag}
    return lambda _: web.json_response({"error": error}, headers={"Retry-After": "5"})


def api_error(code: object) -> Fault:
    return lambda _: web.json_response({"error": {"code": code, "info": "…"}})


def status(code: int, **headers: str) -> Fault:
    named = {name.replace("_", "-"): content for name, content in headers.items()}
    return lambda _: web.Response(status=code, headers=named, text="upstream request timeout")


def banned() -> Fault:
    return lambda _: web.Response(status=403, text="You have been banned until 2026-12-01")


def cut_off() -> Fault:
    """A query that exceeded its time: status 200, and an error in the middle of the rows."""

    def cut(answer: object) -> web.Response:
        body = json.dumps(answer)
        return web.Response(
            text=f"{body[: len(body) // 2]}\njava.util.concurrent.TimeoutException",
            content_type="application/sparql-results+json",
        )

    return cut


def answer(content: object) -> Fault:
    return lambda _: web.json_response(content)


class FakeWikidata:
    """Entities by id, and what was requested. Faults are used up, one for each request."""

    def __init__(self, *entities: dict[str, Any]) -> None:
        self.entities = {entity["id"]: entity for entity in entities}
        self.redirects: dict[str, str] = {}
        self.redirects_by_new_id = False
        self.extra_rows: list[object] = []
        self.api_faults: list[Fault] = []
        self.sparql_faults: list[Fault] = []
        self.api_requests: list[dict[str, str]] = []
        self.queries: list[str] = []
        self.api_url = self.sparql_url = ""

    def add(self, *entities: dict[str, Any]) -> None:
        self.entities |= {entity["id"]: entity for entity in entities}

    @asynccontextmanager
    async def serve(self) -> AsyncGenerator["FakeWikidata"]:
        app = web.Application()
        app.router.add_get("/w/api.php", self._serve_api)
        app.router.add_post("/sparql", self._serve_sparql)
        async with TestServer(app) as server:
            self.api_url = str(server.make_url("/w/api.php"))
            self.sparql_url = str(server.make_url("/sparql"))
            yield self

    async def _serve_api(self, request: web.Request) -> web.Response:
        _require_user_agent(request)
        params = dict(request.query)
        self.api_requests.append(params)
        return _respond(self._get_entities(params), self.api_faults)

    async def _serve_sparql(self, request: web.Request) -> web.Response:
        _require_user_agent(request)
        query = str((await request.post())["query"])
        self.queries.append(query)
        bindings = [*self._rows(query), *self.extra_rows]
        variables = ["item", "modified"]
        result = {"head": {"vars": variables}, "results": {"bindings": bindings}}
        return _respond(result, self.sparql_faults)

    def _get_entities(self, params: Mapping[str, str]) -> object:
        ids = params["ids"].split("|")
        if params["action"] != "wbgetentities" or params["format"] != "json":
            return {"error": {"code": "badvalue", "info": "unknown action or format"}}
        if len(ids) > 50:
            return {"error": {"code": "toomanyvalues", "info": "at most 50"}}
        if bad := [each for each in ids if not re.fullmatch(r"Q\d+", each)]:
            return {"error": {"code": "no-such-entity", "info": bad[0], "id": bad[0]}}
        return {"entities": dict(self._entity(each, params) for each in ids), "success": 1}

    def _entity(self, asked: str, params: Mapping[str, str]) -> tuple[str, object]:
        stored = self.entities.get(self.redirects.get(asked, asked))
        if stored is None:
            return asked, {"id": asked, "missing": ""}
        entity = _select(stored, params)
        key = stored["id"] if self.redirects_by_new_id else asked
        if asked in self.redirects and not self.redirects_by_new_id:
            entity["redirects"] = {"from": asked, "to": stored["id"]}
        return key, entity

    def _rows(self, query: str) -> list[object]:
        return [_row(entity) for entity in self.entities.values() if _matches(entity, query)]


def _require_user_agent(request: web.Request) -> None:
    """Wikidata refuses those that do not say who they are."""
    if "+http" not in request.headers.get("User-Agent", ""):
        raise web.HTTPForbidden(text="Please set a user-agent and respect our robot policy")


def _respond(result: object, faults: list[Fault]) -> web.Response:
    return faults.pop(0)(result) if faults else web.json_response(result)


def _select(stored: dict[str, Any], params: Mapping[str, str]) -> dict[str, Any]:
    """The parts of an entity that were asked for, in the languages that were."""
    entity = copy.deepcopy(stored)
    props = set(params["props"].split("|"))
    if "info" not in props:
        del entity["lastrevid"], entity["modified"]
    for part in {"labels", "aliases", "claims", "sitelinks"} - props:
        entity.pop(part, None)
    languages = params["languages"].split("|")
    for part in {"labels", "aliases"} & props:
        if isinstance(entity.get(part), dict):
            kept = {tag: each for tag, each in entity[part].items() if tag in languages}
            entity[part] = kept or []
    return entity


def _matches(entity: Mapping[str, Any], query: str) -> bool:
    """Whether an entity has a class of the query, and one of its countries or languages."""
    classes = re.search(r"VALUES \?class \{([^}]*)\}", query)
    assert classes
    conditions = re.findall(r"wdt:(P495|P364) wd:(Q\d+)", query)
    return bool(_best(entity, "P31") & set(re.findall(r"Q\d+", classes[1]))) and any(
        target in _best(entity, property_id) for property_id, target in conditions
    )


def _best(entity: Mapping[str, Any], property_id: str) -> set[str]:
    """The items in the statements of the best rank, as `wdt:` has them."""
    claims = entity["claims"]
    statements = claims.get(property_id, []) if isinstance(claims, dict) else []
    ranks = {each["rank"] for each in statements}
    best = "preferred" if "preferred" in ranks else "normal"
    snaks = (each["mainsnak"] for each in statements if each["rank"] == best)
    return {snak["datavalue"]["value"]["id"] for snak in snaks if snak["snaktype"] == "value"}


def _row(entity: Mapping[str, Any]) -> object:
    uri = f"http://www.wikidata.org/entity/{entity['id']}"
    return {
        "item": {"type": "uri", "value": uri},
        "modified": {"type": "literal", "value": entity["modified"]},
    }


@asynccontextmanager
async def connect(
    server: FakeWikidata, *codes: str, pauses: list[float] | None = None
) -> AsyncGenerator[WikidataSource]:
    """The source, reading from a server. Nothing waits; `pauses` get the seconds it would."""

    async def sleep(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    async with open_session(Project("1.0", "https://example.org")) as session:
        api, sparql = (
            SourceClient("Wikidata", url, session, spacing=0, sleep=sleep)
            for url in (server.api_url, server.sparql_url)
        )
        yield WikidataSource(api, sparql, find_countries(codes or ["KR"]), sleep=sleep)
