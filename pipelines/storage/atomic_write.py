"""Files and folders that are there whole or not at all."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hotspots.errors import SourceError


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to that takes the place of the real one when all went well.

    Raises
    ------
    SourceError
        The folder cannot be made, or the disk is full.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(path)
    except OSError as error:
        raise SourceError(
            f"'{path}' cannot be written to ({error.strerror or error}). What stood there is unchanged."
        ) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """An empty folder to write into that takes the place of the real one when all went well.

    Raises
    ------
    SourceError
        It cannot be made or written to; what stood there is unchanged.
    """
    draft = final.with_name(f".{final.name}.{os.getpid()}")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        yield draft
        _replace(draft, final)
    except OSError as error:
        why = error.strerror or error
        raise SourceError(f"The report cannot be written to '{final}' ({why}). Nothing was changed.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace(draft: Path, final: Path) -> None:
    """The draft in the final place; should that fail, what stood there before."""
    old = final.with_name(f"{draft.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    try:
        draft.rename(final)
    except OSError:
        if old.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)
