"""Announcements as pure functions: what they say of which occasion, and whom they ping."""

import re
from datetime import datetime, time, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.catalog.model import Release, Title
from bot.countdown.model import Countdown, PauseReason
from bot.countdown.occasions import Kind, Occasion, Schedule, occasions
from bot.countdown.ports import LastingError
from bot.desk import NoSuchEventError
from bot.store.countdowns import AlreadyThereError, TooManyError
from bot.text import texts_for
from bot.ui.announcements import Announcement, announcement, label
from bot.ui.cards.countdowns import PAGE, countdown_card, list_card
from bot.ui.notices import paused_because, paused_notice, refusal
from bot.ui.reader import Reader
from tests.countdown.making import a_countdown, a_title, at, schedule
from tests.ui.test_cards import crowded, read, sent

NOW = at("2026-05-14T12:00")
SEOUL = Schedule((100, 7, 1, 0), time(9), ZoneInfo("Asia/Seoul"))
MARK = "0123456789abcdef"
STATUSES = ["announced", "confirmed", "postponed", "cancelled", None]


def reader(now: datetime = NOW, locale: str = "en-US") -> Reader:
    return Reader(texts_for(locale), now)


def occasion(kind: Kind, days: int | None = None, now: datetime = NOW) -> Occasion:
    return Occasion(kind, now, now + timedelta(days=3), days)


def announced(
    what: Occasion, before: str = "", now: datetime = NOW, **release: Any
) -> Announcement:
    title, countdown = a_title(release), a_countdown(schedule=SEOUL)
    return announcement(title, countdown, what, before, reader(now), MARK)


def unix(text: str) -> int:
    return int(at(text).timestamp())


DAY = f"<t:{unix('2026-05-14T12:00+09:00')}:D>"
MOMENT = f"<t:{unix('2026-05-14T16:00+09:00')}:F> (<t:{unix('2026-05-14T16:00+09:00')}:R>)"


@pytest.mark.parametrize(
    ("kind", "days", "window", "line"),
    [
        (Kind.DAYS_LEFT, 100, "2026-05-14",
         f"**A Show** D-100 · 100 days left · Premiere: {DAY}"),
        (Kind.DAYS_LEFT, 1, "2026-05-14", f"**A Show** D-1 · 1 day left · Premiere: {DAY}"),
        (Kind.DAYS_LEFT, 0, "2026-05-14", f"**A Show** D-Day! · Premiere is today: {DAY}"),
        (Kind.DAYS_LEFT, 7, "2026-05-14T16:00+09:00",
         f"**A Show** D-7 · 7 days left · Premiere: {MOMENT}"),
        (Kind.OUT, None, "2026-05-14T16:00+09:00", f"**A Show** is out now! Premiere: {MOMENT}"),
        (Kind.OPENS, None, "2026-H1",
         "**A Show** · Premiere: the time announced begins (first half of 2026). "
         "No day is known yet."),
        (Kind.HALF, None, "2026",
         "**A Show** · Premiere: half of the time announced (2026) has passed, "
         "and no day is known yet."),
        (Kind.LAST_MONTH, None, "2026-Q2",
         "**A Show** · Premiere: the last month of the time announced begins "
         "(2nd quarter 2026). No day is known yet."),
        (Kind.CLOSED, None, "2026-04",
         "**A Show** · Premiere: the time announced (April 2026) has ended without a date."),
    ],
)  # fmt: skip
async def test_one_line_says_it_all(kind: Kind, days: int | None, window: str, line: str) -> None:
    shown = announced(occasion(kind, days), window=window)
    assert shown.content == line


@pytest.mark.parametrize(
    ("now", "said"),
    [
        # As the channel's zone counts days: in Seoul it is nine hours later.
        ("2026-05-14T09:00+09:00", "D-Day! · Premiere is today"),
        ("2026-05-14T23:59+09:00", "D-Day! · Premiere is today"),
        ("2026-05-15T00:00+09:00", "D-Day has passed · Premiere was on"),
        ("2026-05-17T08:59+09:00", "D-Day has passed · Premiere was on"),
    ],
)
async def test_a_late_d_day_is_worded_as_past(now: str, said: str) -> None:
    day = occasion(Kind.DAYS_LEFT, 0, at("2026-05-14T09:00+09:00"))
    shown = announced(day, now=at(now), window="2026-05-14")
    assert shown.content.startswith(f"**A Show** {said}")


