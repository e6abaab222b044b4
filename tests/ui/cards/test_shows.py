"""The show card, the synopsis card and the card of the full story."""

import pytest

from bot.catalog.model import Title
from bot.ui.cards.shows import show_card, story_card, synopsis_card
from bot.ui.links import Card, CardLink
from tests.ui.builders import ALL_LOCALES, a_title, context, largest_title, people, read


async def test_hidden_cameo_is_not_among_the_leads() -> None:
    cast = [
        {"person": "lead", "character": "Hero", "order": 1},
        {"person": "nova", "character": "Ghost", "role": "guest", "order": 2, "spoiler": True},
    ]
    shown = read(show_card(a_title(cast=cast), people("Lead", "Nova"), context()))
    assert "Lead" in shown
    assert "Nova" not in shown


async def test_long_story_is_paginated() -> None:
    title = a_title(synopsis={"en": "word " * 1500})
    first = read(story_card(title, CardLink(Card.STORY, "show"), context()))
    last = read(story_card(title, CardLink(Card.STORY, "show", 3), context()))
    assert "More ▶" in first
    assert "More ▶" not in last
    assert first.count("word") + last.count("word") < 1500


async def test_text_in_another_language_names_the_language() -> None:
    title = a_title(premise={"ko": "두 사람의 이야기"}, original_language="ko")
    assert "In Korean" in read(synopsis_card(title, context()))
    assert "In Korean" not in read(synopsis_card(title, context("ko")))


async def test_english_is_preferred_to_the_original_language() -> None:
    title = a_title(premise={"ja": "ふたりの物語", "en": "A story of two."}, original_language="ja")
    for reader in ("fr", "en-US", "de"):
        assert "A story of two." in read(synopsis_card(title, context(reader)))
    assert "ふたりの物語" in read(synopsis_card(title, context("ja")))


async def test_name_in_the_readers_language_comes_first() -> None:
    title = a_title()
    korean = {"text": "어떤 쇼", "lang": "ko", "type": "original"}
    title = Title.model_validate({**title.model_dump(), "names": [*title.names, korean]})
    assert read(show_card(title, {}, context("ko"))).startswith("어떤 쇼\nA Show")
    assert read(show_card(title, {}, context())).startswith("A Show\n어떤 쇼")


async def test_poster_is_shown_beside_the_first_text() -> None:
    poster = "https://example.org/p.png"
    card = show_card(a_title(poster=poster), {}, context())
    [section] = card.to_components()[0]["components"][:1]
    assert section["type"] == 9
    assert section["accessory"]["media"]["url"] == poster


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_cards_of_a_show_fit_into_a_message(locale: str) -> None:
    title, everybody = largest_title()
    assert read(show_card(title, everybody, context(locale)))
    assert read(synopsis_card(title, context(locale)))
    for page in (1, 2, 7):
        assert read(story_card(title, CardLink(Card.STORY, title.id, page), context(locale)))
