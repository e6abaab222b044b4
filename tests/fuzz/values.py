"""Hypothesis strategies for every value Discord allows in an option, a custom id or a menu."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from discord import AppCommandOptionType as Kind
from discord import ChannelType
from hypothesis import strategies as st


class OptionValue(NamedTuple):
    """The value of an option, and the `resolved` data of the objects it names."""

    value: Any
    resolved: Mapping[str, Mapping[str, Any]]


_MAX_LENGTH = 6000
_MAX_NUMBER = 2**53
_THREADS = {ChannelType.news_thread, ChannelType.public_thread, ChannelType.private_thread}

# Each is a valid value of some option.
_MEANINGFUL = [
    "", "0", "1", "2", "title:soul-mate", "Soul Mate", "soul", "person:ok-taec-yeon", ":", "title:",
    "character:soul-mate/ok-taec-yeon", "Soul Mate · 2026 · Netflix", " · ", "Johan", "Nobody",
    "premiere", "premiere · Netflix · worldwide", "21:00", "9", "KST", "Asia/Seoul", "7 1 0",
    "Seoul (UTC+9) · 9:00 PM", "../etc/passwd", "100, 30, D-Day", "ko", "en-US",
    "card:show/soul-mate", "card:cast/soul-mate?2", "card:story/soul-mate", "card:show/gone",
    "card:person/ok-taec-yeon", "card:", "card:\n", "menu", "menu\n", "show/soul-mate",
    "countdown:list:1", "countdowns", "schedule:1", "names", "dates", "person_details", "film",
    "suggest:title/soul-mate", "curate:history:title/soul-mate/1", "curate:next:0", "curate:undo",
    "edit:names:soul-mate::00000000", "add:film:00000000", "names | en | main",
]  # fmt: skip
_SCRIPTS = [
    "옥택연",
    "ㅇㅌㅇ",
    "\u1100",
    "磯村勇斗",
    "オク・テギョン",
    "𝔖𝔬𝔲𝔩",
    "ｓｏｕｌ",
    "หนัง",
    "مسلسل",
]
_MARKS = [
    "@everyone", "<@1>", "<@&1>", "</show:1>", "<t:0:R>", "**", "_", "~~", "||", "`", "# ", "> ",
    "[a](https://example.org)", "%s", "{title}", "'; --", "\\",
]  # fmt: skip
_INVISIBLE = [
    " ", "\n", "\t", "\0", "\u200b", "\u200d", "\u200f", "\u202e", "\u2067", "\ufeff", "\u3000",
    "\u0301", "\U000e0041", "\uffff", "\ud800", "\udfff", "\udc00\ud800", "🎬", "👩‍👩‍👧",
]  # fmt: skip

_pieces = st.sampled_from([*_MEANINGFUL, *_SCRIPTS, *_MARKS, *_INVISIBLE])
_letters = st.text(st.characters(exclude_categories=()), max_size=9)


def texts(max_length: int = _MAX_LENGTH) -> st.SearchStrategy[str]:
    """Any text: in any script, invisible, or repeated many times."""
    mixed = st.lists(_pieces | _letters, max_size=5).map("".join)
    repeated = st.builds(lambda piece, times: piece * times, mixed, st.integers(1, _MAX_LENGTH))
    return (_pieces | _letters | mixed | repeated).map(lambda text: text[:max_length])


def values(known: Sequence[int]) -> dict[Kind, st.SearchStrategy[OptionValue]]:
    """Values of each kind of option. `known` are the ids of existing objects."""
    ids = st.sampled_from(known) | st.integers(1, 2**63 - 1)
    users = _objects(ids, "users", discriminator="0", avatar=None, username=texts(32))
    roles = _objects(
        ids, "roles", name=texts(100), permissions="0", position=0, color=0, hoist=False,
        managed=False, mentionable=st.booleans(), colors={"primary_color": 0}, flags=0,
    )  # fmt: skip
    address = "https://example.org/file"
    return {
        Kind.string: texts().map(_plain),
        Kind.integer: st.integers(-_MAX_NUMBER, _MAX_NUMBER).map(_plain),
        Kind.number: st.floats(-_MAX_NUMBER, _MAX_NUMBER).map(_plain),
        Kind.boolean: st.booleans().map(_plain),
        Kind.user: users,
        Kind.role: roles,
        Kind.mentionable: users | roles,
        Kind.channel: st.sampled_from(list(ChannelType)).flatmap(partial(_channels, ids)),
        Kind.attachment: _objects(
            ids, "attachments", filename=texts(100), size=1, url=address, proxy_url=address
        ),
    }


def _plain(value: Any) -> OptionValue:
    return OptionValue(value, {})


def _channels(ids: st.SearchStrategy[int], kind: ChannelType) -> st.SearchStrategy[OptionValue]:
    metadata = {"archived": True, "auto_archive_duration": 60, "locked": True,
                "archive_timestamp": "2026-01-01T00:00:00+00:00"}  # fmt: skip
    thread = {"owner_id": "1", "member_count": 1, "message_count": 1, "thread_metadata": metadata}
    more = thread if kind in _THREADS else {}
    return _objects(
        ids, "channels", type=kind.value, name=texts(100), permissions="0", parent_id="1", flags=0,
        **more,
    )  # fmt: skip


def _objects(
    ids: st.SearchStrategy[int], bucket: str, **described: Any
) -> st.SearchStrategy[OptionValue]:
    """An object that an option names by its id and that is described in `resolved`."""
    fields = {
        name: field if isinstance(field, st.SearchStrategy) else st.just(field)
        for name, field in described.items()
    }

    def fill(key: str, fields: dict[str, Any]) -> OptionValue:
        return OptionValue(key, {bucket: {key: {**fields, "id": key}}})

    return st.builds(fill, ids.map(str), st.fixed_dictionaries(fields))
