"""Data models for titles and people, with validation.

The fields are those of the interchange form (CONTRIBUTING.md, "The interchange form"). Field names
follow TMDB where it has one (cast, crew, job, order). All models are immutable.
"""

from collections import Counter
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.catalog.episodes import Episode, EpisodeKind, EpisodeStatus
from bot.catalog.fields import (
    CatalogModel,
    CountryCode,
    LanguageTag,
    LongText,
    RecordId,
    ShortText,
    Url,
    Window,
)
from bot.control_characters import remove_control_characters


class NameType(StrEnum):
    """The type of a name."""

    MAIN = "main"
    ORIGINAL = "original"
    ALIAS = "alias"
    STAGE = "stage"
    WORKING = "working"
    READING = "reading"
    ROMANISED = "romanised"


class Name(CatalogModel):
    """A name in one language. `lang` is a BCP 47 tag, or `und` if the language is unknown."""

    text: ShortText
    lang: LanguageTag = "und"
    type: NameType = NameType.ALIAS


class Source(CatalogModel):
    """A cited source. `published` has the format and precision of a release window.

    `license` is the license of what was taken from it, as its SPDX identifier, if it asks for
    credit.
    """

    id: RecordId
    title: ShortText
    publisher: ShortText | None = None
    author: ShortText | None = None
    url: Url | None = None
    published: Window | None = None
    license: ShortText | None = None


class Network(CatalogModel):
    """A network or streaming service. Feeds leave the name empty if they only know a time slot."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
    kind: ShortText | None = None


class WebLink(CatalogModel):
    """An external web page about a title."""

    label: ShortText
    url: Url


class ReleaseStatus(StrEnum):
    """The status of a release, according to its source."""

    RUMOURED = "rumoured"
    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    RELEASED = "released"


class Release(CatalogModel):
    """The release of one event of a title, such as its premiere, on a network or in a region.

    `window` is None if the date has not been announced. `source` is the id of one of the record's
    sources. `checked` is the date on which the source was last checked.
    """

    event: ShortText = "premiere"
    season: int | None = Field(default=None, ge=1, le=9999)
    network: ShortText | None = None
    region: ShortText | None = None
    window: Window | None = None
    status: ReleaseStatus | None = None
    source: RecordId | None = None
    checked: date | None = None
    note: ShortText | None = None

    @property
    def key(self) -> tuple[str, int | None, str | None, str | None]:
        """The key of the release. Releases with the same key are versions of one release."""
        return self.event, self.season, self.network, self.region

    @property
    def key_text(self) -> str:
        """The key as text, such as `premiere · Netflix · worldwide`."""
        season = None if self.season is None else f"S{self.season}"
        return " · ".join(filter(None, (self.event, season, self.network, self.region)))

    @property
    def choice_value(self) -> str:
        """The key as the value of a Discord choice: up to 100 visible characters."""
        return remove_control_characters(self.key_text)[:100]


EPISODE_EVENT = "episode "
"""How the event of an episode's release starts; its number follows."""

_EPISODE_STATUS = {
    EpisodeStatus.CANCELLED: ReleaseStatus.CANCELLED,
    EpisodeStatus.AIRED: ReleaseStatus.RELEASED,
}


class CastRole(StrEnum):
    """The size of a role."""

    MAIN = "main"
    SUPPORT = "support"
    GUEST = "guest"


class CastCredit(CatalogModel):
    """An actor and their character. `order` is the billing position, lowest first."""

    person: RecordId
    character: ShortText | None = None
    character_names: tuple[Name, ...] = ()
    role: CastRole | None = None
    order: int | None = Field(default=None, ge=0, le=1_000_000)
    spoiler: bool = False

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """All names of the character. The English credited name is first."""
        if self.character is None:
            return self.character_names
        credited = Name(text=self.character, lang="en", type=NameType.MAIN)
        return credited, *self.character_names


class CrewCredit(CatalogModel):
    """A crew member and their job, such as director or writer."""

    person: RecordId
    job: ShortText


