"""The cards of one countdown, of a server's countdowns and of its settings."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.announcements.milestones import plan_milestones
from bot.services.countdowns import GuildSettings
from bot.ui.cards.countdowns import PAGE_SIZE, countdown_card, list_card, settings_card
from tests.ui.builders import ALL_LOCALES, SEOUL, context, largest_countdown, read


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_countdown_card_fits_into_a_message(locale: str) -> None:
    title, countdown = largest_countdown({"window": "2026"})
    ahead = plan_milestones(title.releases[0], SEOUL)
    missing = ["x"] * 9
    headline = "Countdown created"
    assert read(countdown_card(headline, title, countdown, ahead, missing, context(locale)))


async def test_countdown_card_lists_and_counts_as_the_language_does() -> None:
    title, countdown = largest_countdown({"window": "2026"})
    card = countdown_card("", title, countdown, [], ["View Channel", "x"], context("ja"))
    shown = read(card)
    assert "D-100、D-7、D-1、D-Day" in shown
    assert "View Channel、x" in shown


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_page_of_countdowns_fits_into_a_message(locale: str) -> None:
    title, countdown = largest_countdown({"window": "2026"})
    many = [countdown] * (PAGE_SIZE + 1)
    titles = {countdown.title_id: title}
    assert "1/2" in read(list_card(many, titles, 0, context(locale)))
    assert "2/2" in read(list_card(many, titles, 9, context(locale)))


async def test_empty_list_says_how_to_start() -> None:
    assert "Start one with /countdown add" in read(list_card([], {}, 1, context()))


async def test_settings_card_shows_every_setting() -> None:
    settings = GuildSettings("ko", ZoneInfo("Asia/Seoul"), time(21), timezone_chosen=True)
    shown = read(settings_card(settings, context()))
    assert [part for part in ("한국어", "Seoul (UTC+9)", "9:00\u202fPM") if part not in shown] == []
