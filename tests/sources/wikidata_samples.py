"""A drama with its people, as Wikidata has them: with the gaps and mistakes that are common."""

from typing import Any

from tests.sources.wikidata_server import (
    item,
    make_item,
    quantity,
    some_value,
    statement,
    text,
    time,
    value,
)

GOBLIN, GONG_YOO, KIM_GO_EUN, KIM_EUN_SOOK = "Q24859151", "Q623436", "Q6408653", "Q7205130"
TVN, NETFLIX, KIM_SHIN = "Q333424", "Q907311", "Q60000001"
ROMANCE, FANTASY, ACTOR, SINGER, GROUP = "Q84270297", "Q98526245", "Q33999", "Q177220", "Q60000002"
SOUTH_KOREA, KOREAN, SERIES = "Q884", "Q9176", "Q5398426"


def goblin(**changes: Any) -> dict[str, Any]:
    """The drama; `changes` are claims by property, which replace its own."""
    claims = {
        "P31": [item(SERIES)],
        "P495": [item(SOUTH_KOREA)],
        "P364": [item(KOREAN)],
        "P1476": [text("쓸쓸하고 찬란하神-도깨비", "ko")],
        "P580": [time("+2016-12-02", 11)],
        "P1113": [quantity("+16")],
        "P449": [item(TVN), item(NETFLIX)],
        "P136": [item(ROMANCE), item(FANTASY)],
        "P345": [value("tt5994364")],
        "P4983": [value("67915")],
        "P8600": [value("26193")],
        "P4835": [value("319947")],
        "P3868": [value("18452-goblin")],
        "P161": [
            statement(item(KIM_GO_EUN), P1545=[value("2")], P4633=[value("Ji Eun-tak")]),
            statement(item(GONG_YOO), P1545=[value("1")], P453=[item(KIM_SHIN)]),
        ],
        "P58": [item(KIM_EUN_SOOK)],
    }
    return make_item(
        GOBLIN,
        {
            "ko": "쓸쓸하고 찬란하神 - 도깨비",
            "en": "Guardian: The Lonely and Great God",
            "zh-tw": "孤單又燦爛的神－鬼怪",
        },
        {"ko": ["도깨비"], "en": ["Goblin", "Пхурын падаи чонсоль"]},
        claims | changes,
        links=30,
    )


def gong_yoo(**changes: Any) -> dict[str, Any]:
    """The lead actor; `changes` are claims by property, which replace his own."""
    claims = {
        "P31": [item("Q5")],
        "P1559": [text("공지철", "ko")],
        "P569": [time("+1979-07-10", 11)],
        "P27": [item(SOUTH_KOREA)],
        "P106": [item(ACTOR), item(SINGER)],
        "P463": [item(GROUP)],
        "P345": [value("nm2814731")],
        "P4985": [value("150903")],
    }
    labels = {"ko": "공유", "en": "Gong Yoo", "ja": "コン・ユ", "fr": "Gong Yoo"}
    return make_item(GONG_YOO, labels, {}, claims | changes)


def everything() -> list[dict[str, Any]]:
    """The drama, its people, and the items that they refer to."""
    labels = {
        TVN: "tvN",
        NETFLIX: "Netflix",
        ROMANCE: "romance television series",
        FANTASY: "fantasy television series",
        ACTOR: "television actor",
        SINGER: "singer",
        GROUP: "Management Soop",
    }
    return [
        goblin(),
        gong_yoo(),
        make_item(KIM_GO_EUN, {"ko": "김고은"}, {}, {"P569": [time("+1991-07-00", 10)]}),
        make_item(KIM_EUN_SOOK, {"mul": "김은숙"}, {}, {"P569": [time("+1973-00-00", 9)]}),
        make_item(KIM_SHIN, {"en": "Kim Shin", "ko": "김신"}, {}, {"P569": [some_value()]}),
        *(make_item(item_id, {"en": label}) for item_id, label in labels.items()),
    ]
