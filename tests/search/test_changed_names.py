"""An index that was changed finds the same as one made anew."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search.name_search import NameSearch
from bot.search.name_table import NameEntry
from bot.search.search_keys import make_search_keys

NAMES = ("Gong Yoo", "Gong Yu", "Kim Go-eun", "Kim Shin", "Goblin", "도깨비", "공유", "Lee", "Shin")
QUERIES = (*NAMES, "gong", "gonh yoo", "yoo gong", "kim goeun", "ㄱㅇ", "gobln", "dokkaebi", "")
REFS = ("person:a", "person:b", "person:c", "character:t/a", "character:t/b")

Names = dict[str, list[tuple[str, float, bool]]]

_named = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([0.0, 0.5, 2.0]), st.booleans()),
    max_size=3,
    unique_by=lambda name: name[0],
)
_changes = st.dictionaries(st.sampled_from(REFS), _named, max_size=4)


def entries(names: Names) -> list[NameEntry]:
    return [
        NameEntry(ref, make_search_keys(text), max(one[1] for one in named), is_main)
        for ref, named in names.items()
        for text, _popularity, is_main in named
    ]


@settings(deadline=None, max_examples=60)
@given(_changes, st.lists(_changes, min_size=1, max_size=4))
def test_changed_names_are_found_as_by_an_index_made_anew(
    first: Names, changes: Sequence[Names]
) -> None:
    current, search = dict(first), NameSearch(entries(first))
    for change in changes:
        current |= change
        search = search.changed(change.keys(), entries(change))
        anew = NameSearch(entries(current))
        for query in QUERIES:
            assert search.search(query) == anew.search(query), query
            assert search.resolve(query) == anew.resolve(query), query
            assert search.suggest(query) == anew.suggest(query), query
