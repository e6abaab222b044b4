"""What was submitted in a modal and could not be saved, kept so that it can be edited again."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

# Of a user, so that nobody pushes out what others typed; and in all.
_MAX_OF_USER = 8
_MAX_DRAFTS = 256


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts that a user submitted in a modal, by field. `form` says which modal it was."""

    user_id: int
    form: str
    values: Mapping[str, str]


class DraftStore:
    """The latest drafts, in memory: a restart loses them, so replies show them as well."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, Draft] = OrderedDict()

    def add(self, draft: Draft, key: str | None = None) -> str:
        """Keep a draft. Returns its key, by default a new one, for the custom id of a button."""
        key = key or secrets.token_urlsafe(9)
        self._drafts[key] = draft
        own = [one for one, kept in self._drafts.items() if kept.user_id == draft.user_id]
        if len(own) > _MAX_OF_USER:
            del self._drafts[own[0]]
        if len(self._drafts) > _MAX_DRAFTS:
            self._drafts.popitem(last=False)
        return key

    def get(self, key: str, user_id: int) -> Draft | None:
        """Return a draft of this user, or None if there is none with this key any more."""
        draft = self._drafts.get(key)
        return draft if draft and draft.user_id == user_id else None

    def remove(self, key: str) -> None:
        """Remove a draft, if it is there."""
        self._drafts.pop(key, None)
