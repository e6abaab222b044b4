"""A bot killed at any moment posts exactly one message in every channel."""

from pathlib import Path

from tests.crash.sigkill import KillCounts, run_with_kills


async def test_bot_killed_and_restarted_at_once_posts_every_announcement_once(
    tmp_path: Path,
) -> None:
    """Interrupted claims are taken over only after their leases have really expired."""
    counts = KillCounts()
    fanout = await run_with_kills(
        tmp_path, kills=12, channels=80, seed=1, counts=counts, downtimes=(0,)
    )
    fanout.check()
    assert counts.kills == 12
    assert counts.before_settling, "no kill fell between a send and its settling"


async def test_bot_restarted_after_the_nonce_expired_posts_every_announcement_once(
    tmp_path: Path,
) -> None:
    """Discord would post a repeated message, so the bot finds the first one in the channel."""
    counts = KillCounts()
    fanout = await run_with_kills(
        tmp_path, kills=10, channels=60, seed=2, counts=counts, downtimes=(20, 400)
    )
    fanout.check()
    assert counts.kills == 10
    assert counts.before_settling, "no kill fell between a send and its settling"
    searches = [one for one in fanout.discord.requests if one.method == "GET"]
    assert any("/messages" in search.path for search in searches), "nothing was searched for"
