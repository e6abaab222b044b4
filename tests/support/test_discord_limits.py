"""Bodies within Discord's limits pass, and each rule refuses a body that breaks it."""

from typing import Any

import pytest

from tests.support.discord_limits import check, check_message

Body = dict[str, Any]

NO_MENTIONS = {"parse": []}
CALLBACK = "/interactions/1/token/callback"
LONE_SURROGATE = "\ud800"


def message(**parts: Any) -> Body:
    return {"content": "Hello", "allowed_mentions": NO_MENTIONS, **parts}


def embed_message(**parts: Any) -> Body:
    return message(embeds=[{"title": "A Show", **parts}])


def button(number: int = 0, **parts: Any) -> Body:
    return {"type": 2, "style": 1, "label": "Press", "custom_id": f"b{number}", **parts}


def link(**parts: Any) -> Body:
    return {"type": 2, "style": 5, "label": "Go", "url": "https://example.org/", **parts}


def option(number: int = 0, **parts: Any) -> Body:
    return {"label": "One", "value": str(number), **parts}


def menu(*options: Body, **parts: Any) -> Body:
    return {"type": 3, "custom_id": "menu", "options": list(options or [option()]), **parts}


def row(*parts: Body) -> Body:
    return {"type": 1, "components": list(parts)}


def rows(*parts: Body) -> Body:
    return message(components=[row(*parts)])


def words(text: str = "Hello") -> Body:
    return {"type": 10, "content": text}


def layout(*parts: Body, **more: Any) -> Body:
    return {"flags": 1 << 15, "components": list(parts), "allowed_mentions": NO_MENTIONS, **more}


def picture(url: str) -> Body:
    accessory = {"type": 11, "media": {"url": url}}
    return layout({"type": 9, "components": [words()], "accessory": accessory})