class _CatalogRecord(CatalogModel):
    id: RecordId
    names: tuple[Name, ...] = Field(min_length=1)
    origin_country: tuple[CountryCode, ...] = ()
    external_ids: dict[ShortText, ShortText] = Field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    popularity: float = Field(default=0.0, ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _sources_are_distinct(self) -> Self:
        counts = Counter(source.id for source in self.sources)
        if duplicates := sorted(source_id for source_id, count in counts.items() if count > 1):
            raise ValueError(f"duplicate source id {duplicates[0]!r}; give each source its own id")
        return self

    def source(self, source_id: str | None) -> Source | None:
        """Return the source with this id, or None."""
        return next((source for source in self.sources if source.id == source_id), None)


class Title(_CatalogRecord):
    """A series, a film or a special."""

    entity: Literal["title"] = "title"
    kind: Literal["series", "film", "special"]
    original_language: LanguageTag | None = None
    genres: tuple[ShortText, ...] = ()
    status: ShortText | None = None
    # Feeds use 0 for "unknown".
    episode_count: int | None = Field(default=None, ge=0, le=1_000_000)
    networks: tuple[Network, ...] = ()
    premise: dict[LanguageTag, LongText] = Field(default_factory=dict)
    synopsis: dict[LanguageTag, LongText] = Field(default_factory=dict)
    settings: tuple[ShortText, ...] = ()
    filmed_in: tuple[ShortText, ...] = ()
    air_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    poster: Url | None = None
    poster_source: RecordId | None = None
    links: tuple[WebLink, ...] = ()
    releases: tuple[Release, ...] = ()
    episodes: tuple[Episode, ...] = ()
    cast: tuple[CastCredit, ...] = ()
    crew: tuple[CrewCredit, ...] = ()

    @model_validator(mode="after")
    def _releases_name_known_sources(self) -> Self:
        known = {source.id for source in self.sources}
        for number, release in enumerate(self.releases, start=1):
            if release.source is not None and release.source not in known:
                raise ValueError(
                    f"release {number} refers to source {release.source!r}, which is not in "
                    "this record's sources"
                )
        return self

    @cached_property
    def year(self) -> int | None:
        """The year of the earliest current release, or None if no release is known to the year."""
        years = [
            current.window.earliest.year
            for current, _ in self.release_history()
            if current.window and current.window.earliest.year == current.window.latest.year
        ]
        return min(years, default=None)

    def billing(self) -> tuple[CastCredit, ...]:
        """Return the cast in billing order. Credits without an order are last."""
        return tuple(sorted(self.cast, key=lambda c: (c.order is None, c.order or 0)))

    def credits_of(self, person_id: str) -> tuple[CastCredit, ...]:
        """Return the cast credits of a person, in billing order."""
        return tuple(credit for credit in self.billing() if credit.person == person_id)

    def countable_releases(self) -> tuple[Release, ...]:
        """Return what can be counted down to: the current releases, then numbered episodes."""
        current = [release for release, _earlier in self.release_history()]
        episodes = (_episode_release(episode) for episode in self.episodes)
        return (*current, *(release for release in episodes if release))

    def release_history(self) -> tuple[tuple[Release, tuple[Release, ...]], ...]:
        """Return each current release with its earlier versions, newest first.

        In the record, the versions of a release are listed oldest first.
        """
        versions_by_key: dict[object, list[Release]] = {}
        for release in self.releases:
            versions_by_key.setdefault(release.key, []).append(release)
        return tuple(
            (versions[-1], tuple(reversed(versions[:-1]))) for versions in versions_by_key.values()
        )


def _episode_release(episode: Episode) -> Release | None:
    """Return the release of an episode, or None for one without a number."""
    if episode.kind is not EpisodeKind.REGULAR or episode.number is None or episode.season < 1:
        return None
    return Release(
        event=f"{EPISODE_EVENT}{episode.number}",
        # As for premieres, the first season is the one without a number.
        season=episode.season if episode.season > 1 else None,
        network=episode.network,
        region=episode.region,
        window=episode.window,
        status=_EPISODE_STATUS.get(episode.status) if episode.status else None,
        source=episode.source,
    )


class Person(_CatalogRecord):
    """A cast or crew member."""

    entity: Literal["person"] = "person"
    born: Window | None = None
    portrait: Url | None = None
    portrait_source: RecordId | None = None
    groups: tuple[ShortText, ...] = ()
    occupations: tuple[ShortText, ...] = ()
    known_for: tuple[RecordId, ...] = ()


def record_class(kind: str) -> type[Title] | type[Person]:
    """Return the record class for an `entity` value. Raises KeyError if it is unknown."""
    return {"title": Title, "person": Person}[kind]
