"""What the picture of an announcement shows, and which announcements have one."""

import logging
from datetime import datetime
from typing import Any

import pytest

from bot.announcements.milestones import Milestone, MilestoneKind
from bot.announcements.model import Countdown
from bot.catalog.model import Title
from bot.pictures.picture import PictureContent, draw_picture
from bot.pictures.renderer import PictureRenderer
from bot.ui.announcement_pictures import announcement_picture, picture_content
from tests.announcements.builders import a_countdown, a_title, at, schedule
from tests.ui.builders import ALL_LOCALES, context

DAY = "2026-05-14"
D_7 = Milestone(MilestoneKind.DAYS_LEFT, at("2026-05-07T09:00"), at("2026-05-08"), 7)
D_DAY = Milestone(MilestoneKind.DAYS_LEFT, at("2026-05-14T09:00"), at("2026-05-17"), 0)
OUT = Milestone(MilestoneKind.RELEASED, at("2026-05-14T07:00"), at("2026-05-17"))
NAMES = [
    {"text": "Queen of Tears", "lang": "en", "type": "main"},
    {"text": "눈물의 여왕", "lang": "ko", "type": "original"},
    {"text": "Nunmurui Yeowang", "lang": "ko-Latn", "type": "romanised"},
    {"text": "淚之女王", "lang": "zh-Hant", "type": "main"},
]


def show(window: str | None = DAY, **fields: Any) -> Title:
    release = {"window": window} if window else {}
    return a_title(release, **{"names": NAMES, "original_language": "ko", **fields})


def content(
    title: Title,
    milestone: Milestone = D_7,
    locale: str = "en-US",
    now: datetime | None = None,
    **countdown: Any,
) -> PictureContent | None:
    counted = a_countdown(**{"picture": True, **countdown})
    return picture_content(title, counted, milestone, context(locale, now or milestone.at))


def test_picture_has_the_title_in_its_own_script_and_in_the_language() -> None:
    assert content(show()) == PictureContent(
        title_id="show",
        headline="D-7",
        title="Queen of Tears",
        original="눈물의 여왕",
        event="Premiere",
        date="May 14, 2026",
        language="en",
        original_language="ko",
    )


@pytest.mark.parametrize("locale", ["ko", "zh-TW", "de"])
def test_title_that_is_its_own_original_is_shown_once(locale: str) -> None:
    made = content(show(), locale=locale)
    assert made is not None
    titles = {"ko": "눈물의 여왕", "zh-TW": "淚之女王", "de": "Queen of Tears"}
    assert made.title == titles[locale]
    assert made.original == (None if locale == "ko" else "눈물의 여왕")


@pytest.mark.parametrize(
    ("milestone", "headline"), [(D_7, "D-7"), (D_DAY, "D-Day"), (OUT, "Out now")]
)
def test_headline_is_the_milestone(milestone: Milestone, headline: str) -> None:
    made = content(show("2026-05-14T16:00+09:00"), milestone)
    assert made is not None
    assert made.headline == headline


@pytest.mark.parametrize(
    "kind", [one for one in MilestoneKind if one not in ("days_left", "released")]
)
def test_windows_and_changes_have_no_picture(kind: MilestoneKind) -> None:
    milestone = Milestone(kind, D_7.at, D_7.expires_at)
    assert content(show(), milestone) is None


def test_countdown_without_pictures_has_none() -> None:
    assert content(show(), picture=False) is None


@pytest.mark.parametrize("window", [None, "2026", "2026-05", "2026-Q2", "2026-05-14/2026-05-20"])
def test_no_day_is_shown_that_nobody_announced(window: str | None) -> None:
    assert content(show(window)) is None


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Seoul", "May 15, 2026"), ("America/New_York", "May 14, 2026")]
)
def test_instant_is_shown_as_the_day_in_the_countdowns_time_zone(zone: str, day: str) -> None:
    made = content(show("2026-05-14T23:00+00:00"), schedule=schedule(zone))
    assert made is not None
    assert made.date == day


