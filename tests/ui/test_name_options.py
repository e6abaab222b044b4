"""Name options: what members type, and which record it resolves to."""

from pathlib import Path

import pytest

from tests.conftest import OpenServer, Server, components, labels, text
from tests.support import records


@pytest.mark.parametrize(
    "typed",
    ["Taecyeon", "옥택연", "Ok Taec-yeon", "taecyon", "ㅇㅌㅇ", "オク・テギョン",
     "Taec", "taec yeon ok", "dhrxordus", "옥태"],
)  # fmt: skip
async def test_every_spelling_finds_the_person(server: Server, typed: str) -> None:
    assert text(await server.slash("whois", name=typed)).startswith("Ok Taec-yeon\n")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("磯村勇斗", "Isomura Hayato"), ("Hayato Isomura", "Isomura Hayato"),
     ("いそむら", "Isomura Hayato"), ("Johan", "Johan Hwang"), ("황요한", "Johan Hwang"),
     ("鳴滝琉", "Ryu Narutaki"), ("橋爪", "Shunki Hashizume")],
)  # fmt: skip
async def test_people_and_characters_are_found_in_every_script(
    server: Server, typed: str, name: str
) -> None:
    assert text(await server.slash("whois", name=typed)).startswith(f"{name}\n")


async def test_value_label_and_free_text_resolve_to_the_same_record(server: Server) -> None:
    choices = await server.member.autocomplete(server.channel, "show", "title", "소울")
    [choice] = [choice for choice in choices if choice["value"] == "title:soul-mate"]
    assert choice["name"] == "Soul Mate · 2026 · Netflix · Isomura Hayato"
    answers = {
        text(await server.slash("show", title=typed))
        for typed in (choice["value"], choice["name"], "soul mate")
    }
    assert len(answers) == 1


async def test_choices_are_suggested_for_an_empty_option(server: Server) -> None:
    choices = await server.member.autocomplete(server.channel, "whois", "name", "")
    assert choices[0]["value"] == "person:ok-taec-yeon"


async def test_value_of_another_kind_is_treated_as_text(server: Server) -> None:
    """`/show` with the value of a person: no crash, and no show of that name."""
    result = await server.slash("show", title="person:ok-taec-yeon")
    assert result.ephemeral


@pytest.fixture
async def namesakes(open_server: OpenServer, tmp_path: Path) -> Server:
    folder = records.write(
        tmp_path / "catalog",
        records.person("kim-1", "Kim Min-jun", groups=["Alpha"]),
        records.person("kim-2", "Kim Min-jun"),
        records.title(
            "old", "Twin", releases=[{"window": "2004"}], networks=[{"name": "KBS2"}],
            cast=[{"person": "kim-2", "character": "Kim Shin", "order": 1}],
        ),
        records.title("new", "Twin", releases=[{"window": "2024-03-01"}]),
    )  # fmt: skip
    server: Server = await open_server(folder)
    return server


async def test_ambiguous_name_gives_a_menu(namesakes: Server) -> None:
    result = await namesakes.slash("whois", name="Kim Min-jun")
    assert result.ephemeral
    assert "Several matches for" in text(result)
    [menu] = components(result, 3)
    assert [(o["label"], o.get("description")) for o in menu["options"]] == [
        ("Kim Min-jun", "Alpha"),
        ("Kim Min-jun", "Twin"),
    ]
    chosen = await namesakes.member.select(result.response, [menu["options"][1]["value"]])
    assert "as Kim Shin" in text(chosen)
    assert chosen.response.id == result.response.id


async def test_menu_tells_namesakes_apart(namesakes: Server) -> None:
    result = await namesakes.slash("release", title="twin")
    [menu] = components(result, 3)
    hints = {option["value"]: option["description"] for option in menu["options"]}
    assert hints == {"release/old": "2004 · KBS2 · Kim Min-jun", "release/new": "2024"}
    chosen = await namesakes.member.select(result.response, ["release/old"])
    assert "2004" in text(chosen)


async def test_unknown_name_offers_similar_names_as_buttons(server: Server) -> None:
    result = await server.slash("show", title="Sole Mountain")
    assert result.ephemeral
    assert "I couldn't find anything for Sole Mountain" in text(result)
    assert "Soul Mate" in labels(result)
    opened = await server.press(result.response, "Soul Mate")
    assert "8 episodes" in text(opened)


async def test_empty_catalog_says_so(open_server: OpenServer, tmp_path: Path) -> None:
    server: Server = await open_server(tmp_path / "nothing")
    for command, option in (("whois", "name"), ("show", "title"), ("release", "title")):
        result = await server.slash(command, **{option: "Taecyeon"})
        assert "catalog is still empty" in text(result)
        assert await server.member.autocomplete(server.channel, command, option, "T") == []
    assert "No entries yet" in text(await server.slash("about"))


UNUSUAL_TEXTS = [
    "x" * 2000,
    "옥" * 2000,
    "@everyone " * 200,
    "**_`[a](b)<@1>" * 142,
    "\n" * 2000,
    "é\u0301" * 999,
    "half a character \ud800",
    "title:\ud800",
    "title:\0",
]


@pytest.mark.parametrize("typed", UNUSUAL_TEXTS)
async def test_any_text_gets_a_reply(server: Server, typed: str) -> None:
    for command, option in (("whois", "name"), ("cast", "title")):
        assert "Error" not in text(await server.slash(command, **{option: typed}))
        await server.member.autocomplete(server.channel, command, option, typed)


async def test_typed_text_formats_and_mentions_nothing(server: Server) -> None:
    typed = "@everyone **loud** [click](https://evil.example) <@1> `x` ||y||"
    result = await server.slash("whois", name=typed)
    sent = next(part["content"] for part in components(result, 10))
    assert "\\*\\*loud\\*\\*" in sent
    assert "\\[click\\](" in sent
    assert "\\<@1\\>" in sent
    stored = server.env.backend.get_message(result.response.channel_id, result.response.id)
    assert not stored.mention_everyone
    assert stored.ping_user_ids == stored.ping_role_ids == []
