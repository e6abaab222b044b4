"""Announcements as pure functions: what they say of each milestone, and whom they ping."""

import re
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.announcements.milestones import Milestone, MilestoneKind, plan_milestones
from bot.announcements.model import ReleaseState
from bot.catalog.model import Release
from bot.i18n import get_translations
from bot.ui.announcements import Announcement, build_announcement, milestone_label
from bot.ui.render_context import RenderContext
from tests.announcements.builders import a_countdown, a_title, at, schedule, state
from tests.ui.builders import SEOUL, largest_countdown, message_body

NOW = at("2026-05-14T12:00")
MARK = "0123456789abcdef"
STATUSES = ["announced", "confirmed", "postponed", "cancelled", None]


def context(now: datetime = NOW, locale: str = "en-US") -> RenderContext:
    return RenderContext(get_translations(locale), now)


def milestone(kind: MilestoneKind, days: int | None = None, now: datetime = NOW) -> Milestone:
    return Milestone(kind, now, now + timedelta(days=3), days)


def announced(
    what: Milestone, before: ReleaseState | None = None, now: datetime = NOW, **release: Any
) -> Announcement:
    title, countdown = a_title(release), a_countdown(schedule=SEOUL)
    return build_announcement(title, countdown, what, before, context(now), MARK)


def unix(text: str) -> int:
    return int(at(text).timestamp())


DAY = f"<t:{unix('2026-05-14T12:00+09:00')}:D>"
MOMENT = f"<t:{unix('2026-05-14T16:00+09:00')}:F> (<t:{unix('2026-05-14T16:00+09:00')}:R>)"


@pytest.mark.parametrize(
    ("kind", "days", "window", "line"),
    [
        (MilestoneKind.DAYS_LEFT, 100, "2026-05-14",
         f"**A Show** D-100 · 100 days left · Premiere: {DAY}"),
        (MilestoneKind.DAYS_LEFT, 1, "2026-05-14",
         f"**A Show** D-1 · 1 day left · Premiere: {DAY}"),
        (MilestoneKind.DAYS_LEFT, 0, "2026-05-14", f"**A Show** D-Day! · Premiere today: {DAY}"),
        (MilestoneKind.DAYS_LEFT, 7, "2026-05-14T16:00+09:00",
         f"**A Show** D-7 · 7 days left · Premiere: {MOMENT}"),
        (MilestoneKind.RELEASED, None, "2026-05-14T16:00+09:00",
         f"**A Show** is out now! Premiere: {MOMENT}"),
        (MilestoneKind.OPENS, None, "2026-H1",
         "**A Show** · Premiere: the announced window has started (1st half of 2026). No "
         "exact date yet."),
        (MilestoneKind.HALFWAY, None, "2026",
         "**A Show** · Premiere: halfway through the announced window (2026), still no exact "
         "date."),
        (MilestoneKind.LAST_MONTH, None, "2026-Q2",
         "**A Show** · Premiere: the last month of the announced window has started (2nd "
         "quarter 2026). No exact date yet."),
        (MilestoneKind.CLOSED, None, "2026-04",
         "**A Show** · Premiere: the announced window (April 2026) has ended without a date."),
    ],
)  # fmt: skip
async def test_content_of_each_milestone(
    kind: MilestoneKind, days: int | None, window: str, line: str
) -> None:
    shown = announced(milestone(kind, days), window=window)
    assert shown.content == line


@pytest.mark.parametrize(
    ("event", "content"),
    [
        ("premiere", f"**A Show** is out now! Premiere: {MOMENT}"),
        # The show is out already: its finale is.
        ("finale", f"**A Show** · Finale: out now! {MOMENT}"),
    ],
)
async def test_release_of_another_event_does_not_announce_the_show(
    event: str, content: str
) -> None:
    title = a_title({"window": "2026-05-14T16:00+09:00", "event": event})
    countdown = a_countdown(schedule=SEOUL, release_key=event)
    what = milestone(MilestoneKind.RELEASED)
    shown = build_announcement(title, countdown, what, None, context(), MARK)
    assert shown.content == content


@pytest.mark.parametrize(("locale", "noted"), [("en-US", True), ("ja", False)])
async def test_premise_in_another_language_names_the_language(locale: str, noted: bool) -> None:
    title = a_title(
        {"window": "2026-05-14"}, premise={"ja": "ふたりの物語"}, original_language="ja"
    )
    what = milestone(MilestoneKind.DAYS_LEFT, 7)
    shown = build_announcement(
        title, a_countdown(schedule=SEOUL), what, None, context(locale=locale), MARK
    )
    assert "ふたりの物語" in (shown.embed.description or "")
    assert ("In Japanese" in (shown.embed.description or "")) is noted


