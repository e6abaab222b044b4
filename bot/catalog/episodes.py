"""Episodes of a series, with windows as precise as their source has them."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field

from bot.catalog.fields import CatalogModel, RecordId, ShortText, Window


class EpisodeKind(StrEnum):
    """Whether an episode counts among the numbered episodes of its season."""

    REGULAR = "regular"
    SPECIAL = "special"


class EpisodeStatus(StrEnum):
    """The status of an episode, according to its source."""

    SCHEDULED = "scheduled"
    AIRED = "aired"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Episode(CatalogModel):
    """An episode. `id` is its id in its source, such as `tvmaze-1731199`.

    Specials may have no `number`. `window` is None if the date has not been announced. `earlier`
    has the windows announced before, oldest first. `source` is the id of one of the record's
    sources.
    """

    id: RecordId
    season: int = Field(ge=0, le=9999)
    number: int | None = Field(default=None, ge=0, le=100_000)
    kind: EpisodeKind = EpisodeKind.REGULAR
    title: ShortText | None = None
    window: Window | None = None
    earlier: Annotated[tuple[Window, ...], Field(max_length=50)] = ()
    runtime: int | None = Field(default=None, ge=1, le=10_000, description="minutes")
    network: ShortText | None = None
    region: ShortText | None = None
    status: EpisodeStatus | None = None
    source: RecordId | None = None

    @cached_property
    def sort_key(self) -> tuple[int, bool, int, str]:
        """Episodes in order: by season and number, those without a number last."""
        return self.season, self.number is None, self.number or 0, self.id
