"""What is known of shows and people, and the rules a record has to keep.

The fields are those of the interchange form (CONTRIBUTING.md, "The interchange form"); what TMDB
has a name for is called by it (cast, crew, job, order). Everything is immutable: a record is a
fact as somebody stated it, not a thing to be edited in place.
"""

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    model_validator,
)

from bot.catalog.window import ReleaseWindow

# Short enough that a character's reference, two ids and a word, fits Discord's 100 characters.
RecordId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
LanguageTag = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35),
]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Url = Annotated[HttpUrl, PlainSerializer(str)]


def _window(value: object) -> ReleaseWindow:
    if isinstance(value, ReleaseWindow):
        return value
    if isinstance(value, str):
        return ReleaseWindow.parse(value)
    raise ValueError('a release window must be a quoted string, such as "2025-11"')


Window = Annotated[ReleaseWindow, PlainValidator(_window), PlainSerializer(str)]


class CatalogModel(BaseModel):
    """A part of a record: unknown fields are refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NameType(StrEnum):
    """What a name is to the one who has it."""

    MAIN = "main"
    ORIGINAL = "original"
    ALIAS = "alias"
    STAGE = "stage"
    WORKING = "working"
    READING = "reading"
    ROMANISED = "romanised"


class Name(CatalogModel):
    """One name in one language. `lang` is a BCP 47 tag, `und` where it is not known."""

    text: ShortText
    lang: LanguageTag = "und"
    type: NameType = NameType.ALIAS


class Source(CatalogModel):
    """Who says so. `published` is a date as precise as known, in a release window's forms."""

    id: RecordId
    title: ShortText
    publisher: ShortText | None = None
    author: ShortText | None = None
    url: Url | None = None
    published: Window | None = None


class Network(CatalogModel):
    """Who broadcasts or streams it. Feeds leave the name empty where they know but a slot."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
    kind: ShortText | None = None


class WebLink(CatalogModel):
    """A page elsewhere about a title."""

    label: ShortText
    url: Url


class ReleaseStatus(StrEnum):
    """How far a release has come, by its source."""

    RUMOURED = "rumoured"
    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    RELEASED = "released"


class Release(CatalogModel):
    """When one event of a title happens, somewhere. No window means: to be announced.

    `source` is the id of one of the record's sources, `checked` the day somebody last looked.
    """

    event: ShortText = "premiere"
    season: int | None = Field(default=None, ge=1)
    network: ShortText | None = None
    region: ShortText | None = None
    window: Window | None = None
    status: ReleaseStatus | None = None
    source: RecordId | None = None
    checked: date | None = None
    note: ShortText | None = None

    @property
    def key(self) -> tuple[str, int | None, str | None, str | None]:
        """What this is the release of: releases that share it tell one story, oldest first."""
        return self.event, self.season, self.network, self.region

    @property
    def key_text(self) -> str:
        """The slot in one line, such as `premiere · Netflix · worldwide`."""
        season = None if self.season is None else f"S{self.season}"
        return " · ".join(filter(None, (self.event, season, self.network, self.region)))


class CastRole(StrEnum):
    """How large a part is."""

    MAIN = "main"
    SUPPORT = "support"
    GUEST = "guest"


class CastCredit(CatalogModel):
    """Who plays whom. `order` is the place in the billing, 1 first."""

    person: RecordId
    character: ShortText | None = None
    character_names: tuple[Name, ...] = ()
    role: CastRole | None = None
    order: int | None = Field(default=None, ge=0)
    spoiler: bool = False

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Every name of the character, the one it is credited by, in English, first."""
        if self.character is None:
            return self.character_names
        credited = Name(text=self.character, lang="en", type=NameType.MAIN)
        return credited, *self.character_names


class CrewCredit(CatalogModel):
    """Who did which job: director, writer."""

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
        ids = [source.id for source in self.sources]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"duplicate source id {twice[0]!r}; give each source its own id")
        return self

    def source(self, source_id: str | None) -> Source | None:
        """The source of that id, if the record has it."""
        return next((source for source in self.sources if source.id == source_id), None)


class Title(_CatalogRecord):
    """A series, a film or a special."""

    entity: Literal["title"] = "title"
    kind: Literal["series", "film", "special"]
    original_language: LanguageTag | None = None
    genres: tuple[ShortText, ...] = ()
    status: ShortText | None = None
    # 0 is how feeds write "not known yet".
    episode_count: int | None = Field(default=None, ge=0)
    networks: tuple[Network, ...] = ()
    premise: dict[LanguageTag, LongText] = Field(default_factory=dict)
    synopsis: dict[LanguageTag, LongText] = Field(default_factory=dict)
    settings: tuple[ShortText, ...] = ()
    filmed_in: tuple[ShortText, ...] = ()
    air_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    poster: Url | None = None
    links: tuple[WebLink, ...] = ()
    releases: tuple[Release, ...] = ()
    cast: tuple[CastCredit, ...] = ()
    crew: tuple[CrewCredit, ...] = ()

    @model_validator(mode="after")
    def _releases_name_known_sources(self) -> Self:
        for number, release in enumerate(self.releases, start=1):
            if release.source is not None and self.source(release.source) is None:
                raise ValueError(
                    f"release {number} refers to source {release.source!r}, which is not in "
                    "this record's sources"
                )
        return self

    @cached_property
    def year(self) -> int | None:
        """The year of the first release as now known, where that is known to the year."""
        years = [
            current.window.earliest.year
            for current, _ in self.release_history()
            if current.window and current.window.earliest.year == current.window.latest.year
        ]
        return min(years, default=None)

    def billing(self) -> tuple[CastCredit, ...]:
        """The cast in billing order; who has no place in it comes last, as recorded."""
        return tuple(sorted(self.cast, key=lambda c: (c.order is None, c.order or 0)))

    def credits_of(self, person_id: str) -> tuple[CastCredit, ...]:
        """The characters this person plays here, in billing order."""
        return tuple(credit for credit in self.billing() if credit.person == person_id)

    def release_history(self) -> tuple[tuple[Release, tuple[Release, ...]], ...]:
        """Each release as it stands now, with those it had before, newest first.

        The record lists the releases of one event, season, network and region oldest first.
        """
        stories: dict[object, list[Release]] = {}
        for release in self.releases:
            stories.setdefault(release.key, []).append(release)
        return tuple((story[-1], tuple(reversed(story[:-1]))) for story in stories.values())


class Person(_CatalogRecord):
    """Somebody who plays, writes, directs."""

    entity: Literal["person"] = "person"
    born: Window | None = None
    groups: tuple[ShortText, ...] = ()
    occupations: tuple[ShortText, ...] = ()
    known_for: tuple[RecordId, ...] = ()


def record_class(kind: str) -> type[Title] | type[Person]:
    """The class of records whose `entity` is this. Raises KeyError for any other word."""
    return {"title": Title, "person": Person}[kind]
