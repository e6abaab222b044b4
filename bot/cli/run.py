"""`bonbang run`."""

from bot.cli.runner import run_async


def run() -> None:
    """Run the bot on Discord."""
    from bot.app import run as run_bot

    run_async(run_bot, use_uvloop=True)
