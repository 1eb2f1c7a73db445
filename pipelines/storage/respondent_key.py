"""The force's secret key with which survey respondents are hashed; it is made once and is in no report."""

import logging
import os
import re
import secrets
from pathlib import Path

from hotspots.errors import ParameterError, SourceError
from pipelines.storage import atomic_write

VARIABLE = "HOTSPOTS_RESPONDENT_KEY"
FILE = "respondents.key"
MIN_LENGTH = 16
_CREATED_KEY = re.compile(rb"[0-9a-f]{64}")
LOG = logging.getLogger("hotspots")


def read_key(processed: Path, slug: str) -> bytes:
    """Return the key of a force: from the environment, else from its folder of processed data, where it is created.

    Only the owner can read the file. If it is lost, later runs cannot link respondents with earlier ones, so a damaged
    file is never replaced.

    Raises
    ------
    ParameterError
        The key in the environment is too short.
    SourceError
        The file cannot be read or created, or is not as it was created.
    """
    given = os.environ.get(VARIABLE, "")
    if given:
        if len(given) < MIN_LENGTH:
            raise ParameterError(f"{VARIABLE} is too short: a key needs at least {MIN_LENGTH} characters.")
        return given.encode()
    path = processed / slug / FILE
    if not os.path.lexists(path):
        _create_key(path)
    return _read_file(path)


def _read_file(path: Path) -> bytes:
    """Return the key in a file."""
    try:
        key = path.read_bytes().strip() if path.is_file() else b""
    except OSError as error:
        raise SourceError(f"'{path}' cannot be read ({error.strerror}). {_advice()}") from None
    if not _CREATED_KEY.fullmatch(key):
        found = f"it holds {len(key)} characters, expected 64 digits and letters a to f"
        raise SourceError(f"'{path}' is damaged: {found}. It stays as it is. {_advice()}")
    return key


def _advice() -> str:
    return (
        f"Restore it from a backup, or give the key in {VARIABLE}. If it is lost, delete the file: a new key is "
        "created, and respondents of earlier answers are no longer recognised."
    )


def _create_key(path: Path) -> None:
    """Create a key under a temporary name and rename it, so that it is complete whenever it is there."""
    if path.parent.is_dir() and any(path.parent.glob("????-??-??")):
        LOG.info("A new key for respondents is created: those of earlier days are not recognised.")
    with atomic_write.atomic_file(path, overwrite=False) as temporary:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
