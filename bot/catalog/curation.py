"""What people do with the catalog: edits with their history, doubtful pairs, suggestions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from bot.errors import BonbangError

Entity = Literal["title", "person"]


@dataclass(frozen=True, slots=True)
class Curator:
    """Who edits: a Discord user, by id and the name they had then."""

    user_id: int
    name: str


class HistoryAction(StrEnum):
    """What an entry of a record's history did."""

    SET = "set"
    UNLOCK = "unlock"
    JOIN = "join"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An entry of a record's history, newest first in lists.

    `before` and `after` are JSON in the interchange form, as members saw the field; of a join and
    of keeping apart, `after` is the id of the other record. `undone_at` is set if it was undone.
    """

    id: int
    entity: Entity
    record_id: str
    path: str
    action: HistoryAction
    before: Any
    after: Any
    curator: Curator
    reason: str | None
    made_at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two records that may be the same, with what speaks for and against it.

    `evidence` has the codes of `bot.catalog.identity.Comparison`.
    """

    id: int
    entity: Entity
    first_id: str
    second_id: str
    evidence: Sequence[str]


class SuggestionOutcome(StrEnum):
    """What became of a suggestion. `CHANGED`: accepted in another form."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a member suggests to change in a record. Everything in it is untrusted text.

    `post` is the channel and the message in which it was posted for curators.
    """

    id: int
    entity: Entity
    record_id: str
    text: str
    source_url: str | None
    member: Curator
    language: str
    made_at: datetime
    outcome: SuggestionOutcome | None = None
    post: tuple[int, int] | None = None


class InvalidEditError(BonbangError):
    """Edits that would make a record invalid. `problems` maps paths of fields to reasons."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in problems.items()))
        self.problems = dict(problems)


class RecordChangedError(BonbangError):
    """Somebody changed the same fields since they were read, or added the same record."""

    def __init__(self) -> None:
        super().__init__("changed meanwhile")


class CannotUndoError(BonbangError):
    """An edit was undone before, or does not exist."""


class AlreadyDecidedError(BonbangError):
    """A curator has decided a pair before. `entry` is that entry of the history."""

    def __init__(self, entry: HistoryEntry) -> None:
        super().__init__("decided before")
        self.entry = entry


class SuggestionLimitError(BonbangError):
    """A member has made as many suggestions as they may make in a day. `limit` is that number."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} suggestions a day")
        self.limit = limit


class BlockedMemberError(BonbangError):
    """Suggestions of a member are not accepted."""
