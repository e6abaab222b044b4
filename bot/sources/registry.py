"""Makes the sources that the settings ask for."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.project import Project
from bot.sources.countries import find_countries
from bot.sources.http import SourceClient, open_session
from bot.sources.ports import Source
from bot.sources.tmdb import TmdbSource, tmdb_options
from bot.sources.tvmaze import TvmazeSource
from bot.sources.wikidata import WikidataSource

# In seconds between two requests. TVmaze allows 20 in 10 seconds, TMDB about 40 a second.
_SPACING = {"tvmaze": 0.6, "wikidata": 1.0, "tmdb": 0.05}

TMDB_EXPIRY = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """Which sources to read, where, and of which countries (ISO 3166-1).

    `spacing` replaces the seconds between two requests, for a mirror of one's own.
    """

    names: Sequence[str]
    countries: Sequence[str]
    tvmaze_url: str
    wikidata_url: str
    wikidata_sparql_url: str
    tmdb_url: str
    tmdb_token: str | None = None
    spacing: float | None = None


@asynccontextmanager
async def open_sources(
    options: SourceOptions, project: Project, clock: Callable[[], datetime]
) -> AsyncGenerator[Sequence[Source]]:
    """Open the sources, in the order of their names. TMDB needs a token, and is left out without.

    Each has one connection of its own.
    """
    countries = find_countries(options.countries)
    sources: list[Source] = []
    async with (
        open_session(project) as tvmaze,
        open_session(project) as wikidata,
        open_session(project) as tmdb,
    ):
        for name in dict.fromkeys(options.names):
            spacing = _SPACING[name] if options.spacing is None else options.spacing
            if name == "tvmaze":
                client = SourceClient("TVmaze", options.tvmaze_url, tvmaze, spacing=spacing)
                sources.append(TvmazeSource(client, countries, clock))
            elif name == "wikidata":
                api = SourceClient("Wikidata", options.wikidata_url, wikidata, spacing=spacing)
                query = SourceClient(
                    "Wikidata", options.wikidata_sparql_url, wikidata, spacing=spacing
                )
                sources.append(WikidataSource(api, query, countries))
            elif options.tmdb_token:
                made = tmdb_options(options.tmdb_token)
                client = SourceClient(
                    "TMDB", options.tmdb_url, tmdb, spacing=spacing, headers=made.headers
                )
                sources.append(TmdbSource(client, countries, clock, params=made.params))
        yield sources
