"""The files in the raw folders and in their archives, each once, in an order that no folder decides."""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from hotspots.errors import ParameterError, SourceError
from hotspots.sources.file_formats import zip_archives
from hotspots.sources.file_formats.zip_archives import Entry

_SKIPPED = {"Thumbs.db", "desktop.ini", "download.json", "__MACOSX"}


def walk(raw: Iterable[Path]) -> list[Path]:
    """Return the given files and those in the given folders, once, by name and path; hidden files are skipped.

    Links to folders are followed. Pipes, sockets and devices are returned too, so that they can be named.

    Raises
    ------
    ParameterError
        A given folder or file does not exist.
    SourceError
        A folder cannot be opened.
    """
    found: dict[Path, Path] = {}
    for given in raw:
        if not given.exists():
            raise ParameterError(f"--raw names '{given}', which does not exist.")
        for path in _files_in(given, set()) if given.is_dir() else [given]:
            found.setdefault(path.resolve(), path)
    return sorted(found.values(), key=lambda path: (path.name, str(path)))


def _files_in(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield the files in a folder and in those below it; each folder is opened once."""
    seen.add(folder.resolve())
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise SourceError(
            f"'{folder}': the folder cannot be opened ({error.strerror or error}). Allow it to be read, or move it out "
            "of the raw folders."
        ) from None
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIPPED:
            continue
        if not entry.is_dir():
            yield entry
        elif entry.resolve() not in seen:
            yield from _files_in(entry, seen)


def why_no_file(path: Path) -> str:
    """Return why a path is not read as a file; empty if it is one."""
    if path.is_file():
        return ""
    return "a pipe, socket or device, not a file" if path.exists() else "a link to a file that does not exist"


def unpack(path: Path, members: list[Entry]) -> list[Path]:
    """Unpack files of an archive into a private folder, which is removed when the process ends, and return them.

    Raises
    ------
    SourceError
        A file is damaged, encrypted or far too large.
    """
    if not members:
        return []
    zip_archives.require_size(path, members)
    content = "\0".join([str(path.resolve()), *(f"{member.name} {member.check_sum}" for member in members)])
    folder = _private_folder() / hashlib.sha256(content.encode()).hexdigest()[:16]
    if not folder.exists():
        for member in members:
            target = folder / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(zip_archives.read_member(path, member.name).data)
    return walk([folder])


@cache
def _private_folder() -> Path:
    """Make the folder of this process for unpacked files; only its owner can open it."""
    folder = Path(tempfile.mkdtemp(prefix="hotspots-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
