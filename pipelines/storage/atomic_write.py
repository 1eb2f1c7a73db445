"""Atomic writes: a file or folder is replaced by a complete new one, or stays as it was."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hotspots.errors import SourceError


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to, which is renamed to the final one on success.

    Raises
    ------
    SourceError
        The folder cannot be created, or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
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
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        yield temporary
        _replace(temporary, path)
    except OSError as error:
        raise SourceError(_message(path, error)) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _message(path: Path, error: OSError) -> str:
    """Return the message about a file or folder that could not be written."""
    return (
        f"'{path}' cannot be written to ({error.strerror or error}), so it stays as it was. Check that you may write "
        "there and that the disk has space, then run the command again."
    )


def _replace(temporary: Path, path: Path) -> None:
    """Rename the temporary folder to the final one; if that fails, restore the one that was there."""
    old = path.with_name(f"{temporary.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if path.exists():
        path.rename(old)
    try:
        temporary.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)
