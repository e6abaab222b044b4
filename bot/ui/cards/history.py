"""Cards of edits: what was changed, the history of a record, and what can be edited."""

from collections.abc import Mapping, Sequence

from discord import SelectOption
from discord.ui import LayoutView
from discord.utils import format_dt

from bot.catalog.curation import Curator, HistoryAction, HistoryEntry
from bot.catalog.model import Person, Title
from bot.ui.cards.headings import page_number, record_heading
from bot.ui.cards.navigation import neighbors, page_of
from bot.ui.cards.releases import release_label
from bot.ui.curation_buttons import CurationAction, CurationButton, CurationMenu
from bot.ui.curation_targets import EditPart, EditTarget, release_code
from bot.ui.curation_values import PersonName, change_text, path_label, value_text
from bot.ui.layout import bold, card, join_dotted, join_lines, labelled, picture_url, subtext
from bot.ui.markdown import escape_inline, plain_text, unescape
from bot.ui.render_context import RenderContext

PAGE_SIZE = 5
_REASON_LIMIT = 150
_LOCKED_LIMIT = 10
_CAST_CHOICES = 12


def changed_card(
    record: Title | Person,
    entries: Sequence[HistoryEntry],
    context: RenderContext,
    person_name: PersonName,
) -> LayoutView:
    """Return what an edit changed, with buttons to undo it and to see the history."""
    _ = context.translations.gettext
    ids = ",".join(str(entry.id) for entry in entries)
    return card(
        join_lines(bold(_("Saved")), record_heading(record, context)),
        join_lines(*(_change_line(entry, context, person_name) for entry in entries)),
        footer=_("Sources no longer change these fields. {command} lets them again.").format(
            command=context.command("catalog unlock")
        ),
        buttons=[
            CurationButton(CurationAction.UNDO, ids, _("Undo")),
            history_button(record, context),
        ],
        thumbnail=picture_url(record),
    )


def note_card(message: str, record: Title | Person, context: RenderContext) -> LayoutView:
    """Return a message about a record, with a button to see its history."""
    return card(message, buttons=[history_button(record, context)])


def history_card(
    record: Title | Person,
    entries: Sequence[HistoryEntry],
    locked: Sequence[str],
    page: int,
    context: RenderContext,
    person_name: PersonName,
) -> LayoutView:
    """Return a page of the history of a record, newest first, with a menu to undo entries."""
    _ = context.translations.gettext
    shown, page, pages = page_of(entries, page, PAGE_SIZE)
    options = [_undo_option(one, context, person_name) for one in shown if not one.undone_at]
    labels = [path_label(path, context, person_name) for path in locked]
    listed = [escape_inline(label, 60) for label in labels[:_LOCKED_LIMIT]]
    listed += [f"+{len(labels) - _LOCKED_LIMIT}"] if len(labels) > _LOCKED_LIMIT else []
    return card(
        record_heading(record, context, _("History"), page_number(page, pages)),
        labelled("🔒 " + _("Locked"), context.translations.join_list(listed)),
        *(_entry_section(one, context, person_name) for one in shown),
        None if entries else _("No changes by curators yet."),
        menu=CurationMenu.to_undo(options, _("Undo a change")) if options else None,
        buttons=[
            CurationButton(CurationAction.HISTORY, f"{record.entity}/{record.id}/{number}", label)
            for number, label in neighbors(page, pages, context)
        ],
    )


def member_name(member: Curator) -> str:
    """Return who it is: a mention, and the name they had then."""
    return f"<@{member.user_id}> {escape_inline(member.name, 40)}"


def history_button(record: Title | Person, context: RenderContext) -> CurationButton:
    """Return the button that shows the history of a record."""
    label = context.translations.gettext("History")
    return CurationButton(CurationAction.HISTORY, f"{record.entity}/{record.id}/1", label)


def edit_menu(
    record: Title | Person, people: Mapping[str, Person], context: RenderContext
) -> CurationMenu:
    """Return the menu of what can be edited in a record."""
    targets = _title_targets(record, people, context) if isinstance(record, Title) else {
        EditTarget(EditPart.PERSON_NAMES, record.id): _part_label(EditPart.NAMES, context),
        EditTarget(EditPart.PERSON_DETAILS, record.id): _part_label(EditPart.DETAILS, context),
    }  # fmt: skip
    options = [
        SelectOption(label=plain_text(label, 100) or "…", value=str(target))
        for target, label in targets.items()
    ]
    return CurationMenu.to_edit(options, context.translations.gettext("What to edit"))


def _title_targets(
    title: Title, people: Mapping[str, Person], context: RenderContext
) -> Mapping[EditTarget, str]:
    _ = context.translations.gettext
    language = context.translations.language
    parts = {
        EditTarget(EditPart.NAMES, title.id): EditPart.NAMES,
        EditTarget(EditPart.PREMISE, title.id, language): EditPart.PREMISE,
        EditTarget(EditPart.DETAILS, title.id): EditPart.DETAILS,
    }
    labels = {target: _part_label(part, context) for target, part in parts.items()}
    for release, _earlier in title.release_history()[:8]:
        label = _("Release: {release}").format(release=unescape(release_label(release, context)))
        labels[EditTarget(EditPart.DATES, title.id, release_code(release))] = label
    labels[EditTarget(EditPart.DATES, title.id)] = _("Add a release")
    for credit in title.billing()[:_CAST_CHOICES]:
        person = people.get(credit.person)
        name = context.label(person) if person else credit.person
        target = EditTarget(EditPart.CAST, title.id, credit.person)
        labels[target] = _("Cast: {person}").format(person=name)
    return labels


def _part_label(part: EditPart, context: RenderContext) -> str:
    _ = context.translations.gettext
    labels = {
        EditPart.NAMES: _("Names"),
        EditPart.PREMISE: _("Premise"),
        EditPart.DETAILS: _("Details"),
    }
    return labels[part]


def _entry_section(entry: HistoryEntry, context: RenderContext, person_name: PersonName) -> str:
    _ = context.translations.gettext
    change = _change_line(entry, context, person_name)
    who = member_name(entry.curator)
    undone = (
        _("undone {when}").format(when=format_dt(entry.undone_at, "R")) if entry.undone_at else ""
    )
    return join_lines(
        f"~~{change}~~" if entry.undone_at else change,
        escape_inline(entry.reason, _REASON_LIMIT) if entry.reason else None,
        subtext(join_dotted(who, format_dt(entry.made_at, "f"), undone)),
    )


def _change_line(entry: HistoryEntry, context: RenderContext, person_name: PersonName) -> str:
    """Return what an entry changed, in a line: `**Names** before → after`."""
    _ = context.translations.gettext
    if entry.action in (HistoryAction.JOIN, HistoryAction.APART):
        joined = entry.action is HistoryAction.JOIN
        message = _("Joined with {record}") if joined else _("Kept apart from {record}")
        return bold(message.format(record=escape_inline(str(entry.after), 40)))
    label = bold(escape_inline(path_label(entry.path, context, person_name), 80))
    if entry.action is HistoryAction.UNLOCK:
        sources = _("what sources say")
        return f"{label} {value_text(entry.before, context)} → {sources}"
    return f"{label} {change_text(entry.before, entry.after, context)}"


def _undo_option(
    entry: HistoryEntry, context: RenderContext, person_name: PersonName
) -> SelectOption:
    _ = context.translations.gettext
    label = plain_text(unescape(_change_line(entry, context, person_name).replace("**", "")), 100)
    who = plain_text(entry.curator.name, 100)
    return SelectOption(label=label or "…", description=who or None, value=str(entry.id))
