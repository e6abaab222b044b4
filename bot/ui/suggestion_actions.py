"""What members do to suggest a change, and what curators do with suggestions."""

import logging
from collections.abc import Mapping
from typing import Any

from discord import Interaction

from bot.catalog.curation import (
    BlockedMemberError,
    Suggestion,
    SuggestionLimitError,
    SuggestionOutcome,
)
from bot.catalog.model import Person, Title
from bot.errors import BonbangError, UserError
from bot.ui.cards.edits import refused_card
from bot.ui.cards.history import edit_menu
from bot.ui.cards.suggestions import (
    blocked_card,
    no_suggestions_card,
    outcome_card,
    suggestion_card,
    thanks_card,
)
from bot.ui.channels import GuildChannelOrThread
from bot.ui.curation_buttons import CurationAction
from bot.ui.curation_drafts import Draft
from bot.ui.curation_edits import curator_of, draft_of
from bot.ui.curation_history import record_of_path
from bot.ui.interaction_context import context_of, services_of
from bot.ui.layout import card, web_url
from bot.ui.permissions import missing_permissions, require_can_post
from bot.ui.render_context import RenderContext
from bot.ui.responses import respond, respond_with_modal, start_auto_defer
from bot.ui.suggestion_modal import (
    SOURCE,
    TEXT,
    SubmittedSuggestion,
    SuggestionModal,
    suggestion_fields,
)
from bot.ui.suggestion_outcomes import tell_outcomes
from bot.ui.suggestion_posts import post, record_of, update_post

_log = logging.getLogger(__name__)

_QUEUE_LIMIT = 500
OUTCOMES = {
    CurationAction.ACCEPT: SuggestionOutcome.ACCEPTED,
    CurationAction.CHANGE: SuggestionOutcome.CHANGED,
    CurationAction.DECLINE: SuggestionOutcome.DECLINED,
}


async def open_suggestion(
    interaction: Interaction[Any],
    record: Title | Person,
    typed: Mapping[str, str] | None = None,
) -> None:
    """Open the modal for a suggestion about a record."""
    modal = SuggestionModal(record, typed or {}, context_of(interaction))
    await respond_with_modal(interaction, modal)


async def suggest_again(interaction: Interaction[Any], key: str) -> None:
    """Open the modal of a suggestion again, with what was typed in it. Raises UserError."""
    draft = draft_of(interaction, key)
    record = record_of_path(interaction, draft.form.partition(":")[2])
    await open_suggestion(interaction, record, draft.values)


async def submit_suggestion(interaction: Interaction[Any], submitted: SubmittedSuggestion) -> None:
    """Store a suggestion, and post it for curators. What cannot be stored is shown again."""
    start_auto_defer(interaction)
    text, url = (submitted.values.get(name, "").strip() for name in (TEXT, SOURCE))
    if problem := _problem(text, url, interaction):
        await _refuse(interaction, submitted, problem)
        return
    try:
        record = record_of_path(interaction, submitted.path)
        suggestion = await _store(interaction, record, text, url)
    except BonbangError as error:
        await _refuse(interaction, submitted, {"": _refusal(error, interaction)})
        return
    await respond(interaction, thanks_card(record, context_of(interaction)), private=True)
    await post(interaction.client, suggestion)


async def _store(
    interaction: Interaction[Any], record: Title | Person, text: str, url: str
) -> Suggestion:
    member, language = curator_of(interaction), interaction.locale.value
    curation = services_of(interaction).curation
    return await curation.suggest(record, text, url or None, member, language)


async def show_suggestion(interaction: Interaction[Any], after: int = 0) -> None:
    """Reply with the open suggestion after the one with this id; behind the last, the first."""
    curation, context = services_of(interaction).curation, context_of(interaction)
    waiting = await curation.suggestions(_QUEUE_LIMIT)
    if not waiting:
        await respond(interaction, no_suggestions_card(context), private=True)
        return
    suggestion = next((one for one in waiting if one.id > after), waiting[0])
    count = await curation.count_suggestions()
    record = record_of(services_of(interaction), suggestion)
    view = suggestion_card(suggestion, record, context, waiting=count)
    await respond(interaction, view, private=True)


