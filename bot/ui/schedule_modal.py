"""The modal for a countdown's posting time and milestones.

discord.py does not keep it, so that it can be submitted after a restart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self, cast
from zlib import crc32

from discord import ComponentType, Interaction
from discord.ui import Label, Modal, TextInput

from bot.announcements.model import Countdown
from bot.ui.markdown import truncate
from bot.ui.render_context import RenderContext

_CUSTOM_ID = re.compile(r"schedule:([0-9]{1,18})(?::([0-9a-f]{8}))?")
_TIME, _MILESTONES = "time", "milestones"

# Of a modal's title and labels.
_TITLE_LIMIT = 45


class ScheduleModal(Modal):
    """The modal for a countdown's posting time and milestones, filled in with its current ones."""

    def __init__(self, countdown: Countdown, context: RenderContext) -> None:
        _ = context.translations.gettext
        super().__init__(
            title=truncate(_("Edit countdown"), _TITLE_LIMIT),
            custom_id=f"schedule:{countdown.id}:{schedule_digest(countdown)}",
        )
        schedule = countdown.schedule
        self._add_text(
            _TIME,
            _("Posting time"),
            _("Time of day to post, such as 9:00 PM or 21:00"),
            f"{schedule.post_time:%H:%M}",
        )
        self._add_text(
            _MILESTONES,
            _("Milestones"),
            _("Days before the release to post on, such as 100, 30, 7, 1, 0"),
            ", ".join(map(str, schedule.milestone_days)),
        )
        # discord.py keeps only modals that are not finished.
        self.stop()

    def _add_text(self, custom_id: str, label: str, description: str, current: str) -> None:
        text: TextInput[Any] = TextInput(custom_id=custom_id, default=current, max_length=300)
        label = truncate(label, _TITLE_LIMIT)
        self.add_item(Label(text=label, description=description, component=text))


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
        texts = dict(_submitted_texts(data["components"]))
        return cls(int(match[1]), match[2], texts.get(_TIME, ""), texts.get(_MILESTONES, ""))


def schedule_digest(countdown: Countdown) -> str:
    """Return a digest of the posting time and milestones, to notice that somebody changed them."""
    schedule = countdown.schedule
    shown = f"{schedule.post_time:%H:%M} {schedule.milestone_days}"
    return f"{crc32(shown.encode()):08x}"


def _submitted_texts(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the custom ids and values of the text inputs in the labels of a modal."""
    for label in components:
        match label.get("component"):
            case {
                "type": ComponentType.text_input.value,
                "custom_id": str(name),
                "value": str(text),
            }:
                yield name, text
            case _:
                pass
