"""Compares the catalog with another one: `python -m tools.catalog_compare REFERENCE`.

It lists the facts that differ, and exits with 1 if there are any. It cannot say which are right.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.catalog.interchange import raise_problems, read_records
from bot.catalog.model import Person, Title
from bot.catalog.validation import CatalogError
from bot.cli.runner import print_line
from bot.control_characters import escape_control_characters
from tools.catalog_differences import Comparison, Records, compare

_CATALOG = Path(__file__).parent.parent / "data" / "catalog"
_EXIT_INVALID = 2


def load(path: Path) -> Records:
    """Read a catalog in the interchange form. Raises CatalogError if a record is invalid."""
    batch = read_records(path, {})
    raise_problems(batch)
    records = [parsed.record for parsed in batch.parsed]
    return Records(
        {record.id: record for record in records if isinstance(record, Title)},
        {record.id: record for record in records if isinstance(record, Person)},
    )


def main(
    reference: Annotated[Path, typer.Argument(help="A folder or file in the interchange form.")],
    catalog: Annotated[Path, typer.Option(help="The catalog that is compared.")] = _CATALOG,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the facts in which the catalog differs from a reference."""
    try:
        result = compare(load(catalog), load(reference))
    except CatalogError as error:
        for problem in error.problems:
            typer.echo(escape_control_characters(str(problem)), err=True)
        sys.exit(_EXIT_INVALID)
    if as_json:
        text = json.dumps(asdict(result) | result.summary, ensure_ascii=False, indent=2)
        typer.echo(escape_control_characters(text, keep="\n"))
    else:
        _print_table(result)
    sys.exit(bool(result.disagreements))


def _print_table(result: Comparison) -> None:
    head = ("Record", "Field", "Catalog", "Reference")
    rows = [(one.record, one.field, one.ours, one.reference) for one in result.disagreements]
    for row in (head, ("---",) * len(head), *rows) if rows else ():
        print_line("| " + " | ".join(row) + " |")
    print_line(", ".join(f"{number} {label}" for label, number in result.summary.items()))


if __name__ == "__main__":
    typer.run(main)
