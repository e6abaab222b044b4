"""/catalog: curators edit titles and people, add titles, and undo what they did."""

from typing import Any

import pytest
import simcord

from bot.catalog.curation import Curator
from bot.store.edits import EditStore
from bot.store.joined_records import Ref
from bot.ui.curation_drafts import Draft
from tests.conftest import Server, components, labels, text
from tests.support.curators import fields, fill_in, make_curators
from tests.support.raw_interactions import asker, command, press_button


class Curation:
    """A server whose moderator is a curator."""

    def __init__(self, server: Server) -> None:
        self.server, self.curator = server, server.moderator
        self.catalog = server.env.bot.services.catalog
        self.role = make_curators(server, self.curator)

    async def run(self, command: str, /, **options: Any) -> simcord.InteractionResult:
        """Run a /catalog command as the curator."""
        return await self.curator.slash(self.server.channel, f"catalog {command}", **options)

    async def edit(self, part: str, **options: Any) -> simcord.InteractionResult:
        """Open the modal of a part of Soul Mate."""
        return await self.run("edit title", title="Soul Mate", part=part, **options)

    async def save(
        self, shown: simcord.InteractionResult, **values: str
    ) -> simcord.InteractionResult:
        """Submit a modal with some of its values changed."""
        return await fill_in(self.curator, shown, values)

    async def press(self, result: simcord.InteractionResult, label: str) -> Any:
        """Press a button of a reply."""
        return await self.curator.click(result.response, label=label)

    @property
    def title(self) -> Any:
        """Soul Mate, as members see it."""
        return self.catalog.snapshot.title("soul-mate")


@pytest.fixture
def curation(server: Server) -> Curation:
    return Curation(server)


async def test_names_are_edited_and_the_edit_is_undone(curation: Curation) -> None:
    before = curation.title
    shown = await curation.edit("names")
    assert fields(shown)["names"].splitlines()[0] == "Soul Mate | en | main"
    names = fields(shown)["names"] + "\nSoulmates | en"
    saved = await curation.save(shown, names=names, reason="The poster says so")
    assert saved.ephemeral
    assert "Saved" in text(saved)
    assert "Soulmates" in text(saved)
    assert curation.title.names[-1].text == "Soulmates"
    # It can be found by its new name at once.
    assert "Soul Mate" in text(await curation.server.slash("show", title="Soulmates"))
    [undo, _history] = components(saved, 2)
    undone = await curation.press(saved, "Undo")
    assert "Undone: Names" in text(undone)
    assert curation.title.names == before.names
    who = asker(curation.curator, curation.server.channel)
    assert "undone before" in text(await press_button(curation.server.env, who, undo["custom_id"]))


async def test_name_that_is_wrong_is_said_by_its_line_and_nothing_typed_is_lost(
    curation: Curation,
) -> None:
    before = curation.title
    typed = {"names": "Soul Mate | en | main\nX | no language | main", "reason": "Because"}
    refused = await curation.save(await curation.edit("names"), **typed)
    assert "Line 2: no language is not a language code" in text(refused)
    assert typed["names"] in text(refused)
    again = await curation.press(refused, "Edit again")
    assert fields(again) == typed
    await curation.save(again, names="Soul Mate | en | main\nX | ko | best")
    assert curation.title == before
    again = await curation.press(refused, "Edit again")
    saved = await curation.save(again, names="Soul Mate | en | main")
    assert "Saved" in text(saved)
    assert len(curation.title.names) == 1


async def test_long_text_is_kept_in_a_file(curation: Curation) -> None:
    typed = "\n".join(["Wrong | in | every | line" + "x" * 90] * 30)
    refused = await curation.save(await curation.edit("names"), names=typed)
    [file] = refused.response.attachments
    assert typed in (await file.read()).decode()
    assert fields(await curation.press(refused, "Edit again"))["names"] == typed


async def test_what_was_typed_is_still_shown_after_a_restart(curation: Curation) -> None:
    refused = await curation.save(await curation.edit("names"), names="X | 1 | y")
    curation.server.env.bot.drafts._drafts.clear()
    pressed = await curation.press(refused, "Edit again")
    assert "I no longer have what you typed" in text(pressed)
    assert "X | 1 | y" in text(refused)
    assert pressed.response.id != refused.response.id


