"""Says what the picture of an announcement shows, and draws it."""

import logging
from collections.abc import Iterable
from io import BytesIO

from discord import File

from bot.announcements.local_time import local_day
from bot.announcements.milestones import Milestone, MilestoneKind
from bot.announcements.model import Countdown
from bot.catalog.display_names import best_name
from bot.catalog.model import NameType, Title
from bot.pictures.picture import FILE_NAME, PictureContent, is_showable
from bot.pictures.renderer import PictureRenderer
from bot.ui.announcements import milestone_label
from bot.ui.cards.releases import event_label
from bot.ui.date_format import format_day
from bot.ui.layout import join_dotted
from bot.ui.markdown import plain_text, unescape
from bot.ui.render_context import RenderContext

_log = logging.getLogger(__name__)

_NAME_LIMIT = 80
_DAY_KINDS = (MilestoneKind.DAYS_LEFT, MilestoneKind.RELEASED)
_OWN_NAME_TYPES = (NameType.MAIN, NameType.ORIGINAL, NameType.ALIAS)


async def announcement_picture(
    renderer: PictureRenderer,
    title: Title,
    countdown: Countdown,
    milestone: Milestone,
    context: RenderContext,
) -> File | None:
    """Return the picture to attach to an announcement, or None if it has none.

    No error may keep an announcement from being posted, so errors are only logged.
    """
    try:
        content = picture_content(title, countdown, milestone, context)
        if content is None:
            return None
        data = await renderer.render(content)
    except TimeoutError:
        _log.warning("countdown %d: the picture of %s took too long", countdown.id, milestone.key)
        return None
    except Exception:
        _log.exception("countdown %d: no picture of %s", countdown.id, milestone.key)
        return None
    description = join_dotted(content.title, content.headline, content.event, content.date)
    return File(BytesIO(data), FILE_NAME, description=description)


def picture_content(
    title: Title, countdown: Countdown, milestone: Milestone, context: RenderContext
) -> PictureContent | None:
    """Return what the picture of a milestone shows.

    None if countdowns are without pictures, or if the milestone has none: only days before a
    release, its day and the release itself have.
    """
    release, zone = countdown.find_release(title), countdown.schedule.timezone
    window = release.window if release else None
    if not countdown.picture or milestone.kind not in _DAY_KINDS or release is None:
        return None
    if window is None or not window.is_exact:
        return None
    late = local_day(context.now, zone) > local_day(milestone.at, zone)
    if late and milestone.kind is MilestoneKind.DAYS_LEFT:
        return None
    own_language = (title.original_language or "").partition("-")[0]
    own = _first_showable([_own_name(title, own_language)])
    name = _first_showable([context.label(title), own, best_name(title.names, "en")])
    if name is None:
        return None
    return PictureContent(
        title_id=title.id,
        headline=milestone_label(milestone, context),
        title=name,
        original=None if own is None or own.casefold() == name.casefold() else own,
        event=_first_showable([unescape(event_label(release, context))]),
        date=format_day(context.translations, window.first_day(zone)),
        language=context.translations.language,
        original_language=own_language,
    )


def _own_name(title: Title, language: str) -> str | None:
    """Return the name of a title in its original language, in its own script."""
    own = [
        name
        for name in title.names
        if name.type is NameType.ORIGINAL
        or (name.lang.partition("-")[0] == language and name.type in _OWN_NAME_TYPES)
    ]
    return best_name(own, language) if own else None


def _first_showable(texts: Iterable[str | None]) -> str | None:
    """Return the first text that the fonts of pictures can show, or None."""
    plain = (plain_text(text, _NAME_LIMIT) for text in texts if text)
    return next((text for text in plain if text and is_showable(text)), None)
