"""Killed at any moment, the bot tells every channel once: none twice, and none never."""

from pathlib import Path

from tests.crash.killing import Toll, massacre


async def test_killed_and_started_again_at_once(tmp_path: Path) -> None:
    """What was claimed at a kill is another's only when its lease is over: waited for for real."""
    toll = Toll()
    stage = await massacre(tmp_path, kills=12, channels=80, seed=1, toll=toll, away=(0,))
    stage.check()
    assert toll.kills == 12
    assert toll.before_it_was_settled, "no kill fell between a send and its settling"


async def test_killed_and_away_for_longer_than_discord_knows_a_nonce(tmp_path: Path) -> None:
    """A message that Discord would post again is found in its channel instead."""
    toll = Toll()
    stage = await massacre(tmp_path, kills=10, channels=60, seed=2, toll=toll, away=(20, 400))
    stage.check()
    assert toll.kills == 10
    assert toll.before_it_was_settled, "no kill fell between a send and its settling"
    searches = [one for one in stage.discord.requests if one.method == "GET"]
    assert any("/messages" in search.path for search in searches), "nothing was searched for"
