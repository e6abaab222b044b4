"""Parses DATABASE_URL, and finds the file of an SQLite database."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from bot.errors import OperatorError

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def parse_url(url: str) -> URL:
    """Parse DATABASE_URL and set the async driver. Raises OperatorError if it is invalid."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise OperatorError(
            "DATABASE_URL is not a valid database URL. Use sqlite:///data/bonbang.db or "
            "postgresql://user:password@host/name."
        ) from None
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise OperatorError(
            f"Unsupported database {backend!r} in DATABASE_URL. Use sqlite or postgresql."
        )
    return parsed.set(drivername=_DRIVERS[backend])


def sqlite_file(url: URL) -> Path | None:
    """Return the file of an SQLite URL, or None for any other URL."""
    has_path = url.get_backend_name() == "sqlite" and "uri" not in url.query
    if not has_path or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def read_only_url(url: URL, file: Path) -> URL:
    """Return the URL that opens an SQLite file read-only."""
    # In WAL mode, SQLite creates files next to the database even to read it, unless it is opened
    # as immutable. That is safe while no other process has it open, so while it has no WAL file.
    immutable = not file.with_name(f"{file.name}-wal").exists()
    query = {"mode": "ro", "uri": "true", **({"immutable": "1"} if immutable else {})}
    return url.set(database=f"file:{file.absolute()}", query=query)


def create_parent_folder(file: Path) -> None:
    """Create the parent folder of a database file if necessary. Raises OperatorError."""
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"Can't create the folder {folder} for DATABASE_URL: {error.strerror}. Create it "
            "yourself, or set DATABASE_URL to a writable folder."
        ) from error


def display_url(url: URL) -> str:
    """Return a URL for messages, without its password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string()
