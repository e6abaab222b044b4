"""The modals of curators and members, in every language."""

from collections.abc import Iterator

import pytest

from bot.ui.curation_forms import edit_fields
from bot.ui.curation_targets import EditPart, EditTarget
from bot.ui.curation_titles import add_fields
from bot.ui.modals import EditModal, FormField, reason_field
from bot.ui.suggestion_modal import SuggestionModal, suggestion_fields
from tests.support import records
from tests.support.locales import REQUIRED_LOCALES
from tests.ui.builders import a_title, context, people

HANGUL = "도" * 100


def forms(locale: str) -> Iterator[list[FormField]]:
    """The fields of every modal."""
    [person] = people("Somebody").values()
    names = [{"text": HANGUL, "lang": "ko", "type": "original"}]
    title = a_title(names=names, cast=[{"person": "somebody", "character": HANGUL}])
    for part in EditPart:
        key = {EditPart.CAST: person.id, EditPart.PREMISE: "zh-Hant"}.get(part, "")
        target = EditTarget(part, title.id, key)
        record = person if target.entity == "person" else title
        yield [*edit_fields(target, record, context(locale)), reason_field(context(locale))]
    for kind in ("series", "person"):
        yield [*add_fields(kind, context(locale)), reason_field(context(locale))]
    yield suggestion_fields(context(locale))


@pytest.mark.parametrize("locale", ["en-US", *REQUIRED_LOCALES])
async def test_labels_and_descriptions_of_modals_are_not_cut(locale: str) -> None:
    for fields in forms(locale):
        assert len(fields) <= 5
        assert [one.label for one in fields if len(one.label) > 45] == []
        descriptions = [one.description or "" for one in fields]
        assert [one for one in descriptions if len(one) > 100] == []


async def test_modal_of_a_title_with_a_long_name_in_hangul_is_filled_in_and_fits() -> None:
    for fields in forms("ko"):
        modal = EditModal(HANGUL, "edit:names:show::00000000", fields)
        assert modal.title == f"{'도' * 44}…"
        assert len(modal.to_dict()["components"]) == len(fields)
    title = a_title(names=[{"text": HANGUL, "lang": "ko", "type": "original"}])
    assert len(SuggestionModal(title, {}, context("ko")).title) == 45


async def test_custom_id_of_every_modal_fits() -> None:
    longest = records.title("t" * 40)["id"]
    for part in EditPart:
        key = "p" * 40 if part is EditPart.CAST else "de" if part is EditPart.PREMISE else ""
        assert len(f"edit:{EditTarget(part, longest, key)}:00000000") <= 100
