"""Writes exported files. Overwrites nothing unasked, and follows no symbolic link."""

import stat
from collections.abc import Mapping
from pathlib import Path

from bot.errors import OperatorError


def write_files(
    files: Mapping[Path, bytes], *, replace: bool = False, root: Path | None = None
) -> None:
    """Write files, and create their folders. Each file is written completely or not at all.

    A file that exists with other contents is only overwritten with `replace`. Folders below `root`
    must not be symbolic links. Raises OperatorError; if a file must not be overwritten, nothing is
    written.
    """
    try:
        _require_no_links({file.parent for file in files} - {root} if root else set())
        changed = {file: data for file, data in files.items() if _read(file) != data}
        if not replace:
            _require_absent(list(changed))
        for file, data in changed.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(file, data)
    except OSError as error:
        raise OperatorError(
            f"Can't write {error.filename}: {error.strerror}. Choose another location, or free "
            "up space."
        ) from error


def _require_no_links(folders: set[Path]) -> None:
    for folder in sorted(folders):
        if folder.is_symlink():
            raise OperatorError(
                f"{folder} is a symbolic link, so nothing was exported. Choose another folder."
            )


def _require_absent(files: list[Path]) -> None:
    existing = [file for file in files if _mode(file) is not None]
    if existing:
        others = f" and {len(existing) - 1} more" if len(existing) > 1 else ""
        raise OperatorError(
            f"{existing[0]}{others} would be overwritten, so nothing was exported. Choose another "
            "location, or use --replace to overwrite."
        )


def _mode(file: Path) -> int | None:
    try:
        return file.lstat().st_mode
    except FileNotFoundError:
        return None


def _read(file: Path) -> bytes | None:
    """Return the contents of a regular file, or None for anything else."""
    mode = _mode(file)
    return file.read_bytes() if mode is not None and stat.S_ISREG(mode) else None


def _write(file: Path, data: bytes) -> None:
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        # Unlike "w", "x" never follows a link.
        with part.open("xb") as opened:
            opened.write(data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
