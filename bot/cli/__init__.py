"""The command line: `bonbang …`, a module for each group of commands.

Modules of the bot are imported inside the commands: `bonbang --help` needs none of them.
"""

import typer

from bot.cli.backup import backup, restore
from bot.cli.catalog import catalog
from bot.cli.catalog_show import show
from bot.cli.catalog_sync import doubts, sources, sync
from bot.cli.countdowns import countdowns
from bot.cli.demo import demo
from bot.cli.run import run

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Bonbang, a Discord bot for K-drama communities.",
)
app.command()(run)
app.command()(demo)
catalog.command()(sync)
catalog.command()(sources)
catalog.command()(show)
catalog.command()(doubts)
app.add_typer(catalog, name="catalog")
app.command()(countdowns)
app.command()(backup)
app.command()(restore)
