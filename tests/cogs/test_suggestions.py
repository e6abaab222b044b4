"""/suggest and /catalog suggestions: members suggest corrections, and curators decide."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
import simcord
from discord import DMChannel, HTTPException, Permissions
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot import i18n
from bot.catalog.curation import Curator, SuggestionOutcome
from bot.demo.plain_text import render_plain_text
from bot.errors import OperatorError
from bot.store.suggestions import SuggestionStore
from bot.ui import suggestion_outcomes
from tests.conftest import Server, components, labels, text
from tests.support.curators import fields, fill_in, make_curators
from tests.support.raw_interactions import Asker, asker, press_button, submit
from tests.wire.polling import until

ASKED = {"text": "It has 10 episodes.", "source": "https://example.org/news"}


class Suggestions:
    """A server whose moderator is a curator, and whose member suggests corrections."""

    def __init__(self, server: Server) -> None:
        self.server, self.curator, self.member = server, server.moderator, server.member
        self.posts = server.guild.create_text_channel("suggestions")
        self.service = server.env.bot.services.curation
        make_curators(server, self.curator)

    async def suggest(self, **values: str) -> simcord.InteractionResult:
        """Suggest a correction of Soul Mate as the member."""
        shown = await self.member.slash(self.server.channel, "suggest", name="Soul Mate")
        return await fill_in(self.member, shown, values or ASKED)

    async def queue(self, **options: Any) -> simcord.InteractionResult:
        """Run /catalog suggestions as the curator."""
        return await self.curator.slash(self.server.channel, "catalog suggestions", **options)

    async def press(self, shown: Any, label: str) -> simcord.InteractionResult:
        """Press a button as the curator."""
        return await self.curator.click(shown, label=label)

    def told(self) -> list[str]:
        """The direct messages to the member."""
        return [_shown(one) for one in self.member.user.dm_channel.history()]

    def posted(self) -> list[str]:
        """What is in the channel for suggestions."""
        return [_shown(one) for one in self.posts.history()]


def _shown(message: Any) -> str:
    parts = [one.to_dict() for one in message.components]
    return render_plain_text({"content": message.content, "components": parts})


@pytest.fixture
def suggestions(server: Server) -> Suggestions:
    return Suggestions(server)


async def test_suggestion_is_made_with_the_button_of_a_card_and_accepted(
    suggestions: Suggestions,
) -> None:
    card = await suggestions.server.slash("show", title="Soul Mate")
    shown = await suggestions.member.click(card.response, label="Suggest a correction")
    assert fields(shown) == {"text": "", "source": ""}
    thanks = await fill_in(suggestions.member, shown, ASKED)
    assert thanks.ephemeral
    assert "Thank you" in text(thanks)
    queue = await suggestions.queue()
    assert queue.ephemeral
    for said in (
        "Soul Mate",
        "It has 10 episodes.",
        "https://example.org/news",
        "mina",
        "Waiting: 1",
    ):
        assert said in text(queue)
    assert suggestions.told() == []
    decided = await suggestions.press(queue.response, "Accept")
    assert "Accepted" in text(decided)
    [menu] = components(decided, 3)
    [details] = [one["value"] for one in menu["options"] if one["label"] == "Details"]
    edit = await suggestions.curator.select(decided.response, [details])
    assert fields(edit)["episode_count"] == "8"
    [told] = suggestions.told()
    assert "Your suggestion about Soul Mate was accepted" in told
    assert "No suggestions are waiting" in text(await suggestions.queue())


@pytest.mark.parametrize(
    ("label", "outcome", "said"),
    [
        ("Accept with changes", "Accepted with changes", "led to a change"),
        ("Decline", "Declined", "was not accepted this time"),
    ],
)
async def test_member_is_told_the_outcome_once_in_their_language(
    suggestions: Suggestions, label: str, outcome: str, said: str
) -> None:
    await suggestions.suggest()
    queue = await suggestions.queue()
    ids = {one["label"]: one.get("custom_id") for one in components(queue, 2)}
    await suggestions.press(queue.response, label)
    who = asker(suggestions.curator, suggestions.server.channel)
    for again in ("Accept", "Decline", label):
        shown = await press_button(suggestions.server.env, who, str(ids[again]))
        assert outcome in text(shown)
        assert "Accept" not in labels(shown)
    [told] = suggestions.told()
    assert said in told


async def test_outcome_is_told_in_the_language_of_the_member(
    suggestions: Suggestions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def get_translations(locale: str) -> Any:
        asked.append(locale)
        return i18n.get_translations(locale)

    monkeypatch.setattr(suggestion_outcomes, "get_translations", get_translations)
    who = asker(suggestions.member, suggestions.server.channel)
    korean = Asker(who.id, who.channel_id, who.guild_id, {"locale": "ko"})
    parts = [{"type": 18, "component": {"type": 4, "custom_id": "text", "value": "X"}}]
    await submit(suggestions.server.env, korean, "suggest:title/soul-mate", parts)
    await suggestions.press((await suggestions.queue()).response, "Accept")
    assert asked == ["ko"]


async def test_suggestions_are_posted_and_decided_in_a_channel(suggestions: Suggestions) -> None:
    done = await suggestions.queue(channel=suggestions.posts)
    assert "Suggestions are posted in" in text(done)
    await suggestions.suggest(text="@everyone <@1> **bold**", source="")
    [post] = suggestions.posted()
    assert "@everyone <@1> **bold**" in post
    message = suggestions.posts.last_message
    decided = await suggestions.press(message, "Decline")
    assert decided.ephemeral
    [post] = suggestions.posted()
    assert "Declined" in post
    assert "moon" in post
    assert "Block member" not in post
    # One that is decided in the queue changes in the channel as well.
    await suggestions.suggest()
    await suggestions.press((await suggestions.queue()).response, "Accept")
    assert sum("Accepted" in one for one in suggestions.posted()) == 1
    await suggestions.queue(no_channel=True)
    await suggestions.suggest()
    assert len(suggestions.posted()) == 2


async def test_channel_that_is_gone_does_not_fail_the_suggestion(
    suggestions: Suggestions, caplog: pytest.LogCaptureFixture
) -> None:
    await suggestions.queue(channel=suggestions.posts)
    suggestions.server.env.backend.delete_channel(suggestions.posts.id)
    assert "Thank you" in text(await suggestions.suggest())
    assert await suggestions.service.count_suggestions() == 1
    assert "could not post suggestion 1" in caplog.text


async def test_member_who_accepts_no_direct_messages_fails_nothing(
    suggestions: Suggestions, caplog: pytest.LogCaptureFixture
) -> None:
    await suggestions.suggest()
    # simcord refuses messages to bots, with the same code.
    suggestions.server.env.backend.users[suggestions.member.id].bot = True
    decided = await suggestions.press((await suggestions.queue()).response, "Accept")
    assert "Accepted" in text(decided)
    assert suggestions.told() == []
    assert "could not tell" not in caplog.text


async def test_suggestion_that_is_wrong_can_be_edited_again(suggestions: Suggestions) -> None:
    typed = {"text": "Something", "source": "javascript:alert(1)"}
    refused = await suggestions.suggest(**typed)
    assert "Enter a link that starts with https://" in text(refused)
    again = await suggestions.member.click(refused.response, label="Edit again")
    assert fields(again) == typed
    assert "Thank you" in text(await fill_in(suggestions.member, again, {"source": ""}))
    assert "Say what should change" in text(await suggestions.suggest(text="\u200b \n"))


async def test_members_are_limited_to_some_suggestions_a_day(suggestions: Suggestions) -> None:
    for _ in range(10):
        assert "Thank you" in text(await suggestions.suggest())
        await suggestions.server.env.advance_time(60)
    refused = await suggestions.suggest()
    assert "You can make 10 suggestions a day" in text(refused)
    assert ASKED["text"] in text(refused)
    await suggestions.server.env.advance_time(86_400)
    assert "Thank you" in text(await suggestions.suggest())


async def test_blocked_member_cannot_suggest_until_unblocked(suggestions: Suggestions) -> None:
    await suggestions.queue(channel=suggestions.posts)
    await suggestions.suggest()
    await suggestions.suggest(text="Another", source="")
    blocked = await suggestions.press((await suggestions.queue()).response, "Block member")
    assert "mina" in text(blocked)
    assert await suggestions.service.count_suggestions() == 0
    assert all("Declined" in one for one in suggestions.posted())
    assert suggestions.told() == []
    assert "You can't suggest changes any more" in text(await suggestions.suggest())
    await suggestions.press(blocked.response, "Unblock")
    assert "Thank you" in text(await suggestions.suggest())
    unblocked = await suggestions.curator.slash(
        suggestions.server.channel, "catalog unblock", member=suggestions.member
    )
    assert "not blocked" in text(unblocked)


async def test_queue_goes_on_to_the_next_and_begins_again(suggestions: Suggestions) -> None:
    await suggestions.suggest()
    await suggestions.suggest(text="Another", source="")
    queue = await suggestions.queue()
    assert ASKED["text"] in text(queue)
    queue = await suggestions.press(queue.response, "Next suggestion")
    assert "Another" in text(queue)
    queue = await suggestions.press(queue.response, "Next suggestion")
    assert ASKED["text"] in text(queue)


async def test_suggestions_work_in_a_direct_message(suggestions: Suggestions) -> None:
    user = suggestions.member.user
    shown = await user.slash("suggest", name="Ok Taec-yeon")
    assert "Thank you" in text(await user.submit_modal(shown, dict(ASKED)))
    [made] = await suggestions.service.suggestions()
    assert (made.entity, made.record_id) == ("person", "ok-taec-yeon")


async def test_longest_suggestion_fits_everywhere_it_is_shown(suggestions: Suggestions) -> None:
    await suggestions.queue(channel=suggestions.posts)
    longest = {"text": "`" * 1000, "source": f"https://example.org/{'*' * 280}"}
    refused = await suggestions.suggest(**{**longest, "source": "*" * 300})
    assert "Enter a link" in text(refused)
    assert "Thank you" in text(await suggestions.suggest(**longest))
    decided = await suggestions.press((await suggestions.queue()).response, "Accept")
    assert "`" * 1000 in text(decided)
    assert len(suggestions.told()) == len(suggestions.posted()) == 1


async def test_nothing_that_is_posted_or_told_pings_anybody(suggestions: Suggestions) -> None:
    await suggestions.queue(channel=suggestions.posts)
    since = len(suggestions.server.env.http_requests)
    await suggestions.suggest(text="@everyone @here <@&1> <@1>", source="")
    await suggestions.press((await suggestions.queue()).response, "Accept")
    bodies = [one.json for one in suggestions.server.env.http_requests[since:]]
    sent = [body for body in bodies if isinstance(body, dict) and body.get("components")]
    assert len(sent) == 3
    assert [body["allowed_mentions"]["parse"] for body in sent] == [[], [], []]


async def test_outcome_that_was_not_told_before_a_restart_is_told_afterwards(
    suggestions: Suggestions,
) -> None:
    await suggestions.suggest()
    [made] = await suggestions.service.suggestions()
    curator = Curator(suggestions.curator.id, "moon")
    await suggestions.service.decide(made.id, SuggestionOutcome.ACCEPTED, curator)
    suggestions.server.env.bot.dispatch("ready")
    await until(suggestions.told)
    [told] = suggestions.told()
    assert "was accepted" in told
    await suggestion_outcomes.tell_outcomes(suggestions.server.env.bot)
    assert len(suggestions.told()) == 1


async def test_outcome_is_not_told_again_if_the_bot_was_stopped_right_after_sending(
    suggestions: Suggestions, monkeypatch: pytest.MonkeyPatch
) -> None:
    await suggestions.suggest()
    await suggestions.suggest(text="Another", source="")
    with monkeypatch.context() as patch:
        patch.setattr(type(suggestions.service), "set_told", _stop)
        await suggestions.press((await suggestions.queue()).response, "Accept")
        await suggestions.server.env.settle()
    assert len(suggestions.told()) == 1
    # The button that marks the message belongs to one suggestion only.
    await suggestions.press((await suggestions.queue()).response, "Accept")
    await suggestion_outcomes.tell_outcomes(suggestions.server.env.bot)
    assert len(suggestions.told()) == 2
    assert await suggestions.service.untold_suggestions() == []


async def _stop(*_: Any) -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("status", "code", "is_told_later"), [(503, 0, True), (403, 0, True), (403, 50278, False)]
)
async def test_outcome_that_cannot_be_told_for_now_is_told_later(
    suggestions: Suggestions,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    code: int,
    is_told_later: bool,
) -> None:
    async def fail(*_: Any, **_options: Any) -> None:
        response = SimpleNamespace(status=status, reason="", headers={})
        raise HTTPException(response, {"code": code, "message": ""})  # pyright: ignore[reportArgumentType]

    await suggestions.suggest()
    with monkeypatch.context() as patch:
        patch.setattr(DMChannel, "send", fail)
        decided = await suggestions.press((await suggestions.queue()).response, "Accept")
    assert "Accepted" in text(decided)
    await suggestion_outcomes.tell_outcomes(suggestions.server.env.bot)
    assert len(suggestions.told()) == is_told_later


@pytest.mark.parametrize("url", ["https://[::1", "https://example.org:99999", "http://localhost"])
async def test_link_that_discord_would_refuse_is_not_taken(
    suggestions: Suggestions, url: str
) -> None:
    assert "Enter a link" in text(await suggestions.suggest(text="X", source=url))


async def test_link_with_other_letters_is_shown_as_typed_and_opens(
    suggestions: Suggestions,
) -> None:
    url = "https://ko.wikipedia.org/wiki/도깨비"
    await suggestions.suggest(text="X", source=url)
    queue = await suggestions.queue()
    assert url in text(queue)
    [button] = [one for one in components(queue, 2) if one.get("url")]
    assert button["label"] == "ko.wikipedia.org"
    assert button["url"].isascii()


async def test_suggestion_about_what_was_removed_meanwhile_is_not_lost(
    suggestions: Suggestions,
) -> None:
    who = asker(suggestions.member, suggestions.server.channel)
    parts = [{"type": 18, "component": {"type": 4, "custom_id": "text", "value": "It is gone"}}]
    refused = await submit(suggestions.server.env, who, "suggest:title/no-such-show", parts)
    assert "no longer in the catalog" in text(refused)
    assert "It is gone" in text(refused)


async def test_suggestion_that_cannot_be_saved_is_not_lost(
    suggestions: Suggestions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **_options: Any) -> None:
        raise OperatorError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(SuggestionStore, "add", fail)
        refused = await suggestions.suggest()
    assert "I couldn't save this. Try again soon." in text(refused)
    assert ASKED["text"] in text(refused)
    again = await suggestions.member.click(refused.response, label="Edit again")
    assert "Thank you" in text(await fill_in(suggestions.member, again, {}))


async def test_curator_chooses_a_channel_in_which_they_can_post(suggestions: Suggestions) -> None:
    denied = Permissions(send_messages=True).value
    overwrite = Overwrite(suggestions.curator.id, OverwriteType.MEMBER, deny=denied)
    suggestions.server.env.backend.set_overwrite(suggestions.posts.id, overwrite)
    refused = await suggestions.queue(channel=suggestions.posts)
    assert "You can't post in that channel" in text(refused)
    assert await suggestions.service.suggestions_channel_id() is None
