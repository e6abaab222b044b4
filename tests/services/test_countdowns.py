"""The countdown service: guild settings and their defaults."""

import asyncio
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.announcements.model import DEFAULT_POST_TIME, DEFAULT_TIMEZONE
from bot.services.countdowns import CountdownService, GuildSettings
from bot.store.countdowns import CountdownStore
from bot.store.database import Database
from bot.store.guilds import GuildStore
from bot.store.tables import guild_settings
from tests.conftest import clock

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def service(countdowns: CountdownStore, guilds: GuildStore) -> CountdownService:
    return CountdownService(countdowns, guilds, clock, lambda: None)


async def guild_ids(database: Database) -> list[int]:
    """The guilds that have a row in guild_settings."""
    return [row.guild_id for row in await database.fetch(guild_settings.select())]


async def test_settings_default_to_the_language_of_discord_and_utc(
    service: CountdownService, database: Database
) -> None:
    assert await service.get_settings(10, "ko") == GuildSettings(
        "ko", DEFAULT_TIMEZONE, DEFAULT_POST_TIME, timezone_chosen=False
    )
    assert await guild_ids(database) == []


async def test_update_settings_without_values_writes_no_row(
    service: CountdownService, database: Database
) -> None:
    await service.update_settings(10)
    assert await guild_ids(database) == []
    # With a value it does.
    await service.update_settings(10, language="ko")
    assert await guild_ids(database) == [10]


async def test_update_settings_without_values_keeps_what_was_chosen(
    service: CountdownService,
) -> None:
    await service.update_settings(10, language="ko", timezone=SEOUL, post_time=time(21))
    await service.update_settings(10)
    chosen = GuildSettings("ko", SEOUL, time(21), timezone_chosen=True)
    assert await service.get_settings(10, "de") == chosen


async def test_update_settings_with_midnight_is_not_taken_for_no_value(
    service: CountdownService,
) -> None:
    await service.update_settings(10, post_time=time(21))
    await service.update_settings(10, post_time=time())
    assert (await service.get_settings(10, "en-US")).post_time == time()


async def test_concurrent_updates_of_different_settings_all_survive(
    service: CountdownService, database: Database
) -> None:
    await asyncio.gather(
        service.update_settings(10, timezone=SEOUL),
        service.update_settings(10, post_time=time(21)),
    )
    assert await service.get_settings(10, "ko") == GuildSettings(
        "ko", SEOUL, time(21), timezone_chosen=True
    )
    # And so they do if a row exists already.
    await asyncio.gather(
        service.update_settings(10, post_time=time(8)),
        service.update_settings(10, language="de"),
    )
    assert await service.get_settings(10, "ko") == GuildSettings(
        "de", SEOUL, time(8), timezone_chosen=True
    )
    assert await guild_ids(database) == [10]