async def test_date_is_edited_and_sources_of_the_old_one_are_left_out(curation: Curation) -> None:
    [release] = [one for one, _ in curation.title.release_history()]
    shown = await curation.edit("dates", event=release.choice_value)
    assert fields(shown)["window"] == str(release.window)
    saved = await curation.save(shown, window="2026-12", status="postponed")
    assert "2026-12 · postponed" in text(saved)
    [(changed, earlier)] = curation.title.release_history()
    assert (str(changed.window), changed.status, changed.source) == ("2026-12", "postponed", None)
    assert earlier[0].window == release.window
    shown = await curation.edit("dates", event=release.choice_value)
    await curation.save(shown, window="")
    [(changed, _earlier)] = curation.title.release_history()
    assert changed.window is None


async def test_date_that_is_wrong_is_said_in_its_field(curation: Curation) -> None:
    refused = await curation.save(
        await curation.edit("dates"), event="season | two", window="soon", place="tvN | KR"
    )
    assert "Event and season · two is not a number" in text(refused)
    assert "Date · soon is not a date" in text(refused)


async def test_release_is_added_moved_to_another_network_and_removed(curation: Curation) -> None:
    count = len(curation.title.release_history())
    added = await curation.edit("dates")
    await curation.save(added, event="season | 2", window="2027", place="tvN | KR")
    release = curation.title.release_history()[-1][0]
    assert release.key == ("season", 2, "tvN", "KR")
    shown = await curation.edit("dates", event=release.choice_value)
    await curation.save(shown, place="Netflix | worldwide")
    assert [one.key for one, _ in curation.title.release_history()][count:] == [
        ("season", 2, "Netflix", "worldwide")
    ]
    moved = curation.title.release_history()[-1][0]
    await curation.save(await curation.edit("dates", event=moved.choice_value), event="")
    assert len(curation.title.release_history()) == count


async def test_cast_entry_is_edited_and_removed(curation: Curation) -> None:
    shown = await curation.edit("cast", person="Ok Taec-yeon")
    [before] = curation.title.credits_of("ok-taec-yeon")
    assert fields(shown)["character"].splitlines()[0] == before.character
    values = {"character": "John\n요한 | ko | original", "role": "guest", "order": "7"}
    await curation.save(shown, **values, spoiler="yes")
    [credit] = curation.title.credits_of("ok-taec-yeon")
    assert (credit.character, credit.role, credit.order, credit.spoiler) == (
        "John", "guest", 7, True
    )  # fmt: skip
    assert credit.character_names[0].text == "요한"
    empty = dict.fromkeys(("character", "role", "order", "spoiler"), "")
    await curation.save(await curation.edit("cast", person="Ok Taec-yeon"), **empty)
    assert curation.title.credits_of("ok-taec-yeon") == ()
    assert "Choose whose cast entry" in text(await curation.edit("cast"))


async def test_premise_is_edited_in_the_language_that_was_chosen(curation: Curation) -> None:
    shown = await curation.edit("premise", language="ko")
    await curation.save(shown, premise="두 사람이 만난다.")
    assert curation.title.premise["ko"] == "두 사람이 만난다."
    shown = await curation.edit("premise", language="ko")
    assert fields(shown)["premise"] == "두 사람이 만난다."
    await curation.save(shown, premise="")
    assert "ko" not in curation.title.premise
    assert curation.title.premise


async def test_only_details_that_changed_are_edited(curation: Curation) -> None:
    shown = await curation.edit("details")
    saved = await curation.save(shown, episode_count="16", genres="romance\nthriller")
    assert curation.title.episode_count == 16
    assert curation.title.genres == ("romance", "thriller")
    locked = await curation.server.env.bot.services.curation.locked_paths(curation.title)
    assert list(locked) == ["episode_count", "genres"]
    assert "8 → 16" in text(saved)
    refused = await curation.save(await curation.edit("details"), episode_count="many")
    assert "Number of episodes · many is not a number" in text(refused)
    unchanged = await curation.save(await curation.edit("details"))
    assert "Nothing was changed" in text(unchanged)


