"""The command `basemap`: files of Ordnance Survey or OpenStreetMap to the stored base map of a force."""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

import shapely

from hotspots import tables, wording
from hotspots.errors import SourceError
from hotspots.sources.geography import base_map, force_outlines
from pipelines.storage import stored_base_map
from pipelines.storage.store import Store, stored_days

LOG = logging.getLogger("hotspots")
_NAMES = {"roads": tables.ROAD_KINDS, "names of places": tables.PLACE_NAME_KINDS}


class BaseMapSummary(TypedDict):
    """Where the base map is stored, its features by kind, its size in the map, and notes in sentences."""

    force: str
    stored: str
    features: dict[str, int]
    map_bytes: int
    notes: list[str]


def build_base_map(force: str, files: Iterable[Path], processed: Path) -> BaseMapSummary:
    """Read the files around a force and store them as its base map, in place of an earlier one.

    Raises
    ------
    SourceError
        A file cannot be read, nothing in the files is near the force, or its outline is not known.
    """
    outline, found = outline_of(force, processed), []
    for path in list_files(files):
        LOG.info("Reading %s ...", path.name)
        found.append((path.name, base_map.read_base_map(path, outline)))
    features, notes = base_map.join_base_maps(found)
    if features.empty:
        raise SourceError(f"No file has anything within {base_map.MARGIN_M / 1000:g} km of {force}.")
    path = stored_base_map.write_base_map(processed, force, features)
    encoded = stored_base_map.encode_base_map(processed, force, features)
    if encoded and encoded.left_out:
        notes.append(encoded.left_out)
    return {
        "force": force,
        "stored": str(path),
        "features": features["kind"].astype("str").value_counts().sort_index().to_dict(),
        "map_bytes": len(encoded.text) if encoded else 0,
        "notes": notes,
    }


def describe(summary: BaseMapSummary) -> list[str]:
    """Return the summary in lines."""
    counts = summary["features"]
    roads, places = (sum(counts.get(kind, 0) for kind in kinds) for kinds in _NAMES.values())
    others = sum(counts.values()) - roads - places
    parts = [
        wording.counted(roads, "road link"),
        wording.counted(places, "name"),
        wording.counted(others, "other feature"),
    ]
    size = f"{summary['map_bytes'] / 1e6:.1f} MB of the map"
    return [*summary["notes"], f"{summary['force']}: {', '.join(parts)}, {size}; stored in {summary['stored']}"]


def list_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files, with those in folders that can be base maps, in order of their names.

    Raises
    ------
    SourceError
        A path does not exist, is of another format, or is a folder without any such file.
    """
    found = []
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        fitting = [file for file in files if file.suffix.lower() in base_map.SUFFIXES]
        if not fitting:
            formats = ", ".join(base_map.SUFFIXES)
            raise SourceError(
                f"'{path}' is no base map, expected {formats} or a folder of them. Unpack archives first."
            )
        found += fitting
    return found


def outline_of(force: str, processed: Path) -> shapely.Geometry:
    """Return the outline of a force: of its latest stored day, else the one included in the package.

    Raises
    ------
    SourceError
        There is neither.
    """
    days = stored_days(processed, force)
    store = Store(processed, force, days[-1]) if days else None
    if store and store.has("places"):
        places = store.read("places")
        if (places["kind"] == "force").any():
            return places.loc[places["kind"] == "force"].geometry.iloc[0]
    outline = force_outlines.outline_of(force)
    if outline is None:
        raise SourceError(f"The outline of '{force}' is not known. Run 'hotspots ingest' for it first.")
    return outline
