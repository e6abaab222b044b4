"""The types of fields that records consist of, and the base class of all models."""

from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    HttpUrl,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
)

from bot.catalog.window import ReleaseWindow

# A character's ref contains two ids and must fit into Discord's limit of 100 characters.
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
    """Base of all models. Unknown fields are rejected, to catch misspelled names."""

    model_config = ConfigDict(extra="forbid", frozen=True)