async def test_person_is_edited(curation: Curation) -> None:
    shown = await curation.run("edit person", person="Ok Taec-yeon", part="person_details")
    await curation.save(shown, born="1988-12-27", groups="2PM\nAnother")
    person = curation.catalog.snapshot.person("ok-taec-yeon")
    assert person is not None
    assert (str(person.born), person.groups) == ("1988-12-27", ("2PM", "Another"))
    shown = await curation.run("edit person", person="Ok Taec-yeon", part="person_names")
    await curation.save(shown, names="Taecyeon | en | main")
    person = curation.catalog.snapshot.person("ok-taec-yeon")
    assert person is not None
    assert [one.text for one in person.names] == ["Taecyeon"]


async def test_edit_of_what_somebody_else_changed_meanwhile_is_asked_about(
    curation: Curation,
) -> None:
    make_curators(curation.server, curation.curator, curation.server.other)
    mine = await curation.edit("details")
    theirs = await curation.server.other.slash(
        curation.server.channel, "catalog edit title", title="Soul Mate", part="details"
    )
    await fill_in(curation.server.other, theirs, {"episode_count": "12"})
    refused = await curation.save(mine, episode_count="16")
    assert "Somebody changed this while you were editing" in text(refused)
    assert "12" in text(refused)
    assert curation.title.episode_count == 12
    again = await curation.press(refused, "Edit again")
    assert fields(again)["episode_count"] == "16"
    await curation.save(again)
    assert curation.title.episode_count == 16


async def test_draft_belongs_to_who_typed_it(curation: Curation) -> None:
    make_curators(curation.server, curation.curator, curation.server.other)
    refused = await curation.save(await curation.edit("names"), names="X | 1 | y")
    [custom_id] = [one["custom_id"] for one in components(refused, 2)]
    other = asker(curation.server.other, curation.server.channel)
    pressed = await press_button(curation.server.env, other, custom_id)
    assert pressed.modal is None
    assert "I no longer have what you typed" in text(pressed)


async def test_title_is_added(curation: Curation) -> None:
    shown = await curation.run("add", kind="film")
    card = await curation.save(
        shown, name="Crash Landing", original="사랑의 불시착 | ko", window="2027-03", network="tvN"
    )
    assert text(card).startswith("Crash Landing\n사랑의 불시착")
    title = curation.catalog.snapshot.title("crash-landing")
    assert title is not None
    assert (title.kind, title.original_language, title.year) == ("film", "ko", 2027)
    assert title.releases[0].network == "tvN"
    assert "Crash Landing" in text(await curation.server.slash("release", title="불시착"))


async def test_title_of_the_same_name_is_added_only_on_request(curation: Curation) -> None:
    asked = await curation.save(await curation.run("add"), name="Soul  mate", window="2030")
    assert "is in the catalog already" in text(asked)
    assert labels(asked) == ["Soul Mate", "Add anyway", "Edit again"]
    assert curation.catalog.snapshot.title("soul-mate-2030") is None
    await curation.press(asked, "Add anyway")
    assert curation.catalog.snapshot.title("soul-mate-2030") is not None
    asked = await curation.save(await curation.run("add"), name="Soul Mate", window="2030")
    await curation.press(asked, "Add anyway")
    assert curation.catalog.snapshot.title("soul-mate-2") is not None


async def test_title_without_a_latin_name_gets_an_id(curation: Curation) -> None:
    await curation.save(await curation.run("add"), name="도깨비")
    assert curation.catalog.snapshot.title("title") is not None
    refused = await curation.save(await curation.run("add"), name="X" * 300, window="soon")
    assert "Premiere · soon is not a date" in text(refused)
    assert fields(await curation.press(refused, "Edit again"))["window"] == "soon"


