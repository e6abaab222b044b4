"""Checks the packages Bonbang uses: licences and known vulnerabilities. `make check` runs it.

With `--write`, it also writes docs/licences.md.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parent.parent
LICENCES = ROOT / "docs" / "licences.md"

# The lock files in requirements/. Each holds the packages of those before it, and its own.
Lock = Literal["run", "demo", "dev"]

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

# Shared libraries in wheels, by the start of their names: their licences are their own, and the
# package need not state them. Any other in a run-time package is refused until it is added here.
_LIBRARIES = {
    "libscipy_openblas": "BSD-3-Clause",
    "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libquadmath": "LGPL-2.1-or-later",
    "libXau": "X11",
    "libXdmcp": "X11",
    "libavif": "BSD-2-Clause",
    "libbrotli": "MIT",
    "libfreetype": "FTL OR GPL-2.0-or-later",
    "libharfbuzz": "MIT",
    "libjpeg": "IJG AND BSD-3-Clause AND Zlib",
    "liblcms2": "MIT",
    "liblzma": "0BSD",
    "libopenjp2": "BSD-2-Clause",
    "libpng": "libpng-2.0",
    "libsharpyuv": "BSD-3-Clause",
    "libtiff": "libtiff",
    "libwebp": "BSD-3-Clause",
    "libxcb": "X11",
    "libz.": "Zlib",
    "libzstd": "BSD-3-Clause OR GPL-2.0-only",
    "libx264": "GPL-2.0-or-later",
    "libx265": "GPL-2.0-or-later",
}

# Work under any licence may link to these.
_LINKABLE = COMPATIBLE | {
    "FTL",
    "GPL-3.0-or-later WITH GCC-exception-3.1",
    "IJG",
    "LGPL-2.1-or-later",
    "X11",
    "libpng-2.0",
    "libtiff",
}

# Pinned for Windows and for Python 3.13 only, so not everywhere there to be asked.
_ELSEWHERE = {"audioop-lts": "PSF-2.0", "colorama": "BSD-3-Clause"}

_HEAD = """# Licences

Every package that Bonbang uses, with the licence that it states. Work under the MIT licence may use
all of them. `make pins` writes this file.
"""

_DATA = """
## Data

The records in `data/catalog` are under the MIT licence, as Bonbang is. What a running bot reads
from these services stays in its database, under their licences and terms:

- **TVmaze**: CC BY-SA 4.0. It asks for credit with a link, which cards give. Whoever publishes an
  export with its data publishes it under the same licence.
- **Wikidata**: CC0 1.0. Portraits have licences of their own, and are not read.
- **TMDB**: its API terms of use. They ask for a token of one's own, for a notice (`/about` shows
  it), to keep nothing longer than six months (it is dropped after 180 days), and for an agreement
  for commercial use. `bonbang catalog export` leaves its data out, except with `--merged`.

Pictures of TVmaze and TMDB are not stored: cards link to them.
"""

_SECTIONS: dict[Lock, str] = {
    "run": """
## Run time

`make run` installs these and no others. None of them is under the GPL. NumPy's wheels bundle
OpenBLAS (BSD-3-Clause), libgfortran (GPL-3.0-or-later with the GCC Runtime Library Exception, which
lets work under any licence use it) and libquadmath (LGPL-2.1-or-later). Pillow's wheels bundle
FreeType (FreeType License), HarfBuzz (MIT), libjpeg-turbo (IJG and BSD-3-Clause) and other image
libraries under permissive licences.

The fonts in `bot/pictures/fonts` are parts of Noto Serif, under the SIL Open Font License 1.1
(`bot/pictures/fonts/OFL.txt`). Pictures made with them are not under that licence.
""",
    "demo": """
## Demo

`make demo` adds these. The wheels of PyAV (`av`) bundle x264 and x265, which are under the GPL
(GPL-2.0-or-later).
""",
    "dev": """
## Development

`make test`, `make check` and the other targets for contributors add these.
""",
}


def normalised(name: str) -> str:
    """A package's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lock_file(lock: Lock) -> Path:
    """The path of a lock file."""
    return ROOT / "requirements" / f"{lock}.txt"


def locked(lock: Lock) -> set[str]:
    """The names of all packages in a lock file."""
    text = lock_file(lock).read_text(encoding="utf-8")
    return {normalised(name) for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]*\])?==", text, re.M)}


def added() -> dict[Lock, set[str]]:
    """The names of the packages that each lock file adds to the one before it."""
    run, demo, dev = locked("run"), locked("demo"), locked("dev")
    return {"run": run, "demo": demo - run, "dev": dev - demo}


