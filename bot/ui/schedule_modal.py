"""The modal for a countdown's posting time and milestones.

discord.py does not keep it, so that it can be submitted after a restart.
"""

import re
from dataclasses import dataclass
from typing import Any, Self, cast

from discord import Interaction
from discord.ui import Modal

from bot.announcements.model import Countdown
from bot.ui.markdown import truncate
from bot.ui.modals import TITLE_LIMIT, FormField, add_fields, digest, raw_values
from bot.ui.render_context import RenderContext

_CUSTOM_ID = re.compile(r"schedule:([0-9]{1,18})(?::([0-9a-f]{8}))?")
_TIME, _MILESTONES = "time", "milestones"


class ScheduleModal(Modal):
    """The modal for a countdown's posting time and milestones, filled in with its current ones."""

    def __init__(self, countdown: Countdown, context: RenderContext) -> None:
        _, schedule = context.translations.gettext, countdown.schedule
        super().__init__(
            title=truncate(_("Edit countdown"), TITLE_LIMIT),
            custom_id=f"schedule:{countdown.id}:{schedule_digest(countdown)}",
        )
        post_time = FormField(
            _TIME,
            _("Posting time"),
            f"{schedule.post_time:%H:%M}",
            _("Time of day to post, such as 9:00 PM or 21:00"),
            required=True,
        )
        milestones = FormField(
            _MILESTONES,
            _("Milestones"),
            ", ".join(map(str, schedule.milestone_days)),
            _("Days before the release to post on, such as 100, 30, 7, 1, 0"),
            required=True,
        )
        add_fields(self, [post_time, milestones])


@dataclass(frozen=True, slots=True)
class SubmittedSchedule:
    """What a member submitted with a `ScheduleModal`. It is untrusted."""

    countdown_id: int
    digest: str | None
    """The digest of the schedule that the modal was filled in with, if it has one."""
    post_time: str
    milestones: str

    @classmethod
    def of(cls, interaction: Interaction[Any]) -> Self | None:
        """Return what was submitted, or None if it is another modal."""
        data = cast(dict[str, Any], interaction.data or {})
        match = _CUSTOM_ID.fullmatch(data["custom_id"])
        if match is None:
            return None
        texts = raw_values(interaction)
        return cls(int(match[1]), match[2], texts.get(_TIME, ""), texts.get(_MILESTONES, ""))


def schedule_digest(countdown: Countdown) -> str:
    """Return a digest of the posting time and milestones, to notice that somebody changed them."""
    schedule = countdown.schedule
    shown = f"{schedule.post_time:%H:%M} {schedule.milestone_days}"
    return digest(shown)