async def test_history_says_who_changed_what_when_and_why_and_undoes_it(
    curation: Curation,
) -> None:
    empty = await curation.run("history", name="Soul Mate")
    assert "No changes by curators yet" in text(empty)
    for count in range(10, 17):
        shown = await curation.edit("details")
        await curation.save(shown, episode_count=str(count), reason=f"Count {count}")
    history = await curation.run("history", name="Soul Mate")
    shown = text(history)
    assert history.ephemeral
    assert "2/" not in shown.split("1/2")[0]
    assert "🔒 Locked Number of episodes" in shown
    assert "Number of episodes 15 → 16" in shown
    assert "Count 16" in shown
    assert "moon" in shown
    [raw, *_] = [one["content"] for one in components(history, 10) if "Count 16" in one["content"]]
    assert f"<@{curation.curator.id}>" in raw
    assert "<t:" in raw
    more = await curation.press(history, "More ▶")
    assert "Number of episodes 8 → 10" in text(more)
    history = await curation.run("history", name="Soul Mate")
    [menu] = components(history, 3)
    undone = await curation.curator.select(history.response, [menu["options"][0]["value"]])
    assert "Undone: Number of episodes" in text(undone)
    assert curation.title.episode_count == 15
    history = await curation.press(undone, "History")
    struck = [one["content"] for one in components(history, 10) if "Count 16" in one["content"]]
    assert struck[0].startswith("~~")
    assert "undone" in struck[0]
    [menu] = components(history, 3)
    assert len(menu["options"]) == 4


async def test_unlocked_field_is_what_sources_say(curation: Curation) -> None:
    await curation.save(await curation.edit("details"), episode_count="16")
    who, options = (
        asker(curation.curator, curation.server.channel),
        {"name": "Soul Mate", "field": ""},
    )
    typed = await command(curation.server.env, who, "catalog unlock", options, typing="field")
    assert [one["value"] for one in typed.autocomplete_choices or []] == ["episode_count"]
    wrong = await curation.run("unlock", name="Soul Mate", field="names")
    assert "not locked" in text(wrong)
    done = await curation.run("unlock", name="Soul Mate", field="episode_count", reason="Enough")
    assert "Number of episodes" in text(done)
    assert curation.title.episode_count == 8
    history = await curation.press(done, "History")
    assert "16 → what sources say" in text(history)


async def test_character_counts_as_who_plays_it(curation: Curation) -> None:
    history = await curation.run("history", name="character:soul-mate/ok-taec-yeon")
    assert text(history).startswith("Ok Taec-yeon")
    unknown = await curation.run("history", name="Nobody at all")
    assert "couldn't find anything" in text(unknown)


def let_somebody_be_first(monkeypatch: pytest.MonkeyPatch, ref: Ref, changes: Any) -> None:
    """Let another curator make changes while the next edit is on its way to the database."""
    edit_ = EditStore.edit

    async def edit(store: EditStore, *args: Any, **options: Any) -> Any:
        monkeypatch.setattr(EditStore, "edit", edit_)
        await edit_(store, ref, changes, Curator(1, "joon"), None)
        return await edit_(store, *args, **options)

    monkeypatch.setattr(EditStore, "edit", edit)


