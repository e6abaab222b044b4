"""Pages of long cards, and the buttons between cards."""

import pytest

from bot.ui.cards.navigation import page_buttons, paginate, title_buttons
from bot.ui.links import Card, CardLink
from tests.ui.builders import a_title, context


@pytest.mark.parametrize(
    ("wanted", "page", "rows"),
    [(-1, 1, [0, 1]), (0, 1, [0, 1]), (1, 1, [0, 1]), (3, 3, [4]), (4, 3, [4]), (999, 3, [4])],
)
def test_page_out_of_range_is_the_nearest_page(wanted: int, page: int, rows: list[int]) -> None:
    link = CardLink(Card.CAST, "show", wanted)
    assert paginate(range(5), link, 2) == (range(5)[rows[0] : rows[-1] + 1], here(page), 3)


def test_nothing_has_one_empty_page() -> None:
    assert paginate([], CardLink(Card.CAST, "show", 2), 2) == ([], here(1), 1)


@pytest.mark.parametrize(
    ("page", "paths"),
    [(1, ["cast/show?2"]), (2, ["cast/show", "cast/show?3"]), (3, ["cast/show?2"])],
)
async def test_page_buttons_lead_to_the_pages_beside(page: int, paths: list[str]) -> None:
    assert [button.path for button in page_buttons(here(page), 3, context())] == paths


@pytest.mark.parametrize("card", [Card.SHOW, Card.CAST, Card.SYNOPSIS, Card.RELEASE])
async def test_title_buttons_lead_to_every_other_card_of_the_title(card: Card) -> None:
    paths = {button.path for button in title_buttons(a_title(), context(), on=card)}
    cards = {Card.SHOW, Card.CAST, Card.SYNOPSIS, Card.RELEASE}
    assert paths == {f"{other}/show" for other in cards - {card}}


def here(page: int) -> CardLink:
    return CardLink(Card.CAST, "show", page)
