"""Draw the base map on a PDF page: woods and water below, then roads by class, in the detail of the scale."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import tables
from hotspots.reporting import formatting
from hotspots.reporting.briefings import map_picture
from hotspots.reporting.briefings.map_picture import BaseMap, Frame
from hotspots.reporting.briefings.pdf_pages import Colour, Sheet


@dataclass(frozen=True, kw_only=True)
class LineStyle:
    """Colour of a line, its width in mm, and the scale (metres per mm) up to which it is drawn."""

    colour: Colour
    width: float
    up_to: float = 1e9


AREA_COLOURS: dict[str, Colour] = {"wood": (222, 233, 211), "park": (215, 234, 205), "water": (193, 219, 234)}
# In drawing order.
LINE_STYLES = {
    "stream": LineStyle(colour=(165, 200, 220), width=0.2, up_to=40),
    "river": LineStyle(colour=(150, 185, 205), width=0.5),
    "path": LineStyle(colour=(196, 184, 166), width=0.15, up_to=15),
    "access_road": LineStyle(colour=(205, 208, 210), width=0.3, up_to=15),
    "local_road": LineStyle(colour=(190, 194, 198), width=0.45, up_to=40),
    "minor_road": LineStyle(colour=(180, 185, 190), width=0.5, up_to=90),
    "road": LineStyle(colour=(180, 185, 190), width=0.5),
    "b_road": LineStyle(colour=(214, 190, 112), width=0.6),
    "a_road": LineStyle(colour=(216, 160, 92), width=0.8),
    "motorway": LineStyle(colour=(110, 152, 196), width=1.0),
    "railway": LineStyle(colour=(110, 114, 118), width=0.3),
}
_NUMBERED = ("motorway", "a_road", "b_road")


def draw_base_map(sheet: Sheet, frame: Frame, base_map: BaseMap) -> None:
    """Draw woods and water, then recorded incidents and outlines, then roads with the most important on top."""
    shown = in_frame(frame, base_map.features)
    _draw_areas(sheet, frame, shown)
    map_picture.draw_recorded(sheet, frame, base_map)
    _draw_lines(sheet, frame, shown)


def _draw_areas(sheet: Sheet, frame: Frame, shown: gpd.GeoDataFrame) -> None:
    for kind, colour in AREA_COLOURS.items():
        areas = shown.geometry[(shown["kind"] == kind).to_numpy()].to_numpy()
        sheet.shape(frame.to_page(areas), fill=colour)


def _draw_lines(sheet: Sheet, frame: Frame, shown: gpd.GeoDataFrame) -> None:
    for kind, style in LINE_STYLES.items():
        if frame.metres_per_mm <= style.up_to:
            lines = shown.geometry[(shown["kind"] == kind).to_numpy()].to_numpy()
            lines = np.where(shapely.get_dimensions(lines) == 2, shapely.boundary(lines), lines)
            sheet.shape(frame.to_page(lines), line=style.colour, width=style.width)


def names(frame: Frame, features: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the names of places and the numbers of main roads in the frame: `name`, `easting`, `northing`."""
    shown = in_frame(frame, features)
    places = shown[shown["kind"].isin(tables.PLACE_NAME_KINDS) & shown["name"].notna()]
    order = places["kind"].astype("str").map(dict(zip(tables.PLACE_NAME_KINDS, range(9), strict=False)))
    places = places.iloc[np.argsort(order, kind="stable")]
    roads = shown[shown["kind"].isin(_NUMBERED) & shown["number"].notna()].copy()
    roads["length"] = shapely.length(shapely.clip_by_rect(roads.geometry.to_numpy(), *frame.bounds))
    longest = roads.sort_values(["length", "feature_id"], ascending=[False, True]).drop_duplicates("number")
    middle = shapely.line_interpolate_point(
        shapely.clip_by_rect(longest.geometry.to_numpy(), *frame.bounds), 0.5, normalized=True
    )
    points = np.append(shapely.point_on_surface(places.geometry.to_numpy()), middle)
    texts = [*places["name"], *longest["number"]]
    named = pd.DataFrame({"name": [formatting.clean(text, 40) for text in texts]})
    return named.assign(easting=shapely.get_x(points), northing=shapely.get_y(points)).dropna()


def in_frame(frame: Frame, features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the features that meet the frame, in their order."""
    return features.iloc[np.sort(features.sindex.query(shapely.box(*frame.bounds), predicate="intersects"))]
