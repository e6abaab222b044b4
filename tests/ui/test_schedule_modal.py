"""The modal of a countdown, in every language."""

import pytest
from simcord.components import validate_modal

from bot.announcements.parsing import MAX_DAYS, MAX_MILESTONES, parse_milestones
from bot.ui.schedule_modal import ScheduleModal
from tests.announcements.builders import a_countdown
from tests.ui.builders import ALL_LOCALES, SEOUL, context


@pytest.mark.parametrize("locale", ALL_LOCALES)
async def test_modal_fits_and_its_values_can_be_submitted_as_they_are(locale: str) -> None:
    days = tuple(range(MAX_DAYS, MAX_DAYS - MAX_MILESTONES, -1))
    countdown = a_countdown(schedule=type(SEOUL)(days, SEOUL.post_time, SEOUL.timezone))
    modal = validate_modal(ScheduleModal(countdown, context(locale)).to_dict())
    assert len(modal["title"]) <= 45
    _time, milestones = (label["component"]["value"] for label in modal["components"])
    assert parse_milestones(milestones) == days
    for label in modal["components"]:
        assert len(label["component"]["value"]) <= label["component"]["max_length"]
