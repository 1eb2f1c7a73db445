"""Archives of data.police.uk: which of their members are street files, and which no archive of theirs would have."""

import re
import zipfile
from collections.abc import Iterable

from hotspots.errors import SourceError

MAX_MONTH, MAX_RATIO = 256 << 20, 100  # of one month unpacked; the largest real one has about 25 MB, packed six to one
_STREET = re.compile(r"(?P<month>\d{4}-(0[1-9]|1[0-2]))/(?P=month)-(?P<force>[a-z][a-z-]*)-street\.csv")
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)")


class DamagedError(SourceError):
    """An archive, or a month in it, is not what it should be."""


def street_members(infos: Iterable[zipfile.ZipInfo], url: str) -> dict[tuple[str, str], zipfile.ZipInfo]:
    """Street files of an archive by month and force.

    Raises
    ------
    DamagedError
        A member's name points outside the folder that it would be unpacked in: nobody at data.police.uk wrote that.
    """
    members = {}
    for info in infos:
        if _OUTSIDE.search(info.orig_filename):
            raise DamagedError(
                f"{url} has a member named {info.orig_filename[:80]!r}, which points outside its folder. "
                f"Nothing is taken from this archive."
            )
        named = _STREET.fullmatch(info.filename)
        if named:
            members[named["month"], named["force"]] = info
    return members


def require_bounded(info: zipfile.ZipInfo) -> None:
    """Nothing, where a member would unpack to a size that a month can have.

    Raises
    ------
    DamagedError
        It says that it would unpack to far more.
    """
    if info.file_size > MAX_MONTH or info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise DamagedError(
            f"{info.filename}: it would unpack from {info.compress_size:,} to {info.file_size:,} bytes, more than any "
            f"real month (limits {MAX_MONTH:,} bytes and {MAX_RATIO} times)."
        )
