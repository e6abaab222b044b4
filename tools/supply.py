"""Checks the dependencies for known vulnerabilities and their licences. `make check` runs it.

With `--write`, it also writes docs/licences.md.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PINS = ROOT / "constraints.txt"
LICENCES = ROOT / "docs" / "licences.md"

# What MIT-licensed work may be built on and handed on with. MPL-2.0 asks something only of those
# who change the package's own files, which nobody does here.
COMPATIBLE = {
    "0BSD",
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CNRI-Python",
    "ISC License (ISCL)",
    "MIT",
    "MIT License",
    "MIT-CMU",
    "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
    "Python Software Foundation License",
    "Zlib",
}

# Pinned for Windows and for Python 3.13 only, so not everywhere there to be asked.
_ELSEWHERE = {"audioop-lts": "PSF-2.0", "colorama": "BSD-3-Clause"}

_HEAD = """# Licences

Every package that Bonbang, its demo and its tests are built on, and what each says its licence is.
All of them may be used by work under the MIT licence. `make pins` writes this list anew.

| Package | Licence |
| --- | --- |
"""


def normalised(name: str) -> str:
    """A package's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> set[str]:
    """The names of all packages in the constraints file."""
    text = PINS.read_text(encoding="utf-8")
    return {normalised(name) for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]*\])?==", text, re.M)}


def licences() -> dict[str, str]:
    """The licence of every pinned package, by its name, as its own metadata states it."""
    told = json.loads(_run("piplicenses", "--from=mixed", "--format=json", "--with-system").stdout)
    stated = {normalised(one["Name"]): one["License"] for one in told}
    return {name: stated[name] for name in sorted(pinned() & stated.keys())} | {
        name: licence for name, licence in _ELSEWHERE.items() if name not in stated
    }


def listed() -> dict[str, str]:
    """The licences as docs/licences.md lists them."""
    _, rows = LICENCES.read_text(encoding="utf-8").split("| --- | --- |\n")
    return dict(re.findall(r"^\| (\S+) \| (.+) \|$", rows, re.M))


def incompatible(licence: str) -> set[str]:
    """The parts of a statement that are not known to go with MIT; of alternatives, one does."""
    parts = re.split(r" AND |; ", licence)
    return {part for part in parts if not COMPATIBLE.intersection(part.split(" OR "))}


def audit() -> Iterator[str]:
    """A line for each known vulnerability of a pinned package.

    What could not be looked up is told on standard error: silence is no clean bill.
    """
    told = _run(
        *("pip_audit", "--requirement", str(PINS), "--disable-pip", "--require-hashes"),
        *("--format", "json", "--progress-spinner", "off"),
    )
    if not told.stdout:
        print("pip-audit reached no list of vulnerabilities: none was looked up", file=sys.stderr)
        return
    packages: list[dict[str, Any]] = json.loads(told.stdout)["dependencies"]
    if unknown := [one["name"] for one in packages if "skip_reason" in one]:
        few = f"{len(unknown)} of {len(packages)} packages"
        print(f"pip-audit found no list of vulnerabilities for {few}", file=sys.stderr)
    for one in packages:
        for known in one.get("vulns", ()):
            better = ", ".join(known["fix_versions"]) or "no version yet"
            yield f"{one['name']} {one['version']}: {known['id']}, mended in {better}"


def main() -> int:
    """Check everything; 1 where something is wrong."""
    if "--write" in sys.argv:
        rows = (f"| {name} | {licence} |\n" for name, licence in sorted(licences().items()))
        LICENCES.write_text(_HEAD + "".join(rows), encoding="utf-8")
    wrong = [*_foreign(licences().items()), *audit()]
    print("\n".join(wrong) or f"{len(pinned())} packages: no licence and no finding against them")
    return bool(wrong)


def _foreign(stated: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, licence in stated:
        if incompatible(licence):
            yield f"{name}: {licence} is not known to go with MIT (tools/supply.py)"


def _run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
