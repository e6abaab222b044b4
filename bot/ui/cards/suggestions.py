"""Cards of suggestions: for curators, and the message that tells the member the outcome."""

from collections.abc import Sequence

from discord import ButtonStyle
from discord.ui import Button as LinkButton
from discord.ui import LayoutView
from discord.utils import format_dt

from bot.catalog.curation import Curator, Suggestion, SuggestionOutcome
from bot.catalog.model import Person, Title
from bot.ui.buttons import CardButton
from bot.ui.curation_buttons import CurationAction, CurationButton, CurationMenu
from bot.ui.layout import (
    BUTTON_URL_LIMIT,
    Button,
    bold,
    card,
    join_dotted,
    join_lines,
    subtext,
    web_url,
)
from bot.ui.links import card_link
from bot.ui.markdown import escape_block, escape_inline, plain_text, truncate
from bot.ui.render_context import RenderContext

_TEXT_LIMIT = 1000
_QUOTE_LIMIT = 500

Record = Title | Person


def suggestion_card(
    suggestion: Suggestion,
    record: Record | None,
    context: RenderContext,
    *,
    waiting: int | None = None,
    decided_by: Curator | None = None,
) -> LayoutView:
    """Return a suggestion with what curators can do with it, or its outcome if it is decided.

    `waiting` is how many suggestions are in the queue; None in a channel.
    """
    _ = context.translations.gettext
    count = None if waiting is None else _("Waiting: {count}").format(count=waiting)
    source = _("Source: {source}").format(source=escape_inline(suggestion.source_url or "", 300))
    return card(
        join_lines(
            f"## {_record_name(suggestion, record, context)}",
            subtext(join_dotted(_("Suggestion"), count)),
        ),
        escape_block(truncate(suggestion.text, _TEXT_LIMIT)),
        join_lines(
            source if suggestion.source_url else None,
            subtext(join_dotted(_who(suggestion.member), format_dt(suggestion.made_at, "f"))),
            _outcome_line(suggestion, decided_by, context),
        ),
        buttons=[] if suggestion.outcome else _decision_buttons(suggestion, context),
        navigation=_navigation(suggestion, record, context, in_queue=waiting is not None),
    )


def no_suggestions_card(context: RenderContext) -> LayoutView:
    """Return the message that there is no suggestion to decide."""
    return card(context.translations.gettext("No suggestions are waiting."))


def outcome_card(
    suggestion: Suggestion, record: Record | None, menu: CurationMenu | None, context: RenderContext
) -> LayoutView:
    """Return what a curator decided, with a menu of what to edit in the record."""
    _ = context.translations.gettext
    text = _outcome_text(suggestion.outcome, context)
    return card(
        join_lines(bold(text), _record_name(suggestion, record, context)),
        escape_block(truncate(suggestion.text, _TEXT_LIMIT)),
        _("Now make the change:") if menu else None,
        menu=menu,
        buttons=[_next_button(suggestion, context)],
    )


def blocked_card(member: Curator, after: int, context: RenderContext) -> LayoutView:
    """Return that a member was blocked, with a button that takes it back."""
    _ = context.translations.gettext
    message = _("{member} can't suggest changes any more. Their open suggestions were declined.")
    return card(
        message.format(member=_who(member)),
        buttons=[
            CurationButton(CurationAction.UNBLOCK, member.user_id, _("Unblock")),
            CurationButton(CurationAction.NEXT_SUGGESTION, after, _("Next suggestion")),
        ],
    )


def thanks_card(record: Record, context: RenderContext) -> LayoutView:
    """Return the reply to a member who made a suggestion."""
    _ = context.translations.gettext
    message = _("Thank you. A curator will look at your suggestion about **{name}**.")
    return card(
        message.format(name=context.name(record)),
        subtext(_("I'll tell you the outcome in a direct message, if I may write to you.")),
    )


def told_card(suggestion: Suggestion, record: Record | None, context: RenderContext) -> LayoutView:
    """Return the message that tells a member what became of their suggestion."""
    _ = context.translations.gettext
    messages = {
        SuggestionOutcome.ACCEPTED: _("Your suggestion about **{name}** was accepted. Thank you."),
        SuggestionOutcome.CHANGED: _(
            "Your suggestion about **{name}** led to a change in the catalog. Thank you."
        ),
        SuggestionOutcome.DECLINED: _(
            "Your suggestion about **{name}** was not accepted this time. Thank you all the same."
        ),
    }
    message = messages[suggestion.outcome or SuggestionOutcome.DECLINED]
    return card(
        message.format(name=_record_name(suggestion, record, context)),
        escape_block(truncate(suggestion.text, _QUOTE_LIMIT)),
        buttons=[_told_button(suggestion, record, context)] if record else [],
    )


def told_mark(suggestion: Suggestion) -> str:
    """Return what identifies the message that tells the outcome, in a custom id."""
    return f"suggestion-{suggestion.id}"


def _told_button(suggestion: Suggestion, record: Record, context: RenderContext) -> CardButton:
    return CardButton(context.label(record), f"{card_link(record)}#{told_mark(suggestion)}")


def _decision_buttons(suggestion: Suggestion, context: RenderContext) -> Sequence[CurationButton]:
    _ = context.translations.gettext
    return [
        CurationButton(CurationAction.ACCEPT, suggestion.id, _("Accept"), ButtonStyle.success),
        CurationButton(CurationAction.CHANGE, suggestion.id, _("Accept with changes")),
        CurationButton(CurationAction.DECLINE, suggestion.id, _("Decline"), ButtonStyle.danger),
        CurationButton(CurationAction.BLOCK, suggestion.id, _("Block member")),
    ]


def _navigation(
    suggestion: Suggestion, record: Record | None, context: RenderContext, *, in_queue: bool
) -> Sequence[Button]:
    return [
        *([CardButton(context.label(record), card_link(record))] if record else []),
        *_source_button(suggestion.source_url or ""),
        *([_next_button(suggestion, context)] if in_queue else []),
    ]


def _source_button(text: str) -> Sequence[Button]:
    url = web_url(text)
    if url is None or len(str(url)) > BUTTON_URL_LIMIT:
        return []
    return [LinkButton(label=plain_text(str(url.host), 80), url=str(url))]


def _next_button(suggestion: Suggestion, context: RenderContext) -> CurationButton:
    label = context.translations.gettext("Next suggestion")
    return CurationButton(CurationAction.NEXT_SUGGESTION, suggestion.id, label)


def _outcome_line(
    suggestion: Suggestion, decided_by: Curator | None, context: RenderContext
) -> str | None:
    if suggestion.outcome is None:
        return None
    who = _who(decided_by) if decided_by else None
    return join_dotted(bold(_outcome_text(suggestion.outcome, context)), who)


def _outcome_text(outcome: SuggestionOutcome | None, context: RenderContext) -> str:
    _ = context.translations.gettext
    texts = {
        SuggestionOutcome.ACCEPTED: _("Accepted"),
        SuggestionOutcome.CHANGED: _("Accepted with changes"),
        SuggestionOutcome.DECLINED: _("Declined"),
    }
    return texts[outcome] if outcome else ""


def _record_name(suggestion: Suggestion, record: Record | None, context: RenderContext) -> str:
    return context.name(record) if record else escape_inline(suggestion.record_id)


def _who(member: Curator) -> str:
    return f"<@{member.user_id}> {escape_inline(member.name, 40)}"
