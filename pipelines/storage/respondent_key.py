"""The force's secret key with which survey respondents are hashed; it is made once and is in no report."""

import os
import secrets
from pathlib import Path

from hotspots.errors import ParameterError

VARIABLE = "HOTSPOTS_RESPONDENT_KEY"
FILE = "respondents.key"
MIN_LENGTH = 16


def read_key(processed: Path, slug: str) -> bytes:
    """Return the key of a force: from the environment, else from its folder of processed data, where it is created.

    Only the owner can read the file. If it is lost, later runs cannot link respondents with earlier ones.

    Raises
    ------
    ParameterError
        The key in the environment is too short.
    """
    given = os.environ.get(VARIABLE, "")
    if given:
        if len(given) < MIN_LENGTH:
            raise ParameterError(f"{VARIABLE} is too short: a key needs at least {MIN_LENGTH} characters.")
        return given.encode()
    path = processed / slug / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    key = secrets.token_hex(32).encode()
    with os.fdopen(handle, "wb") as file:
        file.write(key + b"\n")
    return key
