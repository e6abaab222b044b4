"""Discord's limits for request bodies, in one place for all tests.

Each rule names the page of Discord's documentation that states it. Characters are code points:
https://github.com/discord/discord-api-docs/issues/1315. What the documentation does not mention
(such as a text of only spaces) counts as refused.

simcord checks component trees and the lengths in embeds and modals; this adds what it lets pass.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from discord import Locale
from simcord.components import validate_message_state, validate_modal, walk_components

Body = dict[str, Any]

MAX_CHOICES = 25
"""How many options a command or a menu may have, and how many choices an autocompletion."""

_MAX_NUMBER = 2**53
_PREMIUM, _LINK = 6, 5
_UNSENDABLE = re.compile(r"[\0\ud800-\udfff]")
# Discord's own expression in Python's syntax: \w is its letters, numbers and _.
_NAME = re.compile(r"[-'\w\u0900-\u0963\u0966-\u097f\u0e01-\u0e3a\u0e40-\u0e5b]{1,32}")
_LOCALES = {locale.value for locale in Locale}


def check(method: str, path: str, body: Any) -> None:
    """Check a request body. Raises ValueError, saying why Discord would refuse it.

    `path` is the path after the API version.
    """
    if body is None:
        return
    _check_json(body)
    request = f"{method} {path}"
    known = (part for pattern, part in _CHECKS.items() if re.fullmatch(pattern, request))
    part = next(known, None)
    if part is None:
        raise ValueError("nothing is known of the limits of such a body")
    part(body)


def check_message(body: Body) -> None:
    """Check a message to a channel. Raises ValueError, saying why Discord would refuse it."""
    check("POST", "/channels/1/messages", body)


def _check_json(body: Any) -> None:
    """https://www.rfc-editor.org/rfc/rfc8259: Unicode text, and no NaN."""
    json.dumps(body, allow_nan=False)
    for text in _texts(body):
        if found := _UNSENDABLE.search(text):
            raise ValueError(f"{found[0]!r} is no character to send: {text[:80]!r}")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value))
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _check_text(what: str, text: Any, most: int) -> None:
    if not isinstance(text, str) or not text.strip() or len(text) > most:
        raise ValueError(f"{what} has to be a text of 1 to {most} characters: {str(text)[:80]!r}")


def _check_most(what: str, items: Any, most: int) -> None:
    if len(items) > most:
        raise ValueError(f"{len(items)} {what} are more than {most}")


def _check_unique(what: str, items: Iterable[Any]) -> None:
    seen = list(items)
    if len(seen) != len(set(seen)):
        raise ValueError(f"{what} come twice in {seen}")


def _check_url(what: str, url: Any, most: int = 2048) -> None:
    _check_text(what, url, most)
    if urlsplit(url).scheme not in ("http", "https", "attachment"):
        raise ValueError(f"{what} leads nowhere: {url[:80]!r}")


# Messages


def _check_message(body: Body) -> None:
    """https://docs.discord.com/developers/resources/message#create-message

    2000 characters of content, and in Components V2 none and no embeds.
    """
    components, embeds = body.get("components") or [], body.get("embeds") or []
    validate_message_state(
        components,
        flags=body.get("flags") or 0,
        content=body.get("content"),
        embeds=embeds,
        require_nonempty=True,
    )
    _check_mentions(body.get("allowed_mentions"))
    if len(str(body.get("nonce") or "")) > 25:
        raise ValueError("a nonce has 25 characters at most")
    for embed in embeds:
        _check_embed(embed)
    for part in walk_components(components):
        _check_component(part)


def _check_mentions(mentions: Any) -> None:
    """https://docs.discord.com/developers/resources/message#allowed-mentions-object

    Without it everybody named is pinged, so it has to be there.
    """
    if not isinstance(mentions, dict):
        raise ValueError("allowed_mentions are not given")
    if unknown := mentions.keys() - {"parse", "roles", "users", "replied_user"}:
        raise ValueError(f"allowed_mentions know no {unknown}")
    parse = mentions.get("parse", [])
    if unknown := set(parse) - {"roles", "users", "everyone"}:
        raise ValueError(f"allowed_mentions parse no {unknown}")
    _check_unique("kinds of mentions", parse)
    for kind in ("roles", "users"):
        ids = mentions.get(kind, [])
        if ids and kind in parse:
            raise ValueError(f"allowed_mentions have all {kind} and some")
        _check_most(f"{kind} to mention", ids, 100)
        _check_unique(f"{kind} to mention", ids)
        if not all(str(id).isdecimal() for id in ids):
            raise ValueError(f"{kind} are mentioned by their ids: {ids}")
    if not isinstance(mentions.get("replied_user", False), bool):
        raise ValueError("allowed_mentions.replied_user is true or false")


def _check_embed(embed: Body) -> None:
    """https://docs.discord.com/developers/resources/message#embed-object-embed-limits"""
    for field in embed.get("fields") or []:
        _check_text("a field's name", field.get("name"), 256)
        _check_text("a field's value", field.get("value"), 1024)
    if footer := embed.get("footer"):
        _check_text("a footer", footer.get("text"), 2048)
    if author := embed.get("author"):
        _check_text("an author's name", author.get("name"), 256)
    for place in (embed, embed.get("image"), embed.get("thumbnail"), embed.get("author")):
        if place and place.get("url") is not None:
            _check_url("an embed's address", place["url"])
    if not any(embed.get(part) for part in ("title", "description", "fields", "image", "author")):
        raise ValueError("an embed says nothing")


