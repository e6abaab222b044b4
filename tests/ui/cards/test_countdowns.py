"""The cards of one countdown, of a server's countdowns and of its settings."""

from dataclasses import replace
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


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_page_of_countdowns_fits_into_a_message(locale: str) -> None:
    title, countdown = largest_countdown({"window": "2026"})
    many = [replace(countdown, id=n) for n in range(PAGE_SIZE + 1)]
    titles = {countdown.title_id: title}
    channels = {countdown.channel_id: "#" + "x" * 100}
    assert "1/2" in read(list_card(many, titles, channels, 0, context(locale)))
    assert "2/2" in read(list_card(many, titles, channels, 9, context(locale)))


async def test_empty_list_says_how_to_start() -> None:
    assert "Start one with /countdown add" in read(list_card([], {}, {}, 1, context()))


async def test_settings_card_shows_every_setting() -> None:
    settings = GuildSettings("ko", ZoneInfo("Asia/Seoul"), time(21), timezone_chosen=True)
    shown = read(settings_card(settings, context()))
    assert [
        part
        for part in ("한국어", "Seoul (UTC+9)", "9:00\N{NARROW NO-BREAK SPACE}PM")
        if part not in shown
    ] == []
