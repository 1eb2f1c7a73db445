"""The command `compare`: two reports, read from their folders, on one page."""

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd

from hotspots import categories, crs
from hotspots.errors import HotspotsError, ParameterError, SourceError
from hotspots.reporting.comparison import compare_runs, comparison_page
from hotspots.reporting.comparison.compare_runs import Run
from hotspots.reporting.web_map import base_layers
from hotspots.sources.file_formats import geojson
from hotspots.targeting import change
from pipelines.storage import atomic_write

FOLDER = "compared"
LOG = logging.getLogger("hotspots")
_LISTS = {"patrol_areas": "patrol_area_id", "hotspots": "hotspot_id"}
_NEEDED = ("family", "main_location", "expected", "incidents")


def compare_reports(a: str, b: str, reports: Path, out: Path | None = None) -> Path:
    """Write the comparison page of two reports, and return its path.

    Parameters
    ----------
    a, b
        A report's folder, or its force and day under `reports`: "wiltshire/2025-09-30".
    out
        Folder for the page; `compared` under `reports` by default.

    Raises
    ------
    ParameterError
        The folder is missing, or is not a report.
    SourceError
        A file of a report cannot be read, or the page cannot be written.
    """
    left, right = (read_run(_find_folder(given, reports)) for given in (a, b))
    folder = out or reports / FOLDER
    path = folder / f"{left.force}-{left.as_of}-and-{right.force}-{right.as_of}.html"
    if compare_runs.is_same_report(left, right):
        LOG.info(comparison_page.SAME_REPORT)
    page = comparison_page.draw_page(left, right, change.match_areas)
    with atomic_write.atomic_file(path) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return path


def read_run(folder: Path) -> Run:
    """Read a report from its folder; errors as in `compare_reports`."""
    facts = _read_facts(folder)
    areas, hotspots = (_read_outlines(folder / f"{name}.geojson", key) for name, key in _LISTS.items())
    hotspots = _current(hotspots)
    hotspots = hotspots.sort_values(["family", "incidents", "id"], ascending=[True, False, True], ignore_index=True)
    rank = hotspots.groupby("family").cumcount() + 1
    force = facts["settings"].get("force", {})
    name = str(force.get("name", facts["force"])) if isinstance(force, dict) else facts["force"]
    return Run(
        force=facts["force"], name=name, as_of=date.fromisoformat(facts["as_of"]), facts=facts, areas=areas,
        hotspots=hotspots.assign(rank=rank), base_map=_read_base_map(folder / "map.html"),
    )  # fmt: skip


def _current(hotspots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the hotspots without those of the previous run that ended."""
    if not {"status", "p_value"} <= set(hotspots.columns):
        return hotspots
    return hotspots[~categories.is_gone(hotspots)]


def _find_folder(given: str, reports: Path) -> Path:
    """Return the folder of a report, given as a path or as force and day."""
    for folder in (Path(given), reports / given):
        if (folder / "run.json").is_file():
            return folder
    raise ParameterError(
        f"'{given}' is not a report: there is no run.json in it, nor in '{reports / given}'. Give a folder such as "
        "reports/wiltshire/2025-09-30."
    )


def _read_facts(folder: Path) -> dict[str, Any]:
    """Read run.json, and check the parts that the page uses."""
    try:
        facts: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        date.fromisoformat(facts["as_of"])
        is_valid = facts["force"] and not str(facts["force"]).strip("abcdefghijklmnopqrstuvwxyz0123456789-")
        is_valid = is_valid and isinstance(facts["counts"], dict) and isinstance(facts["settings"], dict)
    except (OSError, ValueError, TypeError, KeyError):
        is_valid = False
    if not is_valid:
        raise ParameterError(
            f"'{folder}' is not a report: its run.json lacks the force, the day, the counts or the settings."
        )
    return facts


def _read_base_map(path: Path) -> dict[str, Any]:
    """Read the base map from the map of the report; empty if there is no map."""
    try:
        return base_layers.parse_base_map(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}


def _read_outlines(path: Path, key: str) -> gpd.GeoDataFrame:
    """Read a GeoJSON file of a report: BNG metres, with its key as `id`."""
    try:
        read = geojson.read_features(path).infer_objects()
    except SourceError:
        raise SourceError(f"'{path}' cannot be read. Publish that day again.") from None
    try:
        if read.empty:
            return gpd.GeoDataFrame(columns=[*_NEEDED, "id", "rank", "geometry"], geometry="geometry", crs=crs.BNG)
        missing = [name for name in (*_NEEDED, key) if name not in read.columns]
        if missing:
            raise SourceError(f"'{path}' has no '{missing[0]}', so it was not written by 'hotspots publish'.")
        shapes = crs.geometries_to_grid(read.geometry.to_numpy())
    except HotspotsError:
        raise
    except Exception as error:  # what a wrong shape raises depends on where it is wrong
        raise SourceError(f"'{path}' cannot be read ({type(error).__name__}). Publish that day again.") from None
    return gpd.GeoDataFrame(read.drop(columns="geometry"), geometry=shapes, crs=crs.BNG).assign(
        id=read[key].astype("str")
    )
