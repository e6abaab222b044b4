"""What curators decide about two records that may be the same."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from discord import Interaction

from bot.catalog.curation import AlreadyDecidedError, Curator, Doubt, HistoryAction, HistoryEntry
from bot.catalog.model import Person, Title
from bot.errors import UserError
from bot.ui.cards.doubts import decided_card, doubt_card, no_doubts_card
from bot.ui.cards.history import member_name
from bot.ui.curation_edits import curator_of
from bot.ui.interaction_context import context_of, services_of
from bot.ui.layout import join_lines
from bot.ui.responses import respond

_Decide = Callable[[Doubt, Curator], Awaitable[HistoryEntry | None]]

# How many pairs are looked through for the next one.
_LISTED = 500


async def show_doubt(interaction: Interaction[Any], after: int = 0) -> None:
    """Reply with the undecided pair after the one with this id; behind the last, the first."""
    doubts = await services_of(interaction).curation.doubts(_LISTED)
    context = context_of(interaction)
    if not doubts:
        await respond(interaction, no_doubts_card(context), private=True)
        return
    number, doubt = next(
        ((number, one) for number, one in enumerate(doubts, 1) if one.id > after), (1, doubts[0])
    )
    remaining = f"{number}/{len(doubts)}" + ("+" if len(doubts) == _LISTED else "")
    await respond(interaction, _card(interaction, doubt, remaining), private=True)


async def join(interaction: Interaction[Any], doubt_id: int) -> None:
    """Join the records of a pair. Raises UserError."""
    message = context_of(interaction).translations.gettext("Joined: {records}")
    await _decide(interaction, doubt_id, services_of(interaction).curation.join, message)


async def keep_apart(interaction: Interaction[Any], doubt_id: int) -> None:
    """Keep the records of a pair apart for good. Raises UserError."""
    message = context_of(interaction).translations.gettext("Kept apart: {records}")
    await _decide(interaction, doubt_id, services_of(interaction).curation.keep_apart, message)


async def _decide(
    interaction: Interaction[Any], doubt_id: int, decide: _Decide, message: str
) -> None:
    """Decide a pair, and say what was decided: `message`, or what a curator decided before."""
    doubt = await _find(interaction, doubt_id)
    try:
        entry = await decide(doubt, curator_of(interaction))
    except AlreadyDecidedError as error:
        await _respond_decided(interaction, doubt, error.entry)
        return
    if entry is None:
        message = context_of(interaction).translations.gettext("These are joined already.")
    await _respond(interaction, doubt, message, entry)


async def _respond_decided(
    interaction: Interaction[Any], doubt: Doubt, entry: HistoryEntry
) -> None:
    """Say what a curator has decided about a pair before, and change nothing."""
    _ = context_of(interaction).translations.gettext
    is_joined = entry.action is HistoryAction.JOIN
    decision = _("Joined: {records}") if is_joined else _("Kept apart: {records}")
    who = _("{member} decided this already.").format(member=member_name(entry.curator))
    await _respond(interaction, doubt, decision, entry, who)


async def _respond(
    interaction: Interaction[Any],
    doubt: Doubt,
    message: str,
    entry: HistoryEntry | None,
    note: str = "",
) -> None:
    text = message.format(records=_names(interaction, doubt))
    view = decided_card(join_lines(note, text), entry, doubt.id, context_of(interaction))
    await respond(interaction, view, private=True)


async def _find(interaction: Interaction[Any], doubt_id: int) -> Doubt:
    doubt = await services_of(interaction).curation.doubt(doubt_id)
    if doubt is None:
        _ = context_of(interaction).translations.gettext
        raise UserError(_("This pair no longer exists."))
    return doubt


def _card(interaction: Interaction[Any], doubt: Doubt, remaining: str) -> Any:
    snapshot = services_of(interaction).catalog.snapshot
    named = [code.partition(":")[2] for code in doubt.evidence if code.startswith("title:")]
    records = _records(interaction, doubt)
    works = (_works(interaction, records[0]), _works(interaction, records[1]))
    titles, context = snapshot.titles(named), context_of(interaction)
    return doubt_card(doubt, records, works, titles, remaining, context)


def _records(
    interaction: Interaction[Any], doubt: Doubt
) -> tuple[Title | Person | None, Title | Person | None]:
    find, entity = services_of(interaction).catalog.record, doubt.entity
    return find(f"{entity}:{doubt.first_id}"), find(f"{entity}:{doubt.second_id}")


def _works(interaction: Interaction[Any], record: Title | Person | None) -> Sequence[Title]:
    if not isinstance(record, Person):
        return []
    snapshot = services_of(interaction).catalog.snapshot
    return [entry.title for entry in snapshot.filmography(record.id)]


def _names(interaction: Interaction[Any], doubt: Doubt) -> str:
    context = context_of(interaction)
    ids = (doubt.first_id, doubt.second_id)
    pairs = zip(ids, _records(interaction, doubt), strict=True)
    names = (f"{context.name(one)} ({id_})" if one else id_ for id_, one in pairs)
    return context.translations.join_list(names)
