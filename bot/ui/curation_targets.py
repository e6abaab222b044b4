"""What a curator edits at once: a group of fields of a record, as a part of custom ids."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self
from zlib import crc32

from bot.catalog.model import Release, Title

_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
RECORD = rf"(?P<entity>title|person)/(?P<id>{_ID})"
"""The path of a record in a custom id."""


class EditPart(StrEnum):
    """A group of fields that is edited in one modal."""

    NAMES = "names"
    DATES = "dates"
    CAST = "cast"
    PREMISE = "premise"
    DETAILS = "details"
    PERSON_NAMES = "person_names"
    PERSON_DETAILS = "person_details"


_OF_PEOPLE = (EditPart.PERSON_NAMES, EditPart.PERSON_DETAILS)


@dataclass(frozen=True, slots=True)
class EditTarget:
    """A group of fields of a record.

    `key` selects one of several: of `DATES` a release (`release_code`, or nothing for a new one),
    of `CAST` a person, and of `PREMISE` a language.
    """

    part: EditPart
    record_id: str
    key: str = ""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Parse the text form. Returns None if it is invalid, as in a forged custom id."""
        parts = "|".join(EditPart)
        match = re.fullmatch(rf"({parts}):({_ID}):([A-Za-z0-9_-]{{0,40}})", text, re.ASCII)
        return cls(EditPart(match[1]), match[2], match[3]) if match else None

    @property
    def entity(self) -> Literal["title", "person"]:
        """The kind of record."""
        return "person" if self.part in _OF_PEOPLE else "title"

    @property
    def ref(self) -> str:
        """The ref of the record in the catalog."""
        return f"{self.entity}:{self.record_id}"

    def __str__(self) -> str:
        return f"{self.part}:{self.record_id}:{self.key}"


def release_code(release: Release) -> str:
    """Return a short code for the key of a release, which may be too long for a custom id."""
    return f"{crc32(release.key_text.encode()):08x}"


def find_release(title: Title, code: str) -> Release | None:
    """Return the current version of a release by its code, or None."""
    current = (release for release, _earlier in title.release_history())
    return next((one for one in current if code and release_code(one) == code), None)
