"""What was fetched into a folder, and from where."""

import hashlib
import json
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hotspots.errors import SourceError
from pipelines.storage import atomic_write

LEDGER = "download.json"
LICENCE = "Contains public sector information from data.police.uk, licensed under the Open Government Licence v3.0."


class Ledger:
    """The files of a folder with their facts: `download.json`. No clock time, so that reruns give the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self._files: dict[str, dict] = json.loads((folder / LEDGER).read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError, TypeError):
            self._files = {}  # what is there is then compared with what is published

    def facts(self, name: str) -> dict[str, Any]:
        """What is known of a file."""
        return self._files.get(name, {})

    def is_intact(self, name: str) -> bool:
        """Whether a file is there as it was fetched."""
        path, facts = self.folder / name, self.facts(name)
        return path.is_file() and path.stat().st_size == facts.get("size") and _sha256(path) == facts.get("sha256")

    def holds(self, name: str, size: int, crc32: int) -> bool:
        """Whether a file is there with this size and checksum, wherever it came from."""
        path = self.folder / name
        return path.is_file() and path.stat().st_size == size and zlib.crc32(path.read_bytes()) == crc32

    def place(self, name: str) -> Path:
        """Where a file belongs, its folder made.

        Raises
        ------
        SourceError
            The folder cannot be made.
        """
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SourceError(f"'{path.parent}' cannot be written to ({error.strerror}).") from None
        return path

    def store(self, name: str, blocks: Iterable[bytes], facts: dict[str, Any]) -> None:
        """Write a file, whole or not at all, and note it; what a run that was killed left of it goes."""
        path = self.place(name)
        with atomic_write.atomic_file(path) as draft:
            for left in path.parent.glob(f".{path.name}.*"):
                left.unlink(missing_ok=True)
            with draft.open("wb") as file:
                file.writelines(blocks)
                file.flush()
                os.fsync(file.fileno())
        self.note(name, facts)

    def note(self, name: str, facts: dict[str, Any]) -> None:
        """Note where a file that is there came from."""
        path = self.folder / name
        self._files[name] = {**facts, "size": path.stat().st_size, "sha256": _sha256(path)}
        known = {"licence": LICENCE, "files": dict(sorted(self._files.items()))}
        with atomic_write.atomic_file(self.folder / LEDGER) as draft:
            draft.write_text(json.dumps(known, indent=1), encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
