"""From a source to the records that members see."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.catalog.curation import Curator
from bot.catalog.model import NameType
from bot.sources.errors import ShrunkListError, SourceUnavailableError
from bot.store.joined_records import Ref
from bot.store.tables import people, titles
from tests.services.syncing import HOUR, syncing
from tests.sources.fake_service import status
from tests.sources.tvmaze_server import (
    HBO,
    make_cast,
    make_episode,
    make_person,
    make_show,
)
from tests.support import records

GONG_YOO = make_person(1, name="Gong Yoo")
KIM = make_person(2, name="Kim Go-eun", birthday="1991-07-02")


def goblin(**changes: Any) -> Any:
    cast = [make_cast(GONG_YOO, "Kim Shin"), make_cast(KIM, "Ji Eun-tak")]
    changes = {"name": "Goblin", "cast": cast, "episodes": [make_episode(11)], **changes}
    return make_show(101, **changes)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bonbang.db"


async def test_first_sync_adds_shows_with_their_people(file: Path) -> None:
    async with syncing(file, goblin(), make_show(102, language="English", network=HBO)) as site:
        summary = await site.sync()
        assert (summary.new, summary.changed, summary.refused) == (3, 0, 0)
        title = await site.title("tvmaze-101")
        assert [name.text for name in title.names] == ["Goblin"]
        assert [credit.person for credit in title.cast] == ["tvmaze-1", "tvmaze-2"]
        assert title.sources[0].publisher == "TVmaze"
        assert site.changes == 1
        # Two pages of which the second ends the list, and two requests for a show.
        assert len(site.server.requests) == 4


async def test_update_without_changes_is_one_request(file: Path) -> None:
    async with syncing(file, goblin()) as site:
        await site.sync()
        for _hour in range(3):
            summary = await site.sync()
            assert (summary.new, summary.changed, summary.items) == (0, 0, 0)
            assert len(site.server.requests) == 1
        assert site.changes == 1


async def test_changed_show_is_fetched_again(file: Path) -> None:
    async with syncing(file, goblin()) as site:
        await site.sync()
        site.server.change(101, name="Guardian")
        summary = await site.sync()
        assert (summary.new, summary.changed) == (0, 1)
        assert len(site.server.requests) == 3
        assert (await site.title("tvmaze-101")).names[0].text == "Guardian"


async def test_show_with_the_id_of_a_record_by_hand_is_joined_with_it(
    file: Path, tmp_path: Path
) -> None:
    by_hand = records.title(
        "goblin", "도깨비", external_ids={"imdb": "tt0000101"}, cast=[{"person": "gong-yoo"}]
    )
    async with syncing(file, goblin()) as site:
        await site.import_records(tmp_path / "r", by_hand, records.person("gong-yoo", "Gong Yoo"))
        await site.sync()
        assert await site.ids(titles) == ["goblin"]
        assert await site.ids(people) == ["gong-yoo", "tvmaze-2"]
        title = await site.title("goblin")
        assert [name.text for name in title.names] == ["도깨비", "Goblin"]
        assert [credit.person for credit in title.cast] == ["gong-yoo", "tvmaze-2"]
        assert title.cast[0].character == "Kim Shin"
        # Its name was known, and its birthday was not.
        catalog = await site.catalog()
        assert str((await site.person("gong-yoo")).born) == "1979-07-10"
        assert catalog.snapshot.person("tvmaze-1") == catalog.snapshot.person("gong-yoo")
        assert [entry.title.id for entry in catalog.snapshot.filmography("gong-yoo")] == ["goblin"]


async def test_record_by_hand_added_later_takes_over(file: Path, tmp_path: Path) -> None:
    by_hand = records.title("goblin", "도깨비", external_ids={"tvmaze": "101"})
    async with syncing(file, goblin()) as site:
        await site.sync()
        await site.import_records(tmp_path / "r", by_hand)
        catalog = await site.catalog()
        title = catalog.snapshot.title("goblin")
        assert title is not None
        assert title == catalog.snapshot.title("tvmaze-101")
        assert {name.text for name in title.names} == {"도깨비", "Goblin"}
        assert catalog.snapshot.size.titles == 1
        # And again: the second import and the second sync change nothing.
        await site.import_records(tmp_path / "r", by_hand)
        site.server.change(101, summary="<p>New</p>")
        await site.sync()
        assert (await site.title("tvmaze-101")).id == "goblin"


async def test_people_with_other_birthdays_are_doubtful(file: Path, tmp_path: Path) -> None:
    by_hand = records.title("goblin", external_ids={"tvmaze": "101"}, cast=[{"person": "gong-yoo"}])
    other = records.person("gong-yoo", "Gong Yoo", born="1985-01-01")
    async with syncing(file, goblin()) as site:
        await site.import_records(tmp_path / "r", by_hand, other)
        summary = await site.sync()
        assert summary.doubtful == 1
        [doubt] = await site.edits.doubts()
        assert {doubt.first_id, doubt.second_id} == {"gong-yoo", "tvmaze-1"}
        assert "born_differs:1985-01-01/1979-07-10" in doubt.evidence
        assert await site.ids(people) == ["gong-yoo", "tvmaze-1", "tvmaze-2"]


async def test_moved_date_counts_after_two_reads(file: Path) -> None:
    ahead = {"airdate": "2026-12-02", "airtime": "", "airstamp": "2026-12-02T12:00:00+00:00"}
    show = goblin(premiered="2026-12-02", status="In Development", ended=None)
    show["_embedded"]["episodes"] = [make_episode(11, **ahead)]
    async with syncing(file, show) as site:
        await site.sync()
        moved = {**ahead, "airdate": "2026-12-09"}
        embedded = {**show["_embedded"], "episodes": [make_episode(11, **moved)]}
        site.server.change(101, premiered="2026-12-09", _embedded=embedded)
        await site.sync()
        title = await site.title("tvmaze-101")
        assert [str(release.window) for release in title.releases] == ["2026-12-02"]
        assert [str(episode.window) for episode in title.episodes] == ["2026-12-02"]
        summary = await site.sync(after=HOUR / 4)
        assert summary.items == 0
        await site.sync(after=HOUR / 2)
        title = await site.title("tvmaze-101")
        assert [str(release.window) for release in title.releases] == ["2026-12-02", "2026-12-09"]
        [episode] = title.episodes
        assert (str(episode.window), episode.status) == ("2026-12-09", "moved")
        assert [str(window) for window in episode.earlier] == ["2026-12-02"]
        assert (await site.sync()).items == 0


async def test_date_that_flaps_back_changes_nothing(file: Path) -> None:
    ahead = {"airdate": "2026-12-02", "airtime": "", "airstamp": "2026-12-02T12:00:00+00:00"}
    show = goblin(premiered="2026-12-02", episodes=[make_episode(11, **ahead)])
    async with syncing(file, show) as site:
        await site.sync()
        before = await site.title("tvmaze-101")
        changed = [make_episode(11, **{**ahead, "airdate": "2027-01-01"})]
        site.server.change(101, _embedded={**show["_embedded"], "episodes": changed})
        await site.sync()
        site.server.now += 60
        site.server.change(101, _embedded=show["_embedded"])
        for _hour in range(3):
            await site.sync()
        assert await site.title("tvmaze-101") == before


async def test_source_that_is_down_is_an_error_and_keeps_what_was_read(file: Path) -> None:
    async with syncing(file, goblin()) as site:
        await site.sync()
        site.server.shows = {}
        with pytest.raises(ShrunkListError):
            await site.sync(after=40 * 24 * HOUR)
        [source] = await site.states.statuses(site.clock())
        assert source.error is not None
        assert "0 items instead of 1" in source.error
        assert not source.is_running
        assert (await site.title("tvmaze-101")).id == "tvmaze-101"


async def test_other_process_syncs_only_once_the_first_is_silent(file: Path) -> None:
    async with syncing(file, goblin()) as site:
        lease = await site.states.acquire("tvmaze", "other", site.clock())
        assert lease is not None
        assert await site.service.sync(site.source) is None
        assert site.server.requests == []
        assert (await site.sync(after=HOUR)).new == 3
        with pytest.raises(Exception, match="another process syncs"):
            await site.states.extend(lease, site.clock())


async def test_edit_is_never_overwritten(file: Path) -> None:
    async with syncing(file, goblin()) as site:
        await site.sync()
        curator = Curator(7, "mina")
        changes = {"names": [{"text": "Dokkaebi", "lang": "en", "type": "main"}]}
        await site.edits.edit(Ref("title", "tvmaze-101"), changes, curator, "as broadcast")
        site.server.change(101, name="Guardian")
        await site.sync()
        assert [name.text for name in (await site.title("tvmaze-101")).names] == ["Dokkaebi"]
        [entry] = await site.edits.history(Ref("title", "tvmaze-101"))
        assert entry.before[0]["text"] == "Goblin"
        await site.edits.undo(entry.id, curator)
        [name] = (await site.title("tvmaze-101")).names
        assert (name.text, name.type) == ("Guardian", NameType.MAIN)


async def test_unavailable_source_is_an_error_that_says_when_it_is_tried_again(
    file: Path,
) -> None:
    async with syncing(file, goblin()) as site:
        site.server.lasting_fault = status(503)
        with pytest.raises(SourceUnavailableError):
            await site.sync()
        [source] = await site.states.statuses(site.clock())
        assert source.error == "TVmaze answered with HTTP status 503"
        assert source.retry_at == await site.service.next_sync(site.source) > site.clock()
        site.server.lasting_fault = None
        assert (await site.sync()).new == 3
        [source] = await site.states.statuses(site.clock())
        assert (source.error, source.retry_at) == (None, None)


async def test_show_that_always_fails_keeps_no_other_from_being_read(file: Path) -> None:
    broken = status(500)

    async def fail_one(request: web.Request) -> web.StreamResponse:
        if "/shows/103" in request.path:
            return await broken(request)
        return await site.server.handle(request)

    shows = [goblin(), make_show(103), make_show(104)]
    async with syncing(file, *shows) as site:
        site.server.lasting_fault = fail_one
        summary = await site.sync()
        assert summary.refused == 1
        assert await site.ids(titles) == ["tvmaze-101", "tvmaze-104"]
        site.server.lasting_fault = None
        assert (await site.sync()).items == 0
        assert (await site.sync(after=6 * HOUR)).new == 1
