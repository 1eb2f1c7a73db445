"""A raw file: its kind, force and month, and whether a run uses it."""

from dataclasses import dataclass, field
from pathlib import Path

from hotspots.sources import local_lists
from hotspots.sources.file_formats import file_content, zip_archives

KINDS = {
    "street": "data.police.uk street file",
    "outcomes": "data.police.uk outcomes file",
    "stop_and_search": "data.police.uk stop and search file",
    "force_export": "force export of incidents",
    "survey": "survey",
    "patrol_log": "patrol log",
    "places": "outlines and areas",
    "base_map": "background of the map",
    "postcodes": "Code-Point Open",
    "lsoas": "look-up of LSOAs of 2011 and 2021",
    "lsoa_facts": "residents or deprivation of LSOAs",
    **{kind: local_list.description for kind, local_list in local_lists.LISTS.items()},
    "unknown": "unknown",
}
REPLACED = "a newer release"


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """A file, in a folder or inside a zip archive, and whether a run uses it.

    Attributes
    ----------
    path
        The file, or the archive that it is in.
    member
        Its name inside the archive; empty for a file in a folder.
    kind, force
        Kind and force, as far as its rows, first line or name show.
    month
        Month of a file of data.police.uk, if nearly all rows are of one.
    months
        Number of rows of each month, for files of data.police.uk that a run may use.
    unused_months
        Months that the run takes from other files.
    release
        Latest month of the same download; of two copies of a month, the one with the later release is newer.
    sha256
        Hash of its content; for a member of an archive, the archive's checksum and size.
    not_used
        Why a run does not use it; empty if it does.
    size
        Size of its content in bytes.
    """

    path: Path
    kind: str
    member: str = ""
    force: str = ""
    month: str = ""
    months: dict[str, int] = field(default_factory=dict)
    unused_months: tuple[str, ...] = ()
    release: str = ""
    sha256: str = ""
    not_used: str = ""
    size: int = 0

    @property
    def name(self) -> str:
        """Return the file name without folders."""
        return Path(self.member).name if self.member else self.path.name

    @property
    def month_names(self) -> list[str]:
        """Return the months of its rows, or else the month in its name."""
        return list(self.months) or [self.month] * bool(self.month)

    def readable(self) -> file_content.Readable:
        """Return what a reader takes: the path, or the bytes of the archive's member."""
        return zip_archives.read_member(self.path, self.member) if self.member else self.path


def used(files: list[RawFile], *kinds: str) -> list[RawFile]:
    """Return the files of the given kinds that a run uses."""
    return [file for file in files if file.kind in kinds and not file.not_used]
