"""Hypothesis strategies for records."""

from typing import Any

from hypothesis import strategies as st

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,8}", fullmatch=True)
# Any text in UTF-8 that is not only spaces.
lines = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(str.strip)
languages = st.sampled_from(["en", "ko", "ja", "zh-TW", "und", "und-Hani", "pt-BR"])
windows = st.sampled_from(
    ["2025", "2025-H2", "2025-Q4", "2025-11", "2025-11-22", "2025-11-22T16:00+09:00", "2025/2026"]
)
days = st.dates().map(str)
names = st.lists(
    st.fixed_dictionaries(
        {"text": lines},
        optional={
            "lang": languages,
            "type": st.sampled_from(["main", "original", "alias", "stage", "reading"]),
        },
    ),
    min_size=1,
    max_size=3,
)
urls = st.sampled_from(["https://example.org/", "https://example.org/a%20b?c=d#e"])
sources = st.fixed_dictionaries(
    {"id": st.just("s1"), "title": lines},
    optional={"publisher": lines, "author": lines, "url": urls, "published": windows},
).map(lambda source: [source])
popularity = st.floats(0, 1e6, allow_nan=False)
texts = st.dictionaries(languages, lines, max_size=2)

people = st.fixed_dictionaries(
    {"entity": st.just("person"), "names": names},
    optional={
        "born": windows,
        "groups": st.lists(lines, max_size=2),
        "occupations": st.lists(lines, max_size=2),
        "origin_country": st.lists(st.sampled_from(["KR", "JP"]), max_size=2),
        "external_ids": st.dictionaries(lines, lines, max_size=2),
        "sources": sources,
        "popularity": popularity,
    },
)

releases = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "event": lines,
            "season": st.integers(1, 9),
            "network": lines,
            "region": lines,
            "window": windows,
            "status": st.sampled_from(["rumoured", "announced", "postponed", "released"]),
            "checked": days,
            "note": lines,
        },
    ),
    max_size=3,
)


def titles(cast: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Titles that credit only those people."""
    known = st.sampled_from(cast)
    credits = st.fixed_dictionaries(
        {"person": known},
        optional={
            "character": lines,
            "character_names": names,
            "role": st.sampled_from(["main", "support", "guest"]),
            "order": st.integers(0, 99),
            "spoiler": st.booleans(),
        },
    )
    crew = st.fixed_dictionaries({"person": known, "job": lines})
    return st.fixed_dictionaries(
        {
            "entity": st.just("title"),
            "names": names,
            "kind": st.sampled_from(["series", "film", "special"]),
        },
        optional={
            "genres": st.lists(lines, max_size=2),
            "status": lines,
            "episode_count": st.integers(0, 500),
            "networks": st.lists(st.fixed_dictionaries({"name": lines}), max_size=2),
            "premise": texts,
            "synopsis": texts,
            "air_days": st.lists(st.sampled_from(["mon", "sun"]), max_size=2),
            "poster": urls,
            "links": st.lists(st.fixed_dictionaries({"label": lines, "url": urls}), max_size=2),
            "releases": releases,
            "cast": st.lists(credits, max_size=3),
            "crew": st.lists(crew, max_size=3),
            "external_ids": st.dictionaries(lines, lines, max_size=2),
            "sources": sources,
            "popularity": popularity,
        },
    )


@st.composite
def catalogs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few records in which everybody credited exists."""
    person_ids = draw(st.lists(ids, min_size=1, max_size=3, unique_by=str.casefold))
    title_ids = draw(st.lists(ids, max_size=3, unique_by=str.casefold))
    return [
        *({**draw(people), "id": one} for one in person_ids),
        *({**draw(titles(person_ids)), "id": one} for one in title_ids),
    ]