@pytest.mark.parametrize(
    "body",
    [
        message(content="🎬" * 2000),
        message(nonce="n" * 25, enforce_nonce=True),
        message(allowed_mentions={"parse": ["users"], "roles": ["1"], "replied_user": False}),
        embed_message(description="x" * 4096, fields=[{"name": "n" * 256, "value": "v" * 1024}]),
        embed_message(footer={"text": "x" * 2048}, author={"name": "x" * 256}),
        rows(*(button(n, label="x" * 80) for n in range(5))),
        rows(button(label=None, emoji={"name": "🎬"})),
        rows(link(url="https://example.org/".ljust(512, "x"))),
        rows(menu(*(option(n, label="x" * 100, description="x" * 100) for n in range(25)))),
        layout(*(words("x" * 100) for _ in range(40))),
        layout({"type": 17, "components": [words(), row(button())]}),
        picture("https://example.org/p.png"),
    ],
)
def test_message_at_the_limits_passes(body: Body) -> None:
    check_message(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (message(content=""), "empty message"),
        (message(content=" \n"), "empty message"),
        (message(content="x" * 2001), "2000"),
        (message(content=LONE_SURROGATE), "no character to send"),
        (message(content="\0"), "no character to send"),
        (message(nonce="n" * 26), "nonce"),
        (message(tts=float("nan")), "not JSON compliant"),
        ({"content": "Hello"}, "allowed_mentions are not given"),
        (message(allowed_mentions={"parse": ["all"]}), "parse no"),
        (message(allowed_mentions={"everyone": True}), "know no"),
        (message(allowed_mentions={"parse": ["users", "users"]}), "come twice"),
        (message(allowed_mentions={"parse": ["roles"], "roles": [1]}), "all roles and some"),
        (message(allowed_mentions={"users": list(range(101))}), "more than 100"),
        (message(allowed_mentions={"roles": [1, 1]}), "come twice"),
        (message(allowed_mentions={"roles": ["@all"]}), "by their ids"),
        (message(allowed_mentions={"replied_user": None}), "replied_user"),
        (embed_message(title="x" * 257), "256"),
        (embed_message(description="x" * 4097), "4096"),
        (embed_message(fields=[{"name": "n", "value": "v"}] * 26), "25"),
        (embed_message(fields=[{"name": "n" * 257, "value": "v"}]), "256"),
        (embed_message(fields=[{"name": " ", "value": "v"}]), "a field's name"),
        (embed_message(fields=[{"name": "n", "value": "v" * 1025}]), "1024"),
        (embed_message(fields=[{"name": "n", "value": ""}]), "a field's value"),
        (embed_message(footer={"text": "x" * 2049}), "2048"),
        (embed_message(footer={"icon_url": "https://example.org/"}), "a footer"),
        (embed_message(author={"name": "x" * 257}), "256"),
        (embed_message(author={"url": "https://example.org/"}), "an author's name"),
        (embed_message(url="nowhere"), "leads nowhere"),
        (embed_message(thumbnail={"url": "javascript:x"}), "leads nowhere"),
        (embed_message(title=None, color=1), "says nothing"),
        (message(embeds=[{"description": "x" * 3001}] * 2), "6000"),
        (message(embeds=[{"title": "x"}] * 11), "10"),
        (rows(*(button(n) for n in range(6))), "between 1 and 5"),
        (rows(), "between 1 and 5"),
        (rows(button(), menu()), "exactly one select"),
        (message(components=[row(button(n)) for n in range(6)]), "5 action rows"),
        (message(components=[button()]), "only action rows"),
        (rows(button(label="x" * 81)), "80"),
        (rows(button(label=" ")), "a button's label"),
        (rows(button(custom_id="x" * 101)), "100"),
        (rows(button(custom_id="")), "at least 1"),
        (rows(button(), button()), "not unique"),
        (rows(button(url="https://example.org/")), "cannot have url"),
        (rows(link(custom_id="x")), "cannot have custom_id"),
        (rows(link(url="https://example.org/".ljust(513, "x"))), "512"),
        (rows(link(url="ftp://example.org/")), "leads nowhere"),
        (rows(menu(*(option(n) for n in range(26)))), "between 1 and 25"),
        (rows({**menu(), "options": []}), "between 1 and 25"),
        (rows(menu(option(), option())), "not unique"),
        (rows(menu(option(label="x" * 101))), "100"),
        (rows(menu(option(label=" "))), "a menu option's label"),
        (rows(menu(option(value="x" * 101))), "100"),
        (rows(menu(option(value=""))), "at least 1"),
        (rows(menu(option(description="x" * 101))), "100"),
        (rows(menu(placeholder="x" * 151)), "150"),
        (layout(), "at least one component"),
        (layout(words(), content="x"), "cannot contain content"),
        (layout(words(), embeds=[{"title": "x"}]), "cannot contain content"),
        (layout(words(), flags=0), "components_v2 message flag"),
        (layout(*(words() for _ in range(41))), "at most 40"),
        (layout({"type": 17, "components": [words() for _ in range(40)]}), "at most 40"),
        (layout(words("x" * 4001)), "4000"),
        (layout(words("x" * 2000), words("x" * 2001)), "4000"),
        (layout(words("")), "at least 1"),
        (layout(words(" ")), "a text display"),
        (layout({"type": 17, "components": []}), "holds nothing"),
        (layout(button()), "cannot be mixed"),
        (picture("p.png"), "leads nowhere"),
        (picture("https://example.org/".ljust(2049, "x")), "2048"),
        (layout({"type": 12, "items": [{"media": {"url": "p.png"}}]}), "leads nowhere"),
    ],
)
def test_message_beyond_a_limit_is_refused(body: Body, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check_message(body)


def choice(**parts: Any) -> Body:
    return {"name": "One", "value": "1", **parts}


def choices(*offered: Body) -> Body:
    return {"type": 8, "data": {"choices": list(offered)}}


def modal(**parts: Any) -> Body:
    control = {"type": 4, "custom_id": "text", "style": 1}
    label = {"type": 18, "label": "Text", "component": control}
    return {"type": 9, "data": {"custom_id": "m", "title": "T", "components": [label], **parts}}


@pytest.mark.parametrize(
    "body",
    [
        choices(*(choice(name="x" * 100, value="x" * 100) for _ in range(25))),
        choices(),
        choices(choice(value=-(2**53))),
        modal(title="x" * 45),
        {"type": 4, "data": layout(words())},
        {"type": 5, "data": {"flags": 64}},
        {"type": 6},
    ],
)
def test_response_at_the_limits_passes(body: Body) -> None:
    check("POST", CALLBACK, body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (choices(*(choice() for _ in range(26))), "more than 25"),
        (choices(choice(name="x" * 101)), "a choice's name"),
        (choices(choice(name=" ")), "a choice's name"),
        (choices(choice(value="x" * 101)), "a choice's value"),
        (choices(choice(value="")), "a choice's value"),
        (choices(choice(value=2**53 + 1)), "beyond"),
        (choices(choice(name=LONE_SURROGATE)), "no character to send"),
        (modal(title="x" * 46), "45"),
        (modal(custom_id="x" * 101), "100"),
        (modal(components=[]), "between 1 and 5"),
        (modal(components=modal()["data"]["components"] * 6), "between 1 and 5"),
        (modal(components=modal()["data"]["components"] * 2), "not unique"),
        ({"type": 4, "data": layout(words("x" * 4001))}, "4000"),
        ({"type": 7, "data": layout(words(), content="x")}, "cannot contain content"),
        ({"type": 5, "data": {"content": "x"}}, "says nothing"),
        ({"type": 3}, "says nothing"),
    ],
)
def test_response_beyond_a_limit_is_refused(body: Body, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check("POST", CALLBACK, body)


def command(name: str = "show", **parts: Any) -> Body:
    return {"type": 1, "name": name, "description": "What it is", **parts}


def command_with(*options: Body) -> Body:
    return command(options=list(options))


def option_of(name: str = "title", **parts: Any) -> Body:
    return {"type": 3, "name": name, "description": "Which", **parts}


def long(name: str) -> Body:
    """An option of 2,556 characters: four of them are too many for a command."""
    offered = [choice(name=f"{n:0100}", value="v") for n in range(24)]
    return option_of(name.ljust(32, "x"), description="d" * 100, choices=offered)


@pytest.mark.parametrize(
    "commands",
    [
        [command("x" * 32, description="d" * 100)],
        [command("กำหนดการ"), command("कार्यक्रम"), command("don't-ask"), command("작품")],
        [command_with(*(option_of(f"o{n}", required=n < 3) for n in range(25)))],
        [command_with(long("a"), long("b"), long("c"))],
        [command(description_localizations={"de": "d" * 100, "ko": "d" * 99})],
    ],
)
def test_commands_at_the_limits_pass(commands: list[Body]) -> None:
    check("PUT", "/applications/1/commands", commands)


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        ([command("x" * 33)], "no name"),
        ([command("")], "no name"),
        ([command("Show")], "no name"),
        ([command("a show")], "no name"),
        ([command("show!")], "no name"),
        ([command(name_localizations={"de": "Serie"})], "no name"),
        ([command(name_localizations={"xx": "serie"})], "speaks no"),
        ([command(description="")], "a description"),
        ([command(description="d" * 101)], "a description"),
        ([command(description_localizations={"de": "d" * 101})], "a description"),
        ([command(), command()], "names come twice"),
        ([command(), command("cast", name_localizations={"de": "show"})], "de names come twice"),
        ([command(f"c{n}") for n in range(101)], "more than 100"),
        ([command_with(*(option_of(f"o{n}") for n in range(26)))], "more than 25"),
        ([command_with(option_of("A"))], "no name"),
        ([command_with(option_of(description=" "))], "a description"),
        ([command_with(option_of(), option_of())], "names come twice"),
        (
            [command_with(option_of("a"), option_of("b", name_localizations={"ko": "a"}))],
            "ko names come twice",
        ),
        (
            [command_with(option_of("a"), option_of("b", required=True))],
            "behind one it does not want",
        ),
        (
            [command_with(option_of(choices=[choice(name=str(n)) for n in range(26)]))],
            "more than 25",
        ),
        ([command_with(option_of(choices=[choice(), choice()]))], "choices' names come twice"),
        (
            [command_with(option_of(choices=[choice(name_localizations={"de": ""})]))],
            "a choice's name",
        ),
        (
            [command_with(option_of(choices=[choice()], autocomplete=True))],
            "has choices and completes",
        ),
        ([command_with(long("a"), long("b"), long("c"), long("d"))], "more than 8000"),
        ([command(options=[{**command_with(option_of("A")), "name": "sub"}])], "no name"),
    ],
)
def test_commands_beyond_a_limit_are_refused(commands: list[Body], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check("PUT", "/applications/1/commands", commands)


def test_body_of_an_unknown_request_is_refused() -> None:
    check("GET", "/gateway/bot", None)
    with pytest.raises(ValueError, match="nothing is known"):
        check("PUT", "/channels/1/messages/2/pins", {})
