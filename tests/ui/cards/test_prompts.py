"""Cards that are not about a record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.catalog.snapshot import CatalogSize
from bot.project import Project
from bot.sources.ports import SourceStatus
from bot.ui.buttons import MENU_LIMIT, MenuOption
from bot.ui.cards.prompts import (
    TMDB_NOTICE,
    about_card,
    choice_card,
    message_card,
    not_found_card,
)
from bot.ui.links import Card, CardLink
from tests.ui.builders import ALL_LOCALES, context, message_body, read

NOTICE = TMDB_NOTICE.removeprefix("-# ")
OPTIONS = [
    MenuOption("*" * 300, "_" * 300, CardLink(Card.SHOW, f"show-{n}"))
    for n in range(MENU_LIMIT + 1)
]


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_choice_card_offers_as_many_options_as_fit(locale: str) -> None:
    body = message_body(view=choice_card("*" * 6000, OPTIONS, context(locale)))
    [menu] = body["components"][0]["components"][1]["components"]
    assert [option["value"] for option in menu["options"]] == [
        str(option.link) for option in OPTIONS[:MENU_LIMIT]
    ]


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_not_found_card_fits_into_a_message(locale: str) -> None:
    assert read(not_found_card("*" * 6000, OPTIONS[:5], context(locale)))
    assert read(not_found_card("*" * 6000, [], context(locale)))


async def test_error_id_is_shown_below_the_message() -> None:
    assert read(message_card("It failed.", context(), "abc123")) == "It failed.\nError code: abc123"
    assert read(message_card("It failed.", context())) == "It failed."


def status(**values: Any) -> SourceStatus:
    read = datetime(2026, 9, 1, tzinfo=UTC)
    empty = SourceStatus("tvmaze", read, read, None, None, None, None, False, {}, 1)
    return replace(empty, **values)


def about(sources: Sequence[SourceStatus], locale: str = "en-US") -> str:
    project = Project("1.0", "https://example.org")
    return read(about_card(CatalogSize(1, 1, None), sources, project, context(locale)))


async def test_about_says_when_a_source_was_read_and_where_to_find_out_why_it_failed() -> None:
    when = datetime(2026, 9, 2, tzinfo=UTC)
    assert "last read 2026-09-01" in about([status()])
    assert "not read completely yet" in about([status(finished_at=None)])
    assert "bonbang catalog sources" not in about([status()])
    failed = about([status(), status(source="wikidata", failed_at=when, error="It is down")])
    assert "can't be read since 2026-09-02" in failed
    assert "why, and what to do, with `bonbang catalog sources`" in failed
    # What failed is for the host: it can name addresses of the host's network.
    assert "It is down" not in failed


async def test_about_has_the_notice_of_tmdb_only_when_it_is_used() -> None:
    assert NOTICE in about([status(source="tmdb")])
    assert NOTICE not in about([status(source="tmdb", records=0)])
    assert NOTICE not in about([status()])


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_about_fits_into_a_message_with_every_source_failing(locale: str) -> None:
    when = datetime(2026, 9, 2, tzinfo=UTC)
    names = ("tvmaze", "wikidata", "tmdb")
    assert about([status(source=name, failed_at=when, finished_at=None) for name in names], locale)
