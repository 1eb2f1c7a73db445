"""Files that are there whole or not at all."""

import os
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