@pytest.mark.parametrize(
    ("before", "release", "said"),
    [
        ("2025|announced", {"window": "2026-05-14", "status": "announced"},
         "moved from 2025 to May 14, 2026."),
        ("2026-05-14|announced", {"window": "2027-H2"},
         "moved from May 14, 2026 to second half of 2027."),
        ("2026-05-14|confirmed", {"window": "2026-05-14", "status": "postponed"},
         "postponed; no new date is known."),
        ("2026-05-14|confirmed", {"status": "postponed"}, "postponed; no new date is known."),
        ("2026-05-14|", {"window": "2026-05-14", "status": "cancelled"}, "cancelled."),
        ("|", {"status": "cancelled"}, "cancelled."),
        ("2026-05-14|announced", {"window": "2026-05-14", "status": "confirmed"},
         "May 14, 2026 is confirmed."),
        ("2026-05-14|announced", {"status": "announced"},
         "May 14, 2026 no longer holds; no new date is known."),
        ("|announced", {"window": "2026-11", "status": "announced"},
         "announced for November 2026."),
    ],
)  # fmt: skip
async def test_each_change_is_worded_for_what_it_is(
    before: str, release: dict[str, Any], said: str
) -> None:
    shown = announced(occasion(Kind.CHANGED), before, **release)
    assert shown.content == f"**A Show** · Premiere: {said}"


@pytest.mark.parametrize(
    ("before", "window", "status"),
    [
        *product(["2026|", "2026-05-14|announced"], ["2026", "2027-01-01", None], STATUSES),
        *product(["|", "|announced"], ["2026", "2027-01-01"], STATUSES),
        *product(["|", "|announced"], [None], ["postponed", "cancelled"]),
    ],
)
async def test_no_change_is_worded_of_nothing(
    before: str, window: str | None, status: str | None
) -> None:
    shown = announced(occasion(Kind.CHANGED), before, window=window, status=status)
    assert "None" not in shown.content


async def test_a_date_is_that_day_for_readers_nearly_everywhere() -> None:
    shown = announced(occasion(Kind.DAYS_LEFT, 7), window="2026-05-14")
    noon = at("2026-05-14T12:00+09:00")
    assert f"<t:{int(noon.timestamp())}:D>" in shown.content


async def test_only_the_chosen_role_may_be_pinged() -> None:
    title = a_title({"window": "2026-05-14", "event": "@everyone <@&666> <@1>"})
    for role_id, roles in ((777, [777]), (None, None)):
        countdown = a_countdown(role_id=role_id, slot="@everyone <@&666> <@1>")
        shown = announcement(title, countdown, occasion(Kind.OUT), "", reader(), MARK)
        allowed = shown.mentions.to_dict()
        assert allowed["parse"] == []
        assert allowed.get("roles") == roles
        assert not allowed.get("users")
        assert not allowed.get("replied_user")
        assert shown.content.startswith("<@&777> **A Show**") is bool(role_id)
        # What a name holds of mentions is none any more.
        assert len(re.findall(r"<@[&!]?\d+>", shown.content)) == bool(role_id)


async def test_the_embed_says_where_and_by_whom() -> None:
    source = {"id": "s", "title": "A report", "publisher": "The Paper", "published": "2026-03"}
    release = {"window": "2026-H1", "status": "announced", "network": "Netflix",
               "region": "worldwide", "source": "s", "checked": "2026-04-01"}  # fmt: skip
    title = a_title(
        release,
        sources=[source],
        premise={"en": "Two men meet.", "ko": "두 남자"},
        poster="https://example.org/p.png",
    )
    countdown = a_countdown(slot="premiere · Netflix · worldwide")
    shown = announcement(title, countdown, occasion(Kind.OPENS), "", reader(), MARK)
    embed = shown.embed
    assert embed.title == "A Show"
    lines = (embed.description or "").splitlines()
    assert lines[0] == "**Premiere** first half of 2026"
    assert lines[2:] == ["Netflix · worldwide · Announced", "Two men meet."]
    # The bounds of a window, each as a date by the reader's own calendar.
    noons = [unix("2026-01-01T12:00"), unix("2026-06-30T12:00")]
    assert lines[1] == " – ".join(f"<t:{noon}:D>" for noon in noons)
    [field] = embed.fields
    assert field.value == "A report, The Paper (March 2026) · checked April 1, 2026"
    assert embed.thumbnail.url == "https://example.org/p.png"


