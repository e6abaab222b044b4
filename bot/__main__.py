"""The command line: `bonbang …`."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from discord import Locale

from bot.app import run as run_bot
from bot.backup_commands import backup, restore
from bot.catalog_commands import catalog
from bot.cli import conduct
from bot.countdown_commands import countdowns
from bot.settings import Settings

# Eight days before the premiere that the demo counts down to, at noon in Seoul.
_EIGHT_DAYS_BEFORE = datetime(2026, 5, 6, 3, tzinfo=UTC)

cli = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Bonbang, a Discord bot for K-drama communities.",
)
cli.add_typer(catalog, name="catalog")
cli.command()(countdowns)
cli.command()(backup)
cli.command()(restore)


class Asker(StrEnum):
    """Who asks in the demo."""

    MEMBER = "member"
    MODERATOR = "moderator"


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no instant; write 2026-05-01T09:00+09:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _discord_locale(text: str) -> str:
    known = [locale.value for locale in Locale]
    if text not in known:
        raise typer.BadParameter(f"{text!r} is none of Discord's languages: {', '.join(known)}")
    return text


@cli.command()
def run() -> None:
    """Run the bot on Discord."""
    conduct(run_bot, quick=True)


@cli.command()
def demo(
    commands: Annotated[
        list[str] | None,
        typer.Argument(help='Commands such as "/whois Taecyeon"; none: a page.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a command.")] = False,
    now: Annotated[
        datetime | None,
        typer.Option(parser=_instant, metavar="INSTANT", help="The demo's clock, in ISO 8601."),
    ] = None,
    asker: Annotated[Asker, typer.Option("--as", help="Who asks.")] = Asker.MEMBER,
    locale: Annotated[
        str,
        typer.Option(
            parser=_discord_locale,
            metavar="LOCALE",
            help="The language of who asks, as Discord names it: ko, pt-BR.",
        ),
    ] = Locale.american_english.value,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the page; 0: any.")] = 0,
) -> None:
    """Talk to the bot inside a simulated Discord: no token, no account, no network."""
    # Only here: whoever runs the bot on Discord need not load a simulation of it.
    from bot.demo.session import Scene, answer_lines, serve

    scene = Scene(now or _EIGHT_DAYS_BEFORE, asker.value, locale, as_json, port)

    async def work(settings: Settings) -> bool:
        if commands:
            return await answer_lines(settings, scene, commands)
        await serve(settings, scene)
        return True

    if not conduct(work, log_level="WARNING"):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
