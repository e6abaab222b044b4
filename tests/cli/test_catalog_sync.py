"""`bonbang catalog` with a TVmaze on loopback: syncs, doubtful pairs, exports."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.services.test_sync import goblin
from tests.sources.fake_service import status
from tests.sources.tvmaze_server import FakeTvmaze
from tests.support import records
from tests.support.process import bonbang


class Host:
    """Runs `bonbang catalog` against a TVmaze on loopback."""

    def __init__(self, folder: Path, server: FakeTvmaze) -> None:
        self.folder, self.server = folder, server

    async def run(self, *arguments: str, code: int = 0, database: str = "bonbang.db") -> str:
        """Run a command. Returns what it prints."""
        ran = await asyncio.to_thread(
            bonbang,
            self.folder,
            "catalog",
            *arguments,
            SYNC_SOURCES="tvmaze",
            TVMAZE_URL=self.server.url,
            DATABASE_URL=f"sqlite:///{self.folder / database}",
        )
        assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stderr
        return ran.stdout + ran.stderr

    async def run_json(self, *arguments: str, **options: Any) -> Any:
        return json.loads(await self.run(*arguments, "--json", **options))


@pytest.fixture
async def host(tmp_path: Path) -> AsyncGenerator[Host]:
    server = FakeTvmaze({101: goblin()})
    async with server.serve():
        yield Host(tmp_path, server)


async def test_sync_says_what_is_new(host: Host) -> None:
    assert await host.run("sources") == (
        "tvmaze: never read. Read it with: bonbang catalog sync tvmaze\n"
    )
    text = await host.run("sync")
    assert text == "tvmaze: 3 new, 0 changed, 0 doubtful, 0 refused.\n"
    found = await host.run_json("sync", "tvmaze")
    assert found["tvmaze"]["error"] is None
    assert found["tvmaze"]["new"] == 0
    assert "tvmaze: last read 20" in await host.run("sources")
    shown = await host.run_json("show", "tvmaze-101")
    assert shown["provenance"]["names.0"] == "tvmaze"
    assert shown["layers"][0]["external_id"] == "101"
    text = await host.run("show", "title:tvmaze-101")
    assert "names.0: Goblin · en · main  [tvmaze]" in text


async def test_dry_run_changes_nothing(host: Host) -> None:
    text = await host.run("sync", "--dry-run")
    assert text == "tvmaze: 3 new, 0 changed, 0 doubtful, 0 refused.\n"
    await host.run("show", "tvmaze-101", code=2)
    assert (await host.run("sync")).startswith("tvmaze: 3 new")


async def test_source_that_fails_exits_with_1_and_says_what_to_do(host: Host) -> None:
    host.server.lasting_fault = status(403)
    text = await host.run("sync", code=1)
    assert text == (
        "tvmaze: TVmaze answered with HTTP status 403. It may have blocked this machine: it is "
        "tried again, ever more rarely. If this lasts for days, ask it to accept the User-Agent "
        "“Bonbang”, and check TVMAZE_URL.\n"
    )
    text = await host.run("sources")
    assert "failed 20" in text
    assert "HTTP status 403. It may have blocked this machine" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sync", "imdb"), "Unknown source 'imdb'. Use tvmaze, wikidata, tmdb."),
        (("sync", "tmdb"), "TMDB_TOKEN is not set."),
        (("show", "nobody"), "There is no record 'nobody'."),
        (("doubts", "--join", "7"), "There is no pair 7."),
        (("doubts", "--undo", "7"), "There is no decision 7 to undo."),
    ],
)
async def test_wrong_arguments_are_named(
    host: Host, arguments: tuple[str, ...], message: str
) -> None:
    assert message in await host.run(*arguments, code=2)


async def test_doubts_are_joined_kept_apart_and_undone(host: Host, tmp_path: Path) -> None:
    by_hand = records.title("goblin", external_ids={"tvmaze": "101"}, cast=[{"person": "gong-yoo"}])
    other = records.person("gong-yoo", "Gong Yoo", born="1985-01-01")
    await host.run("import", str(records.write(tmp_path / "r", by_hand, other)))
    assert "1 doubtful" in await host.run("sync")
    text = await host.run("doubts")
    assert "1: person gong-yoo = tvmaze-1?" in text
    assert "for: name Gong Yoo" in text
    assert "against: born differs 1985-01-01/1979-07-10" in text
    text = await host.run("doubts", "--join", "1")
    assert text.startswith("Joined: gong-yoo, tvmaze-1.")
    assert "decided already" in await host.run("doubts", "--apart", "1", code=2)
    assert await host.run("doubts") == "Nothing is doubtful.\n"
    assert "also answers as: tvmaze-1" in await host.run("show", "person:gong-yoo")
    number = text.split()[-1]
    assert await host.run("doubts", "--undo", number) == f"Undone: {number}.\n"
    assert "gong-yoo = tvmaze-1?" in await host.run("doubts")
    await host.run("doubts", "--apart", "1")
    assert await host.run("doubts") == "Nothing is doubtful.\n"
    host.server.change(101, summary="<p>New</p>")
    await host.run("sync", "--full")
    assert "also answers" not in await host.run("show", "person:gong-yoo")


@pytest.mark.parametrize("target", ["all.jsonl", "folder"])
async def test_export_and_import_keep_records_and_provenance(
    host: Host, tmp_path: Path, target: str
) -> None:
    by_hand = records.title(
        "goblin", "도깨비", external_ids={"tvmaze": "101"}, cast=[{"person": "gong-yoo"}]
    )
    person = records.person("gong-yoo", "Gong Yoo")
    await host.run("import", str(records.write(tmp_path / "r", by_hand, person)))
    await host.run("sync")
    exported = str(tmp_path / target)
    assert "CC BY-SA 4.0" in await host.run("export", exported)
    await host.run("import", exported, database="other.db")
    for record_id in ("title:goblin", "person:gong-yoo", "person:tvmaze-1", "person:tvmaze-2"):
        shown = await host.run_json("show", record_id)
        assert await host.run_json("show", record_id, database="other.db") == shown
    text = await host.run("import", exported, database="other.db")
    assert "Imported 0 records of sources, joins and edits." in text


async def test_show_names_the_source_of_each_entry_and_what_is_locked(
    host: Host, tmp_path: Path
) -> None:
    cast = [{"person": "gong-yoo"}, {"person": "kim-goeun"}]
    by_hand = records.title("goblin", cast=cast, releases=[{"window": "2016"}], genres=["Fantasy"])
    people = [records.person("gong-yoo"), records.person("kim-goeun")]
    await host.run("import", str(records.write(tmp_path / "r", by_hand, *people)))
    lines = [
        {"path": "cast.gong-yoo", "value": {"character": "Kim Shin"}},
        {"path": "releases.premiere", "value": {"window": "2016-12"}},
        {"path": "genres", "value": ["Romance"]},
    ]
    made = {"entity": "edit", "kind": "title", "record_id": "goblin", "action": "set"}
    curator = {"user_id": 7, "user_name": "moon", "made": "2026-05-01T09:00:00Z"}
    edits = tmp_path / "edits.jsonl"
    edits.write_text("\n".join(json.dumps({**made, **curator, **line}) for line in lines))
    await host.run("import", str(edits))
    shown = await host.run("show", "goblin")
    assert "cast.0: gong-yoo · Kim Shin  [edits, locked]" in shown
    assert "cast.1: kim-goeun  [catalog]" in shown
    assert "releases.1: 2016-12  [edits, locked]" in shown
    assert "genres: Romance  [edits, locked]" in shown
