"""Atomic writes: a file or folder is replaced by a complete new one, or stays as it was, even if the run is killed.

A new folder is exchanged with the one under its name in a single operation where the operating system has one (Linux).
Elsewhere the old folder is renamed first; if a run is killed before the new one has its name, `sweep_folders` renames
the old one back. It also removes temporary folders that runs left. Every command calls it.
"""

import ctypes
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hotspots.errors import SourceError

try:
    import fcntl
except ImportError:  # Windows has no such locks, so temporary folders stay there
    fcntl = None  # type: ignore[assignment]

# Names of temporary folders: of a report, with the process that writes it, and of the old report while it is replaced.
_TEMPORARY_FOLDER = re.compile(r"\.(?P<name>(?:backtest-)?\d{4}-\d\d-\d\d)\.(?P<process>\d+)(?P<old>\.old)?")
_TEMPORARY_FILE = re.compile(r"\..+\.(?P<process>\d+)\.\d+")
_CURRENT_FOLDER, _RENAME_EXCHANGE = -100, 2  # AT_FDCWD and a flag of renameat2 of Linux


@contextmanager
def atomic_file(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield a temporary path to write to, which is renamed to the final one on success.

    Parameters
    ----------
    path
        The final path.
    overwrite
        Whether a file that is there already is replaced; if not, it stays, and the new one is removed.

    Raises
    ------
    SourceError
        The folder cannot be created, or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        if path.is_dir():
            path.rmdir()  # an empty folder in the file's place
        if overwrite:
            temporary.replace(path)
        else:
            _rename_unless_there(temporary, path)
    except OSError as error:
        raise SourceError(_message(path, error)) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yield an empty temporary folder to write into, which replaces the final one on success.

    Raises
    ------
    SourceError
        It cannot be created or written to.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        sweep_folders(path.parent)
        _remove(temporary)
        temporary.mkdir(parents=True)
        with _locked(temporary):
            yield temporary
            _replace(temporary, path)
    except OSError as error:
        raise SourceError(_message(path, error)) from None
    finally:
        _remove(temporary)


def sweep_folders(folder: Path) -> None:
    """Repair the reports in a folder after runs that were killed, and remove their temporary folders.

    An old report whose place is empty gets its name back. Folders that a run is writing stay.
    """
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            found = _TEMPORARY_FOLDER.fullmatch(path.name)
            written = path.with_name(path.name.removesuffix(".old"))
            if not found or _is_being_written(written, int(found["process"])):
                continue
            final = path.with_name(found["name"])
            if found["old"] and not os.path.lexists(final):
                path.rename(final)
            else:
                _remove(path)


def sweep_reports(reports: Path) -> None:
    """Repair the reports of every force, as `sweep_folders` does."""
    with suppress(OSError):
        for folder in reports.iterdir():
            sweep_folders(folder)


def sweep_files(folder: Path) -> None:
    """Remove temporary files below a folder that runs left when they were killed."""
    for path in folder.rglob(".*"):
        found = _TEMPORARY_FILE.fullmatch(path.name)
        if found and not _is_running(int(found["process"])):
            with suppress(OSError):
                path.unlink()


def _message(path: Path, error: OSError) -> str:
    """Return the message about a file or folder that could not be written."""
    return (
        f"'{path}' cannot be written to ({error.strerror or error}), so it stays as it was. Check that you may write "
        "there and that the disk has space, then run the command again."
    )


def _rename_unless_there(temporary: Path, path: Path) -> None:
    """Rename a file, unless another run has created the final one meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError:  # the file system has no hard links
        if not os.path.lexists(path):
            temporary.replace(path)


def _replace(temporary: Path, path: Path) -> None:
    """Put the temporary folder under the final name; the folder that was there is removed."""
    if not os.path.lexists(path):
        temporary.rename(path)
    elif not path.is_dir():
        raise FileExistsError(0, "a file has this name")
    elif not _exchange(temporary, path):
        _rename_both(temporary, path)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange the names of two folders in one operation, and return whether the system could."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    names = (_CURRENT_FOLDER, os.fsencode(first), _CURRENT_FOLDER, os.fsencode(second))
    return rename is not None and rename(*names, _RENAME_EXCHANGE) == 0


def _rename_both(temporary: Path, path: Path) -> None:
    """Rename the old folder, then the temporary one; if that fails, the old one gets its name back."""
    old = path.with_name(f"{temporary.name}.old")
    _remove(old)
    path.rename(old)
    try:
        temporary.rename(path)
    except OSError:
        old.rename(path)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    """Remove a folder with its content, a link or a file, if it is there and can be removed."""
    with suppress(OSError):
        if path.is_symlink() or path.is_file():
            path.unlink()
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder while it is written; the system releases it when the process ends, however it ends."""
    handle = os.open(folder, os.O_RDONLY) if fcntl else None
    try:
        if handle is not None:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _is_being_written(folder: Path, process: int) -> bool:
    """Return whether a temporary folder is locked; without locks, whether the process in its name is running."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:  # some network drives have no locks
        pass
    finally:
        os.close(handle)
    return _is_running(process)


def _is_running(process: int) -> bool:
    """Return whether a process is running on this machine; where this cannot be known, it is assumed."""
    try:
        if os.name == "posix":
            os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
