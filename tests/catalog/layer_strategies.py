"""Hypothesis strategies for what sources and people say of one record."""

from typing import Any

from hypothesis import strategies as st

from bot.catalog.edits import Edit, EditAction
from bot.catalog.layer import Layer
from bot.catalog.model import record_class
from tests.catalog import strategies

PEOPLE = ["p1", "p2", "p3", "p4"]
SOURCES = ["catalog", "tvmaze", "wikidata", "tmdb", "other"]

_seasons = st.none() | st.integers(1, 2)
_releases = st.lists(
    st.fixed_dictionaries(
        {"event": st.sampled_from(["premiere", "finale"]), "window": strategies.windows},
        optional={
            "season": st.integers(1, 2),
            "network": st.sampled_from(["tvN", "Netflix"]),
            "status": st.sampled_from(["announced", "postponed"]),
            "source": st.just("s1"),
        },
    ),
    max_size=3,
)
_names = st.lists(
    st.fixed_dictionaries(
        {"text": st.sampled_from(["Goblin", "GOBLIN", "도깨비", "Guardian", "鬼怪"])},
        optional={
            "lang": st.sampled_from(["en", "ko"]),
            "type": st.sampled_from(["main", "original", "alias"]),
        },
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda name: (name["text"].casefold(), name.get("lang", "und")),
)
_ids = st.dictionaries(st.sampled_from(["imdb", "tmdb"]), st.sampled_from(["1", "2"]))


def _records(entity: str) -> st.SearchStrategy[dict[str, Any]]:
    base = strategies.titles(PEOPLE) if entity == "title" else strategies.people
    narrowed: dict[str, Any] = {"names": _names, "external_ids": _ids}
    if entity == "title":
        narrowed["releases"] = _releases

    @st.composite
    def record(draw: st.DrawFn) -> dict[str, Any]:
        data = draw(base)
        data |= {name: draw(values) for name, values in narrowed.items() if name in data}
        cites = any("source" in release for release in data.get("releases", ()))
        if cites and "sources" not in data:
            data["sources"] = draw(strategies.sources)
        if "poster" in data and "sources" in data:
            data["poster_source"] = "s1"
        return data

    return record()


@st.composite
def layers(draw: st.DrawFn, entity: str, *, min_size: int = 1) -> list[Layer]:
    """Layers of a record, of which several may be of one source."""
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(SOURCES), st.sampled_from("12")),
            min_size=min_size,
            max_size=4,
            unique=True,
        )
    )
    model = record_class(entity)
    return [
        Layer(source, number, model.model_validate({**draw(_records(entity)), "id": f"r{number}"}))
        for source, number in keys
    ]


_TITLE_EDITS: dict[str, st.SearchStrategy[Any]] = {
    "names": _names,
    "genres": st.none() | st.lists(strategies.lines, max_size=2),
    "poster": st.none() | strategies.urls,
    "premise.en": st.none() | strategies.lines.map(str.strip),
    "external_ids.imdb": st.none() | st.just("tt1"),
    "cast.p1": st.none() | st.fixed_dictionaries({"character": st.just("Kim Shin")}),
    "cast.p2": st.none() | st.fixed_dictionaries({}),
    "releases.premiere": st.none()
    | st.fixed_dictionaries({"event": st.just("premiere"), "window": strategies.windows}),
    "releases.finale · tvN": st.none()
    | st.fixed_dictionaries(
        {"event": st.just("finale"), "network": st.just("tvN"), "window": strategies.windows}
    ),
}
_PERSON_EDITS = {
    "names": _names,
    "born": st.none() | strategies.windows,
    "external_ids.imdb": st.none() | st.just("nm1"),
}


@st.composite
def edits(draw: st.DrawFn, entity: str) -> list[Edit]:
    """Edits of a record, in the order in which they were made."""
    values = _TITLE_EDITS if entity == "title" else _PERSON_EDITS
    made: list[Edit] = []
    for number, path in enumerate(draw(st.lists(st.sampled_from(sorted(values)), max_size=5))):
        if draw(st.booleans()):
            made.append(Edit(path, EditAction.SET, draw(values[path]), number + 1))
        else:
            made.append(Edit(path, EditAction.UNLOCK, None, number + 1))
    return made


person_ids = st.none() | st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
"""The records of people in layers: joined, and unknown where there is none."""

entities = st.sampled_from(["title", "person"])
