"""Compare: two report folders, read back, to one page that sets them side by side."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd

from hotspots import categories, crs
from hotspots.errors import HotspotsError, ParameterError, SourceError
from hotspots.reporting.comparison import comparison_page
from hotspots.reporting.comparison.compare_runs import Run
from hotspots.reporting.web_map import base_layers
from hotspots.targeting import change
from pipelines.storage import atomic_write

FOLDER = "compared"
_NEEDED = ("family", "main_location", "expected", "incidents")


def compare_reports(a: str, b: str, reports: Path, out: Path | None = None) -> Path:
    """Write the page that sets two reports side by side, and give its path.

    Parameters
    ----------
    a, b
        A report's folder, or its force and day under `reports`: "wiltshire/2025-09-30".
    out
        The page's folder; `compared` under `reports` where not given.

    Raises
    ------
    ParameterError
        No such folder, or it is no report of ours.
    SourceError
        A report's files cannot be read, or the page cannot be written.
    """
    left, right = (read_run(_find(given, reports)) for given in (a, b))
    folder = out or reports / FOLDER
    path = folder / f"{left.force}-{left.as_of}-and-{right.force}-{right.as_of}.html"
    page = comparison_page.draw_page(left, right, change.match_areas)
    with atomic_write.atomic_file(path) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return path


def read_run(folder: Path) -> Run:
    """A report as its folder holds it; errors as in `compare_reports`."""
    facts = _facts(folder)
    areas, hotspots = (_shapes(folder / f"{name}.geojson", key) for name, key in _LISTS.items())
    hotspots = _living(hotspots)
    hotspots = hotspots.sort_values(["family", "incidents", "id"], ascending=[True, False, True], ignore_index=True)
    rank = hotspots.groupby("family").cumcount() + 1
    force = facts["settings"].get("force", {})
    name = str(force.get("name", facts["force"])) if isinstance(force, dict) else facts["force"]
    return Run(
        force=facts["force"], name=name, as_of=date.fromisoformat(facts["as_of"]), facts=facts, areas=areas,
        hotspots=hotspots.assign(rank=rank), base_map=_base_map(folder / "map.html"),
    )  # fmt: skip


def _living(hotspots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The hotspots of the run itself, without those of the run before it that are listed as gone."""
    if not {"status", "p_value"} <= set(hotspots.columns):
        return hotspots
    return hotspots[~categories.is_gone(hotspots)]


_LISTS = {"patrol_areas": "patrol_area_id", "hotspots": "hotspot_id"}


def _find(given: str, reports: Path) -> Path:
    """The folder that is meant."""
    for folder in (Path(given), reports / given):
        if (folder / "run.json").is_file():
            return folder
    raise ParameterError(
        f"'{given}' is no report of ours: it has no run.json, and neither has '{given}' under '{reports}'. Name a "
        "folder like reports/wiltshire/2025-09-30."
    )


def _facts(folder: Path) -> dict[str, Any]:
    """run.json, as far as the page rests on it."""
    try:
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        date.fromisoformat(facts["as_of"])
        is_ours = facts["force"] and not str(facts["force"]).strip("abcdefghijklmnopqrstuvwxyz0123456789-")
        is_ours = is_ours and isinstance(facts["counts"], dict) and isinstance(facts["settings"], dict)
    except (OSError, ValueError, TypeError, KeyError):
        is_ours = False
    if not is_ours:
        raise ParameterError(
            f"'{folder}' is no report of ours: its run.json does not tell force, day, counts and settings."
        )
    return facts


def _base_map(path: Path) -> dict[str, Any]:
    """What the report's map draws under its layers; nothing where the map is not there any more."""
    try:
        return base_layers.read_base_map(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}


def _shapes(path: Path, key: str) -> gpd.GeoDataFrame:
    """One of a report's GeoJSON files in metres, with its key as `id`."""
    try:
        read = gpd.read_file(path)
        if read.empty:
            return gpd.GeoDataFrame(columns=[*_NEEDED, "id", "rank", "geometry"], geometry="geometry", crs=crs.BNG)
        missing = [name for name in (*_NEEDED, key) if name not in read.columns]
        if missing:
            raise SourceError(f"'{path}' lacks '{missing[0]}': it is not as 'hotspots publish' writes it.")
        shapes = crs.geometries_to_grid(read.geometry.to_numpy())
    except HotspotsError:
        raise
    except Exception as error:  # GDAL has errors of its own for each way in which a file can be broken
        raise SourceError(f"'{path}' cannot be read ({type(error).__name__}). Publish that day again.") from None
    return gpd.GeoDataFrame(read.drop(columns="geometry"), geometry=shapes, crs=crs.BNG).assign(
        id=read[key].astype("str")
    )