@pytest.mark.parametrize(
    ("now", "said"),
    [
        # By the days of the countdown's time zone: Seoul is nine hours ahead of UTC.
        ("2026-05-14T09:00+09:00", "D-Day! · Premiere today"),
        ("2026-05-14T23:59+09:00", "D-Day! · Premiere today"),
        ("2026-05-15T00:00+09:00", "· In case you missed it: Premiere,"),
        ("2026-05-17T08:59+09:00", "· In case you missed it: Premiere,"),
    ],
)
async def test_late_d_day_is_worded_as_past(now: str, said: str) -> None:
    day = milestone(MilestoneKind.DAYS_LEFT, 0, at("2026-05-14T09:00+09:00"))
    shown = announced(day, now=at(now), window="2026-05-14")
    assert shown.content.startswith(f"**A Show** {said}")


@pytest.mark.parametrize(
    ("before", "release", "said"),
    [
        (state("2025", "announced"), {"window": "2026-05-14", "status": "announced"},
         "moved from 2025 to May 14, 2026."),
        (state("2026", "announced"), {"window": "2026-05-14", "status": "confirmed"},
         "set for May 14, 2026 (previously 2026)."),
        (state("2026-05-14", "announced"), {"window": "2026-05", "status": "announced"},
         "moved from May 14, 2026 to May 2026."),
        (state("2026-05-14", "announced"), {"window": "2027-H2"},
         "moved from May 14, 2026 to 2nd half of 2027."),
        (state("2026-05-14", "confirmed"), {"window": "2026-05-14", "status": "postponed"},
         "postponed. No new date yet."),
        (state("2026-05-14", "confirmed"), {"status": "postponed"}, "postponed. No new date yet."),
        (state("2026-05-14"), {"window": "2026-05-14", "status": "cancelled"}, "canceled."),
        (state(), {"status": "cancelled"}, "canceled."),
        (state("2026-05-14", "announced"), {"window": "2026-05-14", "status": "confirmed"},
         "confirmed for May 14, 2026."),
        (state("2026-05-14", "announced"), {"status": "announced"},
         "no longer May 14, 2026. No new date yet."),
        (state(status="announced"), {"window": "2026-11", "status": "announced"},
         "announced for November 2026."),
    ],
)  # fmt: skip
async def test_content_of_each_change(
    before: ReleaseState, release: dict[str, Any], said: str
) -> None:
    shown = announced(milestone(MilestoneKind.CHANGED), before, **release)
    assert shown.content == f"**A Show** · Premiere: {said}"


@pytest.mark.parametrize(
    ("before", "window", "status"),
    [
        *product(
            [state("2026"), state("2026-05-14", "announced")],
            ["2026", "2027-01-01", None],
            STATUSES,
        ),
        *product([state(), state(status="announced")], ["2026", "2027-01-01"], STATUSES),
        *product([state(), state(status="announced")], [None], ["postponed", "cancelled"]),
    ],
)
async def test_content_of_a_change_never_says_none(
    before: ReleaseState, window: str | None, status: str | None
) -> None:
    shown = announced(milestone(MilestoneKind.CHANGED), before, window=window, status=status)
    assert "None" not in shown.content


async def test_day_is_a_timestamp_at_noon_of_the_countdowns_time_zone() -> None:
    shown = announced(milestone(MilestoneKind.DAYS_LEFT, 7), window="2026-05-14")
    noon = at("2026-05-14T12:00+09:00")
    assert f"<t:{int(noon.timestamp())}:D>" in shown.content


async def test_only_the_chosen_role_is_an_allowed_mention() -> None:
    title = a_title({"window": "2026-05-14", "event": "@everyone <@&666> <@1>"})
    for role_id, roles in ((777, [777]), (None, None)):
        countdown = a_countdown(role_id=role_id, release_key="@everyone <@&666> <@1>")
        shown = build_announcement(
            title, countdown, milestone(MilestoneKind.RELEASED), None, context(), MARK
        )
        allowed = shown.mentions.to_dict()
        assert allowed["parse"] == []
        assert allowed.get("roles") == roles
        assert not allowed.get("users")
        assert not allowed.get("replied_user")
        assert shown.content.startswith("<@&777> **A Show**") is bool(role_id)
        # Mentions within names are escaped.
        assert len(re.findall(r"<@[&!]?\d+>", shown.content)) == bool(role_id)


