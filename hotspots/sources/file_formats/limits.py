"""Limits of what is read into memory: each is far above any file of a police force."""

from pathlib import Path

from hotspots.errors import SourceError

MAX_COLUMNS = 2_000
MAX_ROWS = 20_000_000
# Cells of a sheet between its first and its last one, whether they are filled or empty.
MAX_CELLS = 30_000_000
# Some forty million rows of an export.
MAX_TEXT_BYTES = 8_000_000_000
MAX_MEMBERS = 20_000
# A million vertices take about 20 MB of GeoJSON or KML.
MAX_VERTICES = 10_000_000
MAX_MARKUP_BYTES = 250_000_000
MAX_LAYERS = 200


def require_within(name: str, number: int, limit: int, what: str, advice: str) -> None:
    """Raise if a file has more of something than its limit.

    Raises
    ------
    SourceError
        The number is above the limit.
    """
    if number > limit:
        raise SourceError(f"{name}: the file has {number:,} {what}; at most {limit:,} are read. {advice}")


def read_markup(path: Path) -> bytes:
    """Read a whole GeoJSON or KML file.

    Raises
    ------
    SourceError
        The file cannot be opened, or is too large.
    """
    try:
        size = path.stat().st_size
        if size > MAX_MARKUP_BYTES:
            raise SourceError(
                f"{path.name}: the file has {size / 1e6:,.0f} MB; at most {MAX_MARKUP_BYTES / 1e6:,.0f} MB of GeoJSON "
                f"or KML are read. Save only the force's area, or save it as a GeoPackage."
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror or error}).") from None
