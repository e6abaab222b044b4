"""Runs Python as if only the run-time packages were installed (requirements/run.txt)."""

import json
import sys
from importlib.metadata import packages_distributions

from tools.supply import locked, normalised

_PREAMBLE = """
import json, runpy, sys

class RefuseOtherPackages:
    refused = {*json.loads(sys.argv.pop(1))}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] in cls.refused:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, RefuseOtherPackages)
"""


def runtime_only(script: str) -> list[str]:
    """The command that runs a script in which no other installed package can be imported."""
    allowed = locked("run") | {"bonbang"}
    refused = [
        module
        for module, packages in packages_distributions().items()
        if allowed.isdisjoint(map(normalised, packages))
    ]
    return [sys.executable, "-c", _PREAMBLE + script, json.dumps(refused)]


# `python -m bot`, with arguments to follow.
BONBANG_RUNTIME_ONLY = runtime_only('runpy.run_module("bot", run_name="__main__")')
