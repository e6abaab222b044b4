"""Reads entities by Wikidata's API, and keeps the labels that many records share."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.sources.errors import SourceBusyError, SourceFormatError, SourceUnavailableError
from bot.sources.http import Sleep, SourceClient
from bot.sources.text import as_mapping, clean_line
from bot.sources.wikidata_names import LANGUAGES, read_labels

_log = logging.getLogger(__name__)

BATCH_SIZE = 50
"""How many entities one request may ask for."""

_CACHED_LABELS = 4000

# In seconds. Wikidata refuses requests while its copies are this far behind, and asks to wait as
# long at least.
_MAX_LAG = 5
_MAX_WAIT = 60.0
_ATTEMPTS = 4


class WikidataApi:
    """Reads entities through a client whose base URL is that of `w/api.php`."""

    def __init__(self, client: SourceClient, sleep: Sleep = asyncio.sleep) -> None:
        self._client = client
        self._sleep = sleep
        self._labels: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    async def read_entities(self, ids: Sequence[str], props: str) -> dict[str, Mapping[str, Any]]:
        """Return entities by the ids that were asked for, up to BATCH_SIZE.

        A merged item has another `id` than it was asked for by. An entity is left out if the
        response does not have it. Raises SourceError.
        """
        answer = await self._request(ids, props)
        if not isinstance(answer.get("entities"), dict):
            raise SourceFormatError("Wikidata sent no entities")
        entities = {key: as_mapping(value) for key, value in answer["entities"].items()}
        return _by_asked_id(ids, entities)

    async def read_labels(self, ids: Collection[str]) -> dict[str, Mapping[str, str]]:
        """Return the labels of items, by id and BCP 47 tag. Raises SourceError."""
        known = {item_id: self._labels[item_id] for item_id in ids if item_id in self._labels}
        wanted = [item_id for item_id in dict.fromkeys(ids) if item_id not in known]
        for start in range(0, len(wanted), BATCH_SIZE):
            batch = wanted[start : start + BATCH_SIZE]
            entities = await self.read_entities(batch, "labels")
            known |= {item_id: read_labels(entities.get(item_id, {})) for item_id in batch}
        self._keep(known)
        return known

    def _keep(self, labels: Mapping[str, Mapping[str, str]]) -> None:
        """Keep the labels that were used last."""
        for item_id, by_tag in labels.items():
            self._labels[item_id] = by_tag
            self._labels.move_to_end(item_id)
        while len(self._labels) > _CACHED_LABELS:
            self._labels.popitem(last=False)

    async def _request(self, ids: Sequence[str], props: str) -> Mapping[str, Any]:
        params = {
            "action": "wbgetentities",
            "ids": "|".join(ids),
            "props": props,
            "languages": "|".join(LANGUAGES),
            "format": "json",
            "formatversion": "2",
            "maxlag": str(_MAX_LAG),
        }
        wait = 0.0
        for attempt in range(1, _ATTEMPTS + 1):
            answer = as_mapping(await self._client.get(params=params))
            if "error" not in answer:
                return answer
            wait = _wait_after(as_mapping(answer["error"]))
            if attempt < _ATTEMPTS:
                _log.info("Wikidata is busy; trying again in %.0f s", wait)
                await self._sleep(wait)
        raise SourceBusyError("Wikidata is busy", wait)


def _wait_after(error: Mapping[str, Any]) -> float:
    """Return how many seconds to wait after an error of the API. Raises SourceError for others."""
    code = clean_line(error.get("code"), 50) or "unknown"
    if code in ("maxlag", "ratelimited"):
        lag = error.get("lag")
        return float(min(max(_MAX_LAG, lag if isinstance(lag, int | float) else 0), _MAX_WAIT))
    message = f"Wikidata answered with the error {code}"
    if code == "readonly" or code.startswith("internal_api_error"):
        raise SourceUnavailableError(message)
    raise SourceFormatError(message)


def _by_asked_id(
    ids: Sequence[str], entities: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Return entities by the ids they were asked for by, even if redirected ones have the new."""
    by_id = {item_id: entities[item_id] for item_id in ids if item_id in entities}
    others = {key: value for key, value in entities.items() if key not in by_id}
    for entity in others.values():
        old = as_mapping(entity.get("redirects")).get("from")
        if isinstance(old, str) and old in ids:
            by_id.setdefault(old, entity)
    lost = [item_id for item_id in ids if item_id not in by_id]
    unclaimed = [entity for entity in others.values() if entity not in by_id.values()]
    if len(lost) == len(unclaimed) == 1:
        by_id[lost[0]] = unclaimed[0]
    return by_id