def _check_component(part: Body) -> None:
    """https://docs.discord.com/developers/components/reference"""
    match part["type"]:
        case 2:
            _check_button(part)
        case 3:
            for option in part["options"]:
                _check_text("a menu option's label", option["label"], 100)
        case 10:
            _check_text("a text display", part["content"], 4000)
        case 11:
            _check_url("a picture's address", part["media"]["url"])
        case 12:
            for item in part["items"]:
                _check_url("a picture's address", item["media"]["url"])
        case 17 if not part["components"]:
            raise ValueError("a container holds nothing")


def _check_button(button: Body) -> None:
    """https://docs.discord.com/developers/components/reference#button"""
    if button["style"] != _PREMIUM and not button.get("emoji"):
        _check_text("a button's label", button.get("label"), 80)
    if button["style"] == _LINK:
        _check_url("a button's address", button["url"], 512)


# Responses to interactions


def _check_response(body: Body) -> None:
    """https://docs.discord.com/developers/interactions/receiving-and-responding"""
    kind, data = body["type"], body.get("data") or {}
    if kind in (4, 7):
        _check_message(data)
    elif kind == 8:
        _check_choices(data["choices"])
    elif kind == 9:
        validate_modal(data)
    elif kind not in (5, 6) or data.keys() - {"flags"}:
        raise ValueError(f"an answer of type {kind} says nothing: {data}")


def _check_choices(choices: list[Body]) -> None:
    """https://docs.discord.com/developers/interactions/application-commands, option choices"""
    _check_most("choices", choices, MAX_CHOICES)
    for choice in choices:
        for name in _localized(choice, "name"):
            _check_text("a choice's name", name, 100)
        value = choice["value"]
        if isinstance(value, str):
            _check_text("a choice's value", value, 100)
        elif abs(value) > _MAX_NUMBER:
            raise ValueError(f"a choice's value is beyond what a double holds: {value}")


# Commands


def _check_commands(commands: list[Body]) -> None:
    """https://docs.discord.com/developers/interactions/application-commands

    Of a command's texts in several languages the longest counts towards its size.
    """
    _check_most("commands", commands, 100)
    _check_distinct_names(commands)
    for command in commands:
        _check_named(command)
        if (size := _size(command)) > 8000:
            raise ValueError(f"/{command['name']} has {size} characters in all, more than 8000")


def _check_named(one: Body) -> None:
    """Check a command, a subcommand or an option, and everything within it."""
    for name in _localized(one, "name"):
        if not _NAME.fullmatch(name) or name != name.lower():
            raise ValueError(f"{name!r} is no name for a command or an option")
    for description in _localized(one, "description"):
        _check_text("a description", description, 100)
    choices, options = one.get("choices") or [], one.get("options") or []
    if choices and one.get("autocomplete"):
        raise ValueError(f"{one['name']} has choices and completes")
    _check_choices(choices)
    _check_unique("choices' names", (choice["name"] for choice in choices))
    _check_most(f"options of {one['name']}", options, MAX_CHOICES)
    _check_distinct_names(options)
    asked = [bool(option.get("required")) for option in options]
    if asked != sorted(asked, reverse=True):
        raise ValueError(f"{one['name']} wants an option behind one it does not want")
    for option in options:
        _check_named(option)


def _check_distinct_names(named: list[Body]) -> None:
    """Check that names side by side differ, in every language."""
    _check_unique("names", (one["name"] for one in named))
    for locale in _LOCALES:
        own = ((one.get("name_localizations") or {}).get(locale) or one["name"] for one in named)
        _check_unique(f"{locale} names", own)


def _localized(one: Body, field: str) -> list[str]:
    """A name or description in every language."""
    localised = one.get(f"{field}_localizations") or {}
    if unknown := localised.keys() - _LOCALES:
        raise ValueError(f"Discord speaks no {unknown}")
    return [one[field], *localised.values()]


def _size(one: Body) -> int:
    fields = [field for field in ("name", "description") if field in one]
    longest = sum(max(map(len, _localized(one, field))) for field in fields)
    within = [*(one.get("options") or []), *(one.get("choices") or [])]
    return longest + len(str(one.get("value", ""))) + sum(map(_size, within))


# Direct messages


def _check_direct_message(body: Body) -> None:
    """https://docs.discord.com/developers/resources/user#create-dm"""
    if body.keys() != {"recipient_id"} or not str(body["recipient_id"]).isdecimal():
        raise ValueError(f"a direct message goes to one user: {body}")


_CHECKS: dict[str, Callable[[Any], None]] = {
    r"POST /interactions/\d+/[^/]+/callback": _check_response,
    r"(POST|PATCH) /webhooks/\d+/[^/]+(/messages/[^/]+)?": _check_message,
    r"(POST|PATCH) /channels/\d+/messages(/\d+)?": _check_message,
    r"POST /users/@me/channels": _check_direct_message,
    r"PUT /applications/\d+(/guilds/\d+)?/commands": _check_commands,
}
