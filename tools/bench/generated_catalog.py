"""Generates a catalog, and queries for the names in it."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from bot.search import hangul
from tests.support import records

TITLES, PEOPLE = 6_361, 10_229
"""The size of the real catalog of Asian drama that the search was tuned on."""

_CAST = 5


def _pairs(words: str) -> dict[str, str]:
    each = iter(words.split())
    return dict(zip(each, each, strict=True))


_FAMILY = _pairs(
    "김 Kim 이 Lee 박 Park 최 Choi 정 Jung 강 Kang 조 Cho 윤 Yoon 장 Jang 임 Lim 한 Han 오 Oh "
    "서 Seo 신 Shin 권 Kwon 황 Hwang 안 Ahn 송 Song"
)
_COMMON = _pairs(
    "민 Min 준 Joon 서 Seo 연 Yeon 지 Ji 우 Woo 현 Hyun 은 Eun 영 Young 수 Soo 진 Jin 호 Ho "
    "경 Kyung 재 Jae 태 Tae 혜 Hye 석 Seok 원 Won 아 Ah 희 Hee 동 Dong 욱 Wook 선 Sun 규 Kyu "
    "빈 Bin 나 Na 하 Ha"
)
_RARE = (
    "가강건겸고관광교구국권균근금기길남노다단담대덕도두란람려련령록리림만명모무문미배백범병보복봄봉비산상샘설성세소솔송솜숙순"
    "슬승시식신안애양언여예온용운유윤율이인일자정제종주중찬창채천철청초춘치택표필학한해헌형화환훈휘흠"
)
_GIVEN = _COMMON | {
    syllable: "".join(hangul.romanise(syllable)).capitalize()
    for syllable in _RARE
    if syllable not in _COMMON
}
_WORDS = _pairs(
    "사랑 Love 비밀 Secret 정원 Garden 겨울 Winter 바다 Sea 도깨비 Goblin 신호 Signal 왕국 Kingdom "
    "편지 Letter 달 Moon 별 Star 밤 Night 꽃 Flower 소년 Boy 학교 School 병원 Hospital 의사 Doctor "
    "변호사 Lawyer 여왕 Queen 황제 Emperor 사랑방 Parlour 거울 Mirror 기억 Memory 여름 Summer "
    "운명 Destiny 이웃 Neighbour 친구 Friend 가족 Family 식당 Kitchen 기차 Train 천사 Angel "
    "악마 Devil"
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query, its kind, and the references of which one has to be found."""

    text: str
    kind: str
    expected: frozenset[str]


@dataclass(frozen=True, slots=True)
class GeneratedPerson:
    """A person with a name in Hangul and in Latin letters."""

    ref: str
    hangul: str
    words: tuple[str, str, str]

    @property
    def latin(self) -> str:
        """The name as it is usually written, such as Ok Taec-yeon."""
        family, first, second = self.words
        return f"{family} {first}-{second.lower()}"


def people(count: int, seed: int = 1) -> list[GeneratedPerson]:
    """So many people with distinct names; a small number has common names only."""
    given = _COMMON if count <= len(_FAMILY) * len(_COMMON) ** 2 else _GIVEN
    every = list(product(_FAMILY, given, given))
    chosen = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311
    return [
        GeneratedPerson(f"person:p{n}", f + a + b, (_FAMILY[f], _GIVEN[a], _GIVEN[b]))
        for n, (f, a, b) in enumerate(chosen)
    ]


SPELLINGS: dict[str, Callable[[GeneratedPerson], str]] = {
    "exact": lambda one: one.latin,
    "spacing": lambda one: "".join(one.words),
    "swapped": lambda one: f"{one.words[1]}{one.words[2].lower()} {one.words[0]}",
    "Hangul": lambda one: one.hangul,
    "Hangul, half typed": lambda one: hangul.compose(hangul.letters(one.hangul)[:-1]),
    "romanisation": lambda one: " ".join(hangul.romanise(one.hangul)),
    "wrong layout": lambda one: hangul.to_latin_keys(hangul.letters(one.hangul)),
    "typo": lambda one: one.latin[:-2] + one.latin[-1],
}
"""The ways to type a name."""


def queries(everybody: list[GeneratedPerson], count: int, seed: int = 2) -> list[Query]:
    """Queries for so many people, in each way to type a name."""
    chosen = random.Random(seed).sample(everybody, count)  # noqa: S311
    return [
        Query(typed(one), kind, frozenset({one.ref}))
        for kind, typed in SPELLINGS.items()
        for one in chosen
    ]


def write_catalog(file: Path, seed: int = 3) -> Path:
    """Write a catalog of `TITLES` and `PEOPLE` as JSON Lines. Returns the file."""
    rng = random.Random(seed)  # noqa: S311
    everybody = people(PEOPLE)
    with file.open("w", encoding="utf-8") as lines:
        for record in (*_people(everybody, rng), *_titles(everybody, rng)):
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return file


def _people(everybody: list[GeneratedPerson], rng: random.Random) -> Iterator[dict[str, Any]]:
    for one in everybody:
        own = {"text": one.hangul, "lang": "ko", "type": "original"}
        record = records.person(one.ref.removeprefix("person:"), one.latin)
        record["names"].append(own)
        yield {**record, "popularity": _popularity(rng)}


def _titles(everybody: list[GeneratedPerson], rng: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(TITLES):
        words = rng.sample(list(_WORDS), 3)
        record = records.title(f"t{number}", " ".join(_WORDS[word] for word in words))
        record["names"] += [
            {"text": " ".join(words), "lang": "ko", "type": "original"},
            *({"text": f"{_WORDS[word]} {number}", "type": "alias"} for word in words),
        ]
        yield {
            **record,
            "popularity": _popularity(rng),
            "networks": [{"name": "tvN"}],
            "releases": [{"window": f"{rng.randint(1995, 2026)}-{rng.randint(1, 12):02}-15"}],
            "cast": [
                {"person": one.ref.removeprefix("person:"), "character": two.latin, "role": "main"}
                for one, two in zip(
                    rng.sample(everybody, _CAST), rng.sample(everybody, _CAST), strict=True
                )
            ],
        }


def _popularity(rng: random.Random) -> float:
    """A random popularity: high for a few, low for most."""
    return round(min(7.0, rng.paretovariate(1.2) - 1), 4)
