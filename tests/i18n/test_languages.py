"""Every command and every announcement in every language, as a member sees them."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_bot
from bot.demo.plain_text import render_plain_text
from bot.demo.simulation import set_client_locale
from bot.i18n import Translations, get_translations
from tests.conftest import NEVER, SAMPLE, MovingClock, Server, connected, text
from tests.support import records
from tests.support.countdowns import import_records
from tests.support.locales import (
    REQUIRED_LOCALES,
    TEMPLATE,
    messages,
    read_catalog,
)

# English in every language: mentions of commands, which Discord translates, names, and terms.
SAME_IN_EVERY_LANGUAGE = re.compile(r"/countdown [a-z]+|/[a-z]+|Bonbang|D-Day|#unknown")


def english_patterns(locale: str) -> list[re.Pattern[str]]:
    """Patterns of the English messages that have another text in a language."""
    translations = get_translations(locale)
    said = messages(read_catalog(TEMPLATE))
    # A translation may contain the English word: `director/a` in Spanish.
    own = [text for context, text in said if text not in _translate(translations, context, text)]
    return [_pattern(text) for text in own if len(_words(text)) > 3]


def _translate(translations: Translations, context: str | None, text: str) -> str:
    if context is None:
        return translations.gettext(text)
    return translations.pgettext(context, text)


def _words(message: str) -> str:
    return re.sub(r"\{\w+\}|\W", "", message)


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", re.sub(r"\*\*", "", message))
    return re.compile(r"(?<![\w-])" + ".+?".join(map(re.escape, parts)) + r"(?![\w-])")


def leftovers(locale: str, shown: str) -> list[str]:
    """The English messages in a text of another language."""
    rest = SAME_IN_EVERY_LANGUAGE.sub("", shown)
    # Sources are cited by their own titles in every language.
    rest = re.sub(r"2PM's Taecyeon.*|Press release on|Secondary reports.*", "", rest)
    return [pattern.pattern for pattern in english_patterns(locale) if pattern.search(rest)]


@pytest.fixture
async def localized(
    database_url: str, moving: MovingClock, request: pytest.FixtureRequest
) -> AsyncGenerator[Server]:
    """A server in which every client is set to one language."""
    async with (
        open_bot(database_url, SAMPLE, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        set_client_locale(env, request.param)
        yield Server(env)


COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("show", {"title": "Soul Mate"}),
    ("cast", {"title": "Soul Mate"}),
    ("synopsis", {"title": "Soul Mate"}),
    ("release", {"title": "Soul Mate"}),
    ("release", {"title": "Vincenzo"}),
    ("whois", {"name": "Taecyeon"}),
    ("whois", {"name": "Johan"}),
    ("whois", {"name": "Hashizume"}),
    ("whois", {"name": "Nobody At All"}),
    ("about", {}),
    ("help", {}),
    ("settings", {}),
    ("countdown list", {}),
    ("countdown add", {"title": "Soul Mate", "milestones": "7 3 1 0"}),
    ("countdown add", {"title": "Soul Mate"}),
    ("countdown add", {"title": "Soul Mate", "milestones": "soon"}),
    ("countdown add", {"title": "Soul Mate", "event": "wedding"}),
    ("settings", {"timezone": "Atlantis"}),
    ("settings", {"time": "99"}),
    ("settings", {"timezone": "Asia/Seoul"}),
    ("countdown list", {}),
    ("countdown preview", {"countdown": "1"}),
    ("countdown edit", {"countdown": "1", "time": "8:00"}),
    ("countdown pause", {"countdown": "1"}),
    ("countdown list", {}),
    ("countdown resume", {"countdown": "1"}),
    ("countdown remove", {"countdown": "77"}),
]


@pytest.mark.parametrize(
    ("localized", "locale"), [(x, x) for x in REQUIRED_LOCALES], indirect=["localized"]
)
async def test_commands_reply_without_english_text(localized: Server, locale: str) -> None:
    for name, options in COMMANDS:
        if name == "countdown add":
            options = {**options, "channel": localized.channel}
        result = await localized.moderator.slash(localized.channel, name, **options)
        assert leftovers(locale, text(result)) == [], name
    await localized.env.advance_time(timedelta(days=20).total_seconds())
    lines = [one for one in localized.channel.history() if one.embeds]
    assert len(lines) == 4
    for message in lines:
        payload = {"content": message.content, "embeds": [e.to_dict() for e in message.embeds]}
        assert leftovers(locale, render_plain_text(payload)) == []
    result = await localized.moderator.slash(localized.channel, "countdown remove", countdown="1")
    assert leftovers(locale, text(result)) == []


RELEASES = {
    "moment": {"window": "2026-05-04T12:00+09:00", "status": "confirmed"},
    "quarter": {"window": "2026-Q3", "status": "announced"},
    "moved": {"window": "2027-H1", "status": "rumoured"},
    "confirmed": {"window": "2027-01-01", "status": "announced"},
    "cancelled": {"window": "2027-01-02", "status": "announced"},
    "postponed": {"window": "2027-01-03", "status": "announced"},
    "lost": {"window": "2027-01-04", "status": "announced"},
    "undated": {"status": "announced"},
}
CHANGES = {
    "moved": {"window": "2027-03", "status": "announced"},
    "confirmed": {"window": "2027-01-01", "status": "confirmed"},
    "cancelled": {"window": "2027-01-02", "status": "cancelled"},
    "postponed": {"window": "2027-01-03", "status": "postponed"},
    "lost": {"status": "announced"},
    "undated": {"window": "2027-02/2027-04", "status": "announced", "season": 2},
}


def write_shows(folder: Path, releases: dict[str, dict[str, Any]]) -> Path:
    """Write shows with one release each, two people of the same name, and a hidden cameo."""
    cameo = {"person": "kim1", "character": "Geist", "role": "guest", "spoiler": True}
    twins = [records.person(one, "Kim Ji-u", occupations=["singer"]) for one in ("kim1", "kim2")]
    shows = [
        records.title(id, f"Zzz {id}", releases=[release], cast=[cameo], kind="film")
        for id, release in releases.items()
    ]
    return records.write(folder, *twins, *shows)


@pytest.mark.parametrize("locale", REQUIRED_LOCALES)
async def test_announcements_have_no_english_text(
    tmp_path: Path, moving: MovingClock, locale: str
) -> None:
    folder = write_shows(tmp_path / "catalog", RELEASES)
    url = f"sqlite:///{tmp_path / 'own.db'}"
    async with (
        open_bot(url, folder, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        set_client_locale(env, locale)
        server = Server(env)
        for id in RELEASES:
            options = {"title": f"title:{id}", "channel": server.channel, "milestones": "1 0"}
            await server.moderator.slash(server.channel, "countdown add", **options)
        await import_records(server, write_shows(folder, {**RELEASES, **CHANGES}))
        await env.advance_time(timedelta(days=200).total_seconds())
        shown = [one for one in server.channel.history() if one.embeds]
        # Six changes; D-1 and the release, before the post time of D-Day; a quarter's four.
        assert len(shown) == 6 + 2 + 4
        for message in shown:
            payload = {"content": message.content, "embeds": [e.to_dict() for e in message.embeds]}
            assert leftovers(locale, render_plain_text(payload)) == []
        for name, options in (
            ("whois", {"name": "Kim Ji-u"}),
            ("release", {"title": "title:quarter"}),
            ("release", {"title": "title:undated"}),
            ("cast", {"title": "title:lost"}),
            ("show", {"title": "title:moved"}),
        ):
            answer = await server.moderator.slash(server.channel, name, **options)
            assert leftovers(locale, text(answer)) == [], name
        cast = await server.moderator.slash(server.channel, "cast", title="title:lost")
        hidden = await server.moderator.click(cast.response, custom_id="card:spoilers/lost")
        assert leftovers(locale, text(hidden)) == []


@pytest.mark.parametrize("locale", REQUIRED_LOCALES)
async def test_commands_have_localized_names_and_descriptions(server: Server, locale: str) -> None:
    for command in server.env.backend.commands[None].values():
        named = command["name_localizations"].get(locale, command["name"])
        assert named == get_translations(locale).gettext(command["name"])
        described = command.get("description_localizations", {}).get(locale, "")
        assert described not in ("", command["description"]), command["name"]
        _check_options(command.get("options") or [], locale)
    assert text(await server.slash("show", title="Soul Mate"))


def _check_options(options: list[dict[str, Any]], locale: str) -> None:
    for option in options:
        assert option["description_localizations"][locale], option["name"]
        _check_options(option.get("options") or [], locale)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("ko", ["소울 메이트", "2026년 5월 14일"]),
        ("ja", ["ソウルメイト", "2026年5月14日"]),
        ("fr", ["Soul Mate", "14 mai 2026"]),
        ("de", ["Soul Mate", "14. Mai 2026"]),
        ("zh-TW", ["Soul Mate", "2026年5月14日"]),
    ],
)
async def test_names_and_dates_are_localized(
    server: Server, locale: str, expected: list[str]
) -> None:
    set_client_locale(server.env, locale)
    read = text(await server.slash("release", title="Soul Mate"))
    assert [part for part in expected if part not in read] == []


async def test_announcements_use_the_servers_language_and_replies_the_members(
    server: Server,
) -> None:
    set_client_locale(server.env, "de")
    await server.moderator.slash(
        server.channel, "countdown add", title="Soul Mate", channel=server.channel, language="ko"
    )
    await server.env.advance_time(timedelta(days=7).total_seconds())
    [message] = [one for one in server.channel.history() if one.embeds]
    assert "소울 메이트" in message.content
    assert "Soul Mate" in text(await server.slash("show", title="Soul Mate")).splitlines()[0]


def test_missing_text_falls_back_to_english(tmp_path: Path) -> None:
    (tmp_path / "xx.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Cast"\nmsgstr "Kast"\n')
    translations = get_translations("xx-YY", tmp_path)
    assert translations.gettext("Cast") == "Kast"
    assert translations.gettext("Synopsis") == "Synopsis"
    assert translations.ngettext("{count} title", "{count} titles", 2) == "{count} titles"


def test_text_of_a_region_precedes_that_of_its_language(tmp_path: Path) -> None:
    (tmp_path / "xx.po").write_text('msgid "Cast"\nmsgstr "A"\n\nmsgid "Release"\nmsgstr "B"\n')
    (tmp_path / "xx-YY.po").write_text('msgid "Cast"\nmsgstr "C"\n\nmsgid "Release"\nmsgstr ""\n')
    translations = get_translations("xx-YY", tmp_path)
    assert (translations.gettext("Cast"), translations.gettext("Release")) == ("C", "B")


async def test_person_is_named_in_chinese_characters_for_chinese_readers(server: Server) -> None:
    set_client_locale(server.env, "zh-TW")
    assert text(await server.slash("whois", name="Isomura")).startswith("磯村勇斗\n")
