"""Titles, people, countdowns and contexts for tests of cards, and cards as they are sent."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from discord import AllowedMentions
from discord.http import handle_message_parameters
from discord.ui import LayoutView

from bot.announcements.milestones import Schedule
from bot.announcements.model import Countdown
from bot.catalog.model import Person, Release, Title
from bot.demo.plain_text import render_plain_text
from bot.i18n import get_translations
from bot.ui.render_context import RenderContext
from tests.announcements.builders import a_countdown
from tests.support import records
from tests.support.discord_limits import check_message
from tests.support.locales import REQUIRED_LOCALES

NOW = datetime(2026, 5, 1, tzinfo=UTC)

ALL_LOCALES = ("en-US", *REQUIRED_LOCALES)
SEOUL = Schedule((100, 7, 1, 0), time(9), ZoneInfo("Asia/Seoul"))


def context(locale: str = "en-US", now: datetime = NOW) -> RenderContext:
    return RenderContext(get_translations(locale), now)


def a_title(**fields: Any) -> Title:
    return Title.model_validate(records.title("show", "A Show", **fields))


def people(*names: str) -> dict[str, Person]:
    made = [Person.model_validate(records.person(name.lower(), name)) for name in names]
    return {one.id: one for one in made}


def message_body(**message: Any) -> dict[str, Any]:
    """The body discord.py makes of a message, checked against Discord's limits."""
    mentions = {"allowed_mentions": AllowedMentions.none(), **message}
    with handle_message_parameters(**mentions) as parameters:
        body: dict[str, Any] = dict(parameters.payload or {})
    check_message(body)
    return body


def read(view: LayoutView) -> str:
    """All readable text of a card, checked against Discord's limits."""
    return render_plain_text(message_body(view=view))


def largest_title() -> tuple[Title, dict[str, Person]]:
    """A title with every field as long as it may be and full of Markdown, and its people."""
    long = "*_`~|<@1>[]() " * 21
    names = [{"text": long[:299], "lang": "en", "type": "main"}]
    names += [{"text": f"{n}{long}"[:299], "lang": "ko"} for n in range(9)]
    crowd = {
        f"p{n}": Person.model_validate(
            {"id": f"p{n}", "names": names, "groups": [long[:300]] * 9, "occupations": [long] * 9}
        )
        for n in range(30)
    }
    source = {"id": "s", "title": long, "author": long, "url": f"https://example.org/{'x' * 1900}"}
    title = Title.model_validate(
        {
            "id": "t" * 40,
            "kind": "series",
            "names": names,
            "genres": [long] * 9,
            "origin_country": ["KR"] * 9,
            "networks": [{"name": long}] * 9,
            "premise": {"en": "<" * 8000},
            "synopsis": {"en": "*" * 8000},
            "settings": [long] * 9,
            "filmed_in": [long] * 9,
            # Longer than Discord allows, once encoded.
            "poster": f"https://example.org/{'é' * 1000}",
            "links": [{"label": long, "url": f"https://example.org/{'x' * 500}"}] * 9,
            "sources": [source],
            "releases": [
                {"event": long, "window": "2025", "note": long, "source": "s", "season": n}
                for n in range(9990, 9999)
            ],
            "cast": [
                {"person": person, "character": long, "character_names": names} for person in crowd
            ],
            "crew": [{"person": person, "job": long} for person in crowd],
        }
    )
    return title, crowd


def largest_countdown(release: dict[str, Any]) -> tuple[Title, Countdown]:
    """A countdown to a release with every field as long as it may be, and its title."""
    title, _people = largest_title()
    long = "*_`~|<@1>[]() " * 21
    one = Release.model_validate(
        {"network": long, "region": long, "note": long, "source": "s", "event": long, **release}
    )
    title = title.model_copy(update={"releases": (one,)})
    return title, a_countdown(release_key=one.key_text, role_id=2**63, schedule=SEOUL)
