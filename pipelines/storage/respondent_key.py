"""The force's own secret, with which respondents of a survey are hashed: made once, never in a report."""

import os
import secrets
from pathlib import Path

from hotspots.errors import ParameterError

VARIABLE = "HOTSPOTS_RESPONDENT_KEY"
FILE = "respondents.key"
LEAST_LENGTH = 16


def read_key(processed: Path, slug: str) -> bytes:
    """The key of a force: what the environment gives, else the one in its folder of processed data, made if need be.

    The file can be read by its owner alone. Without it the hashes of later runs do not join those of earlier ones.

    Raises
    ------
    ParameterError
        The environment gives one that is too short to be a secret.
    """
    given = os.environ.get(VARIABLE, "")
    if given:
        if len(given) < LEAST_LENGTH:
            raise ParameterError(f"{VARIABLE} is too short to be a secret: at least {LEAST_LENGTH} signs are needed.")
        return given.encode()
    path = processed / slug / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    made = secrets.token_hex(32).encode()
    with os.fdopen(handle, "wb") as file:
        file.write(made + b"\n")
    return made