async def test_embed_shows_place_status_premise_and_source() -> None:
    source = {"id": "s", "title": "A report", "publisher": "The Paper", "published": "2026-03"}
    release = {"window": "2026-H1", "status": "announced", "network": "Netflix",
               "region": "worldwide", "source": "s", "checked": "2026-04-01"}  # fmt: skip
    title = a_title(
        release,
        sources=[source],
        premise={"en": "Two men meet.", "ko": "두 남자"},
        poster="https://example.org/p.png",
    )
    countdown = a_countdown(release_key="premiere · Netflix · worldwide")
    shown = build_announcement(
        title, countdown, milestone(MilestoneKind.OPENS), None, context(), MARK
    )
    embed = shown.embed
    assert embed.title == "A Show"
    lines = (embed.description or "").splitlines()
    assert lines[0] == "**Premiere** 1st half of 2026"
    assert lines[2:] == ["Netflix · worldwide · Announced", "Two men meet."]
    # The first and the last day of the window, each as a timestamp.
    noons = [unix("2026-01-01T12:00"), unix("2026-06-30T12:00")]
    assert lines[1] == " – ".join(f"<t:{noon}:D>" for noon in noons)
    [field] = embed.fields
    assert field.value == "A report, The Paper (March 2026) · checked April 1, 2026"
    assert embed.thumbnail.url == "https://example.org/p.png"


async def test_names_in_the_embed_format_nothing() -> None:
    hostile = "[*x*](https://x.example)\u202e\x00\u061c"
    title = a_title(
        {"window": "2026", "event": hostile, "network": hostile},
        names=[{"text": hostile, "lang": "en", "type": "main"}],
    )
    countdown = a_countdown(release_key=f"{hostile} · {hostile}")
    shown = build_announcement(
        title, countdown, milestone(MilestoneKind.OPENS), None, context(), MARK
    )
    escaped = r"\[\*x\*\](https\://x.example)"
    assert shown.embed.title == escaped
    assert shown.content.startswith(f"**{escaped}** · {escaped}: the announced")
    assert f"**{escaped}** 2026" in (shown.embed.description or "")


async def test_button_opens_the_show_and_carries_the_delivery_mark() -> None:
    [row] = announced(milestone(MilestoneKind.RELEASED), window="2026").view.to_components()
    [button] = row["components"]
    assert button["custom_id"] == f"card:show/show#{MARK}"
    assert button["label"] == "More info"


@pytest.mark.parametrize("locale", ["en-US", "ko", "de", "pt-BR"])
@pytest.mark.parametrize(
    "window", ["2026", "2026-05-14", "2026-05-14T16:00+09:00", "2026-01-01/2026-12-31", None]
)
@pytest.mark.parametrize("kind", MilestoneKind)
async def test_announcement_fits_into_a_message(
    kind: MilestoneKind, window: str | None, locale: str
) -> None:
    title, countdown = largest_countdown({"window": window, "status": "announced", "season": 999})
    days = 1000 if kind is MilestoneKind.DAYS_LEFT else None
    before = state("2025-01-01/2025-12-31", "announced")
    shown = build_announcement(
        title, countdown, milestone(kind, days), before, context(NOW, locale), MARK
    )
    message_body(
        content=shown.content, embed=shown.embed, view=shown.view, allowed_mentions=shown.mentions
    )


async def test_source_is_not_cut_within_its_link() -> None:
    title, countdown = largest_countdown({"window": "2026"})
    shown = build_announcement(
        title, countdown, milestone(MilestoneKind.OPENS), None, context(), MARK
    )
    [field] = shown.embed.fields
    assert field.value is not None
    assert field.value.count("](<") == field.value.count(">)")


async def test_every_milestone_has_a_label() -> None:
    everything = [
        *plan_milestones(Release.model_validate({"window": "2026"}), schedule()),
        *plan_milestones(Release.model_validate({"window": "2026-05-14T22:00+09:00"}), schedule()),
        milestone(MilestoneKind.CHANGED),
    ]
    labels = [milestone_label(one, context()) for one in everything]
    assert "D-7" in labels
    assert "D-Day" in labels
    assert "Out now" in labels
    assert all(labels)
    assert {one.kind for one in everything} == set(MilestoneKind)
