"""/catalog doubts: curators decide which records are of the same title or person."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.curation import Curator
from tests.conftest import OpenServer, Server, components, labels, text
from tests.support import records
from tests.support.curators import make_curators

EVIDENCE = ["name:Gong Yoo", "title:goblin", "born_differs:1979-07-10/1981-01-01"]


class Doubts:
    """A server whose bot has two people of the same name, and is not sure about them."""

    def __init__(self, server: Server, file: Path) -> None:
        self.server, self.curator = server, server.moderator
        make_curators(server, self.curator)
        with sqlite3.connect(file) as database:
            for first, second in (("gong-yoo", "gong-yoo-2"), ("gong-yoo-2", "other")):
                database.execute(
                    "INSERT INTO doubts (entity, first_id, second_id, evidence, found_at)"
                    " VALUES ('person', ?, ?, ?, 0)",
                    [first, second, json.dumps(EVIDENCE)],
                )

    async def show(self) -> Any:
        """Run /catalog doubts as the curator."""
        return await self.curator.slash(self.server.channel, "catalog doubts")

    async def press(self, shown: Any, label: str) -> Any:
        """Press a button of a reply as the curator."""
        return await self.curator.click(shown.response, label=label)

    def name_of(self, person_id: str) -> str | None:
        """The id of the person that answers to an id."""
        person = self.server.env.bot.services.catalog.snapshot.person(person_id)
        return person.id if person else None


@pytest.fixture
async def doubts(open_server: OpenServer, tmp_path: Path) -> Doubts:
    ids = {"external_ids": {"tvmaze": "7", "imdb": "nm1"}}
    cast = [{"person": "gong-yoo"}]
    folder = records.write(
        tmp_path / "catalog",
        records.person("gong-yoo", "Gong Yoo", **ids),
        records.person("gong-yoo-2", "Gong Yoo", born="1981-01-01"),
        records.person("other", "Gong Yoo"),
        records.title("goblin", "Goblin", cast=cast, releases=[{"window": "2016-12-02"}]),
    )
    return Doubts(await open_server(folder), tmp_path / "own.db")


async def test_pair_is_shown_with_what_speaks_for_and_against_it(doubts: Doubts) -> None:
    shown = await doubts.show()
    assert shown.ephemeral
    assert labels(shown) == ["Same", "Different", "Skip"]
    said = text(shown)
    for part in (
        "1/2",
        "Goblin (2016)",
        "1981-01-01",
        "TVmaze 7",
        "➕ Both are called Gong Yoo.",
        "➕ Both are credited in Goblin.",
        "➖ One was born on 1979-07-10, the other on 1981-01-01.",
    ):
        assert part in said
    links = "".join(one["content"] for one in components(shown, 10))
    assert "(<https://www.imdb.com/name/nm1>)" in links


async def test_pair_is_joined_and_split_again(doubts: Doubts) -> None:
    joined = await doubts.press(await doubts.show(), "Same")
    assert "Joined" in text(joined)
    assert doubts.name_of("gong-yoo-2") == doubts.name_of("gong-yoo")
    undone = await doubts.press(joined, "Undo")
    assert "Undone" in text(undone)
    assert doubts.name_of("gong-yoo-2") == "gong-yoo-2"
    assert "1/2" in text(await doubts.show())


async def test_pair_is_kept_apart_and_asked_again_after_undo(doubts: Doubts) -> None:
    apart = await doubts.press(await doubts.show(), "Different")
    assert "Kept apart" in text(apart)
    following = await doubts.press(apart, "Next pair")
    assert "1/1" in text(following)
    done = await doubts.press(following, "Different")
    assert "Everything is decided" in text(await doubts.show())
    await doubts.press(done, "Undo")
    assert "1/1" in text(await doubts.show())


async def test_skipping_goes_round(doubts: Doubts) -> None:
    second = await doubts.press(await doubts.show(), "Skip")
    assert "2/2" in text(second)
    assert "1/2" in text(await doubts.press(second, "Skip"))


async def test_join_is_in_the_history(doubts: Doubts) -> None:
    await doubts.press(await doubts.show(), "Same")
    history = await doubts.curator.slash(
        doubts.server.channel, "catalog history", name="person:gong-yoo"
    )
    assert "Joined with gong-yoo" in text(history)
    [menu] = components(history, 3)
    await doubts.curator.select(history.response, [menu["options"][0]["value"]])
    assert doubts.name_of("gong-yoo-2") == "gong-yoo-2"


@pytest.mark.parametrize(("first", "second"), [("Same", "Different"), ("Different", "Same")])
async def test_pair_that_another_curator_decided_is_not_decided_again(
    doubts: Doubts, first: str, second: str
) -> None:
    other = doubts.server.other
    make_curators(doubts.server, doubts.curator, other)
    theirs = await other.slash(doubts.server.channel, "catalog doubts")
    decided = await doubts.press(await doubts.show(), first)
    joined = doubts.name_of("gong-yoo-2")
    late = await other.click(theirs.response, label=second)
    assert "moon decided this already" in text(late)
    assert text(decided).splitlines()[0] in text(late)
    assert doubts.name_of("gong-yoo-2") == joined
    history = await doubts.curator.slash(
        doubts.server.channel, "catalog history", name="person:gong-yoo"
    )
    [menu] = components(history, 3)
    assert len(menu["options"]) == 1
    # The first decision can be undone from there, and then the pair is decided anew.
    await other.click(late.response, label="Undo")
    again = await other.slash(doubts.server.channel, "catalog doubts")
    assert "decided this already" not in text(await other.click(again.response, label=second))


async def test_suggestion_about_a_record_that_was_joined_is_about_the_one_that_remains(
    doubts: Doubts,
) -> None:
    curation = doubts.server.env.bot.services.curation
    person = doubts.server.env.bot.services.catalog.snapshot.person("gong-yoo-2")
    assert person is not None
    await curation.suggest(person, "Born in 1979", None, Curator(5, "mina"), "en-US")
    await doubts.press(await doubts.show(), "Same")
    queue = await doubts.curator.slash(doubts.server.channel, "catalog suggestions")
    assert "Born in 1979" in text(queue)
    decided = await doubts.press(queue, "Accept")
    [menu] = components(decided, 3)
    kept = doubts.name_of("gong-yoo-2")
    assert [one["value"] for one in menu["options"]] == [
        f"person_names:{kept}:", f"person_details:{kept}:"
    ]  # fmt: skip
