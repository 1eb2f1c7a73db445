"""The public version as files: a page, its figures as CSV and GeoJSON, and the list of what was withheld and why."""

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
    "figures.csv": "the figures as plain text, for spreadsheets",
    "figures.geojson": "the figures of areas with an outline, for maps",
    "withheld.csv": "what was withheld and why",
}
_SIMPLIFY_M = 20


def write_public(public: PublicFigures, updates: list[Update], folder: Path) -> list[Path]:
    """The public files and updates, in a folder that exists."""
    page = folder / "index.html"
    written = write_updates(updates, folder / "updates", public.force_name)
    linked = {
        f"updates/{path.name}": f"you said, we did: {formatting.place(update.name, 80)}"
        for path, update in zip(written[::2], updates, strict=True)
    }
    page.write_text(draw_page(public, linked), encoding="utf-8", newline="\n")
    return [
        page,
        area_files.write_csv(folder / "figures.csv", list_figures(public)),
        area_files.write_geojson(folder / "figures.geojson", _in_columns(public)),
        area_files.write_csv(folder / "withheld.csv", withheld(public)),
        *written,
    ]


def write_updates(updates: list[Update], folder: Path, force_name: str) -> list[Path]:
    """A page and a short text for each update."""
    written = []
    names = formatting.file_names(update.name for update in updates)
    template = html_templates.template("update.html")
    for update, name in zip(updates, names, strict=True):
        folder.mkdir(exist_ok=True)
        page, text = folder / f"{name}.html", folder / f"{name}.txt"
        compared = any(line["before"] != disclosure.WITHHELD for line in update.issues)
        told = template.render(update=update, compared=compared, force_name=force_name, least=disclosure.LEAST)
        page.write_text(told, encoding="utf-8", newline="\n")
        text.write_text(update.message + "\n", encoding="utf-8", newline="\n")
        written += [page, text]
    return written


def draw_page(public: PublicFigures, updates: dict[str, str]) -> str:
    """The page as HTML, with links to the updates; it says nothing that the figures do not."""
    template = html_templates.template("public.html")
    hidden = withheld(public)
    return template.render(
        public=public,
        first=formatting.month(public.months[0]),
        last=formatting.month(public.months[-1]),
        months=[(month, formatting.month(month)[:3], month[:4]) for month in public.months],
        missing=[formatting.month(month) for month in public.missing],
        families=[_family(public, family) for family in tables.FAMILIES],
        least=disclosure.LEAST,
        reasons=[_reason(line) for line in hidden[hidden["what"] != "a figure"].to_dict("records")],
        hidden=int((hidden["what"] == "a figure").sum()),
        files=FILES | updates,
    )


def list_figures(public: PublicFigures) -> pd.DataFrame:
    """The figures as exported: `month`, `family`, `area`, `area_name`, `figure` (empty: withheld), `shown`."""
    names = public.areas.set_index("area")["name"]
    listed = public.figures.assign(area_name=public.figures["area"].map(names))
    ordered = listed.sort_values(["month", "family", "area"], kind="stable", ignore_index=True)
    return ordered[["month", "family", "area", "area_name", "figure", "shown"]]


def _reason(line: dict[str, str]) -> dict[str, str]:
    """A line on what is withheld, its month in words."""
    if not line["month"]:
        return line
    return line | {"what": formatting.month(line["month"]), "month": ""}


def _family(public: PublicFigures, family: str) -> dict[str, Any]:
    """One family's table: a line an area, a cell a month, and what the shown figures come to."""
    held = public.figures[public.figures["family"] == family]
    shown = held.set_index(["area", "month"])["shown"].to_dict()
    listed = public.areas[public.areas["area"].isin(held["area"])].sort_values(["name", "area"])
    lines = [
        (formatting.place(name, 80), [_cell(shown.get((area, month))) for month in public.months])
        for area, name in zip(listed["area"], listed["name"], strict=True)
    ]
    by_month = {month: _sum(figures) for month, figures in held.groupby("month")["figure"]}
    return {
        "code": family,
        "label": categories.FAMILY_LABELS[family],
        "lines": lines,
        "all": [by_month.get(month, "–") for month in public.months],
    }


def _cell(text: str | None) -> str:
    """A figure in a narrow column: "w" where withheld, a dash where there is none."""
    if text is None:
        return "–"
    return "w" if text == disclosure.WITHHELD else text


def _sum(figures: pd.Series) -> str:
    """What is shown of a month, with a plus where something is withheld."""
    return formatting.number(figures.sum()) + ("+" if figures.isna().any() else "")


def _in_columns(public: PublicFigures) -> gpd.GeoDataFrame:
    """Areas with an outline, and a column for each month's figure of a family: `asb_2026_02`."""
    drawn = public.areas[public.areas.geometry.notna()].sort_values("area", ignore_index=True)
    outlines = shapely.simplify(np.asarray(drawn.geometry), _SIMPLIFY_M)
    columns = {
        f"{family}_{month.replace('-', '_')}": drawn["area"].map(held.set_index("area")["figure"])
        for (family, month), held in public.figures.groupby(["family", "month"])
    }
    wide = pd.DataFrame({"area": drawn["area"], "name": drawn["name"], **columns})
    return gpd.GeoDataFrame(wide, geometry=gpd.GeoSeries(outlines, crs=public.areas.crs))
