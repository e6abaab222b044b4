"""Where a show runs, and in which time zone."""

from typing import Any

import pytest

from tests.sources.tvmaze_server import (
    NETFLIX,
    TVING,
    TVN,
    make_episode,
)
from tests.sources.tvmaze_titles import map_title


@pytest.mark.parametrize("country", [None, {}, {"code": "KR"}, {"timezone": "Asia"}, [], "KR",
                                     {"timezone": "../../etc/passwd"}, {"timezone": "\ud800"},
                                     {"timezone": ""}, {"timezone": "x" * 5000}])  # fmt: skip
def test_without_a_zone_the_offset_is_as_sent(country: Any) -> None:
    title = map_title(make_episode(1), network={"name": "X", "country": country})
    assert str(title.episodes[0].window) == "2016-12-02T11:00+00:00"


@pytest.mark.parametrize(
    ("channel", "region"),
    [
        ({"network": None, "webChannel": NETFLIX}, "worldwide"),
        ({"network": None, "webChannel": TVING}, "KR"),
        ({"network": None, "webChannel": {"name": "X", "country": {"code": "??"}}}, None),
        ({"network": {"name": "X", "country": None}}, None),
        ({"network": TVN, "webChannel": NETFLIX}, "KR"),
        ({"network": None, "webChannel": None}, None),
    ],
)
def test_a_release_is_in_the_region_of_its_channel(
    channel: dict[str, Any], region: str | None
) -> None:
    [release] = map_title(**channel).releases
    assert release.region == region


def test_services_are_told_from_networks() -> None:
    title = map_title(webChannel=NETFLIX)
    assert [(n.name, n.kind) for n in title.networks] == [("tvN", None), ("Netflix", "streaming")]
