"""Checks the payload of an interaction before discord.py uses it.

discord.py reads a part of it only later, in the task that answers.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    TypeAdapter,
    ValidationError,
    model_validator,
)

# Discord sends ids as strings. Databases store them in 64 bits.
_Snowflake = Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]
_Objects = dict[_Snowflake, dict[str, Any]]

# It becomes a part of a URL.
_Token = Annotated[str, Field(pattern=r"^[!-~]{1,1000}$")]
_Locale = Annotated[str, Field(max_length=20)]

# Limits of Discord: names, custom ids, and values of options.
# Not `str`, which refuses the lone surrogates that a member can send.
_Name = Annotated[InstanceOf[str], Field(min_length=1, max_length=100)]
_Text = Annotated[InstanceOf[str], Field(max_length=6000)]
_Integer = Annotated[int, Field(ge=-(2**53), le=2**53)]
_Number = Annotated[float, Field(allow_inf_nan=False)]


class _Payload(BaseModel):
    """A part of the payload. Only fields that could do harm are listed; others may be anything."""

    model_config = ConfigDict(strict=True)


class _Option(_Payload):
    name: _Name
    focused: bool = False


class _Subcommand(_Option):
    type: Literal[1, 2]
    options: list["_AnyOption"] = []


class _TextOption(_Option):
    type: Literal[3]
    value: _Text


class _IntegerOption(_Option):
    type: Literal[4]
    value: _Integer


class _FlagOption(_Option):
    type: Literal[5]
    value: bool


class _ObjectOption(_Option):
    type: Literal[6, 7, 8, 9, 11]
    value: _Snowflake


class _NumberOption(_Option):
    type: Literal[10]
    value: _Number


_AnyOption = Annotated[
    _Subcommand | _TextOption | _IntegerOption | _FlagOption | _ObjectOption | _NumberOption,
    Field(discriminator="type"),
]


class _PartialOption(_Option):
    """An option of which a member may have typed only a part."""

    type: Literal[4, 5, 6, 7, 8, 9, 10, 11]
    value: _Text | _Integer | _Number | bool


class _PartialSubcommand(_Option):
    type: Literal[1, 2]
    options: list["_AnyPartialOption"] = []


_AnyPartialOption = Annotated[
    _PartialSubcommand | _TextOption | _PartialOption, Field(discriminator="type")
]


class _Resolved(_Payload):
    users: _Objects = {}
    members: _Objects = {}
    roles: _Objects = {}
    channels: _Objects = {}
    messages: _Objects = {}
    attachments: _Objects = {}


class _CommandData(_Payload):
    name: _Name
    type: Literal[1, 2, 3] = 1
    guild_id: _Snowflake = "0"
    target_id: _Snowflake = "0"
    options: list[_AnyOption] = []
    resolved: _Resolved = _Resolved()


class _AutocompleteData(_Payload):
    name: _Name
    type: Literal[1] = 1
    guild_id: _Snowflake = "0"
    options: list[_AnyPartialOption]

    @model_validator(mode="after")
    def _has_focus(self) -> Self:
        if not _is_any_focused(self.options):
            raise ValueError("no option is focused")
        return self


def _is_any_focused(options: Sequence[_Option]) -> bool:
    return any(
        option.focused
        or (isinstance(option, _PartialSubcommand) and _is_any_focused(option.options))
        for option in options
    )


class _ComponentData(_Payload):
    custom_id: _Name
    component_type: int
    values: list[_Name] = []
    resolved: _Resolved = _Resolved()


class _ModalData(_Payload):
    custom_id: _Name
    components: list[dict[str, Any]]


class _Choice(_Payload):
    label: _Text
    value: _Text


class _MessageComponent(_Payload):
    """A part of the message that a component is on."""

    type: int
    label: _Text | None = None
    custom_id: _Text | None = None
    options: list[_Choice] = []
    components: list["_MessageComponent"] = []
    accessory: "_MessageComponent | None" = None


class _Message(_Payload):
    id: _Snowflake
    flags: int = 0
    components: list[_MessageComponent] = []


class _User(_Payload):
    id: _Snowflake


class _Member(_Payload):
    user: _User


class _Interaction(_Payload):
    id: _Snowflake
    token: _Token
    guild_id: _Snowflake | None = None
    locale: _Locale = ""
    guild_locale: _Locale | None = None
    user: _User | None = None
    member: _Member | None = None


class _Ping(_Interaction):
    type: Literal[1]


class _Command(_Interaction):
    type: Literal[2]
    data: _CommandData


class _Autocomplete(_Interaction):
    type: Literal[4]
    data: _AutocompleteData


class _Component(_Interaction):
    type: Literal[3]
    data: _ComponentData
    message: _Message


class _Modal(_Interaction):
    type: Literal[5]
    data: _ModalData


_ADAPTER: TypeAdapter[Any] = TypeAdapter(
    Annotated[_Ping | _Command | _Autocomplete | _Component | _Modal, Field(discriminator="type")]
)


class MalformedInteraction(Exception):
    """An interaction cannot be answered. The text says which field is wrong, not its value."""


def check_interaction(payload: dict[str, Any]) -> None:
    """Raise MalformedInteraction if the data of an INTERACTION_CREATE event is malformed."""
    try:
        _ADAPTER.validate_python(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise MalformedInteraction(f"{field}: {first['msg']}") from None
    # Who asks: a member in a server, a user elsewhere.
    if not payload.get("member" if payload.get("guild_id") else "user"):
        raise MalformedInteraction("neither member nor user")
