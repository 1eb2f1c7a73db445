"""Manifest of a download folder: its files and where they were downloaded from."""

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipelines.storage import atomic_write

MANIFEST = "download.json"
LICENCE = "Contains public sector information from data.police.uk, licensed under the Open Government Licence v3.0."

Facts = Mapping[str, str | int]


class DownloadManifest:
    """The files of a folder with their sources, `download.json`; without dates, so that reruns write the same bytes."""

    def __init__(self, folder: Path, licence: str = LICENCE) -> None:
        self.folder, self._licence = folder, licence
        try:
            self._files: dict[str, Facts] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError, TypeError):
            self._files = {}  # files are then compared with the published ones

    @property
    def names(self) -> list[str]:
        """Return the names of the recorded files, in order."""
        return sorted(self._files)

    def facts(self, name: str) -> Facts:
        """Return what is recorded of a file."""
        return self._files.get(name, {})

    def is_intact(self, name: str) -> bool:
        """Return whether a file is as it was downloaded."""
        path, facts = self.folder / name, self.facts(name)
        return path.is_file() and path.stat().st_size == facts.get("size") and _sha256(path) == facts.get("sha256")

    def has_content(self, name: str, size: int, crc32: int) -> bool:
        """Return whether a file has this size and checksum, whatever its source."""
        path = self.folder / name
        return path.is_file() and path.stat().st_size == size and zlib.crc32(path.read_bytes()) == crc32

    def write(self, name: str, blocks: Iterable[bytes], facts: Facts) -> None:
        """Write a file, complete or not at all, and record it; temporary files of a killed run are removed."""
        path = self.folder / name
        with atomic_write.atomic_file(path) as temporary:
            for left in path.parent.glob(f".{path.name}.*"):
                left.unlink(missing_ok=True)
            with temporary.open("wb") as file:
                file.writelines(blocks)
                file.flush()
                os.fsync(file.fileno())
        self.record(name, facts)

    def record(self, name: str, facts: Facts) -> None:
        """Record the source of a file that is in the folder."""
        path = self.folder / name
        self._files[name] = {**facts, "size": path.stat().st_size, "sha256": _sha256(path)}
        content = {"licence": self._licence, "files": dict(sorted(self._files.items()))}
        with atomic_write.atomic_file(self.folder / MANIFEST) as temporary:
            temporary.write_text(json.dumps(content, indent=1), encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