def test_day_is_the_same_in_every_time_zone() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        made = content(show(), schedule=schedule(zone))
        assert made is not None
        assert made.date == "May 14, 2026"


def test_d_day_that_is_posted_late_has_no_picture() -> None:
    seoul = schedule("Asia/Seoul")
    on_time, late = at("2026-05-14T14:59"), at("2026-05-14T15:01")
    assert content(show(), D_DAY, now=on_time, schedule=seoul) is not None
    assert content(show(), D_DAY, now=late, schedule=seoul) is None
    assert content(show("2026-05-14T16:00+09:00"), OUT, now=late, schedule=seoul) is not None


@pytest.mark.parametrize(
    ("names", "locale", "shown"),
    [
        # Arabic is in none of the fonts.
        (["ko:original:محاسب", "en:main:The Auditors"], "en-US", ("The Auditors", None)),
        (["ko:original:감사합니다", "en:main:The 🔥"], "en-US", ("감사합니다", None)),
        (["en:main:The Auditors", "de:main:🔥"], "de", ("The Auditors", None)),
        (["ko:romanised:Gamsahapnida", "en:main:The Auditors"], "en-US", ("The Auditors", None)),
        (["en:main:A\nShow \u202e*", "ko:original:쇼"], "en-US", ("A Show *", "쇼")),
    ],
)
def test_title_without_glyphs_is_left_out(
    names: list[str], locale: str, shown: tuple[str, str | None]
) -> None:
    texts = [dict(zip(("lang", "type", "text"), name.split(":"), strict=True)) for name in names]
    made = content(show(names=texts), locale=locale)
    assert made is not None
    assert (made.title, made.original) == shown


def test_without_any_title_there_is_no_picture() -> None:
    assert content(show(names=[{"text": "محاسب", "lang": "ar", "type": "main"}])) is None


def test_event_without_glyphs_is_left_out() -> None:
    title = a_title({"event": "🎉", "window": DAY}, names=NAMES)
    made = content(title, release_key="🎉")
    assert made is not None
    assert made.event is None


@pytest.mark.parametrize("locale", ALL_LOCALES)
@pytest.mark.parametrize("milestone", [D_7, D_DAY, OUT])
def test_picture_can_be_drawn_in_every_language(locale: str, milestone: Milestone) -> None:
    made = content(show("2026-05-14T16:00+09:00"), milestone, locale)
    assert made is not None
    assert draw_picture(made)


async def test_file_has_a_name_and_a_description() -> None:
    async with PictureRenderer() as pictures:
        file = await announcement_picture(pictures, show(), counted(), D_7, context(now=D_7.at))
    assert file is not None
    assert file.filename == "countdown.jpg"
    assert file.description == "Queen of Tears · D-7 · Premiere · May 14, 2026"
    assert file.fp.read(2) == b"\xff\xd8"


@pytest.mark.parametrize("failing", ["draw_picture", "MAX_WAIT"])
async def test_failure_is_logged_and_there_is_no_picture(
    failing: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Not callable, or no number: whatever goes wrong.
    monkeypatch.setattr(f"bot.pictures.renderer.{failing}", "broken")
    async with PictureRenderer() as pictures:
        made = await announcement_picture(pictures, show(), counted(), D_7, context(now=D_7.at))
    assert made is None
    [record] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.getMessage() == "countdown 1: no picture of D-7"


async def test_picture_that_takes_too_long_is_logged_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.pictures.renderer.MAX_WAIT", 0)
    async with PictureRenderer() as pictures:
        made = await announcement_picture(pictures, show(), counted(), D_7, context(now=D_7.at))
    assert made is None
    [record] = caplog.records
    assert record.getMessage() == "countdown 1: the picture of D-7 took too long"
    assert record.exc_info is None


def counted() -> Countdown:
    return a_countdown(picture=True)
