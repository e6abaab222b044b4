"""`bonbang demo`: the bot inside a simulated Discord."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.runner import run_async

if TYPE_CHECKING:
    from bot.settings import Settings

# Eight days before the premiere that the demo counts down to, at noon in Seoul.
_DEMO_START = datetime(2026, 5, 6, 3, tzinfo=UTC)

_NOT_INSTALLED = (
    "The packages of the demo are not installed. "
    "Run `make demo`, or install them with: pip install -e '.[demo]'"
)


class User(StrEnum):
    """Who runs commands in the demo."""

    MEMBER = "member"
    MODERATOR = "moderator"


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a valid date and time. Use ISO 8601, such as 2026-05-01T09:00+09:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _discord_locale(text: str) -> str:
    from discord import Locale

    known = [locale.value for locale in Locale]
    if text not in known:
        raise typer.BadParameter(
            f"{text!r} is not a Discord locale. Use one of: {', '.join(known)}"
        )
    return text


def demo(
    commands: Annotated[
        list[str] | None,
        typer.Argument(help="Slash commands to run; leave empty to open the web demo."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per command.")
    ] = False,
    now: Annotated[
        datetime | None,
        typer.Option(
            parser=_instant,
            metavar="INSTANT",
            help="Start time of the demo clock, in ISO 8601 (UTC if no offset is given).",
        ),
    ] = None,
    user: Annotated[
        User, typer.Option("--as", help="Role of the user who runs the commands.")
    ] = User.MEMBER,
    locale: Annotated[
        str,
        typer.Option(
            parser=_discord_locale,
            metavar="LOCALE",
            help="The user's Discord locale, such as ko or pt-BR.",
        ),
    ] = "en-US",
    catalog: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            exists=True,
            readable=True,
            help="Use only these records: a folder of TOML files, a .toml file or a .jsonl file.",
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port for the web demo (0: any free port).")
    ] = 0,
) -> None:
    """Try the bot in a simulated Discord. No token, account, or network needed."""
    # Before logging is set up: importing simcord makes discord.py warn about a client of its own.
    try:
        from bot.demo.session import DemoConfig, run_commands, serve_page
    except ModuleNotFoundError as error:
        if error.name != "simcord":
            raise
        typer.echo(_NOT_INSTALLED, err=True)
        raise typer.Exit(2) from None

    config = DemoConfig(now or _DEMO_START, user.value, locale, catalog, as_json, port)

    async def work(settings: "Settings") -> bool:
        if commands:
            return await run_commands(settings, config, commands)
        await serve_page(settings, config)
        return True

    if not run_async(work, log_level="WARNING"):
        raise typer.Exit(1)
