"""Message bodies as plain text."""

import pytest

from bot.demo.plain_text import render_plain_text

NAMES = {"<#7>": "#drama_news", "<@&8>": "@Moderators", "<@9>": "@Mina"}


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Posts in <#7>.", "Posts in #drama_news."),
        ("<#7> has one.", "#drama_news has one."),
        ("## <#7>", "#drama_news"),
        ("<@&8>, <@9>: today", "@Moderators, @Mina: today"),
        ("Use </countdown add:42> first.", "Use /countdown add first."),
        ("<#1> <@&1> <@1>", "#unknown @unknown @unknown"),
        (r"\<#7\> \</about:1\>", "<#7> </about:1>"),
    ],
)
def test_mentions_are_shown_by_name(markdown: str, shown: str) -> None:
    message = {"components": [{"type": 10, "content": markdown}]}
    assert render_plain_text(message, NAMES) == shown


def test_mentions_in_content_and_embeds_are_shown_by_name() -> None:
    message = {"content": "<@&8>", "embeds": [{"title": "<#7>", "footer": {"text": "<@9>"}}]}
    assert render_plain_text(message, NAMES).splitlines() == ["@Moderators", "#drama_news", "@Mina"]


def test_time_is_shown_once() -> None:
    message = {"content": "D-7: <t:1778112000:f> (<t:1778112000:R>)"}
    assert render_plain_text(message) == "D-7: 2026-05-07 00:00 UTC"