async def test_edits_of_one_field_at_the_same_moment_do_not_overwrite_each_other(
    curation: Curation, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await curation.edit("details")
    let_somebody_be_first(monkeypatch, Ref("title", "soul-mate"), {"episode_count": 12})
    refused = await curation.save(shown, episode_count="16")
    assert "Somebody changed this while you were editing" in text(refused)
    assert curation.title.episode_count == 12
    await curation.save(await curation.press(refused, "Edit again"))
    assert curation.title.episode_count == 16
    # Edits of different fields do not get in the way of each other.
    let_somebody_be_first(monkeypatch, Ref("title", "soul-mate"), {"genres": ["romance"]})
    await curation.save(await curation.edit("details"), episode_count="17")
    assert (curation.title.episode_count, curation.title.genres) == (17, ("romance",))


async def test_title_is_added_once_though_added_twice_at_the_same_moment(
    curation: Curation, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = {"entity": "title", "kind": "series", "names": [{"text": "Crash Landing"}]}
    let_somebody_be_first(monkeypatch, Ref("title", "crash-landing"), {"": added})
    refused = await curation.save(await curation.run("add"), name="Crash Landing")
    assert "Somebody has just added this, too" in text(refused)
    again = await curation.press(refused, "Edit again")
    assert "is in the catalog already" in text(await curation.save(again))


async def test_button_to_add_anyway_adds_once_though_it_is_pressed_twice(
    curation: Curation,
) -> None:
    asked = await curation.save(await curation.run("add"), name="Soul Mate", window="2030")
    add = components(asked, 2)
    [custom_id] = [one["custom_id"] for one in add if one["label"] == "Add anyway"]
    who = asker(curation.curator, curation.server.channel)
    await press_button(curation.server.env, who, custom_id)
    assert "I no longer have" in text(await press_button(curation.server.env, who, custom_id))
    assert curation.catalog.snapshot.title("soul-mate-2030") is not None
    assert curation.catalog.snapshot.title("soul-mate-2") is None


async def test_what_was_typed_outlasts_what_others_type(curation: Curation) -> None:
    refused = await curation.save(await curation.edit("names"), names="X | 1 | y")
    drafts = curation.server.env.bot.drafts
    for number in range(500):
        drafts.add(Draft(99, "suggest:title/soul-mate", {"text": str(number)}))
    assert fields(await curation.press(refused, "Edit again"))["names"] == "X | 1 | y"


async def test_second_curator_sees_the_end_of_a_long_list_that_somebody_changed(
    curation: Curation, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await curation.edit("names")
    names = [{"text": f"Name {number} of this show", "lang": "en"} for number in range(20)]
    let_somebody_be_first(monkeypatch, Ref("title", "soul-mate"), {"names": names})
    refused = await curation.save(shown, names=fields(shown)["names"] + "\nMine | en")
    assert "Name 19 of this show" in text(refused)
    assert "Mine | en" in text(refused)


async def test_history_shows_what_changed_in_a_long_list_and_in_a_long_text(
    curation: Curation,
) -> None:
    lines = [f"Name {number} of this show | en" for number in range(20)]
    names = "\n".join(["Soul Mate | en", *lines])
    await curation.save(await curation.edit("names"), names=names)
    changed = names.replace("Name 7 of", "Name seven of")
    saved = await curation.save(await curation.edit("names"), names=changed)
    assert "Names + Name seven of this show · en · alias · − Name 7 of this show" in text(saved)
    swapped = "\n".join(sorted(changed.splitlines()))
    saved = await curation.save(await curation.edit("names"), names=swapped)
    assert "Names Soul Mate · en" in text(saved)
    premise = "Two people meet. " * 20
    for end in ("The end.", "No end."):
        saved = await curation.save(await curation.edit("premise"), premise=premise + end)
    assert "meet. The end. → …" in text(saved)
    assert text(saved).count("No end.") == 1


async def test_undo_beneath_a_newer_change_says_that_members_see_no_difference(
    curation: Curation,
) -> None:
    first = await curation.save(await curation.edit("details"), episode_count="10")
    second = await curation.save(await curation.edit("details"), episode_count="12")
    undone = await curation.press(first, "Undo")
    assert "members see no difference" in text(undone)
    assert curation.title.episode_count == 12
    undone = await curation.press(second, "Undo")
    assert "members see no difference" not in text(undone)
    assert curation.title.episode_count == 8


async def test_undo_of_an_added_title_removes_it(curation: Curation) -> None:
    await curation.save(await curation.run("add"), name="Crash Landing")
    shown = await curation.run("edit title", title="Crash Landing", part="details")
    await curation.save(shown, episode_count="16")
    history = await curation.run("history", name="Crash Landing")
    [menu] = components(history, 3)
    added = menu["options"][-1]["value"]
    undone = await curation.curator.select(history.response, [added])
    assert "Undone: Whole record" in text(undone)
    assert curation.catalog.snapshot.title("crash-landing") is None
    who = asker(curation.curator, curation.server.channel)
    stale = await press_button(curation.server.env, who, "curate:history:title/crash-landing/1")
    assert "no longer in the catalog" in text(stale)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("TBA", None),
        ("2027", "2027"),
        ("2027-H1", "2027-H1"),
        ("2027-Q2", "2027-Q2"),
        ("2027-04", "2027-04"),
        ("2027-04-01", "2027-04-01"),
        ("2027-04-01T21:00+09:00", "2027-04-01T21:00+09:00"),
        ("2027-04-01T12:00Z", "2027-04-01T12:00Z"),
        ("2027-04/2027-06", "2027-04/2027-06"),
    ],
)
async def test_date_is_taken_as_precise_as_it_is_typed(
    curation: Curation, typed: str, stored: str | None
) -> None:
    [release] = [one for one, _ in curation.title.release_history()]
    shown = await curation.edit("dates", event=release.choice_value)
    await curation.save(shown, window=typed)
    [(changed, _earlier)] = curation.title.release_history()
    assert (str(changed.window) if changed.window else None) == stored


@pytest.mark.parametrize("typed", ["2027-13", "2027-04-01T21:00", "tomorrow", "٢٠٢٧", "@everyone"])
async def test_date_in_no_known_form_changes_nothing(curation: Curation, typed: str) -> None:
    before = curation.title
    [release] = [one for one, _ in before.release_history()]
    refused = await curation.save(
        await curation.edit("dates", event=release.choice_value), window=typed
    )
    assert "is not a date" in text(refused)
    assert curation.title == before


async def test_release_with_a_long_key_is_unlocked(curation: Curation) -> None:
    network = "N" * 250
    shown = await curation.edit("dates")
    await curation.save(shown, event="season | 2", window="2027", place=f"{network} | KR")
    who = asker(curation.curator, curation.server.channel)
    options = {"name": "Soul Mate", "field": ""}
    typed = await command(curation.server.env, who, "catalog unlock", options, typing="field")
    [choice] = typed.autocomplete_choices or []
    done = await curation.run("unlock", name="Soul Mate", field=choice["value"])
    assert "Sources decide this again" in text(done)
    assert len(curation.title.release_history()) == 1


async def test_person_is_added_and_then_cast(curation: Curation) -> None:
    shown = await curation.run("add", kind="person")
    card = await curation.save(shown, name="Kim Go-eun", original="김고은 | ko", born="1991-07-02")
    assert text(card).startswith("Kim Go-eun\n김고은")
    person = curation.catalog.snapshot.person("kim-go-eun")
    assert person is not None
    assert str(person.born) == "1991-07-02"
    await curation.save(await curation.edit("cast", person="김고은"), character="Ji Eun-tak")
    assert curation.title.credits_of("kim-go-eun")[0].character == "Ji Eun-tak"


async def test_person_of_the_same_name_is_added_only_on_request(curation: Curation) -> None:
    shown = await curation.run("add", kind="person")
    asked = await curation.save(shown, name="Ok Taec-yeon", born="1990")
    assert "is in the catalog already" in text(asked)
    assert labels(asked) == ["Ok Taec-yeon", "Add anyway", "Edit again"]
    assert fields(await curation.press(asked, "Edit again"))["born"] == "1990"
    await curation.press(asked, "Add anyway")
    assert curation.catalog.snapshot.person("ok-taec-yeon-1990") is not None
    refused = await curation.save(await curation.run("add", kind="person"), name="X", born="soon")
    assert "Born · soon is not a date" in text(refused)


async def test_undo_of_an_added_person_who_is_in_a_cast_leaves_the_title_readable(
    curation: Curation,
) -> None:
    await curation.save(await curation.run("add", kind="person"), name="Kim Go-eun")
    await curation.save(await curation.edit("cast", person="Kim Go-eun"), character="Ji Eun-tak")
    history = await curation.run("history", name="Kim Go-eun")
    [menu] = components(history, 3)
    undone = await curation.curator.select(history.response, [menu["options"][0]["value"]])
    assert "Undone: Whole record" in text(undone)
    # While a cast names her, she stays.
    cast = text(await curation.server.slash("cast", title="Soul Mate"))
    assert "Ok Taec-yeon" in cast
    assert "Kim Go-eun" in cast
    assert "Not saved" not in text(await curation.save(await curation.edit("names"), names="X"))