async def decide(interaction: Interaction[Any], suggestion_id: int, action: CurationAction) -> None:
    """Decide a suggestion. The member is told once. Raises UserError."""
    services, context = services_of(interaction), context_of(interaction)
    curator, outcome = curator_of(interaction), OUTCOMES[action]
    decided = await services.curation.decide(suggestion_id, outcome, curator)
    if decided is None:
        # Its post may still have buttons, if it could not be changed.
        found = await _find(interaction, suggestion_id)
        await respond(interaction, _decided_before(found, interaction), private=True)
        return
    record = record_of(services, decided)
    is_accepted = outcome is not SuggestionOutcome.DECLINED
    people = services.catalog.snapshot.people_of(record) if isinstance(record, Title) else {}
    menu = edit_menu(record, people, context) if record and is_accepted else None
    await respond(interaction, outcome_card(decided, record, menu, context), private=True)
    await update_post(interaction.client, decided, curator)
    await tell_outcomes(interaction.client)


async def block(interaction: Interaction[Any], suggestion_id: int) -> None:
    """Block who made a suggestion. They are not told. Raises UserError."""
    suggestion, curator = await _find(interaction, suggestion_id), curator_of(interaction)
    member = suggestion.member
    declined = await services_of(interaction).curation.block_member(member.user_id, curator)
    view = blocked_card(member, suggestion.id, context_of(interaction))
    await respond(interaction, view, private=True)
    for one in declined:
        await update_post(interaction.client, one, curator)


async def unblock(interaction: Interaction[Any], user_id: int) -> None:
    """Accept suggestions of a member again."""
    _ = context_of(interaction).translations.gettext
    was_blocked = await services_of(interaction).curation.unblock_member(user_id)
    message = (
        _("{member} can suggest changes again.") if was_blocked else _("{member} is not blocked.")
    )
    await respond(interaction, card(message.format(member=f"<@{user_id}>")), private=True)


async def set_channel(interaction: Interaction[Any], channel: GuildChannelOrThread | None) -> None:
    """Set where suggestions are posted; None: nowhere. Raises UserError if the bot or the curator
    can't post there."""
    context = context_of(interaction)
    _ = context.translations.gettext
    if channel is not None:
        require_can_post(interaction, channel)
    if channel is not None and (missing := _missing(channel, context)):
        message = _("⚠️ I'm missing permissions in that channel: {permissions}")
        permissions = context.translations.join_list(missing)
        raise UserError(message.format(permissions=permissions))
    curation = services_of(interaction).curation
    await curation.set_suggestions_channel_id(channel.id if channel else None)
    posted = _("Suggestions are posted in {channel} from now on.")
    message = posted if channel else _("Suggestions are posted in no channel.")
    mention = channel.mention if channel else ""
    await respond(interaction, card(message.format(channel=mention)), private=True)


async def _find(interaction: Interaction[Any], suggestion_id: int) -> Suggestion:
    suggestion = await services_of(interaction).curation.suggestion(suggestion_id)
    if suggestion is None:
        _ = context_of(interaction).translations.gettext
        raise UserError(_("This suggestion no longer exists."))
    return suggestion


def _decided_before(suggestion: Suggestion, interaction: Interaction[Any]) -> Any:
    record = record_of(services_of(interaction), suggestion)
    return suggestion_card(suggestion, record, context_of(interaction))


def _missing(channel: GuildChannelOrThread, context: RenderContext) -> list[str]:
    return missing_permissions(channel.guild, channel, None, context.translations, picture=False)


def _problem(text: str, url: str, interaction: Interaction[Any]) -> dict[str, str]:
    _ = context_of(interaction).translations.gettext
    problems: dict[str, str] = {}
    if not text:
        problems[_("What should change?")] = _("Say what should change.")
    if url and web_url(url) is None:
        problems[_("Where does it say so?")] = _("Enter a link that starts with https://")
    return problems


def _refusal(error: BonbangError, interaction: Interaction[Any]) -> str:
    translations = context_of(interaction).translations
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, BlockedMemberError):
        return translations.gettext("You can't suggest changes any more.")
    if not isinstance(error, SuggestionLimitError):
        _log.error("could not save a suggestion: %s", error)
        return translations.gettext("I couldn't save this. Try again soon.")
    message = translations.ngettext(
        "You can make {count} suggestion a day. Try again tomorrow.",
        "You can make {count} suggestions a day. Try again tomorrow.",
        error.limit,
    )
    return message.format(count=error.limit)


async def _refuse(
    interaction: Interaction[Any], submitted: SubmittedSuggestion, problems: Mapping[str, str]
) -> None:
    """Say what is wrong, and keep and show what was typed."""
    context = context_of(interaction)
    labels = {field.name: field.label for field in suggestion_fields(context)}
    typed = {
        labels[name]: text[:1000]
        for name, text in submitted.values.items()
        if name in labels and text.strip()
    }
    form = f"suggest:{submitted.path}"
    key = interaction.client.drafts.add(Draft(interaction.user.id, form, submitted.values))
    await respond(interaction, refused_card(problems, typed, key, context), private=True)