async def test_the_button_leads_to_the_show_and_carries_the_mark() -> None:
    [row] = announced(occasion(Kind.OUT), window="2026").view.to_components()
    [button] = row["components"]
    assert button["custom_id"] == f"card:show/show#{MARK}"
    assert button["label"] == "About the show"


def longest(release: dict[str, Any]) -> tuple[Title, Countdown]:
    title, _crowd = crowded()
    long = "*_`~|<@1>[]() " * 21
    one = Release.model_validate(
        {"network": long, "region": long, "note": long, "source": "s", "event": long, **release}
    )
    title = title.model_copy(update={"releases": (one,)})
    return title, a_countdown(slot=one.slot_name, role_id=2**63, schedule=SEOUL)


@pytest.mark.parametrize("locale", ["en-US", "ko", "de", "pt-BR"])
@pytest.mark.parametrize(
    "window", ["2026", "2026-05-14", "2026-05-14T16:00+09:00", "2026-01-01/2026-12-31", None]
)
@pytest.mark.parametrize("kind", Kind)
async def test_it_fits_into_a_message_whatever_the_facts(
    kind: Kind, window: str | None, locale: str
) -> None:
    title, countdown = longest({"window": window, "status": "announced", "season": 999})
    days = 1000 if kind is Kind.DAYS_LEFT else None
    before = "2025-01-01/2025-12-31|announced"
    shown = announcement(title, countdown, occasion(kind, days), before, reader(NOW, locale), MARK)
    sent(content=shown.content, embed=shown.embed, view=shown.view, allowed_mentions=shown.mentions)


async def test_a_source_is_never_cut_in_the_middle_of_its_link() -> None:
    title, countdown = longest({"window": "2026"})
    shown = announcement(title, countdown, occasion(Kind.OPENS), "", reader(), MARK)
    [field] = shown.embed.fields
    assert field.value is not None
    assert field.value.count("](<") == field.value.count(">)")


async def test_every_occasion_of_a_release_has_a_label() -> None:
    everything = [
        *occasions(Release.model_validate({"window": "2026"}), schedule()),
        *occasions(Release.model_validate({"window": "2026-05-14T22:00+09:00"}), schedule()),
        occasion(Kind.CHANGED),
    ]
    labels = [label(one, reader()) for one in everything]
    assert "D-7" in labels
    assert "D-Day" in labels
    assert "out now" in labels
    assert all(labels)
    assert {one.kind for one in everything} == set(Kind)


@pytest.mark.parametrize("reason", PauseReason)
async def test_why_a_countdown_rests_is_said_with_what_to_do(reason: PauseReason) -> None:
    title = a_title({"window": "2026"})
    notice = paused_notice(title, a_countdown(), reason, reader())
    assert notice.startswith("The countdown to **A Show** in <#100> is paused")
    assert paused_because(reason, reader()) in notice
    sent(content=notice)
    assert LastingError(reason).reason is reason


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AlreadyThereError(a_countdown()), "<#100> is counted down to that already"),
        (TooManyError(), "A server may have 100 countdowns"),
        (NoSuchEventError("finale"), "no such release"),
    ],
)
async def test_what_is_refused_is_refused_with_what_to_do(error: Exception, said: str) -> None:
    assert said in (refusal(error, reader()) or "")
    assert refusal(ValueError(), reader()) is None


async def test_a_page_of_countdowns_fits_into_a_message_whatever_the_facts() -> None:
    title, countdown = longest({"window": "2026"})
    ahead = occasions(title.releases[0], SEOUL)
    read(countdown_card("The countdown is set", title, countdown, ahead, ["x"] * 9, reader()))
    many = [countdown] * (PAGE + 1)
    titles = {countdown.title_id: title}
    assert "1/2" in read(list_card(many, titles, 0, reader()))
    assert "2/2" in read(list_card(many, titles, 9, reader()))
    assert "Begin with /countdown add" in read(list_card([], {}, 1, reader()))
