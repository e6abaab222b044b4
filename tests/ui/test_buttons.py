"""Every button opens its card, for any member and at any time."""

import simcord

from bot.app import open_bot
from bot.ui.links import Card
from tests.conftest import SAMPLE, Server, clock, components, labels, text


def unpressed(result: simcord.InteractionResult, pressed: set[str]) -> list[str]:
    """The links of a card that have not been followed yet: custom ids, or values of a menu.

    The button for a suggestion opens a modal, not a card.
    """
    ids = (button.get("custom_id") or "" for button in components(result, 2))
    buttons = (id_ for id_ in ids if not id_.startswith("suggest:"))
    options = (option["value"] for menu in components(result, 3) for option in menu["options"])
    return [link for link in (*buttons, *options) if link and link not in pressed]


async def follow(
    server: Server, result: simcord.InteractionResult, link: str
) -> simcord.InteractionResult:
    """Press the button, or choose the option of the menu."""
    if link.startswith("card:"):
        return await server.member.click(result.response, custom_id=link)
    return await server.member.select(result.response, [link])


async def test_every_button_opens_its_card(server: Server) -> None:
    """Press every button reachable from the card of each command."""
    starts = [
        *[
            await server.slash(n, title="Soul Mate")
            for n in ("show", "cast", "synopsis", "release")
        ],
        await server.slash("whois", name="Johan"),
        await server.slash("whois", name="Taecyeon"),
        await server.slash("whois", name="Isomura Hayato"),
        await server.slash("whois", name="Shunki Hashizume"),
    ]
    pressed: set[str] = set()
    for start in starts:
        for first in unpressed(start, pressed):
            here, ahead = start, [first]
            while ahead:
                pressed.add(ahead[0])
                here = await follow(server, here, ahead[0])
                assert here.response.ephemeral
                assert "went wrong" not in text(here)
                ahead = unpressed(here, pressed)
    kinds = {path.removeprefix("card:").split("/")[0] for path in pressed}
    assert kinds == set(Card) - {Card.SPOILERS, Card.CHARACTER}
    assert len(pressed) > 30


async def test_menus_and_buttons_lead_from_show_to_cast_to_person_and_back(server: Server) -> None:
    show = await server.slash("show", title="Soul Mate")
    cast = await server.press(show.response, "Cast")
    assert "Isomura Hayato as Ryu Narutaki" in text(cast)
    person = await server.member.select(cast.response, ["person/ok-taec-yeon"])
    assert text(person).startswith("Ok Taec-yeon\n옥택연")
    again = await server.member.select(person.response, ["show/soul-mate"])
    assert "8 episodes" in text(again)


async def test_press_leaves_the_reply_to_another_member_unchanged(server: Server) -> None:
    mine = await server.slash("show", title="Soul Mate")
    before = text(mine)
    theirs = await server.other.click(mine.response, label="Cast")
    assert theirs.ephemeral
    assert theirs.response.id != mine.response.id
    assert text(mine) == before


async def test_press_on_ones_own_private_card_replaces_it(server: Server) -> None:
    show = await server.slash("show", title="Soul Mate")
    cast = await server.press(show.response, "Cast")
    release = await server.press(cast.response, "Release")
    assert release.response.id == cast.response.id
    assert "May 14, 2026" in text(release)


async def test_button_works_in_a_direct_message(server: Server) -> None:
    user = server.member.user
    show = await user.slash("show", title="Soul Mate")
    assert "Isomura Hayato" in text(await user.click(show.response, label="Cast"))


async def test_button_works_after_a_restart(server: Server, database_url: str) -> None:
    show = await server.slash("show", title="Soul Mate")
    async with open_bot(database_url, SAMPLE, clock) as again:
        await server.env.restart_bot(again)
        cast = await server.press(show.response, "Cast")
        assert "Ryu Narutaki" in text(cast)


async def test_button_to_a_removed_record_says_so(server: Server) -> None:
    show = await server.slash("show", title="Soul Mate")
    stored = server.env.backend.get_message(show.response.channel_id, show.response.id)
    for forged in ("card:show/gone", "card:cast/soul-mate/x", "card:nonsense", "card:show/a?b"):
        row = stored.components[0]["components"][-1]
        row["components"][0]["custom_id"] = forged
        result = await server.member.click(show.response, custom_id=forged)
        assert "no longer in the catalog" in text(result)


async def test_buttons_are_labelled_with_what_they_open(server: Server) -> None:
    cast = await server.slash("cast", title="Soul Mate")
    assert labels(cast) == [
        "Overview", "Synopsis", "Release", "Suggest a correction",
    ]  # fmt: skip
