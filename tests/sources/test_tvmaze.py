"""Shows are fetched over real sockets, with as many requests as it takes."""

import pytest

from bot.catalog.model import Person, Title
from bot.sources.errors import (
    CutOffError,
    SourceBusyError,
    SourceError,
    SourceForbiddenError,
    SourceFormatError,
    SourceUnavailableError,
)
from bot.sources.ports import Fetched, Source
from bot.sources.tvmaze import TvmazeSource
from tests.sources.fake_service import (
    Fault,
    cut_off,
    drop,
    hang,
    html_page,
    incomplete_json,
    json_body,
    raw_body,
    redirect,
    status,
)
from tests.sources.tvmaze_server import (
    make_cast,
    make_episode,
    make_person,
    make_show,
)
from tests.sources.tvmaze_site import HOUR, serving, title, unwanted


def test_it_is_a_source() -> None:
    source: type[Source] = TvmazeSource
    assert (source.name, source.batch_size, source.interval) == ("tvmaze", 1, HOUR)
    assert source.max_age is source.expiry is None


async def test_a_show_takes_two_requests() -> None:
    special = make_episode(12, None, type="significant_special")
    show = make_show(
        7,
        episodes=[make_episode(11), special],
        cast=[make_cast(make_person(1), "Kim Shin")],
        crew=[{"type": "Writer", "person": make_person(2)}],
    )
    async with serving(show) as site:
        fetched = await site.fetch(7)
    assert site.server.requests == [
        "/shows/7?embed[]=cast&embed[]=akas&embed[]=seasons&embed[]=crew",
        "/shows/7/episodes?specials=1",
    ]
    record, *people = fetched.records
    assert isinstance(record, Title)
    assert [episode.id for episode in record.episodes] == ["tvmaze-11", "tvmaze-12"]
    assert [credit.person for credit in (*record.cast, *record.crew)] == ["tvmaze-1", "tvmaze-2"]
    assert all(isinstance(person, Person) for person in people)
    assert [person.id for person in people] == ["tvmaze-1", "tvmaze-2"]
    assert fetched == Fetched(records=fetched.records, found={title(7): "tvmaze-7"})


async def test_a_show_that_is_not_wanted_takes_one() -> None:
    async with serving(unwanted(7)) as site:
        assert await site.fetch(7) == Fetched(unwanted=[title(7)])
    assert len(site.server.requests) == 1


async def test_a_show_that_is_gone_is_missing() -> None:
    async with serving(make_show(7)) as site:
        assert await site.fetch(8) == Fetched(missing=[title(8)])
        site.server.faults = [json_body(make_show(7)), status(404)]
        assert await site.fetch(7) == Fetched(missing=[title(7)])


async def test_a_merged_show_is_found_as_the_other() -> None:
    async with serving(make_show(7, cast=[make_cast(make_person(1), "A")])) as site:
        site.server.merged[5] = 7
        fetched = await site.fetch(5)
    assert fetched.found == {title(5): "tvmaze-7"}
    assert fetched.merged == {"tvmaze-5": "tvmaze-7"}
    assert [record.id for record in fetched.records] == ["tvmaze-7", "tvmaze-1"]
    assert len(site.server.requests) == 3


async def test_a_merged_show_keeps_its_cast_when_the_redirect_forgets_it() -> None:
    async with serving(make_show(7, cast=[make_cast(make_person(1), "A")])) as site:
        site.server.faults = [redirect("/shows/7")]
        fetched = await site.fetch(5)
    assert [record.id for record in fetched.records] == ["tvmaze-7", "tvmaze-1"]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([json_body([])], "`id` is missing or unusable"),
        ([json_body({**make_show(7), "id": "7"})], "`id` is missing or unusable"),
        ([json_body(make_show(7, name=None))], "`name` is missing or unusable"),
        ([json_body(make_show(7, cast={"1": {}}))], "`_embedded.cast` is not a list"),
        ([json_body(make_show(7)), json_body({})], "`episodes` is not a list"),
        ([status(400)], "TVmaze answered with HTTP status 400"),
        ([raw_body(b" " * 1_000_001)], "TVmaze sent a response of more than 1,000,000 bytes"),
    ],
)
async def test_a_bad_answer_costs_only_its_show(answers: list[Fault], reason: str) -> None:
    async with serving(make_show(7), make_show(8)) as site:
        site.server.faults = answers
        fetched = await site.source.fetch([title(7), title(8)])
    assert fetched.refused == {title(7): reason}
    assert fetched.found == {title(8): "tvmaze-8"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (status(500), SourceUnavailableError),
        (status(403), SourceForbiddenError),
        (status(429, Retry_After="3600"), SourceBusyError),
        (incomplete_json, CutOffError),
        (cut_off, CutOffError),
        (drop, SourceUnavailableError),
    ],
)
async def test_a_source_that_fails_refuses_no_show(fault: Fault, error: type[SourceError]) -> None:
    async with serving(make_show(7), lasting=fault) as site:
        with pytest.raises(error):
            await site.fetch(7)


async def test_a_format_that_changed_is_an_error_of_the_source() -> None:
    async with serving(make_show(7)) as site:
        for _ in range(2):
            for _ in range(2):
                site.server.faults = [status(400)]
                assert (await site.fetch(7)).refused
            assert (await site.fetch(7)).found
        site.server.lasting_fault = status(400)
        await site.fetch(7)
        await site.fetch(7)
        with pytest.raises(SourceFormatError):
            await site.fetch(7)


async def test_several_shows_are_each_in_one_group() -> None:
    async with serving(make_show(7), make_show(8), unwanted(9)) as site:
        site.server.merged[5] = 7
        fetched = await site.fetch(5, 8, 9, 10)
    assert fetched.found == {title(5): "tvmaze-7", title(8): "tvmaze-8"}
    assert fetched.merged == {"tvmaze-5": "tvmaze-7"}
    assert (fetched.unwanted, fetched.missing) == ([title(9)], [title(10)])


async def test_passing_faults_lose_nothing() -> None:
    faults = [status(429), drop, status(503), cut_off, incomplete_json, html_page, hang]
    async with serving(make_show(1), make_show(300)) as site:
        whole = await site.list_all()
        for fault in faults:
            site.server.faults = [fault]
            assert await site.list_all() == whole
            site.server.faults = [fault, json_body(make_show(1)), fault]
            assert (await site.fetch(1)).found == {title(1): "tvmaze-1"}
    assert site.server.open_connections == 1
