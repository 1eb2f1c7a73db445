"""Find the street files in an archive of data.police.uk, and refuse members that such an archive never has."""

import re
import zipfile
from collections.abc import Iterable

from hotspots.errors import SourceError

# Of one unpacked month; the largest real one has about 25 MB, compressed six to one.
MAX_MONTH, MAX_RATIO = 256 << 20, 100
_STREET = re.compile(r"(?P<month>\d{4}-(0[1-9]|1[0-2]))/(?P=month)-(?P<force>[a-z][a-z-]*)-street\.csv")
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)")


class DamagedError(SourceError):
    """An archive, or a month in it, is damaged or unexpected."""


def street_members(infos: Iterable[zipfile.ZipInfo], url: str) -> dict[tuple[str, str], zipfile.ZipInfo]:
    """Return the street files of an archive by month and force.

    Raises
    ------
    DamagedError
        The name of a member points outside the folder in which it would be unpacked.
    """
    members = {}
    for info in infos:
        if _OUTSIDE.search(info.orig_filename):
            raise DamagedError(
                f"{url} has a member named {info.orig_filename[:80]!r}, which points outside its folder. "
                f"Nothing was read from this archive."
            )
        named = _STREET.fullmatch(info.filename)
        if named:
            members[named["month"], named["force"]] = info
    return members


def require_bounded(info: zipfile.ZipInfo) -> None:
    """Raise if a member would unpack to far more than a month.

    Raises
    ------
    DamagedError
        The unpacked size is over a limit.
    """
    if info.file_size > MAX_MONTH or info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise DamagedError(
            f"{info.filename}: it would unpack from {info.compress_size:,} to {info.file_size:,} bytes, more than any "
            f"real month (limits: {MAX_MONTH:,} bytes and {MAX_RATIO} times)."
        )
