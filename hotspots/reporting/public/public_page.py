"""Write the public folder: a page of figures, the figures as CSV and GeoJSON, what is withheld, and the updates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import categories, tables
from hotspots.reporting import formatting, html_templates
from hotspots.reporting.exports import area_files
from hotspots.reporting.public import disclosure
from hotspots.reporting.public.public_figures import PublicFigures, withheld
from hotspots.reporting.public.you_said_we_did import Update

FILES = {
    "figures.csv": "figures as plain text, for spreadsheets",
    "figures.geojson": "figures of areas with an outline, for maps",
    "withheld.csv": "figures that are withheld, and why",
}
_SIMPLIFY_M = 20
_WRITERS: dict[str, Callable[[Path, Any], Path]] = {
    ".csv": area_files.write_csv,
    ".geojson": area_files.write_geojson,
}


def write_public(public: PublicFigures, updates: list[Update], folder: Path) -> list[Path]:
    """Write the public files and updates to an existing folder."""
    written = write_updates(updates, folder / "updates", public.force_name)
    links = {
        f"updates/{path.name}": f"you said, we did: {formatting.place(update.name, 80)}"
        for path, update in zip(written[::2], updates, strict=True)
    }
    return [
        html_templates.write_page(folder / "index.html", draw_page(public, links)),
        *(_WRITERS[Path(name).suffix](folder / name, table) for name, table in _tables(public).items()),
        *written,
    ]


def _tables(public: PublicFigures) -> dict[str, pd.DataFrame]:
    """Return the tables by file name; those without rows are left out."""
    tables = {"figures.csv": list_figures(public), "figures.geojson": _wide(public), "withheld.csv": withheld(public)}
    return {name: table for name, table in tables.items() if len(table)}


def write_updates(updates: list[Update], folder: Path, force_name: str) -> list[Path]:
    """Write a page and a short message for each update."""
    written = []
    names = formatting.file_names(update.name for update in updates)
    template = html_templates.template("update.html")
    for update, name in zip(updates, names, strict=True):
        folder.mkdir(exist_ok=True)
        html = template.render(
            update=update,
            has_comparison=any(line["before"] != disclosure.WITHHELD for line in update.issues),
            has_responses=any(line["responses"] for line in update.issues),
            force_name=force_name,
            min_count=disclosure.MIN_COUNT,
        )
        written.append(html_templates.write_page(folder / f"{name}.html", html))
        written.append(html_templates.write_page(folder / f"{name}.txt", update.message + "\n"))
    return written


def draw_page(public: PublicFigures, updates: dict[str, str]) -> str:
    """Return the page as HTML, with links to the updates."""
    template = html_templates.template("public.html")
    hidden = withheld(public)
    return template.render(
        public=public,
        first=formatting.month(public.months[0]),
        last=formatting.month(public.months[-1]),
        months=[(month, formatting.month(month)[:3], month[:4]) for month in public.months],
        missing=[formatting.month(month) for month in public.missing],
        families=[_family(public, family) for family in tables.FAMILIES],
        min_count=disclosure.MIN_COUNT,
        reasons=[_reason(line) for line in hidden[hidden["what"] != "a figure"].to_dict("records")],
        hidden=int((hidden["what"] == "a figure").sum()),
        files={name: FILES[name] for name in _tables(public)} | updates,
    )


def list_figures(public: PublicFigures) -> pd.DataFrame:
    """Return the figures for export: `month`, `family`, `area`, `area_name`, `figure` (empty: withheld), `shown`."""
    names = public.areas.set_index("area")["name"]
    listed = public.figures.assign(area_name=public.figures["area"].map(names))
    ordered = listed.sort_values(["month", "family", "area"], kind="stable", ignore_index=True)
    return ordered[["month", "family", "area", "area_name", "figure", "shown"]]


def _reason(line: dict[str, str]) -> dict[str, str]:
    """Return a row on what is withheld, with its month in words."""
    if not line["month"]:
        return line
    return line | {"what": formatting.month(line["month"]), "month": ""}


def _family(public: PublicFigures, family: str) -> dict[str, Any]:
    """Return the table of one family: a row per area, a cell per month, and the sums of published figures."""
    figures = public.figures[public.figures["family"] == family]
    shown = figures.set_index(["area", "month"])["shown"].to_dict()
    listed = public.areas[public.areas["area"].isin(figures["area"])].sort_values(["name", "area"])
    lines = [
        (formatting.place(name, 80), [_cell(shown.get((area, month))) for month in public.months])
        for area, name in zip(listed["area"], listed["name"], strict=True)
    ]
    sums = {
        month: formatting.number(column.sum()) + ("+" if column.isna().any() else "")
        for month, column in figures.groupby("month")["figure"]
    }
    return {
        "code": family,
        "label": categories.FAMILY_LABELS[family],
        "lines": lines,
        "sums": [sums.get(month, "–") for month in public.months],
    }


def _cell(text: str | None) -> str:
    """Return a figure for a narrow column: "w" if withheld, a dash if there is none."""
    if text is None:
        return "–"
    return "w" if text == disclosure.WITHHELD else text


def _wide(public: PublicFigures) -> gpd.GeoDataFrame:
    """Return areas with an outline, with a column for each family and month: `asb_2026_02`."""
    areas = public.areas[public.areas.geometry.notna()].sort_values("area", ignore_index=True)
    outlines = shapely.simplify(np.asarray(areas.geometry), _SIMPLIFY_M)
    columns = {
        f"{family}_{month.replace('-', '_')}": areas["area"].map(figures.set_index("area")["figure"])
        for (family, month), figures in public.figures.groupby(["family", "month"])
    }
    wide = pd.DataFrame({"area": areas["area"], "name": areas["name"], **columns})
    return gpd.GeoDataFrame(wide, geometry=gpd.GeoSeries(outlines, crs=public.areas.crs))
