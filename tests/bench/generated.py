"""A catalog of made-up Korean names, and what people would type for them."""

import random
from dataclasses import dataclass
from itertools import product

from bot.catalog import hangul


def _pairs(words: str) -> dict[str, str]:
    each = iter(words.split())
    return dict(zip(each, each, strict=True))


_FAMILY = _pairs(
    "김 Kim 이 Lee 박 Park 최 Choi 정 Jung 강 Kang 조 Cho 윤 Yoon 장 Jang 임 Lim 한 Han 오 Oh "
    "서 Seo 신 Shin 권 Kwon 황 Hwang 안 Ahn 송 Song"
)
_GIVEN = _pairs(
    "민 Min 준 Joon 서 Seo 연 Yeon 지 Ji 우 Woo 현 Hyun 은 Eun 영 Young 수 Soo 진 Jin 호 Ho "
    "경 Kyung 재 Jae 태 Tae 혜 Hye 석 Seok 원 Won 아 Ah 희 Hee 동 Dong 욱 Wook 선 Sun 규 Kyu "
    "빈 Bin 나 Na 하 Ha"
)


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, of which kind it is, and the references of which one has to be found."""

    text: str
    kind: str
    expected: frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody with a name in Hangul and in Latin letters."""

    ref: str
    hangul: str
    words: tuple[str, str, str]

    @property
    def latin(self) -> str:
        """The name as it is usually written: Ok Taec-yeon."""
        family, first, second = self.words
        return f"{family} {first}-{second.lower()}"


def people(count: int, seed: int = 1) -> list[Named]:
    """So many people, each with a name of their own."""
    every = list(product(_FAMILY, _GIVEN, _GIVEN))
    chosen = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311
    return [
        Named(f"person:p{n}", f + a + b, (_FAMILY[f], _GIVEN[a], _GIVEN[b]))
        for n, (f, a, b) in enumerate(chosen)
    ]


def queries(everybody: list[Named], count: int, seed: int = 2) -> list[Query]:
    """What so many people would type, in each way there is to type a name."""
    chosen = random.Random(seed).sample(everybody, count)  # noqa: S311
    ways = {
        "exact": lambda one: one.latin,
        "spacing": lambda one: "".join(one.words),
        "swapped": lambda one: f"{one.words[1]}{one.words[2].lower()} {one.words[0]}",
        "hangul": lambda one: one.hangul,
        "hangul, half typed": lambda one: hangul.compose(hangul.letters(one.hangul)[:-1]),
        "romanisation": lambda one: " ".join(hangul.romanise(one.hangul)),
        "wrong layout": lambda one: hangul.to_latin_keys(hangul.letters(one.hangul)),
        "typo": lambda one: one.latin[:-2] + one.latin[-1],
    }
    return [
        Query(typed(one), kind, frozenset({one.ref}))
        for kind, typed in ways.items()
        for one in chosen
    ]
