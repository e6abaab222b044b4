"""Sends the bot mutated gateway events: `python -m tools.gateway_fuzz`, or `make fuzz`."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tests.fuzz.gateway_run import fuzz_gateway

_TRACEBACK = re.compile(r"^.*\n *Traceback \(most recent call last\):\n(?: .*\n)*.*", re.MULTILINE)


def main(
    payloads: Annotated[int, typer.Option(min=1, help="How many events are sent.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The seed of the mutations.")] = 0,
) -> None:
    """Send mutated gateway events to a running bot, which must stay connected and answer."""
    with tempfile.TemporaryDirectory(prefix="bonbang-fuzz-") as folder:
        result = asyncio.run(fuzz_gateway(Path(folder), payloads, seed))
    for traceback in _TRACEBACK.findall(result.log):
        typer.echo(traceback, err=True)
    typer.echo(
        f"{result.payloads} payloads, {result.dropped} dropped, {result.reconnects} reconnects, "
        f"{result.tracebacks} tracebacks, {result.seconds:.0f} s"
    )
    sys.exit(bool(result.tracebacks or result.reconnects))


if __name__ == "__main__":
    typer.run(main)
