"""What curators and members may do with the catalog."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.catalog.curation import (
    Curator,
    Doubt,
    HistoryAction,
    HistoryEntry,
    Suggestion,
    SuggestionOutcome,
)
from bot.catalog.model import Person, Title
from bot.services.catalog import CatalogService
from bot.store.edits import EditStore
from bot.store.joined_records import Ref
from bot.store.suggestions import SuggestionStore

Record = Title | Person


class CurationService:
    """Edits, doubtful pairs and suggestions. Members see a change as soon as it is made."""

    def __init__(
        self,
        edits: EditStore,
        suggestions: SuggestionStore,
        catalog: CatalogService,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called after a change, which may be one to announce."""
        self._edits = edits
        self._suggestions = suggestions
        self._catalog = catalog
        self._wake = wake

    async def edit(
        self,
        record: Record,
        changes: Mapping[str, Any],
        curator: Curator,
        reason: str | None = None,
    ) -> Sequence[HistoryEntry]:
        """Set fields of a record, by path (`bot.catalog.edits.Edit`); None empties a field.

        Sources no longer change these fields, until they are unlocked. Returns the new entries of
        its history. Raises InvalidEditError, and RecordChangedError if somebody changed one of the
        fields since `record` was read.
        """
        seen = record.model_dump(mode="json", exclude_unset=True)
        return await self._edit(record, changes, curator, reason, seen)

    async def unlock(
        self, record: Record, path: str, curator: Curator, reason: str | None = None
    ) -> None:
        """Let sources decide a field again."""
        unlock = HistoryAction.UNLOCK
        await self._edits.edit(_ref(record), {path: None}, curator, reason, unlock)
        await self._show_changes()

    async def add(self, record: Record, curator: Curator, reason: str | None = None) -> None:
        """Add a record that no source has.

        Raises InvalidEditError, and RecordChangedError if there is one with its id.
        """
        value = record.model_dump(mode="json", exclude_unset=True, exclude={"id"})
        value["entity"] = record.entity
        await self._edit(record, {"": value}, curator, reason, {})

    async def history(self, record: Record, limit: int = 50) -> Sequence[HistoryEntry]:
        """Return what people changed in a record, newest first."""
        return await self._edits.history(_ref(record), limit)

    async def locked_paths(self, record: Record) -> Sequence[str]:
        """Return the paths of the fields that people have set."""
        return await self._edits.locked_paths(_ref(record))

    async def undo(self, edit_id: int, curator: Curator) -> HistoryEntry:
        """Undo an edit, a join or a separation. Raises CannotUndoError, InvalidEditError."""
        entry = await self._edits.undo(edit_id, curator)
        await self._show_changes()
        return entry

    async def doubts(self, limit: int = 25) -> Sequence[Doubt]:
        """Return the pairs of records that may be the same and are not decided, oldest first."""
        return await self._edits.doubts(limit)

    async def doubt(self, doubt_id: int) -> Doubt | None:
        """Return a pair, or None."""
        return await self._edits.doubt(doubt_id)

    async def join(self, doubt: Doubt, curator: Curator) -> HistoryEntry | None:
        """Join the records of a pair. Returns None if a rule has joined them already.

        Raises AlreadyDecidedError.
        """
        pair = (doubt.first_id, doubt.second_id)
        entry = await self._edits.join(doubt.entity, pair, curator)
        await self._show_changes()
        return entry

    async def keep_apart(self, doubt: Doubt, curator: Curator) -> HistoryEntry:
        """Keep the records of a pair apart for good. Raises AlreadyDecidedError."""
        pair = (doubt.first_id, doubt.second_id)
        entry = await self._edits.keep_apart(doubt.entity, pair, curator)
        await self._show_changes()
        return entry

    async def suggest(
        self, record: Record, text: str, source_url: str | None, member: Curator, language: str
    ) -> Suggestion:
        """Store a member's suggestion. Raises SuggestionLimitError, BlockedMemberError."""
        return await self._suggestions.add(_ref(record), text, source_url, member, language)

    async def suggestions(self, limit: int = 25) -> Sequence[Suggestion]:
        """Return the suggestions that are not decided, oldest first."""
        return await self._suggestions.open(limit)

    async def count_suggestions(self) -> int:
        """Return the number of suggestions that are not decided."""
        return await self._suggestions.count_open()

    async def suggestion(self, suggestion_id: int) -> Suggestion | None:
        """Return a suggestion, or None."""
        return await self._suggestions.get(suggestion_id)

    async def decide(
        self, suggestion_id: int, outcome: SuggestionOutcome, curator: Curator
    ) -> Suggestion | None:
        """Decide a suggestion. Returns None if it was decided before."""
        return await self._suggestions.decide(suggestion_id, outcome, curator)

    async def untold_suggestions(self) -> Sequence[Suggestion]:
        """Return decided suggestions whose members are still to be told, oldest first."""
        return await self._suggestions.untold()

    async def set_told(self, suggestion_id: int) -> None:
        """Settle that a member was told the outcome, or can never be."""
        await self._suggestions.set_told(suggestion_id)

    async def set_post(
        self, suggestion_id: int, channel_id: int, message_id: int
    ) -> Suggestion | None:
        """Set in which message a suggestion was posted. Returns it, or None if it is erased."""
        return await self._suggestions.set_post(suggestion_id, channel_id, message_id)

    async def block_member(self, user_id: int, curator: Curator) -> Sequence[Suggestion]:
        """Accept no suggestions of a member. Returns those of the member that this declined."""
        return await self._suggestions.block(user_id, curator)

    async def unblock_member(self, user_id: int) -> bool:
        """Accept suggestions of a member again. Returns whether they were blocked."""
        return await self._suggestions.unblock(user_id)

    async def suggestions_channel_id(self) -> int | None:
        """Return the id of the channel where suggestions are posted, or None."""
        return await self._suggestions.channel_id()

    async def set_suggestions_channel_id(self, channel_id: int | None) -> None:
        """Post suggestions in a channel; None: nowhere."""
        await self._suggestions.set_channel_id(channel_id)

    async def _edit(
        self,
        record: Record,
        changes: Mapping[str, Any],
        curator: Curator,
        reason: str | None,
        expected: Mapping[str, Any],
    ) -> Sequence[HistoryEntry]:
        ref = _ref(record)
        try:
            return await self._edits.edit(ref, changes, curator, reason, expected=expected)
        finally:
            # Also if somebody else changed it.
            await self._show_changes()

    async def _show_changes(self) -> None:
        await self._catalog.refresh()
        self._wake()


def _ref(record: Record) -> Ref:
    return Ref(record.entity, record.id)
