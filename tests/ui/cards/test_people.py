"""The cards of people and of characters."""

import pytest

from bot.catalog.model import Person
from bot.catalog.snapshot import FilmographyEntry
from bot.services.catalog import Character
from bot.ui.cards.people import character_card, person_card
from bot.ui.links import Card, CardLink
from tests.support import records
from tests.ui.builders import ALL_LOCALES, a_title, context, largest_title, people, read


async def test_show_with_nothing_but_a_hidden_cameo_is_not_listed() -> None:
    cast = [{"person": "nova", "character": "Ghost", "role": "guest", "spoiler": True}]
    title, nova = a_title(cast=cast), people("Nova")["nova"]
    work = FilmographyEntry(title, title.credits_of("nova"), ())
    card = person_card(nova, [work], CardLink(Card.PERSON, "nova"), context())
    assert "A Show" not in read(card)


@pytest.mark.parametrize(
    ("born", "said"), [("1991", "born in 1991"), ("1988-12-27", "born December 27, 1988")]
)
async def test_birth_is_as_precise_as_known(born: str, said: str) -> None:
    person = Person.model_validate(records.person("nova", "Nova", born=born))
    assert said in read(person_card(person, [], CardLink(Card.PERSON, "nova"), context()))


async def test_portrait_is_shown_beside_the_first_text() -> None:
    portrait = "https://example.org/p.png"
    person = Person.model_validate(records.person("nova", "Nova", portrait=portrait))
    card = person_card(person, [], CardLink(Card.PERSON, "nova"), context())
    [section] = card.to_components()[0]["components"][:1]
    assert section["accessory"]["media"]["url"] == portrait


@pytest.mark.parametrize("locale", ALL_LOCALES)
@pytest.mark.parametrize("page", [1, 2, 7])
async def test_person_card_fits_into_a_message(page: int, locale: str) -> None:
    title, everybody = largest_title()
    credits = title.credits_of("p1")
    works = [
        FilmographyEntry(title.model_copy(update={"id": f"t{n}"}), credits, ("*" * 300,))
        for n in range(9)
    ]
    link = CardLink(Card.PERSON, "p1", page)
    assert read(person_card(everybody["p1"], works, link, context(locale)))


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_character_card_fits_into_a_message(locale: str) -> None:
    title, everybody = largest_title()
    character = Character(title, everybody["p1"], title.credits_of("p1"))
    assert read(character_card(character, context(locale)))
