"""Every command and every announcement, once in every language, as a member sees them."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_bot
from bot.demo.reading import read_message
from bot.demo.world import speak
from bot.text import texts_for
from tests import records
from tests.conftest import NEVER, SHIPPED, MovingClock, Server, connected, text
from tests.test_countdowns import import_records
from tests.text.test_catalogues import ASKED_FOR, TEMPLATE, catalogue, messages, singular

# What stands in English in every language: literal commands, names, countdown terms.
KEPT = re.compile(r"/countdown (?:add|edit)|/settings timezone|Bonbang|D-Day")


def english(locale: str) -> list[re.Pattern[str]]:
    """What the bot says in English and says otherwise in a language, as patterns to look for."""
    texts = texts_for(locale)
    said = [singular(message) for message in messages(catalogue(TEMPLATE)).values()]
    own = [one for one in said if len(one) > 3 and texts.gettext(one) != one]
    return [_pattern(one) for one in own if len(_words(one)) > 3]


def _words(message: str) -> str:
    return re.sub(r"\{\w+\}|\W", "", message)


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", re.sub(r"\*\*", "", message))
    return re.compile(r"(?<![\w-])" + ".+?".join(map(re.escape, parts)) + r"(?![\w-])")


def leftovers(locale: str, shown: str) -> list[str]:
    """The English messages that show in an answer in another language."""
    rest = KEPT.sub("", shown)
    # A record's sources are cited by their own titles, whatever the language.
    rest = re.sub(r"2PM's Taecyeon.*|Press release on|Secondary reports.*", "", rest)
    return [pattern.pattern for pattern in english(locale) if pattern.search(rest)]


@pytest.fixture
async def spoken(
    database_url: str, moving: MovingClock, request: pytest.FixtureRequest
) -> AsyncGenerator[Server]:
    """A server in which everybody's Discord is set to one language."""
    async with (
        open_bot(database_url, SHIPPED, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        speak(env, request.param)
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


@pytest.mark.parametrize(("spoken", "locale"), [(x, x) for x in ASKED_FOR], indirect=["spoken"])
async def test_nothing_is_left_in_english(spoken: Server, locale: str) -> None:
    for name, options in COMMANDS:
        if name == "countdown add":
            options = {**options, "channel": spoken.channel}
        result = await spoken.moderator.slash(spoken.channel, name, **options)
        assert leftovers(locale, text(result)) == [], name
    await spoken.env.advance_time(timedelta(days=20).total_seconds())
    lines = [one for one in spoken.channel.history() if one.embeds]
    assert len(lines) == 4
    for message in lines:
        payload = {"content": message.content, "embeds": [e.to_dict() for e in message.embeds]}
        assert leftovers(locale, read_message(payload)) == []
    result = await spoken.moderator.slash(spoken.channel, "countdown remove", countdown="1")
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


def made_up(folder: Path, releases: dict[str, dict[str, Any]]) -> Path:
    """Shows whose releases are of every kind, two people of one name, and a hidden cameo."""
    cameo = {"person": "kim1", "character": "Geist", "role": "guest", "spoiler": True}
    twins = [records.person(one, "Kim Ji-u", occupations=["singer"]) for one in ("kim1", "kim2")]
    shows = [
        records.title(id, f"Zzz {id}", releases=[release], cast=[cameo], kind="film")
        for id, release in releases.items()
    ]
    return records.write(folder, *twins, *shows)


@pytest.mark.parametrize("locale", ASKED_FOR)
async def test_every_announcement_is_in_the_language(
    tmp_path: Path, moving: MovingClock, locale: str
) -> None:
    folder = made_up(tmp_path / "catalog", RELEASES)
    url = f"sqlite:///{tmp_path / 'own.db'}"
    async with (
        open_bot(url, folder, moving, recheck=NEVER) as bot,
        connected(bot, moving) as env,
    ):
        speak(env, locale)
        server = Server(env)
        for id in RELEASES:
            options = {"title": f"title:{id}", "channel": server.channel, "milestones": "1 0"}
            await server.moderator.slash(server.channel, "countdown add", **options)
        await import_records(server, made_up(folder, {**RELEASES, **CHANGES}))
        await env.advance_time(timedelta(days=200).total_seconds())
        shown = [one for one in server.channel.history() if one.embeds]
        # Six changes; D-1 and the moment, which is before the hour of D-Day; a quarter's four.
        assert len(shown) == 6 + 2 + 4
        for message in shown:
            payload = {"content": message.content, "embeds": [e.to_dict() for e in message.embeds]}
            assert leftovers(locale, read_message(payload)) == []
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


@pytest.mark.parametrize("locale", ASKED_FOR)
async def test_commands_are_named_in_the_language_and_stay_reachable(
    server: Server, locale: str
) -> None:
    for command in server.env.backend.commands[None].values():
        named = command["name_localizations"].get(locale, command["name"])
        assert named == texts_for(locale).gettext(command["name"])
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
async def test_names_and_dates_are_written_as_the_language_does(
    server: Server, locale: str, expected: list[str]
) -> None:
    speak(server.env, locale)
    read = text(await server.slash("release", title="Soul Mate"))
    assert [part for part in expected if part not in read] == []


async def test_announcements_are_in_the_servers_language_and_replies_in_the_members(
    server: Server,
) -> None:
    speak(server.env, "de")
    await server.moderator.slash(
        server.channel, "countdown add", title="Soul Mate", channel=server.channel, language="ko"
    )
    await server.env.advance_time(timedelta(days=7).total_seconds())
    [message] = [one for one in server.channel.history() if one.embeds]
    assert "소울 메이트" in message.content
    assert "Soul Mate" in text(await server.slash("show", title="Soul Mate")).splitlines()[0]


def test_a_missing_text_falls_back_to_english_and_never_to_a_key(tmp_path: Path) -> None:
    (tmp_path / "xx.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Cast"\nmsgstr "Kast"\n')
    texts = texts_for("xx-YY", tmp_path)
    assert texts.gettext("Cast") == "Kast"
    assert texts.gettext("Synopsis") == "Synopsis"
    assert texts.ngettext("{count} show", "{count} shows", 2) == "{count} shows"


def test_a_regions_own_words_come_before_the_languages(tmp_path: Path) -> None:
    (tmp_path / "xx.po").write_text('msgid "Cast"\nmsgstr "A"\n\nmsgid "Release"\nmsgstr "B"\n')
    (tmp_path / "xx-YY.po").write_text('msgid "Cast"\nmsgstr "C"\n\nmsgid "Release"\nmsgstr ""\n')
    texts = texts_for("xx-YY", tmp_path)
    assert (texts.gettext("Cast"), texts.gettext("Release")) == ("C", "B")


async def test_a_person_is_named_as_readers_of_chinese_write_them(server: Server) -> None:
    speak(server.env, "zh-TW")
    assert text(await server.slash("whois", name="Isomura")).startswith("磯村勇斗\n")
