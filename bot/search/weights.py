"""Every number that decides what a search puts first.

They were tuned together, on queries about a catalog of 6,361 titles and 10,229 people. Change
one, and measure all kinds of query again.
"""

from typing import NamedTuple

from bot.catalog.model import CastRole

# Fits: how well a query fits a name, 0 to 1. Each fit is for one way in which a name is found.
EXACT = 1.0
SPACED_OTHERWISE = 0.995
REORDERED = 0.97


class PartFits(NamedTuple):
    """Fits of a query that is a part of a name. Up to `COVERAGE` is added to each."""

    first_words: float
    """The name's first words. Higher: a short query rather means a name that begins with it."""
    first_letters: float
    """The first letters of its first words. Higher: favours a name that is still being typed."""
    last_words: float
    """Its last words."""
    middle_words: float
    """Other whole words of it. Lower: favours a little known name that begins so."""
    word_start: float
    """The first letters of a word that is not the first."""


# A person is often asked for by the given name, which comes last; a title by its beginning.
PERSON_PARTS = PartFits(0.88, 0.84, 0.88, 0.88, 0.80)
TITLE_PARTS = PartFits(0.88, 0.84, 0.86, 0.78, 0.74)

FIRST_LETTER_MISSING = 0.79
"""All but the first letter. Higher: such a name beats one that merely holds the letters."""
WITHIN = 0.62
"""Letters inside a word. Higher: chance finds come before names with a slip."""
COVERAGE = 0.06
"""The most a part gains, by how much of the name it is. Higher: favours short names."""
MISTYPED = 0.80
"""A whole name, times its similarity. Higher: favours a slip over a part of another name."""
LEAST_SIMILAR = 0.55
"""Similarity below which it is another name. Lower: finds more, most of it wrong."""
WORDS_MISTYPED = 0.94
"""Times a slip in some words, or in reordered ones. Lower: favours slips in whole names."""
BEGINNING_MISTYPED = 0.90
"""Times a slip in the name's beginning. Lower: favours slips in whole names."""
SAME_WORDS = 0.06
"""The most a slip gains by words without one. Higher: favours names that share a word."""
SPELLED_RIGHT = 0.79
"""The fit from which a name counts as spelled right: no slips are looked for, fame counts."""

# Fits found by sound or by initials, times the same fit by letters.
FOLDED = 0.80
"""Equal sound alone. Higher: favours names that sound so over parts of names spelled so."""
FOLDED_ALIKE = 0.16
"""Added as far as the spellings agree. Higher: favours the usual romanisation."""
FOLDED_PART_ALIKE = 0.6
"""How far spellings in two scripts are taken to agree in a part. Higher: favours such names."""
FOLDED_PART = 0.93
"""A part by sound. Higher: favours popular names that begin so by sound."""
FOLDED_OTHER_FINAL = 0.75
"""One ends in "ng" and the other does not. Lower: favours a slip over such a name."""
LEAST_FOLD = 3
"""Letters of a fold that tell names apart: lee, li and yi all fold to i."""
SHORT_FOLD = 0.7
"""A part by fewer letters of a fold. Lower: fewer chance finds."""
INITIALS = 0.9
"""Initial consonants. Higher: favours them over a name that has those very letters."""
INITIALS_LIKELY = 0.88
"""Initials of a name known in Latin letters only, where they are a guess."""
FIRST_INITIALS = 0.85
"""The first initials of a longer name. Higher: favours long popular names over short ones."""
OTHER_INITIALS = 0.85
"""Other initials of it."""
OTHER_VARIANT = 0.97
"""Each query variant but the one typed: another keyboard layout, a half typed syllable."""
GOOD_ENOUGH = 0.9
"""The fit at which no further variant is tried. Lower: faster, and misses more."""

SHORT_INITIALS = 2
"""Initials so few are not tried as letters of another keyboard layout, if they fit anything."""

# Popularity. What is added to the fit of the best known, 1, and less for others.
POPULARITY = 0.34
"""Higher: favours the popular over the better fit."""
POPULARITY_MISTYPED = 0.14
"""The same of names with a slip: fame must not turn one name spelled right into another."""
EXACT_BONUS = 0.01
"""Added to names typed exactly, not to a character's. Higher: favours them over popularity."""
POPULARITY_SCALE = 20.0
"""Popularity counts by its order of size. Higher: tells the little known further apart."""
POPULARITY_MOST = 7.0
"""The popularity that counts as best known: about the most that any title has."""

# A character's popularity. It is asked for by the show, by the actor, and by the size of the role.
CHARACTER_SHOW, CHARACTER_ACTOR = 0.12, 0.10
ROLE_WEIGHTS = {CastRole.MAIN: 1.0, CastRole.SUPPORT: 0.6, CastRole.GUEST: 0.3}
UNKNOWN_ROLE_WEIGHT = 0.5

SAME_SOUND = 0.021
"""A person whose whole name sounds like the query comes before a character of whom that is
true, too, unless the character's fit is better by more. Higher: favours people."""

SAME_PART = 0.06
"""The same where the query is a part of the character's name, or has a slip."""

# The names that are measured closely are chosen by the pairs of letters they share (likeness).
CANDIDATES = 70
"""The most names to measure. Higher: finds more, and is slower."""
CANDIDATES_FROM = 0.4
"""The least likeness, as a share of the highest. Lower: finds more, and is slower."""
CANDIDATES_POPULARITY = 0.3
"""The likeness that being best known is worth."""
COMPARED = 34
"""The most names compared letter by letter. Higher: finds more slips, and is slower."""
COMPARED_FROM = 0.6
"""The likeness below which a name is not the query with a slip."""
REORDERED_FROM = 1.2
"""The likeness below which a name is not the query's words in another order."""
SIMILAR_FROM = 0.5
"""The likeness below which a name has nothing to do with the query."""
MOST_LIKENESS = 2.0
"""The likeness of the same text."""
SIMILAR = 0.5
"""The score of what only resembles the query, times half its likeness. Never enough to match."""

# Which hits of a search count as matches.
LEAST_MATCH = 0.6
"""The least score: about a third of the letters may be wrong."""
EQUAL_MATCH = 0.03
"""Scores that differ by less are equally likely. Higher: asks the member back more often."""