def licences() -> dict[str, str]:
    """The licence of every locked package, by its name, as its own metadata states it."""
    told = json.loads(_run("piplicenses", "--from=mixed", "--format=json", "--with-system").stdout)
    stated = _ELSEWHERE | {normalised(one["Name"]): one["License"] for one in told}
    return {name: stated.get(name, "UNKNOWN") for name in sorted(locked("dev"))}


def licences_page(stated: Mapping[str, str]) -> str:
    """The text of docs/licences.md."""
    tables = (
        f"{_SECTIONS[lock]}\n| Package | Licence |\n| --- | --- |\n"
        + "".join(f"| {name} | {stated[name]} |\n" for name in sorted(names))
        for lock, names in added().items()
    )
    return _HEAD + "".join(tables) + _DATA


def incompatible(licence: str, compatible: set[str] = COMPATIBLE) -> set[str]:
    """The parts of a statement that are not known to go with MIT; of alternatives, one does."""
    parts = re.split(r" AND |; ", licence)
    return {part for part in parts if not compatible.intersection(part.split(" OR "))}


def licence_problems(stated: Mapping[str, str]) -> Iterator[str]:
    """A line for each package whose licence is not known to be compatible with MIT."""
    for name, licence in stated.items():
        if incompatible(licence):
            yield f"{name}: {licence} is not known to be compatible with MIT (tools/supply.py)"


def bundled_problems(packages: Iterable[str]) -> Iterator[str]:
    """A line for each library bundled with a package that is under the GPL, or not known."""
    for name in sorted(packages):
        for library in bundled_libraries(name):
            known = (_LIBRARIES[start] for start in _LIBRARIES if library.startswith(start))
            licence = next(known, "UNKNOWN")
            if incompatible(licence, _LINKABLE):
                yield f"{name}: its wheel bundles {library}, licence {licence} (tools/supply.py)"


def bundled_libraries(name: str) -> list[str]:
    """The shared libraries that an installed wheel brings beside its own modules.

    auditwheel and delvewheel put them into `NAME.libs`, delocate into `.dylibs`. Libraries linked
    into a module statically do not show.
    """
    try:
        paths = files(name) or []
    except PackageNotFoundError:
        return []
    return sorted(path.name for path in paths if path.parent.name.endswith((".libs", ".dylibs")))


@dataclass(frozen=True, slots=True)
class Audit:
    """What pip-audit found in how many packages, and how many it could not look up."""

    packages: int
    skipped: int
    findings: Sequence[str] = ()
    error: str = ""

    @property
    def summary(self) -> str:
        """One line that claims no more than was looked up."""
        missing = f"could not look up {self.skipped} of {self.packages} packages"
        if self.skipped == self.packages:
            return f"{missing}, so nothing was checked{self.error and f' ({self.error})'}"
        found = f"{len(self.findings) or 'no'} finding{'s' * (len(self.findings) > 1)}"
        looked_up = f"{found} in {self.packages - self.skipped} packages"
        return f"{looked_up}, {missing}" if self.skipped else looked_up


def audit() -> Audit:
    """Look up the known vulnerabilities of all locked packages."""
    told = _run(
        *("pip_audit", "--requirement", str(lock_file("dev")), "--disable-pip", "--require-hashes"),
        *("--format", "json", "--progress-spinner", "off"),
    )
    if not told.stdout:
        count = len(locked("dev"))
        return Audit(count, count, error=told.stderr.strip().rpartition("\n")[2])
    packages: list[dict[str, Any]] = json.loads(told.stdout)["dependencies"]
    findings = [
        f"{one['name']} {one['version']}: {known['id']}, fixed in "
        + (", ".join(known["fix_versions"]) or "no version yet")
        for one in packages
        for known in one.get("vulns", ())
    ]
    return Audit(len(packages), sum("skip_reason" in one for one in packages), findings)


def main() -> int:
    """Check everything; 1 where something is wrong."""
    stated, audited = licences(), audit()
    if "--write" in sys.argv:
        LICENCES.write_text(licences_page(stated), encoding="utf-8")
    foreign = [*licence_problems(stated), *bundled_problems(locked("run"))]
    counted = f"{len(locked('run'))} packages at run time, none under the GPL; {len(stated)} in all"
    print(
        "\n".join(
            [*(foreign or [f"Licences: {counted}, all compatible with MIT"]), *audited.findings]
        )
    )
    told = sys.stderr if audited.skipped else sys.stdout
    print(f"Known vulnerabilities: {audited.summary}", file=told)
    return bool(foreign or audited.findings)


def _run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
