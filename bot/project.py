"""Project metadata from the installed package."""

from dataclasses import dataclass
from importlib.metadata import metadata


@dataclass(frozen=True, slots=True)
class Project:
    """The version and the home page of the project."""

    version: str
    url: str


def read_project() -> Project:
    """Read the metadata of the installed package."""
    package = metadata("bonbang")
    [url] = [
        entry.partition(", ")[2]
        for entry in package.get_all("Project-URL") or []
        if entry.startswith("Homepage")
    ]
    return Project(package["Version"], url)
