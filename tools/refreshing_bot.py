"""`bonbang run`, except that it looks for a changed catalog every second, not every minute."""

from datetime import timedelta
from functools import partial

from bot import app
from bot.cli.runner import run_async

_RECHECK = timedelta(seconds=1)

if __name__ == "__main__":
    app.open_bot = partial(app.open_bot, recheck=_RECHECK)
    run_async(app.run, use_uvloop=True)
