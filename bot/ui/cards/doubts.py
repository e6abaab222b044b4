"""Cards of two records that may be of the same title or person."""

from collections.abc import Mapping, Sequence

from discord import ButtonStyle
from discord.ui import LayoutView

from bot.catalog.curation import Doubt, HistoryEntry
from bot.catalog.identity import speaks_against
from bot.catalog.model import Person, Title
from bot.ui.curation_buttons import CurationAction, CurationButton
from bot.ui.layout import bold, card, join_dotted, join_lines, subtext
from bot.ui.markdown import escape_inline, truncate
from bot.ui.render_context import RenderContext

_ID_URLS = {
    ("title", "tvmaze"): "https://www.tvmaze.com/shows/{}",
    ("person", "tvmaze"): "https://www.tvmaze.com/people/{}",
    ("title", "imdb"): "https://www.imdb.com/title/{}",
    ("person", "imdb"): "https://www.imdb.com/name/{}",
    ("title", "wikidata"): "https://www.wikidata.org/wiki/{}",
    ("person", "wikidata"): "https://www.wikidata.org/wiki/{}",
    ("title", "tmdb"): "https://www.themoviedb.org/tv/{}",
    ("person", "tmdb"): "https://www.themoviedb.org/person/{}",
}
_SCHEME_NAMES = {
    "tvmaze": "TVmaze",
    "imdb": "IMDb",
    "thetvdb": "TheTVDB",
    "tmdb": "TMDB",
    "wikidata": "Wikidata",
    "mydramalist": "MyDramaList",
}
_TITLES_SHOWN = 6
_EVIDENCE_SHOWN = 10


def doubt_card(
    doubt: Doubt,
    records: tuple[Title | Person | None, Title | Person | None],
    works: tuple[Sequence[Title], Sequence[Title]],
    titles: Mapping[str, Title],
    remaining: str,
    context: RenderContext,
) -> LayoutView:
    """Return a pair with what speaks for and against that it is the same, and what to decide.

    `works` are the titles that credit each person, `titles` those that the evidence names, and
    `remaining` is how many pairs there are.
    """
    _ = context.translations.gettext
    sides = zip((doubt.first_id, doubt.second_id), records, works, strict=True)
    evidence = [_evidence_line(code, titles, context) for code in doubt.evidence[:_EVIDENCE_SHOWN]]
    return card(
        join_lines("## " + _("Are these the same?"), subtext(remaining)),
        *(_record_section(id_, record, own, context) for id_, record, own in sides),
        join_lines(*evidence),
        buttons=[
            CurationButton(CurationAction.SAME, doubt.id, _("Same"), ButtonStyle.success),
            CurationButton(CurationAction.DIFFERENT, doubt.id, _("Different"), ButtonStyle.danger),
            CurationButton(CurationAction.NEXT_DOUBT, doubt.id, _("Skip")),
        ],
    )


def no_doubts_card(context: RenderContext) -> LayoutView:
    """Return the message that there is no pair to decide."""
    return card(context.translations.gettext("No doubtful pairs. Everything is decided."))


def decided_card(
    message: str, entry: HistoryEntry | None, after: int, context: RenderContext
) -> LayoutView:
    """Return what was decided, with buttons to undo it and to go on after the pair `after`."""
    _ = context.translations.gettext
    undo = [CurationButton(CurationAction.UNDO, entry.id, _("Undo"))] if entry else []
    return card(
        message, buttons=[*undo, CurationButton(CurationAction.NEXT_DOUBT, after, _("Next pair"))]
    )


def evidence_text(code: str, titles: Mapping[str, Title], context: RenderContext) -> str:
    """Return what a code of `bot.catalog.identity.Comparison` says, as a sentence."""
    _ = context.translations.gettext
    kind, _colon, value = code.partition(":")
    scheme, differs = kind.removesuffix("_differs"), kind.endswith("_differs")
    one, _slash, other = (escape_inline(part, 80) for part in value.partition("/"))
    if kind == "title" and (title := titles.get(value)):
        one = context.name(title)
    if kind in ("same_source", "merged"):
        one = _SCHEME_NAMES.get(value, one)
    messages = {
        "name": _("Both are called {value}."),
        "title": _("Both are credited in {value}."),
        "born": _("Both were born on {value}."),
        "born_differs": _("One was born on {value}, the other on {other}."),
        "several_of_this_name": _("Several people with this name are credited."),
        "same_source": _("{value} lists them separately."),
        "merged": _("{value} has merged them."),
    }
    same, differ = (
        _("Both have the {scheme} ID {value}."),
        _("Their {scheme} IDs differ: {value}, {other}."),
    )
    message = messages.get(kind) or (differ if differs else same)
    name = _SCHEME_NAMES.get(scheme, escape_inline(scheme, 30))
    return message.format(scheme=name, value=one if differs else _whole(one, value), other=other)


def _whole(one: str, value: str) -> str:
    """Return a value that does not consist of two, though it may contain a slash."""
    return escape_inline(value, 80) if "/" in value else one


def _evidence_line(code: str, titles: Mapping[str, Title], context: RenderContext) -> str:
    mark = "➖" if speaks_against(code) else "➕"
    return f"{mark} {evidence_text(code, titles, context)}"


def _record_section(
    record_id: str, record: Title | Person | None, works: Sequence[Title], context: RenderContext
) -> str:
    if record is None:
        return bold(escape_inline(record_id))
    _ = context.translations.gettext
    titles = (_title_and_year(one, context) for one in works[:_TITLES_SHOWN])
    born = str(record.born or "") if isinstance(record, Person) else str(record.year or "")
    return join_lines(
        bold(context.name(record)),
        truncate(context.other_names(record), 300),
        join_dotted(escape_inline(born), context.translations.join_list(titles)),
        subtext(join_dotted(*_ids(record))),
    )


def _title_and_year(title: Title, context: RenderContext) -> str:
    name = context.name(title)
    return f"{name} ({title.year})" if title.year else name


def _ids(record: Title | Person) -> list[str]:
    """Return the external ids of a record, each a link if its page is known."""
    shown: list[str] = []
    for scheme, value in sorted(record.external_ids.items())[:6]:
        name = _SCHEME_NAMES.get(scheme, escape_inline(scheme, 30))
        url = _ID_URLS.get((record.entity, scheme))
        is_safe = value.isascii() and value.isalnum() and len(value) <= 40
        link = f"[{name}](<{url.format(value)}>)" if url and is_safe else name
        shown.append(f"{link} {escape_inline(value, 40)}")
    return shown
